//! What goes in comes out, only for the right asker, and only as it was.

use std::fs;

use crate::common::{Safe, content, files_below};
use vault::{Kind, VaultError};

const CHUNK: usize = 64 * 1024;
const HEADER: usize = 11;
const SEALED_CHUNK: usize = CHUNK + 16;

#[test]
fn content_of_every_length_around_a_chunk_comes_back() {
    let safe = Safe::new();
    for len in [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK,
        3 * CHUNK + 12_345,
    ] {
        let plaintext = content(len);
        let id = safe.seal(&plaintext);
        assert_eq!(safe.read(id).unwrap(), plaintext, "{len} bytes");
    }
}

#[test]
fn no_file_holds_plaintext() {
    let safe = Safe::new();
    let marker = b"MARKER-this-is-a-private-picture";
    safe.seal(&marker.repeat(10_000));
    for path in files_below(safe.folder.path()) {
        let bytes = fs::read(&path).unwrap();
        let found = bytes.windows(16).any(|window| window == &marker[..16]);
        assert!(!found, "plaintext in {}", path.display());
    }
}

#[test]
fn an_object_opens_only_as_its_kind() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    assert!(matches!(
        safe.vault().read(id, Kind::Model),
        Err(VaultError::NotFound)
    ));
}

#[test]
fn a_foreign_id_opens_nothing() {
    let safe = Safe::new();
    safe.seal(b"picture");
    assert!(matches!(
        safe.read(domain::Id::random()),
        Err(VaultError::NotFound)
    ));
}

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
        ("longer", [&sealed[..], b"x"].concat()),
        ("another object's file", foreign.clone()),
    ];
    for (name, place) in [
        ("label", 0),
        ("prefix", 5),
        ("first chunk", 100),
        ("tag", chunk(0).end - 1),
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
fn an_object_under_another_ones_name_does_not_open() {
    let safe = Safe::new();
    let (a, b) = (safe.seal(b"one"), safe.seal(b"two"));
    fs::copy(safe.key_path(a), safe.key_path(b)).unwrap();
    fs::copy(safe.object_path(a), safe.object_path(b)).unwrap();
    assert!(matches!(safe.read(b), Err(VaultError::Damaged)));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_open_files_and_enter_folders() {
    use std::os::unix::fs::PermissionsExt;
    let safe = Safe::new();
    safe.seal(b"picture");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [".", "keys", "objects"] {
        assert_eq!(mode(safe.folder.path().join(folder)), 0o700, "{folder}");
    }
    for file in files_below(safe.folder.path()) {
        assert_eq!(mode(file.clone()), 0o600, "{}", file.display());
    }
}
