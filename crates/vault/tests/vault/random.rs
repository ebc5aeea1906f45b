//! Random operations against a model small enough to be seen through.

use std::collections::HashMap;

use crate::common::{HOUR, Safe};
use domain::{Id, Lifetime};
use proptest::prelude::*;
use vault::{Reason, VaultError, VaultOptions};

#[derive(Clone, Debug)]
enum Step {
    Seal { len: usize, secs: u32, once: bool },
    Read(usize),
    Downloaded(usize),
    Shorten { which: usize, secs: u32 },
    Shred(usize),
    Reap,
    TakeReceipts,
    Restart { set_wall_by_secs: i64 },
    Pass { secs: i64 },
    SetWall { secs: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..8_usize;
    prop_oneof![
        4 => (0..200_000_usize, 1..=HOUR as u32, any::<bool>())
            .prop_map(|(len, secs, once)| Step::Seal { len, secs, once }),
        4 => which.clone().prop_map(Step::Read),
        4 => which.clone().prop_map(Step::Downloaded),
        2 => (which.clone(), 0..=HOUR as u32)
            .prop_map(|(which, secs)| Step::Shorten { which, secs }),
        1 => which.prop_map(Step::Shred),
        2 => Just(Step::Reap),
        1 => Just(Step::TakeReceipts),
        1 => (-7200..=0_i64).prop_map(|secs| Step::Restart { set_wall_by_secs: secs }),
        6 => (1..1800_i64).prop_map(|secs| Step::Pass { secs }),
        1 => (-7200..600_i64).prop_map(|secs| Step::SetWall { secs }),
    ]
}

/// What must be true of an object. Seconds of a clock that only the model has.
struct Expected {
    id: Id,
    content: Vec<u8>,
    created: i64,
    deadline: i64,
    secs: i64,
    once: bool,
    destroyed: bool,
}

/// The model: no epochs, no slots, no files.
struct Model {
    objects: Vec<Expected>,
    /// The vault's time, which never goes back.
    now: i64,
    /// How far the wall is behind it.
    behind: i64,
    ceiling: i64,
}

impl Model {
    fn nth(&mut self, which: usize) -> Option<&mut Expected> {
        let count = self.objects.len();
        self.objects.get_mut(which % count.max(1))
    }

    fn pass(&mut self, secs: i64) {
        self.now += secs;
    }

    fn set_wall(&mut self, secs: i64) {
        self.behind -= secs;
        if self.behind < 0 {
            self.now -= self.behind;
            self.behind = 0;
        }
    }

    fn destroy_due(&mut self) {
        let now = self.now;
        for object in &mut self.objects {
            object.destroyed = !object.readable(now);
        }
    }

    fn readable(&self) -> HashMap<Id, &Expected> {
        let readable = self
            .objects
            .iter()
            .filter(|object| object.readable(self.now));
        readable.map(|object| (object.id, object)).collect()
    }
}

impl Expected {
    fn readable(&self, now: i64) -> bool {
        !self.destroyed && now < self.deadline
    }

    fn downloaded(&mut self, now: i64, ceiling: i64) {
        if self.once {
            self.destroyed = true;
        } else {
            let end = (now + self.secs).min(self.created + ceiling);
            self.deadline = self.deadline.max(end);
        }
    }

    fn shorten(&mut self, now: i64, secs: i64) {
        self.deadline = self.deadline.min(now + secs);
        self.secs = self.secs.min(secs.max(1));
        self.destroyed |= secs == 0;
    }
}

fn do_step(safe: &mut Safe, model: &mut Model, step: &Step) {
    let now = model.now;
    match *step {
        Step::Seal { len, secs, once } => {
            let content = crate::common::content(len);
            let mut lifetime = Lifetime::of_secs(secs).unwrap();
            if once {
                lifetime = lifetime.until_first_download();
            }
            let secs = i64::from(secs);
            model.objects.push(Expected {
                id: safe.seal_for(&content, lifetime),
                content,
                created: now,
                deadline: now + secs.min(model.ceiling),
                secs,
                once,
                destroyed: false,
            });
        }
        Step::Read(which) => {
            if let Some(object) = model.nth(which) {
                let read = safe.read(object.id);
                assert_eq!(read.is_ok(), object.readable(now), "{read:?}");
                assert!(read.is_err() || read.unwrap() == object.content);
            }
        }
        Step::Downloaded(which) => {
            let ceiling = model.ceiling;
            if let Some(object) = model.nth(which) {
                let downloaded = safe.vault().downloaded(object.id);
                assert_eq!(downloaded.is_ok(), object.readable(now), "{downloaded:?}");
                if object.readable(now) {
                    object.downloaded(now, ceiling);
                }
            }
        }
        Step::Shorten { which, secs } => {
            if let Some(object) = model.nth(which) {
                let shortened = safe.vault().shorten(object.id, secs);
                assert_eq!(shortened.is_ok(), object.readable(now), "{shortened:?}");
                if object.readable(now) {
                    object.shorten(now, secs.into());
                }
            }
        }
        Step::Shred(which) => {
            if let Some(object) = model.nth(which) {
                safe.vault().shred(object.id, Reason::Asked).unwrap();
                object.destroyed = true;
            }
        }
        Step::Reap => assert_eq!(safe.vault().reap().failed, 0),
        Step::TakeReceipts => {
            let receipts = safe.vault().receipts();
            let taken: Vec<_> = receipts
                .iter()
                .map(|receipt| receipt.unverified().object)
                .collect();
            let readable = model.readable();
            assert!(taken.iter().all(|id| !readable.contains_key(id)));
            safe.vault().receipts_taken(&taken).unwrap();
        }
        Step::Restart { set_wall_by_secs } => {
            // The moment that a restart goes on from may lag; here it doesn't, so that the model
            // need not know by how much.
            safe.clock.advance_secs(10);
            model.pass(10);
            safe.vault().reap();
            let clock = safe.clock.clone();
            safe.reopen_after(|_| clock.set_wall_by_secs(set_wall_by_secs));
            model.set_wall(set_wall_by_secs);
            model.destroy_due();
            if safe.vault().list().is_empty() {
                model.now -= model.behind;
                model.behind = 0;
            }
        }
        Step::Pass { secs } => {
            safe.clock.advance_secs(secs);
            model.pass(secs);
        }
        Step::SetWall { secs } => {
            // Asked for before and after, as a running service does all the time.
            safe.vault().now();
            safe.clock.set_wall_by_secs(secs);
            safe.vault().now();
            model.set_wall(secs);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_readable_late_lost_early_or_left_behind(
        steps in prop::collection::vec(step(), 1..60),
        ceiling_secs in 600..30_000_u32,
    ) {
        let mut safe = Safe::in_memory(VaultOptions { ceiling_secs, ephemeral: false });
        let ceiling = i64::from(ceiling_secs).min(6 * HOUR);
        let mut model = Model { objects: Vec::new(), now: 0, behind: 0, ceiling };
        for step in &steps {
            do_step(&mut safe, &mut model, step);
            for object in &model.objects {
                let read = safe.read(object.id);
                prop_assert_eq!(read.is_ok(), object.readable(model.now), "{:?}", step);
                if let Err(error) = read {
                    prop_assert!(matches!(error, VaultError::Expired | VaultError::NotFound));
                }
            }
        }
        safe.vault().reap();
        let left = model.readable().len();
        prop_assert_eq!(safe.sealed_files().len(), left);
        prop_assert_eq!(safe.live_slots(), left);
        prop_assert_eq!(safe.vault().list().len(), left);
    }
}
