//! From its deadline on, content can't be read, whoever has touched the clock, the files or the
//! reaper; and the reaper takes it off the disk.

use std::fs;

use crate::common::{Backup, HOUR, KEY, START, Safe, files_below, read_at};
use domain::{Clock, Deadline, Lifetime, UnixMillis};
use vault::{Reaped, VaultError};

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
    let id = safe.seal_for(b"picture", Lifetime::of_secs(60).unwrap());
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
    assert_eq!((safe.sealed_files().len(), safe.live_slots()), (1, 1));
}

#[test]
fn the_epochs_key_goes_when_its_ten_minutes_are_over() {
    let safe = Safe::new();
    safe.seal(b"picture");
    let key = &safe.epoch_keys()[0];
    let another_name = safe.folder.path().join("hard-link");
    fs::hard_link(key, &another_name).unwrap();
    safe.clock.advance_secs(HOUR + 599);
    safe.vault().reap();
    assert!(key.exists(), "others may still come into its ten minutes");
    safe.clock.advance_secs(1);
    safe.vault().reap();
    assert!(!key.exists());
    let left = fs::read(another_name).unwrap();
    assert!(left.len() == 36 && left.iter().all(|&byte| byte == 0));
}

#[test]
fn nothing_of_an_epoch_stays_once_its_receipts_are_taken() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(HOUR + 600);
    safe.vault().reap();
    safe.vault().receipts_taken(&[id]).unwrap();
    safe.vault().reap();
    let keys = files_below(&safe.folder.path().join("keys"));
    let names: Vec<_> = keys.iter().filter_map(|path| path.file_name()).collect();
    assert_eq!(names, ["CACHEDIR.TAG"]);
}

#[test]
fn shredding_destroys_key_and_bytes_at_once_and_may_be_repeated() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    assert!(safe.shred(id));
    assert!(!safe.shred(id));
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert!(safe.holds_nothing());
    assert!(safe.vault().list().is_empty());
}

#[test]
fn a_key_is_overwritten_where_it_lies() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    let (path, start) = safe.slot_of(id);
    let another_name = safe.folder.path().join("hard-link");
    fs::hard_link(path, &another_name).unwrap();
    assert!(
        read_at(&another_name, start)[KEY]
            .iter()
            .any(|&byte| byte != 0)
    );
    safe.shred(id);
    assert!(
        read_at(&another_name, start)[KEY]
            .iter()
            .all(|&byte| byte == 0)
    );
}

#[test]
fn what_became_due_while_the_server_was_down_is_destroyed_at_the_start() {
    let mut safe = Safe::new();
    safe.seal(b"picture");
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(HOUR));
    assert!(safe.holds_nothing());
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

/// Nobody asks for the time in between, so only the monotonic clock can know.
#[test]
fn time_that_passes_unseen_while_the_clock_is_wound_back_counts() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    for _ in 0..4 {
        safe.clock.advance_secs(HOUR / 4);
        safe.clock.advance_secs(-HOUR / 4);
    }
    assert_eq!(safe.clock.now(), START);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn a_clock_set_forwards_ends_content_too_early_and_never_too_late() {
    let safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.set_wall_by_secs(HOUR);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
    assert_eq!(safe.vault().reap().destroyed, 1);
    safe.clock.set_wall_by_secs(-HOUR);
    let next = safe.seal(b"picture");
    safe.clock.advance_secs(HOUR - 1);
    assert!(safe.read(next).is_ok());
    safe.clock.advance_secs(1);
    assert!(matches!(safe.read(next), Err(VaultError::Expired)));
}

#[test]
fn winding_the_clock_back_during_a_restart_revives_nothing() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    let backup = Backup::of(&safe.folder.path().join("objects"));
    safe.clock.advance_secs(1800);
    safe.seal(b"keeps the vault from being empty");
    safe.clock.advance_secs(1800);
    assert_eq!(safe.vault().reap().destroyed, 1);

    let clock = safe.clock.clone();
    safe.reopen_after(|_| {
        backup.restore();
        clock.advance_secs(-HOUR);
    });
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    assert_eq!(safe.sealed_files().len(), 1, "only the other one's");
}

#[test]
fn a_restart_with_the_clock_wound_back_gives_no_more_than_the_kept_moment_may_lag() {
    let mut safe = Safe::new();
    let id = safe.seal(b"picture");
    safe.clock.advance_secs(1000);
    safe.vault().reap();
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(-100_000));
    assert_eq!(safe.vault().now(), START.plus_secs(1000));
    safe.clock.advance_secs(HOUR - 1000);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn an_empty_vault_believes_a_clock_that_once_stood_years_ahead() {
    let mut safe = Safe::new();
    safe.clock.advance_secs(100_000_000);
    safe.vault().reap();
    let clock = safe.clock.clone();
    safe.reopen_after(|_| clock.advance_secs(-100_000_000));
    assert_eq!(safe.vault().now(), START);
    let id = safe.seal(b"picture");
    assert!(safe.read(id).is_ok());
}

#[test]
fn a_clock_before_1970_or_at_the_end_of_time_breaks_nothing() {
    for wall in [
        -1,
        -1_000_000,
        i64::MIN / 1000,
        i64::MAX / 1000 - START.0 / 1000,
    ] {
        let mut safe = Safe::new();
        let to_wall = match wall {
            ..0 => wall.saturating_sub(START.0 / 1000).max(i64::MIN / 1000),
            _ => wall,
        };
        let clock = safe.clock.clone();
        safe.reopen_after(|_| clock.set_wall_by_secs(to_wall));
        let id = safe.seal(b"picture");
        assert_eq!(safe.read(id).unwrap(), b"picture", "{wall}");
        safe.reopen_after(|_| {});
        assert_eq!(safe.read(id).unwrap(), b"picture", "{wall}");
        safe.clock.advance_secs(HOUR);
        assert!(safe.read(id).is_err(), "{wall}");
        safe.vault().reap();
        assert!(safe.holds_nothing(), "{wall}");
    }
}

#[test]
fn the_systems_clock_goes_on() {
    let clock = domain::SystemClock;
    let (wall, monotonic) = (clock.now(), clock.monotonic());
    assert!(wall > UnixMillis(1_700_000_000_000));
    assert!(clock.monotonic() >= monotonic);
}
