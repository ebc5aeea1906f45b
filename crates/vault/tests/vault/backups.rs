//! What a backup can bring back. `keys/` must be in none, and these tests say why: what is restored
//! of it while its epoch lasts opens again, until the deadline that it had.

use std::fs;

use crate::common::{Backup, HOUR, Safe};
use vault::VaultError;

#[test]
fn restored_objects_stay_unreadable_and_are_removed() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let backup = Backup::of(&safe.folder.path().join("objects"));
    safe.shred(id);
    backup.restore();
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    safe.reopen_after(|_| {});
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());
}

/// A backup of everything but `keys/`, as `ai3dgen backup` and whoever heeds `CACHEDIR.TAG` makes it.
#[test]
fn a_backup_without_keys_brings_nothing_back() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let folder = safe.folder.path().to_owned();
    let objects = Backup::of(&folder.join("objects"));
    let rest: Vec<_> = ["clock", "signing.key"]
        .map(|name| fs::read(folder.join(name)).unwrap())
        .into();
    let public_key = safe.vault().public_key();
    safe.clock.advance_secs(60);
    safe.shred(id);

    let clock = safe.clock.clone();
    safe.reopen_after(|folder| {
        fs::remove_dir_all(folder.join("keys")).unwrap();
        objects.restore();
        fs::write(folder.join("clock"), &rest[0]).unwrap();
        fs::write(folder.join("signing.key"), &rest[1]).unwrap();
        clock.advance_secs(-60);
    });
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());
    assert_eq!(safe.vault().public_key(), public_key);
}

#[test]
fn slots_restored_after_their_epoch_stay_unreadable_whatever_the_clock_says() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let folder = safe.folder.path().to_owned();
    let epoch_keys = safe.epoch_keys();
    let mut backup = vec![
        Backup::of(&folder.join("objects")),
        Backup::of(&folder.join("keys")),
    ];
    let clock_file = fs::read(folder.join("clock")).unwrap();
    safe.clock.advance_secs(HOUR + 600);
    safe.vault().reap();
    let clock = safe.clock.clone();
    safe.reopen_after(|folder| {
        backup.drain(..).for_each(|files| files.restore());
        // All but the epoch's key, which is what destroying it is for.
        epoch_keys
            .iter()
            .for_each(|path| fs::remove_file(path).unwrap());
        fs::write(folder.join("clock"), clock_file).unwrap();
        clock.advance_secs(-HOUR - 600);
    });
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());
}

#[test]
fn slots_and_epoch_keys_restored_after_the_deadline_are_refused_and_destroyed_again() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let folder = safe.folder.path().to_owned();
    let backup = [
        Backup::of(&folder.join("objects")),
        Backup::of(&folder.join("keys")),
    ];
    safe.clock.advance_secs(HOUR);
    safe.vault().reap();
    safe.reopen_after(|_| backup.iter().for_each(Backup::restore));
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());

    // Under a running vault too.
    safe.clock.advance_secs(600);
    safe.vault().reap();
    backup.iter().for_each(Backup::restore);
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
}

/// Why `keys/` must be in no backup: this is what one could do with it, no more and no less.
#[test]
fn slots_restored_within_their_epoch_bring_back_what_was_destroyed_before_its_deadline() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let folder = safe.folder.path().to_owned();
    let backup = [
        Backup::of(&folder.join("objects")),
        Backup::of(&folder.join("keys")),
    ];
    safe.shred(id);
    safe.reopen_after(|_| backup.iter().for_each(Backup::restore));
    assert_eq!(safe.read(id).unwrap(), b"picture");
    safe.clock.advance_secs(HOUR);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

/// The same with the epoch's key, the kept moment and the wall clock: a whole machine set back. No
/// vault can know.
#[test]
fn a_whole_machine_set_back_brings_its_content_back() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let backup = Backup::of(safe.folder.path());
    safe.clock.advance_secs(HOUR + 600);
    safe.vault().reap();
    let clock = safe.clock.clone();
    safe.reopen_after(|_| {
        backup.restore();
        clock.advance_secs(-HOUR - 600);
    });
    assert_eq!(safe.read(id).unwrap(), b"picture");
}

#[test]
fn backup_programs_are_told_to_leave_the_keys_out() {
    let safe = Safe::new();
    let tag = fs::read(safe.folder.path().join("keys/CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with(b"Signature: 8a477f597d28d172789f06886806bc55"));
}
