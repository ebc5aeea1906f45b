//! Destroying: the key first, the bytes next, the receipt last. Each step may be repeated.

use std::collections::BTreeMap;
use std::io;

use domain::{Id, UnixMillis};

use crate::index::{Buried, Object};
use crate::slot::Fate;
use crate::vault::Core;
use crate::{Reason, Receipt, SignedReceipt, Vault, VaultError, files};

/// So many are destroyed at a time: their slots are synced together, and changes of other objects
/// wait no longer than that takes.
const BATCH: usize = 512;

/// A receipt that nobody takes is forgotten after thirty days.
const RECEIPT_SECS: i64 = 30 * 24 * 60 * 60;

/// What one pass of the reaper did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Objects destroyed.
    pub destroyed: usize,
    /// Objects whose destruction is not complete: unreadable all the same, and tried again at the
    /// next pass.
    pub failed: usize,
}

/// What a pass did, with the first error.
#[derive(Default)]
pub(crate) struct Pass {
    reaped: Reaped,
    error: Option<VaultError>,
}

impl Pass {
    pub(crate) fn into_result(self) -> Result<Reaped, VaultError> {
        match self.error {
            None => Ok(self.reaped),
            Some(error) => Err(error),
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.error.get_or_insert(error.into());
        }
    }

    fn add(&mut self, other: Self) {
        self.reaped.destroyed += other.reaped.destroyed;
        self.reaped.failed += other.reaped.failed;
        self.error = self.error.take().or(other.error);
    }
}

impl Vault {
    /// Destroys an object: key first, bytes next. Whether there was one to destroy; calling it
    /// again does no harm.
    ///
    /// # Errors
    /// If its destruction is not complete: nobody can read it any more, and the reaper tries again.
    pub fn shred(&self, id: Id, reason: Reason) -> Result<bool, VaultError> {
        let _turn = self.core.turn_to_change();
        let pass = self.core.destroy(&[id], reason);
        Ok(pass.into_result()?.destroyed > 0)
    }

    /// Destroys every object whose deadline has come, and the keys of epochs that are over.
    pub fn reap(&self) -> Reaped {
        let pass = self.core.destroy_due();
        // A full disk must not keep the reaper from its work: the moment is kept at the next pass.
        let _ = self.core.clock.keep();
        pass.reaped
    }

    /// The receipts of what was destroyed and that nobody has taken yet, oldest first. They stay,
    /// across restarts, until they are [taken](Self::receipts_taken).
    pub fn receipts(&self) -> Vec<SignedReceipt> {
        let mut buried: Vec<_> = self.core.index().buried.values().cloned().collect();
        buried.sort_by_key(|buried| (buried.fate.deleted_at, buried.terms.id));
        buried
            .iter()
            .map(|buried| self.core.receipt(buried))
            .collect()
    }

    /// The receipt of one object, if it is destroyed and nobody has taken it yet. The same each
    /// time.
    pub fn receipt(&self, id: Id) -> Option<SignedReceipt> {
        let buried = self.core.index().buried.get(&id).cloned();
        buried.map(|buried| self.core.receipt(&buried))
    }

    /// The receipts of these objects are kept elsewhere now: the vault forgets that they existed.
    ///
    /// # Errors
    /// If that can't be written; they are given out again then.
    pub fn receipts_taken(&self, ids: &[Id]) -> Result<(), VaultError> {
        let _turn = self.core.turn_to_change();
        Ok(self.core.forget(ids)?)
    }
}

impl Core {
    /// One pass of the reaper.
    pub(crate) fn destroy_due(&self) -> Pass {
        let mut pass = Pass::default();
        let due = self.index().due(self.clock.now());
        for batch in due.chunks(BATCH) {
            let _turn = self.turn_to_change();
            pass.add(self.destroy(batch, Reason::Expired));
        }
        let _turn = self.turn_to_change();
        let now = self.clock.now();
        pass.note(self.epochs.end(now));
        self.free_stale();
        let old = now.plus_secs(-RECEIPT_SECS);
        pass.note(self.forget(&self.buried_before(old)));
        pass.note(self.epochs.tidy(now));
        pass
    }

