//! A crash, a full disk or a second process at any moment leaves a vault that is whole. A crash is
//! made by putting the files into the state in which it would leave them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::common::{HOUR, KEY, SLOT, START, STATE, Safe, content, files_below, read_at, write_at};
#[cfg(unix)]
use crate::full_disk::ran_inside;
use domain::{Lifetime, TestClock};
use vault::{Kind, Reason, Vault, VaultError, VaultOptions};

fn unfinished_files(folder: &Path) -> usize {
    let files = files_below(folder).into_iter();
    let is_unfinished =
        |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "unfinished");
    files.filter(is_unfinished).count()
}

#[test]
fn killed_while_writing_a_file() {
    let mut safe = Safe::new();
    let whole = safe.seal(b"whole");
    safe.reopen_after(|folder| {
        for name in [
            "keys/2983340.epoch.unfinished",
            "objects/0.sealed.unfinished",
            "clock.unfinished",
            "signing.key.unfinished",
        ] {
            fs::write(folder.join(name), b"half").unwrap();
        }
    });
    assert_eq!(safe.read(whole).unwrap(), b"whole");
    assert_eq!(unfinished_files(safe.folder.path()), 0);
}

#[test]
fn killed_while_sealing_between_bytes_and_key() {
    let mut safe = Safe::new();
    let whole = safe.seal(b"whole");
    let killed = safe.seal(b"killed");
    let (path, start) = safe.slot_of(killed);
    safe.reopen_after(|_| write_at(&path, start, &[0; SLOT]));
    assert_eq!(safe.read(whole).unwrap(), b"whole");
    assert!(matches!(safe.read(killed), Err(VaultError::NotFound)));
    assert_eq!(safe.sealed_files(), [safe.object_path(whole)]);
    assert_eq!(safe.vault().receipts(), [], "nobody was told of it");
}

#[test]
fn killed_while_a_new_slot_is_written() {
    for torn_at in 1..SLOT {
        for front_is_written in [true, false] {
            let mut safe = Safe::in_memory(VaultOptions::default());
            let id = safe.seal(b"killed");
            let (path, start) = safe.slot_of(id);
            safe.reopen_after(|_| {
                let mut slot = read_at(&path, start);
                match front_is_written {
                    true => slot[torn_at..].fill(0),
                    false => slot[..torn_at].fill(0),
                }
                write_at(&path, start, &slot);
            });
            // A tag may end in zeros of its own.
            if safe.read(id).is_err() {
                assert!(safe.holds_nothing(), "torn at {torn_at}");
            }
            let next = safe.seal(b"next");
            safe.reopen_after(|_| {});
            assert_eq!(safe.read(next).unwrap(), b"next");
        }
    }
}

#[test]
fn killed_while_a_slot_file_grows() {
    for len in [1, SLOT - 1, SLOT + 5, 3 * SLOT] {
        let mut safe = Safe::new();
        safe.reopen_after(|folder| {
            fs::write(folder.join("keys/2983340.slots"), vec![0; len]).unwrap();
        });
        let id = safe.seal(b"picture");
        safe.reopen_after(|_| {});
        assert_eq!(safe.read(id).unwrap(), b"picture", "{len} bytes");
    }
}

/// The slot may hold any front of the new record with the rest of the old one, or the other way
/// round: the object is destroyed completely, or not at all.
#[test]
fn killed_while_a_key_is_overwritten() {
    for torn_at in 1..SLOT {
        for front_is_new in [true, false] {
            let mut safe = Safe::in_memory(VaultOptions::default());
            let id = safe.seal(b"picture");
            let (path, start) = safe.slot_of(id);
            let object = safe.object_path(id);
            let (old, bytes) = (read_at(&path, start), fs::read(&object).unwrap());
            safe.clock.advance_secs(60);
            safe.shred(id);
            let new = read_at(&path, start);
            let torn = match front_is_new {
                true => [&new[..torn_at], &old[torn_at..]].concat(),
                false => [&old[..torn_at], &new[torn_at..]].concat(),
            };
            safe.reopen_after(|_| {
                write_at(&path, start, &torn);
                fs::write(&object, &bytes).unwrap();
            });
            if torn == old {
                assert_eq!(safe.read(id).unwrap(), b"picture");
                continue;
            }
            assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
            assert!(safe.holds_nothing(), "torn at {torn_at}");
            let receipt = *safe.vault().receipt(id).unwrap().unverified();
            let expected = match torn == new {
                true => Reason::Asked,
                false => Reason::Restart,
            };
            assert_eq!(receipt.reason, expected, "torn at {torn_at}");
            let receipt = safe.vault().receipt(id);
            safe.reopen_after(|_| {});
            assert_eq!(safe.vault().receipt(id), receipt, "the same from then on");
        }
    }
}

