//! Whatever is changed on the disk gives an error, never other content or part of it.

use std::fs;
use std::sync::Arc;

use crate::common::{
    CHUNK, HEADER, SEALED_CHUNK, SLOT, START, Safe, content, files_below, read_at, write_at,
};
use domain::TestClock;
use vault::{Kind, Vault, VaultError, VaultOptions};

/// Every way to change the sealed bytes of a three-chunk object, and what must come of it.
#[test]
fn changed_bytes_give_an_error_and_never_part_of_the_content() {
    let safe = Safe::new();
    let id = safe.seal(&content(2 * CHUNK + 100));
    let other = safe.seal(&content(2 * CHUNK + 100));
    let sealed = fs::read(safe.object_path(id)).unwrap();
    let foreign = fs::read(safe.object_path(other)).unwrap();
    let chunk = |n: usize| HEADER + n * SEALED_CHUNK..HEADER + (n + 1) * SEALED_CHUNK;

    let mut changed: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("header only", sealed[..HEADER].to_vec()),
        ("cut within a chunk", sealed[..sealed.len() - 1].to_vec()),
        ("cut after two chunks", sealed[..chunk(1).end].to_vec()),
        ("cut after one chunk", sealed[..chunk(0).end].to_vec()),
        ("longer", [&sealed[..], b"x"].concat()),
        ("another object's file", foreign.clone()),
        (
            "another object's header",
            [&foreign[..HEADER], &sealed[HEADER..]].concat(),
        ),
        (
            "another object's end",
            [&sealed[..chunk(1).end], &foreign[chunk(1).end..]].concat(),
        ),
    ];
    for (name, place) in [
        ("label", 0),
        ("prefix", 5),
        ("first chunk", 100),
        ("tag", chunk(0).end - 1),
        ("last chunk", chunk(1).end),
    ] {
        let mut bytes = sealed.clone();
        bytes[place] ^= 1;
        changed.push((name, bytes));
    }
    let mut swapped = sealed.clone();
    swapped[chunk(0)].copy_from_slice(&sealed[chunk(1)]);
    swapped[chunk(1)].copy_from_slice(&sealed[chunk(0)]);
    changed.push(("chunks swapped", swapped));
    let mut mixed = sealed.clone();
    mixed[chunk(1)].copy_from_slice(&foreign[chunk(1)]);
    changed.push(("a chunk of another object", mixed));
    let repeated = [
        &sealed[..chunk(0).end],
        &sealed[chunk(0)],
        &sealed[chunk(0).end..],
    ]
    .concat();
    changed.push(("a chunk twice", repeated));

    for (name, bytes) in changed {
        fs::write(safe.object_path(id), bytes).unwrap();
        assert!(
            matches!(safe.read(id), Err(VaultError::Damaged)),
            "{name}: {:?}",
            safe.read(id).map(|bytes| bytes.len())
        );
    }
    fs::write(safe.object_path(id), sealed).unwrap();
    assert!(safe.read(id).is_ok());
}

#[test]
fn no_byte_of_a_slot_can_be_changed() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let (path, start) = safe.slot_of(id);
    let slot = read_at(&path, start);
    for place in 0..SLOT {
        for bit in [1, 0x80] {
            let mut changed = slot.clone();
            changed[place] ^= bit;
            write_at(&path, start, &changed);
            let read = safe.read(id);
            assert!(matches!(read, Err(VaultError::Damaged)), "byte {place}");
        }
    }
    write_at(&path, start, &slot);
    assert!(safe.read(id).is_ok());
}

#[test]
fn a_slot_that_was_edited_is_destroyed_at_the_next_start() {
    for place in 0..SLOT {
        let mut safe = Safe::in_memory(VaultOptions::default());
        let id = safe.seal(b"picture");
        let (path, start) = safe.slot_of(id);
        safe.reopen_after(|_| {
            let mut slot = read_at(&path, start);
            slot[place] ^= 1;
            write_at(&path, start, &slot);
        });
        assert!(safe.holds_nothing(), "byte {place}");
        assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    }
}

#[test]
fn an_object_in_another_ones_place_does_not_open() {
    let safe = Safe::new();
    let (a, b) = (safe.seal(b"one"), safe.seal(b"two"));
    let [slot_a, slot_b] = [a, b].map(|id| safe.slot_of(id));
    let [record_a, record_b] = [&slot_a, &slot_b].map(|(path, start)| read_at(path, *start));

    fs::copy(safe.object_path(a), safe.object_path(b)).unwrap();
    assert!(matches!(safe.read(b), Err(VaultError::Damaged)), "bytes");
    write_at(&slot_b.0, slot_b.1, &record_a);
    assert!(matches!(safe.read(b), Err(VaultError::Damaged)), "both");
    // The other's key under the own terms.
    let spliced = [&record_b[..68], &record_a[68..]].concat();
    write_at(&slot_b.0, slot_b.1, &spliced);
    assert!(matches!(safe.read(b), Err(VaultError::Damaged)), "key");
    assert!(safe.read(a).is_ok());
}

#[test]
fn slots_that_changed_places_still_open_after_a_restart() {
    let mut safe = Safe::new();
    let (a, b) = (safe.seal(b"one"), safe.seal(b"two"));
    let [(path, at_a), (_, at_b)] = [a, b].map(|id| safe.slot_of(id));
    safe.reopen_after(|_| {
        let [one, two] = [at_a, at_b].map(|start| read_at(&path, start));
        write_at(&path, at_a, &two);
        write_at(&path, at_b, &one);
    });
    assert_eq!(safe.read(a).unwrap(), b"one");
    assert_eq!(safe.read(b).unwrap(), b"two");
}

#[test]
fn a_slot_moved_into_a_later_epoch_does_not_live_longer() {
    let mut safe = Safe::new();
    let early = safe.seal(b"picture");
    safe.clock.advance_secs(1800);
    let late = safe.seal(b"picture");
    let (from, to) = (safe.slot_of(early), safe.slot_of(late));
    assert_ne!(from.0, to.0);
    safe.reopen_after(|_| {
        let slot = read_at(&from.0, from.1);
        write_at(&from.0, from.1, &[0; SLOT]);
        write_at(&to.0, to.1 + SLOT, &slot);
    });
    assert!(matches!(safe.read(early), Err(VaultError::NotFound)));
    assert!(safe.read(late).is_ok());
}

#[test]
fn another_installation_can_not_read_copied_files_without_the_epochs_keys() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let thief = tempfile::tempdir().unwrap();
    for name in ["keys", "objects"] {
        fs::create_dir(thief.path().join(name)).unwrap();
    }
    for path in files_below(safe.folder.path()) {
        if path
            .extension()
            .is_some_and(|end| end == "slots" || end == "sealed")
        {
            let inside = path.strip_prefix(safe.folder.path()).unwrap();
            fs::copy(&path, thief.path().join(inside)).unwrap();
        }
    }
    let vault = Vault::open(thief.path(), Arc::new(TestClock::at(START))).unwrap();
    assert!(vault.read(id, Kind::Picture).is_err());
    assert!(
        files_below(&thief.path().join("objects")).is_empty(),
        "nobody could ever remove them"
    );
}
