//! The vault and what it consists of.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{CEILING_SECS, Clock, Deadline, Id, Lifetime, UnixMillis};

use crate::clock::VaultClock;
use crate::derive::IdKey;
use crate::epochs::Epochs;
use crate::grant::Reservations;
use crate::index::{Index, Object};
use crate::{Kind, Plaintext, PublicKey, SigningKey, Terms, VaultError, files, recover};

/// Sealed temporary content in one folder. Calls block on the disk; share it in an [`Arc`].
///
/// One process at a time has a vault open.
pub struct Vault {
    pub(crate) core: Arc<Core>,
}

/// How a vault is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultOptions {
    /// Epoch keys stay in memory, so that a restart forgets everything.
    pub ephemeral: bool,
    /// How long after its creation downloads may extend an object's life, in seconds; what is over
    /// [`CEILING_SECS`] counts as that.
    pub ceiling_secs: u32,
}

impl Default for VaultOptions {
    fn default() -> Self {
        Self {
            ephemeral: false,
            ceiling_secs: CEILING_SECS,
        }
    }
}

/// Shared with whoever is still writing an object.
pub(crate) struct Core {
    pub(crate) layout: Layout,
    pub(crate) epochs: Epochs,
    pub(crate) clock: Arc<VaultClock>,
    pub(crate) signing_key: SigningKey,
    pub(crate) ids: IdKey,
    pub(crate) options: VaultOptions,
    index: Mutex<Index>,
    reservations: Mutex<Reservations>,
    /// Held while objects that exist are changed or destroyed, so that one is never moved and
    /// destroyed at a time. Reading and sealing need no turn.
    changes: Mutex<()>,
    /// Held as long as the vault is open; the operating system lets go even after a crash.
    _lock: File,
}

impl Vault {
    /// Opens the vault in `folder` as it usually is kept.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, VaultError> {
        Self::open_with(folder, clock, VaultOptions::default())
    }

    /// Opens the vault in `folder`, creating it if needed. Removes what a crash left half-done and
    /// destroys what is past its deadline before it returns.
    ///
    /// # Errors
    /// [`VaultError::InUse`] if another process has it; [`VaultError::SigningKey`]; otherwise
    /// whatever keeps its files from being read, written or destroyed.
    pub fn open_with(
        folder: &Path,
        clock: Arc<dyn Clock>,
        options: VaultOptions,
    ) -> Result<Self, VaultError> {
        let layout = Layout::create(folder)?;
        let lock = layout.lock()?;
        layout.remove_unfinished()?;
        let epochs = Epochs::open(&layout.keys, options.ephemeral)?;
        let found = recover::read_slots(&epochs)?;
        let clock = VaultClock::start(clock, layout.clock(), found.newest());
        let index = recover::settle(found, &layout, clock.now())?;
        let vault = Self {
            core: Arc::new(Core {
                signing_key: SigningKey::load_or_create(&layout.signing_key())?,
                ids: IdKey::random(),
                layout,
                epochs,
                clock: Arc::new(clock),
                options,
                index: Mutex::new(index),
                reservations: Mutex::default(),
                changes: Mutex::default(),
                _lock: lock,
            }),
        };
        vault.core.destroy_due().into_result()?;
        if vault.core.index().objects.is_empty() {
            vault.core.clock.trust_the_wall()?;
        }
        vault.core.clock.keep()?;
        Ok(vault)
    }

    /// The vault's time: the clock's, except that it never goes backwards. Deadlines are reckoned
    /// in it.
    pub fn now(&self) -> UnixMillis {
        self.core.clock.now()
    }

    /// Seals content under a key of its own. It exists once this returns, and not if it fails.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] and whatever else keeps files from being written.
    pub fn seal(
        &self,
        kind: Kind,
        plaintext: &[u8],
        lifetime: Lifetime,
    ) -> Result<Terms, VaultError> {
        let mut sealer = self.sealer(kind, lifetime)?;
        sealer.write(plaintext)?;
        sealer.finish()
    }

    /// Opens an object, all of it.
    ///
    /// # Errors
    /// As [`Self::open_object`].
    pub fn read(&self, id: Id, kind: Kind) -> Result<Plaintext, VaultError> {
        let mut opened = self.open_object(id, kind)?;
        let whole = 0..opened.len();
        opened.read_range(whole)
    }

    /// Every object there is, in no order.
    pub fn list(&self) -> Vec<Terms> {
        let index = self.core.index();
        let readable = index
            .objects
            .values()
            .filter(|object| object.fate.is_none());
        readable.map(|object| object.entry.terms).collect()
    }

    /// The terms of an object as they are now; `None` if there is no such object any more.
    pub fn terms(&self, id: Id) -> Option<Terms> {
        let index = self.core.index();
        let object = index
            .objects
            .get(&id)
            .filter(|object| object.fate.is_none());
        object.map(|object| object.entry.terms)
    }

    /// When the next object is due.
    pub fn next_deadline(&self) -> Option<Deadline> {
        let index = self.core.index();
        index.objects.values().map(Object::deadline).min()
    }

    /// What receipts of this installation are verified with.
    pub fn public_key(&self) -> PublicKey {
        self.core.signing_key.public_key()
    }
}

impl Core {
    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reservations(&self) -> MutexGuard<'_, Reservations> {
        self.reservations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn turn_to_change(&self) -> MutexGuard<'_, ()> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which file is where. `keys` must never be part of a backup.
pub(crate) struct Layout {
    folder: PathBuf,
    pub(crate) keys: PathBuf,
    pub(crate) objects: PathBuf,
}

impl Layout {
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.into(),
            keys: folder.join("keys"),
            objects: folder.join("objects"),
        }
    }

    pub(crate) fn create(folder: &Path) -> Result<Self, VaultError> {
        let layout = Self::of(folder);
        for folder in layout.folders() {
            files::create_folder(folder)?;
        }
        Ok(layout)
    }

    fn folders(&self) -> [&Path; 3] {
        [&self.folder, &self.keys, &self.objects]
    }

    pub(crate) fn object(&self, id: Id) -> PathBuf {
        self.objects.join(format!("{id}.sealed"))
    }

    pub(crate) fn signing_key(&self) -> PathBuf {
        self.folder.join("signing.key")
    }

    fn clock(&self) -> PathBuf {
        self.folder.join("clock")
    }

    pub(crate) fn lock(&self) -> Result<File, VaultError> {
        let file = files::create_file(&self.folder.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    fn remove_unfinished(&self) -> Result<(), VaultError> {
        for folder in self.folders() {
            files::remove_unfinished(folder)?;
        }
        Ok(())
    }
}
