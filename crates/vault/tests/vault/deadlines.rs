//! From its deadline on, content can't be read, whoever has touched the clock, the files or the
//! reaper; and the reaper takes it off the disk.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::common::{START, Safe, files_below};
use domain::{Deadline, Lifetime, TestClock, UnixMillis};
use vault::{Kind, Reaped, Vault, VaultError};

const HOUR: i64 = 3600;

#[test]
fn reads_are_refused_from_the_deadline_on_without_any_reaper() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(HOUR - 1);
    assert_eq!(safe.read(id).unwrap(), b"picture");
    safe.clock.advance_secs(1);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn a_shorter_life_ends_earlier() {
    let safe = Safe::new();
    let minute = Lifetime::of_secs(60).unwrap();
    let id = safe
        .vault()
        .seal(Kind::Picture, b"picture", minute)
        .unwrap()
        .id;
    safe.clock.advance_secs(59);
    assert!(safe.read(id).is_ok());
    safe.clock.advance_secs(1);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn the_reaper_takes_what_is_due_and_nothing_else() {
    let safe = Safe::new();
    let early = safe.seal(b"early");
    safe.clock.advance_secs(600);
    let late = safe.seal(b"late");
    assert_eq!(
        safe.vault().next_deadline(),
        Some(Deadline::after_creation(START))
    );

    safe.clock.advance_secs(HOUR - 600);
    let one = Reaped {
        destroyed: 1,
        failed: 0,
    };
    assert_eq!(safe.vault().reap(), one);
    assert_eq!(safe.vault().reap(), Reaped::default());
    assert!(matches!(safe.read(early), Err(VaultError::NotFound)));
    assert_eq!(safe.read(late).unwrap(), b"late");
    assert_eq!(safe.object_files().len(), 2, "one key, one object");
}

#[test]
fn shredding_destroys_key_and_bytes_at_once_and_may_be_repeated() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    assert!(safe.vault().shred(id).unwrap());
    assert!(!safe.vault().shred(id).unwrap());
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.object_files().is_empty());
    assert!(safe.vault().list().is_empty());
}

#[test]
fn the_key_is_overwritten_before_it_is_unlinked() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let another_name = safe.folder.path().join("hard-link");
    fs::hard_link(safe.key_path(id), &another_name).unwrap();
    safe.vault().shred(id).unwrap();
    let left = fs::read(another_name).unwrap();
    assert!(!left.is_empty() && left.iter().all(|&byte| byte == 0));
}

#[test]
fn what_became_due_while_the_server_was_down_is_destroyed_at_the_start() {
    let mut safe = Safe::new();
    safe.seal(b"picture");
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(HOUR));
    assert!(safe.object_files().is_empty());
}

#[test]
fn content_survives_a_restart_before_its_deadline() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.reopen_after(|_| {});
    assert_eq!(safe.read(id).unwrap(), b"picture");
    assert_eq!(safe.vault().list().len(), 1);
}

#[test]
fn winding_the_clock_back_revives_nothing() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(HOUR);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
    safe.clock.advance_secs(-HOUR);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn winding_the_clock_back_buys_no_time() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(HOUR / 2);
    assert!(safe.read(id).is_ok());
    safe.clock.advance_secs(-HOUR / 2);
    assert!(safe.read(id).is_ok());
    safe.clock.advance_secs(HOUR / 2);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn winding_the_clock_back_during_a_restart_revives_nothing() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let kept = [safe.key_path(id), safe.object_path(id)].map(|path| {
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    });
    safe.clock.advance_secs(1800);
    safe.seal(b"keeps the vault from being empty");
    safe.clock.advance_secs(1800);
    assert_eq!(safe.vault().reap().destroyed, 1);

    // A restored backup of the files together with a clock set back to when they were made.
    let clock = safe.clock.clone();
    safe.reopen_after(|_| {
        for (path, bytes) in &kept {
            fs::write(path, bytes).unwrap();
        }
        clock.advance_secs(-HOUR);
    });
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
}

#[test]
fn an_empty_vault_believes_a_clock_that_once_stood_years_ahead() {
    let mut safe = Safe::new();
    safe.clock.advance_secs(100_000_000);
    safe.vault().reap();
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(-100_000_000));
    assert_eq!(safe.vault().now(), START);
}

#[test]
fn the_deadline_in_a_key_file_can_not_be_edited() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let far = UnixMillis(START.0 + 100 * HOUR * 1000).0.to_be_bytes();
    let edit = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[13..21].copy_from_slice(&far);
        fs::write(path, bytes).unwrap();
    };
    edit(&safe.key_path(id));
    assert!(matches!(safe.read(id), Err(VaultError::Damaged)));
    safe.reopen_after(|_| {});
    assert!(safe.object_files().is_empty(), "the forgery is destroyed");
}

#[test]
fn another_installation_can_not_read_copied_files() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let thief = tempfile::tempdir().unwrap();
    for name in ["keys", "objects"] {
        fs::create_dir(thief.path().join(name)).unwrap();
    }
    for path in safe.object_files() {
        let inside = path.strip_prefix(safe.folder.path()).unwrap();
        fs::copy(&path, thief.path().join(inside)).unwrap();
    }
    let vault = Vault::open(thief.path(), Arc::new(TestClock::at(START))).unwrap();
    assert!(vault.read(id, Kind::Picture).is_err());
    assert!(
        files_below(&thief.path().join("objects")).is_empty(),
        "nobody could ever remove them"
    );
}
