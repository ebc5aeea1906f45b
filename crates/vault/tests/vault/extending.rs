//! Deadlines move later with downloads, earlier when asked, and never past the ceiling.

use std::fs;

use crate::common::{HOUR, SLOT, START, Safe, read_at, write_at};
use domain::{Lifetime, UnixMillis};
use vault::{Reason, VaultError, VaultOptions};

fn after(secs: i64) -> Option<UnixMillis> {
    Some(START.plus_secs(secs))
}

fn deadline(safe: &Safe, id: domain::Id) -> Option<UnixMillis> {
    safe.deadline(id).map(|deadline| deadline.moment())
}

#[test]
fn a_download_gives_another_hour_up_to_the_ceiling() {
    let safe = Safe::new();
    let id = safe.seal(b"model");
    for minute in (50..=350).step_by(50) {
        safe.clock.advance_secs(50 * 60);
        let terms = safe.vault().downloaded(id).unwrap().unwrap();
        let expected = (minute * 60 + HOUR).min(6 * HOUR);
        assert_eq!(deadline(&safe, id), after(expected), "minute {minute}");
        assert_eq!(Some(terms.deadline().moment()), after(expected));
        assert_eq!(safe.read(id).unwrap(), b"model");
        assert_eq!(safe.live_slots(), 1, "the old key is gone");
    }
    safe.clock.advance_secs(10 * 60);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
    let late = safe.vault().downloaded(id);
    assert!(matches!(late, Err(VaultError::Expired)));
}

#[test]
fn a_lower_ceiling_holds_and_a_higher_one_does_not() {
    for (ceiling_secs, expected) in [(5000, 5000), (1800, 1800), (u32::MAX, 3000 + HOUR)] {
        let safe = Safe::with(VaultOptions {
            ceiling_secs,
            ..VaultOptions::default()
        });
        let id = safe.seal(b"model");
        safe.clock.advance_secs(1000);
        safe.vault().downloaded(id).unwrap();
        safe.clock.advance_secs(799);
        assert!(safe.read(id).is_ok());
        safe.clock.advance_secs(1201);
        let _ = safe.vault().downloaded(id);
        assert_eq!(deadline(&safe, id), after(expected), "{ceiling_secs}");
    }
}

#[test]
fn a_moved_deadline_survives_a_restart() {
    let mut safe = Safe::new();
    let id = safe.seal(b"model");
    safe.clock.advance_secs(1800);
    safe.vault().downloaded(id).unwrap();
    safe.reopen_after(|_| {});
    assert_eq!(deadline(&safe, id), after(1800 + HOUR));
    safe.clock.advance_secs(HOUR - 1);
    assert_eq!(safe.read(id).unwrap(), b"model");
    assert_eq!(safe.vault().reap().destroyed, 0);
}

#[test]
fn its_owner_can_shorten_a_life_but_not_lengthen_it() {
    let safe = Safe::new();
    let id = safe.seal(b"model");
    safe.vault().shorten(id, 2 * 3600).unwrap();
    assert_eq!(deadline(&safe, id), after(HOUR));
    safe.vault().shorten(id, 600).unwrap();
    assert_eq!(deadline(&safe, id), after(600));
    safe.clock.advance_secs(500);
    safe.vault().downloaded(id).unwrap();
    assert_eq!(deadline(&safe, id), after(500 + 600), "by the shorter time");
    safe.vault().shorten(id, 3600).unwrap();
    safe.clock.advance_secs(600);
    assert!(matches!(safe.read(id), Err(VaultError::Expired)));
}

#[test]
fn shortening_to_nothing_destroys() {
    let safe = Safe::new();
    let id = safe.seal(b"model");
    assert_eq!(safe.vault().shorten(id, 0).unwrap(), None);
    assert!(safe.holds_nothing());
    let receipt = safe.vault().receipt(id).unwrap();
    assert_eq!(receipt.unverified().reason, Reason::Asked);
}

#[test]
fn the_first_download_ends_what_is_to_end_with_it() {
    let mut safe = Safe::new();
    let once = Lifetime::HOUR.until_first_download();
    let id = safe.seal_for(b"model", once);
    let waiting = safe.seal_for(b"model", once);
    safe.reopen_after(|_| {});
    assert!(safe.read(id).is_ok(), "reading alone is no download");
    assert_eq!(safe.vault().downloaded(id).unwrap(), None);
    assert!(matches!(safe.read(id), Err(VaultError::NotFound)));
    let receipt = safe.vault().receipt(id).unwrap();
    assert_eq!(receipt.unverified().reason, Reason::Downloaded);
    safe.clock.advance_secs(HOUR);
    assert!(matches!(safe.read(waiting), Err(VaultError::Expired)));
    safe.vault().reap();
    assert!(safe.holds_nothing());
}

/// A crash between writing the new slot and overwriting the old one leaves both.
#[test]
fn of_two_slots_that_a_crash_left_the_newer_counts() {
    for shorter in [false, true] {
        let mut safe = Safe::new();
        let id = safe.seal(b"model");
        let (old_path, old_start) = safe.slot_of(id);
        let old = read_at(&old_path, old_start);
        safe.clock.advance_secs(900);
        match shorter {
            true => safe.vault().shorten(id, 60).unwrap(),
            false => safe.vault().downloaded(id).unwrap(),
        };
        let expected = deadline(&safe, id);
        safe.reopen_after(|_| write_at(&old_path, old_start, &old));
        assert_eq!(deadline(&safe, id), expected);
        assert_eq!(safe.live_slots(), 1, "the old one is gone");
        assert_eq!(safe.read(id).unwrap(), b"model");
        safe.shred(id);
        assert!(safe.holds_nothing());
    }
}

/// A crash while the new slot is being written leaves the old one whole.
#[test]
fn an_interrupted_move_leaves_the_object_as_it_was() {
    for torn_at in [1, 20, 52, 56, 60, 68, 100, SLOT - 1] {
        let mut safe = Safe::new();
        let id = safe.seal(b"model");
        let (old_path, old_start) = safe.slot_of(id);
        let old = read_at(&old_path, old_start);
        safe.clock.advance_secs(900);
        safe.vault().downloaded(id).unwrap();
        let (new_path, new_start) = safe.slot_of(id);
        safe.reopen_after(|_| {
            write_at(&old_path, old_start, &old);
            let mut torn = read_at(&new_path, new_start);
            torn[torn_at..].fill(0);
            write_at(&new_path, new_start, &torn);
        });
        assert_eq!(deadline(&safe, id), after(HOUR), "torn at {torn_at}");
        assert_eq!(safe.read(id).unwrap(), b"model");
        assert_eq!(safe.live_slots(), 1);
    }
}

#[test]
fn what_is_destroyed_after_a_move_has_no_slot_left_anywhere() {
    let safe = Safe::new();
    let id = safe.seal(b"model");
    let old = safe.slot_of(id);
    safe.clock.advance_secs(1800);
    safe.vault().downloaded(id).unwrap();
    let new = safe.slot_of(id);
    assert_ne!(old.0, new.0, "another epoch");
    assert!(fs::read(&old.0).unwrap().iter().all(|&byte| byte == 0));
    safe.shred(id);
    assert!(safe.holds_nothing());
}