#[test]
fn killed_between_key_and_bytes() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let object = safe.object_path(id);
    let bytes = fs::read(&object).unwrap();
    safe.shred(id);
    let receipt = safe.vault().receipt(id);
    let clock = safe.clock.clone();
    safe.reopen_after(|_| {
        fs::write(&object, bytes).unwrap();
        clock.advance_secs(60);
    });
    assert!(safe.holds_nothing());
    assert_eq!(safe.vault().receipt(id), receipt, "it is made again");
}

#[test]
fn killed_while_a_receipt_is_forgotten() {
    for torn_at in 0..SLOT {
        let mut safe = Safe::in_memory(VaultOptions::default());
        let id = safe.seal(b"picture");
        let (path, start) = safe.slot_of(id);
        safe.shred(id);
        let receipt = safe.vault().receipt(id);
        safe.reopen_after(|_| {
            let mut slot = read_at(&path, start);
            slot[..torn_at].fill(0);
            write_at(&path, start, &slot);
        });
        let again = safe.vault().receipt(id);
        assert!(again == receipt || again.is_none(), "torn at {torn_at}");
        assert!(safe.holds_nothing());
    }
}

#[test]
fn killed_while_an_epochs_key_is_destroyed() {
    for (name, zeroed) in [("overwritten", 0..36), ("half overwritten", 0..20)] {
        let mut safe = Safe::new();
        let id = safe.seal(b"picture");
        let slot = safe.slot_of(id);
        let live = read_at(&slot.0, slot.1);
        let key_path = safe.epoch_keys()[0].clone();
        let clock = safe.clock.clone();
        safe.reopen_after(|_| {
            clock.advance_secs(HOUR + 600);
            let mut key = fs::read(&key_path).unwrap();
            key[zeroed].fill(0);
            fs::write(&key_path, key).unwrap();
            write_at(&slot.0, slot.1, &live);
        });
        assert!(
            safe.holds_nothing() && safe.epoch_keys().is_empty(),
            "{name}"
        );
        let receipt = *safe.vault().receipt(id).unwrap().unverified();
        assert_eq!(receipt.reason, Reason::EpochEnded);
        assert_eq!(receipt.deleted_at, START.plus_secs(HOUR + 600));
    }
}

#[test]
fn what_lost_its_bytes_or_its_epochs_key_is_destroyed_and_has_a_receipt() {
    let mut safe = Safe::new();
    let lost_bytes = safe.seal(b"picture");
    safe.clock.advance_secs(1800);
    let lost_key = safe.seal(b"picture");
    let (bytes, key) = (safe.object_path(lost_bytes), safe.epoch_keys());
    let (slots, _) = safe.slot_of(lost_key);
    safe.reopen_after(|_| {
        fs::remove_file(bytes).unwrap();
        for path in key {
            if path.file_stem() == slots.file_stem() {
                fs::remove_file(path).unwrap();
            }
        }
    });
    assert!(safe.holds_nothing());
    for id in [lost_bytes, lost_key] {
        let receipt = *safe.vault().receipt(id).unwrap().unverified();
        assert_eq!(receipt.reason, Reason::Restart);
    }
}

#[test]
fn keys_of_an_older_vault_are_destroyed_with_what_they_opened() {
    let mut safe = Safe::new();
    let folder = safe.folder.path().to_owned();
    let id = domain::Id::random();
    let old = [
        folder.join(format!("keys/{id}.key")),
        folder.join("keys/installation"),
        folder.join(format!("objects/{id}.sealed")),
    ];
    safe.reopen_after(|_| {
        for path in &old {
            fs::write(path, b"old").unwrap();
        }
    });
    assert!(old.iter().all(|path| !path.exists()));
}

#[test]
fn a_second_process_is_refused() {
    let safe = Safe::new();
    let second = Vault::open(safe.folder.path(), Arc::new(TestClock::at(START)));
    assert!(matches!(second, Err(VaultError::InUse)));
}