    /// Destroys these objects, in the caller's turn. Those whose destruction had begun keep their
    /// reason and moment.
    pub(crate) fn destroy(&self, ids: &[Id], reason: Reason) -> Pass {
        let now = self.clock.now();
        let mut pass = Pass::default();
        let doomed = self.doom(
            ids,
            Fate {
                deleted_at: now,
                reason,
            },
        );
        if doomed.is_empty() {
            return pass;
        }

        let mut written = Vec::new();
        for (object, fate) in doomed {
            match write_fate(&object, fate) {
                Ok(fate) => written.push((object, fate)),
                Err(error) => pass.note(Err(error)),
            }
        }
        let written = sync_slots(written, &mut pass);

        let mut unlinked = Vec::new();
        for (object, fate) in written {
            match files::unlink(&self.layout.object(object.id())) {
                Ok(_) => unlinked.push((object, fate)),
                Err(error) => pass.note(Err(error)),
            }
        }
        match files::sync_folder(&self.layout.objects) {
            Err(error) => pass.note(Err(error)),
            Ok(()) => pass.reaped.destroyed = self.bury(unlinked),
        }
        let index = self.index();
        pass.reaped.failed = ids
            .iter()
            .filter(|id| index.objects.contains_key(id))
            .count();
        pass
    }

    /// From here on nobody reads them.
    fn doom(&self, ids: &[Id], fate: Fate) -> Vec<(Object, Fate)> {
        let mut index = self.index();
        let mut doomed = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(object) = index.objects.get_mut(id) {
                object.until.end();
                let fate = *object.fate.get_or_insert(fate);
                doomed.push((object.clone(), fate));
            }
        }
        doomed
    }

    fn bury(&self, destroyed: Vec<(Object, Fate)>) -> usize {
        let count = destroyed.len();
        let mut index = self.index();
        for (object, fate) in destroyed {
            index.objects.remove(&object.id());
            *index.destroyed.entry(fate.reason).or_default() += 1;
            for slot in &object.stale {
                slot.release();
            }
            let buried = Buried {
                terms: object.entry.terms,
                fate,
                slot: object.slot.clone(),
            };
            index.buried.insert(object.id(), buried);
        }
        count
    }

    fn receipt(&self, buried: &Buried) -> SignedReceipt {
        let receipt = Receipt {
            object: buried.terms.id,
            kind: buried.terms.kind,
            created: buried.terms.created(),
            deleted_at: buried.fate.deleted_at,
            reason: buried.fate.reason,
            // There is no receipt before that.
            key_destroyed: true,
            installation: self.signing_key.public_key().key_id(),
        };
        receipt.sign(&self.signing_key)
    }

    fn buried_before(&self, moment: UnixMillis) -> Vec<Id> {
        let index = self.index();
        let buried = index.buried.values();
        let old = buried.filter(|buried| buried.fate.deleted_at < moment);
        old.map(|buried| buried.terms.id).collect()
    }

    /// In the caller's turn. Not synced: what a crash brings back is a receipt, which may be taken
    /// again.
    fn forget(&self, ids: &[Id]) -> io::Result<()> {
        for id in ids {
            let buried = self.index().buried.get(id).cloned();
            if let Some(buried) = buried {
                buried.slot.overwrite()?;
                buried.slot.release();
                self.index().buried.remove(id);
            }
        }
        Ok(())
    }

    /// Tries again what could not be freed when a deadline was moved.
    fn free_stale(&self) {
        let objects: Vec<_> = {
            let index = self.index();
            let objects = index.objects.values();
            objects
                .filter(|object| !object.stale.is_empty())
                .cloned()
                .collect()
        };
        for mut object in objects {
            let _ = object.free_stale();
            if let Some(kept) = self.index().objects.get_mut(&object.id()) {
                kept.stale = object.stale;
            }
        }
    }
}

/// Overwrites the key in every slot of an object, and says in the last how it ended. Where that
/// fails and the epoch's key is gone, that is how it ended.
fn write_fate(object: &Object, fate: Fate) -> io::Result<Fate> {
    for slot in &object.stale {
        // On the disk before the next: a start that finds an old slot whole and the newest torn
        // takes that for an interrupted move.
        let overwritten = slot.overwrite().and_then(|()| slot.epoch.slots.sync());
        if !slot.epoch.has_lost_its_key() {
            overwritten?;
        }
    }
    let epoch = &object.slot.epoch;
    match object.slot.destroy(&object.entry, &fate) {
        Err(_) if epoch.has_lost_its_key() => Ok(epoch.fate()),
        written => written.map(|()| fate),
    }
}

/// Syncs each slot file once; keeps those whose keys are off the disk for certain.
fn sync_slots(mut written: Vec<(Object, Fate)>, pass: &mut Pass) -> Vec<(Object, Fate)> {
    let mut synced = BTreeMap::new();
    written.retain(|(object, _)| {
        let epoch = &object.slot.epoch;
        *synced.entry(epoch.number()).or_insert_with(|| {
            let result = epoch.slots.sync();
            let gone = result.is_ok() || epoch.has_lost_its_key();
            if !gone {
                pass.note(result);
            }
            gone
        })
    });
    written
}
