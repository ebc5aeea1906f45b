//! Ten thousand objects of random sizes and lives: none readable too late, none lost early, nothing
//! left.

use std::collections::HashMap;

use crate::common::{HOUR, Safe, content};
use domain::{Id, Lifetime, UnixMillis};
use vault::{VaultError, VaultOptions};

const OBJECTS: usize = 10_000;

/// Numerical Recipes' linear congruential generator: the same objects each time.
fn random(state: &mut u32, below: u32) -> u32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    ((u64::from(*state) * u64::from(below)) >> 32) as u32
}

#[test]
fn ten_thousand_objects_end_on_time_and_not_before() {
    let mut safe = Safe::in_memory(VaultOptions::default());
    let bytes = content(5000);
    let mut state = 1;
    let mut ends: HashMap<Id, (UnixMillis, usize)> = HashMap::new();
    for _ in 0..OBJECTS {
        let len = random(&mut state, 5000) as usize;
        let secs = 1 + random(&mut state, HOUR as u32);
        let lifetime = Lifetime::of_secs(secs).unwrap();
        let id = safe.seal_for(&bytes[..len], lifetime);
        ends.insert(id, (safe.deadline(id).unwrap().moment(), len));
        if random(&mut state, 10) == 0 {
            let shorter = safe.vault().shorten(id, random(&mut state, HOUR as u32));
            let end = match shorter.unwrap() {
                Some(terms) => terms.deadline().moment(),
                None => safe.vault().now(),
            };
            ends.insert(id, (end, len));
        }
        if random(&mut state, 100) == 0 {
            safe.clock.advance_secs(1);
        }
    }

    let mut receipts = 0;
    for step in 0..13 {
        let now = safe.vault().now();
        let expected = ends.values().filter(|(end, _)| *end > now).count();
        let readable = ends
            .iter()
            .filter(|(id, (end, len))| match safe.read(**id) {
                Ok(read) => {
                    assert!(*end > now, "readable too late");
                    read == bytes[..*len]
                }
                Err(VaultError::Expired | VaultError::NotFound) => false,
                Err(error) => panic!("{error}"),
            });
        assert_eq!(readable.count(), expected, "lost early, step {step}");
        let reaped = safe.vault().reap();
        assert_eq!(reaped.failed, 0);
        assert_eq!(safe.sealed_files().len(), expected);
        assert_eq!(safe.live_slots(), expected);
        let taken: Vec<_> = safe
            .vault()
            .receipts()
            .iter()
            .map(|receipt| receipt.unverified().object)
            .collect();
        safe.vault().receipts_taken(&taken).unwrap();
        receipts += taken.len();
        safe.reopen_after(|_| {});
        safe.clock.advance_secs(300);
    }
    assert_eq!(receipts, OBJECTS);
    assert!(safe.holds_nothing());
    safe.clock.advance_secs(600);
    safe.vault().reap();
    assert!(safe.epoch_keys().is_empty());
}