/// Runs itself again: the lock must hold between processes, and end with the one that had it.
#[test]
fn a_killed_process_lets_go_of_the_vault() {
    const NAME: &str = "crashes::a_killed_process_lets_go_of_the_vault";
    const INSIDE: &str = "AI3DGEN_TEST_HOLD_THIS_VAULT";
    if let Some(folder) = std::env::var_os(INSIDE) {
        let _vault = Vault::open(Path::new(&folder), Arc::new(TestClock::at(START))).unwrap();
        fs::write(Path::new(&folder).join("open"), b"").unwrap();
        std::thread::sleep(std::time::Duration::from_secs(60));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME])
        .env(INSIDE, folder.path())
        .spawn()
        .unwrap();
    while !folder.path().join("open").exists() {
        assert!(holder.try_wait().unwrap().is_none(), "it opens the vault");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let open = || Vault::open(folder.path(), Arc::new(TestClock::at(START)));
    assert!(matches!(open(), Err(VaultError::InUse)));
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(open().is_ok());
}

#[test]
fn files_that_are_not_the_vaults_stay() {
    let mut safe = Safe::new();
    let names = ["objects/README.sealed", "keys/notes.slots", "keys/01.epoch"];
    safe.reopen_after(|folder| {
        for name in names {
            fs::write(folder.join(name), b"mine").unwrap();
        }
    });
    for name in names {
        assert!(safe.folder.path().join(name).exists(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    if ran_inside(
        "crashes::a_full_disk_is_told_and_leaves_nothing_half_written",
        256,
    ) {
        return;
    }
    let safe = Safe::new();
    let sealed = safe
        .vault()
        .seal(Kind::Picture, &content(1 << 20), Lifetime::HOUR);
    assert!(
        matches!(sealed, Err(VaultError::DiskFull)),
        "{:?}",
        sealed.err()
    );
    let grant = safe.vault().reserve(Kind::Picture, Lifetime::HOUR).unwrap();
    let mut sealed = Vec::new();
    grant.seal(&content(1 << 20), &mut sealed).unwrap();
    let adopted = safe.vault().adopt(&grant, &mut &sealed[..]);
    assert!(matches!(adopted, Err(VaultError::DiskFull)));
    assert!(safe.holds_nothing());
    assert_eq!(files_below(&safe.folder.path().join("objects")).len(), 0);
    let small = safe.seal(b"there is room for a small one");
    assert!(safe.read(small).is_ok());
}

/// A folder in place of the slot file: nothing can be written to it, whoever one is.
#[test]
fn where_no_slot_can_be_written_nothing_is_sealed_and_nothing_stays() {
    let safe = Safe::new();
    let in_the_way = safe.folder.path().join("keys/2983340.slots");
    fs::create_dir(&in_the_way).unwrap();
    let sealed = safe.vault().seal(Kind::Picture, b"picture", Lifetime::HOUR);
    assert!(matches!(sealed, Err(VaultError::Io(_))));
    assert!(safe.sealed_files().is_empty());
    fs::remove_dir(in_the_way).unwrap();
    let id = safe.seal(b"picture");
    assert!(safe.read(id).is_ok());
}

/// A folder in place of the bytes can't be unlinked: the key is gone all the same, and the reaper
/// tries again.
#[test]
fn bytes_that_can_not_be_removed_are_unreadable_and_removed_later() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let (path, start) = safe.slot_of(id);
    let object = safe.object_path(id);
    fs::remove_file(&object).unwrap();
    fs::create_dir(&object).unwrap();
    assert!(safe.vault().shred(id, Reason::Asked).is_err());
    let slot = read_at(&path, start);
    assert_eq!(slot[STATE], 2);
    assert!(slot[KEY].iter().all(|&byte| byte == 0), "key first");
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert_eq!(safe.vault().receipt(id), None, "receipt last");
    safe.clock.advance_secs(60);
    let reaped = safe.vault().reap();
    assert_eq!((reaped.destroyed, reaped.failed), (0, 1));
    fs::remove_dir(&object).unwrap();
    assert_eq!(safe.vault().reap().destroyed, 1);
    let receipt = *safe.vault().receipt(id).unwrap().unverified();
    assert_eq!((receipt.reason, receipt.deleted_at), (Reason::Asked, START));
}
