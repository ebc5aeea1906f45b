//! What is in the vault's files, so that finding what is due reads none of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Deadline, Id, UnixMillis};

use crate::epoch::SlotRef;
use crate::slot::{Entry, Fate};
use crate::{Kind, Reason, Terms, VaultError};

#[derive(Default)]
pub(crate) struct Index {
    pub(crate) objects: HashMap<Id, Object>,
    /// Destroyed ones whose receipts nobody has taken yet.
    pub(crate) buried: HashMap<Id, Buried>,
    /// How many were destroyed since the vault was opened.
    pub(crate) destroyed: HashMap<Reason, u64>,
}

/// An object that exists, or whose destruction has begun.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) entry: Entry,
    pub(crate) slot: SlotRef,
    /// Slots it had before its deadline was moved, and which could not be freed yet.
    pub(crate) stale: Vec<SlotRef>,
    pub(crate) until: Arc<Until>,
    /// Set when its destruction begins; from then on nobody can read it.
    pub(crate) fate: Option<Fate>,
}

/// What is left of an object.
#[derive(Clone)]
pub(crate) struct Buried {
    pub(crate) terms: Terms,
    pub(crate) fate: Fate,
    pub(crate) slot: SlotRef,
}

/// An object's deadline, shared with those who are reading it.
pub(crate) struct Until(AtomicI64);

impl Until {
    pub(crate) fn new(deadline: Deadline) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(deadline.moment().0)))
    }

    pub(crate) fn set(&self, deadline: Deadline) {
        self.0.store(deadline.moment().0, Ordering::SeqCst);
    }

    /// It is destroyed.
    pub(crate) fn end(&self) {
        self.0.store(i64::MIN, Ordering::SeqCst);
    }

    pub(crate) fn check(&self, now: UnixMillis) -> Result<(), VaultError> {
        match now.0 < self.0.load(Ordering::SeqCst) {
            true => Ok(()),
            false => Err(VaultError::Expired),
        }
    }
}

impl Index {
    /// An object that may be read, of that kind.
    pub(crate) fn readable(&self, id: Id, kind: Kind) -> Result<&Object, VaultError> {
        self.objects
            .get(&id)
            .filter(|object| object.entry.terms.kind == kind && object.fate.is_none())
            .ok_or(VaultError::NotFound)
    }

    /// What must be destroyed at `now`, and what could not be destroyed before.
    pub(crate) fn due(&self, now: UnixMillis) -> Vec<Id> {
        self.objects
            .values()
            .filter(|object| object.fate.is_some() || object.deadline().is_past(now))
            .map(Object::id)
            .collect()
    }
}

impl Object {
    pub(crate) fn new(entry: Entry, slot: SlotRef) -> Self {
        Self {
            until: Until::new(entry.terms.deadline()),
            entry,
            slot,
            stale: Vec::new(),
            fate: None,
        }
    }

    pub(crate) fn id(&self) -> Id {
        self.entry.terms.id
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.entry.terms.deadline()
    }

    /// Frees the slots it had before, as far as that succeeds.
    pub(crate) fn free_stale(&mut self) -> std::io::Result<()> {
        while let Some(slot) = self.stale.last() {
            slot.overwrite()?;
            slot.epoch.slots.sync()?;
            slot.release();
            self.stale.pop();
        }
        Ok(())
    }
}
