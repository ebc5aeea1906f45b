//! Ten minutes of deadlines: the keys of all objects that are due within them, and the key that
//! wraps those.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Deadline, UnixMillis};
use zeroize::Zeroizing;

use crate::keys::{DataKey, EpochKey, Wrapped};
use crate::secret::KEY_LEN;
use crate::slot::{Entry, Fate, SLOT_LEN, Slot};
use crate::slots::SlotFile;
use crate::{Reason, VaultError, files};

/// Short, so that a key whose own destruction failed is unreadable soon after; long, so that there
/// are few files: 37 at most with the longest ceiling.
pub(crate) const EPOCH_MILLIS: i64 = 10 * 60 * 1000;

/// Begins an epoch's key file.
const LABEL: &[u8; 4] = b"A3E1";

pub(crate) struct Epoch {
    number: i64,
    key: Mutex<Held>,
    key_path: PathBuf,
    pub(crate) slots: SlotFile,
}

/// What there is of an epoch's key.
#[derive(Default)]
struct Held {
    /// `None` once it is destroyed, or if a restart lost it.
    key: Option<EpochKey>,
    on_disk: bool,
}

/// A slot of an epoch.
#[derive(Clone)]
pub(crate) struct SlotRef {
    pub(crate) epoch: Arc<Epoch>,
    pub(crate) index: u32,
}

impl Epoch {
    /// Opens what is there of an epoch, without its key.
    pub(crate) fn open(number: i64, key_path: PathBuf, slots: PathBuf) -> io::Result<Self> {
        Ok(Self {
            number,
            key: Mutex::default(),
            key_path,
            slots: SlotFile::at(slots)?,
        })
    }

    /// Which epoch a deadline falls into.
    pub(crate) fn number_of(deadline: Deadline) -> i64 {
        deadline.moment().0.div_euclid(EPOCH_MILLIS)
    }

    pub(crate) fn number(&self) -> i64 {
        self.number
    }

    /// From then on everything in it is due.
    pub(crate) fn end(&self) -> UnixMillis {
        let end = self.number.saturating_add(1);
        UnixMillis(end.saturating_mul(EPOCH_MILLIS))
    }

    /// How an object ended when this epoch's key is destroyed and nothing else is known: the same
    /// whoever says it, and when.
    pub(crate) fn fate(&self) -> Fate {
        Fate {
            deleted_at: self.end(),
            reason: Reason::EpochEnded,
        }
    }

    /// Reads the key, if there is one; one that can't be read is destroyed.
    pub(crate) fn load_key(&self) -> Result<(), VaultError> {
        let mut held = self.held();
        let bytes = match files::read(&self.key_path) {
            Err(VaultError::NotFound) => return Ok(()),
            bytes => bytes?,
        };
        held.key = bytes
            .strip_prefix(LABEL)
            .and_then(|key| key.try_into().ok())
            .map(EpochKey::from_bytes);
        held.on_disk = true;
        match held.key {
            Some(_) => Ok(()),
            None => Ok(self.erase_key(&mut held)?),
        }
    }

    /// Makes a key if there is none; writes it down, unless it is to be in memory only.
    pub(crate) fn ensure_key(&self, ephemeral: bool) -> Result<(), VaultError> {
        let mut held = self.held();
        if held.key.is_none() {
            let key = EpochKey::random();
            if !ephemeral {
                let mut bytes = Zeroizing::new(Vec::with_capacity(LABEL.len() + KEY_LEN));
                bytes.extend_from_slice(LABEL);
                bytes.extend_from_slice(key.bytes());
                held.on_disk = true;
                files::write_whole(&self.key_path, &bytes)?;
            }
            held.key = Some(key);
        }
        Ok(())
    }

    /// Destroys the key: nothing of the epoch can be read from now on, by anyone.
    pub(crate) fn destroy_key(&self) -> io::Result<()> {
        self.erase_key(&mut self.held())
    }

    /// Whether the key is destroyed for certain.
    pub(crate) fn has_lost_its_key(&self) -> bool {
        let held = self.held();
        held.key.is_none() && !held.on_disk
    }

    fn wrap(&self, entry: &Entry, key: &DataKey) -> Result<Wrapped, VaultError> {
        let held = self.held();
        let epoch = held.key.as_ref().ok_or(VaultError::Expired)?;
        Ok(epoch.wrap(key, &entry.aad(self.number)))
    }

    /// The key of this entry, if it was wrapped together with it, by this epoch.
    pub(crate) fn unwrap(&self, entry: &Entry, wrapped: &Wrapped) -> Result<DataKey, VaultError> {
        let held = self.held();
        let epoch = held.key.as_ref().ok_or(VaultError::Expired)?;
        let key = epoch.unwrap(wrapped, &entry.aad(self.number));
        key.ok_or(VaultError::Damaged)
    }

    fn erase_key(&self, held: &mut Held) -> io::Result<()> {
        held.key = None;
        if held.on_disk {
            files::erase(&self.key_path)?;
            held.on_disk = false;
        }
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SlotRef {
    /// The data key of this entry, if the slot still holds it and nobody edited it.
    ///
    /// # Errors
    /// [`VaultError::Expired`] if the epoch's key is gone, [`VaultError::Damaged`].
    pub(crate) fn open(&self, entry: &Entry) -> Result<DataKey, VaultError> {
        match Slot::decode(&self.epoch.slots.read(self.index)?) {
            Slot::Live(found, wrapped) if found == *entry => self.epoch.unwrap(entry, &wrapped),
            _ => Err(VaultError::Damaged),
        }
    }

    /// Writes an entry with its key, wrapped.
    ///
    /// # Errors
    /// [`VaultError::Expired`] if the epoch's key is gone.
    pub(crate) fn write(&self, entry: &Entry, key: &DataKey) -> Result<(), VaultError> {
        let wrapped = self.epoch.wrap(entry, key)?;
        self.epoch.slots.write(self.index, &entry.live(&wrapped))?;
        Ok(self.epoch.slots.sync()?)
    }

    /// Overwrites the key and says how the object ended. Not synced.
    pub(crate) fn destroy(&self, entry: &Entry, fate: &Fate) -> io::Result<()> {
        self.epoch.slots.write(self.index, &entry.destroyed(fate))
    }

    /// Overwrites everything. Not synced.
    pub(crate) fn overwrite(&self) -> io::Result<()> {
        self.epoch.slots.write(self.index, &[0; SLOT_LEN])
    }

    /// Whoever needs a slot next may have this one, which is all zeros.
    pub(crate) fn release(&self) {
        self.epoch.slots.release(self.index);
    }
}
