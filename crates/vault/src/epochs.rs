//! All epochs of a vault, and the files in `keys/` that they are.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Deadline, UnixMillis};

use crate::epoch::{Epoch, SlotRef};
use crate::{VaultError, files};

const KEY: &str = "epoch";
const SLOTS: &str = "slots";

/// Tells backup programs that know of it to leave `keys/` out: Cache Directory Tagging
/// Specification, bford.info/cachedir.
const CACHE_TAG: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n\
    # Keys of content that must be gone within hours. They must be in no backup.\n";

pub(crate) struct Epochs {
    folder: PathBuf,
    ephemeral: bool,
    epochs: Mutex<BTreeMap<i64, Arc<Epoch>>>,
}

impl Epochs {
    /// Opens every epoch of which there is a file.
    pub(crate) fn open(folder: &Path, ephemeral: bool) -> Result<Self, VaultError> {
        let epochs = Self {
            folder: folder.into(),
            ephemeral,
            epochs: Mutex::default(),
        };
        files::write_if_missing(&folder.join("CACHEDIR.TAG"), CACHE_TAG)?;
        for path in files::list(folder)? {
            if is_of_an_older_vault(&path) {
                files::erase(&path)?;
            } else if let Some(number) = number_in(&path, KEY) {
                if ephemeral {
                    files::erase(&path)?;
                } else {
                    epochs.get(number)?.load_key()?;
                }
            } else if let Some(number) = number_in(&path, SLOTS) {
                epochs.get(number)?;
            }
        }
        Ok(epochs)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Epoch>> {
        self.epochs().values().cloned().collect()
    }

    /// A new slot in the epoch of this deadline.
    pub(crate) fn take_slot(&self, deadline: Deadline) -> Result<SlotRef, VaultError> {
        let epoch = self.get(Epoch::number_of(deadline))?;
        epoch.ensure_key(self.ephemeral)?;
        let index = epoch.slots.take()?;
        Ok(SlotRef { epoch, index })
    }

    /// Destroys the keys of the epochs that are over at `now`.
    ///
    /// # Errors
    /// The first one; the others are destroyed all the same.
    pub(crate) fn end(&self, now: UnixMillis) -> io::Result<()> {
        let mut ended = Ok(());
        for epoch in self.all() {
            if epoch.end() <= now {
                ended = epoch.destroy_key().and(ended);
                epoch.slots.close();
            }
        }
        ended
    }

    /// Removes the files of epochs that are over and of which nothing waits for anything.
    pub(crate) fn tidy(&self, now: UnixMillis) -> io::Result<()> {
        let mut epochs = self.epochs();
        let over: Vec<_> = epochs
            .values()
            .filter(|epoch| epoch.end() <= now)
            .cloned()
            .collect();
        for epoch in over {
            if epoch.slots.remove_if_free()? {
                epochs.remove(&epoch.number());
            }
        }
        Ok(())
    }

    fn get(&self, number: i64) -> Result<Arc<Epoch>, VaultError> {
        let mut epochs = self.epochs();
        if let Some(epoch) = epochs.get(&number) {
            return Ok(epoch.clone());
        }
        let path = |extension| self.folder.join(format!("{number}.{extension}"));
        let epoch = Arc::new(Epoch::open(number, path(KEY), path(SLOTS))?);
        epochs.insert(number, epoch.clone());
        Ok(epoch)
    }

    fn epochs(&self) -> MutexGuard<'_, BTreeMap<i64, Arc<Epoch>>> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number in the name of one of the vault's files; other files are not the vault's to touch.
fn number_in(path: &Path, extension: &str) -> Option<i64> {
    if path.extension()? != extension {
        return None;
    }
    let stem = path.file_stem()?.to_str()?;
    let number: i64 = stem.parse().ok()?;
    (number.to_string() == stem).then_some(number)
}

/// Vaults once had a key file per object, wrapped by one key for all.
fn is_of_an_older_vault(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "installation")
        || files::id_in(path, "key").is_some()
}
