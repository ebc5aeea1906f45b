//! Moving a deadline: later when content was downloaded, earlier when its owner asks.
//!
//! The key goes from its slot into one of the new deadline's epoch. The new slot is written first,
//! the old one overwritten next; a crash in between leaves both, and the next start keeps the newer.

use domain::{Id, Life};

use crate::epoch::SlotRef;
use crate::keys::DataKey;
use crate::slot::Entry;
use crate::vault::Core;
use crate::{Reason, Terms, Vault, VaultError};

impl Vault {
    /// A complete download has ended: the object may live for its lifetime from now, within its
    /// ceiling, and never shorter than before. One that the first download ends is destroyed
    /// instead, and the answer is `None`.
    ///
    /// Which requests are downloads is the caller's to say (`docs/api.md`); a header or an answer
    /// that nothing has changed is none.
    ///
    /// # Errors
    /// [`VaultError::NotFound`], [`VaultError::Expired`]; if a file can't be written the deadline
    /// stays as it was.
    pub fn downloaded(&self, id: Id) -> Result<Option<Terms>, VaultError> {
        let now = self.now();
        self.core
            .change(id, Reason::Downloaded, |life| life.downloaded(now))
    }

    /// Its owner wants it kept no longer than `secs` from now, nor from a later download. `None` if
    /// that is no time at all: it is destroyed then.
    ///
    /// # Errors
    /// As [`Self::downloaded`].
    pub fn shorten(&self, id: Id, secs: u32) -> Result<Option<Terms>, VaultError> {
        let now = self.now();
        self.core
            .change(id, Reason::Asked, |life| life.shortened(now, secs))
    }
}

impl Core {
    /// Changes an object's life; destroys it, for `reason`, if that is over then.
    fn change(
        &self,
        id: Id,
        reason: Reason,
        change: impl FnOnce(Life) -> Life,
    ) -> Result<Option<Terms>, VaultError> {
        let _turn = self.turn_to_change();
        let object = {
            let index = self.index();
            let object = index
                .objects
                .get(&id)
                .filter(|object| object.fate.is_none());
            object.ok_or(VaultError::NotFound)?.clone()
        };
        let now = self.clock.now();
        object.until.check(now)?;
        let old = object.entry;
        let life = change(old.terms.life);
        if life == old.terms.life {
            return Ok(Some(old.terms));
        }
        if life.deadline().is_past(now) {
            self.destroy(&[id], reason).into_result()?;
            return Ok(None);
        }
        let terms = Terms { life, ..old.terms };
        let revision = old.revision.wrapping_add(1);
        let entry = Entry { terms, revision };
        let key = object.slot.open(&old)?;
        let slot = self.write_slot(&entry, &key)?;
        self.move_to(id, entry, slot);
        Ok(Some(terms))
    }

    fn move_to(&self, id: Id, entry: Entry, slot: SlotRef) {
        let mut object = {
            let mut index = self.index();
            let object = index
                .objects
                .get_mut(&id)
                .expect("nobody else has a turn to change it");
            let old = std::mem::replace(&mut object.slot, slot);
            object.stale.push(old);
            object.entry = entry;
            object.until.set(entry.terms.deadline());
            object.clone()
        };
        // What can't be freed now is at the reaper's next pass, and not counted before.
        let _ = object.free_stale();
        if let Some(kept) = self.index().objects.get_mut(&id) {
            kept.stale = object.stale;
        }
    }

    /// Writes an entry into a new slot of its deadline's epoch; nothing is left if that fails.
    pub(crate) fn write_slot(&self, entry: &Entry, key: &DataKey) -> Result<SlotRef, VaultError> {
        let slot = self.epochs.take_slot(entry.terms.deadline())?;
        match slot.write(entry, key) {
            Ok(()) => Ok(slot),
            Err(error) => {
                // If not even zeros can be written the slot stays used, and the next start finds
                // that it has no sealed bytes or is the older of two.
                if slot.overwrite().is_ok() {
                    slot.release();
                }
                Err(error)
            }
        }
    }
}
