//! Seal, read, shred, reap.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::{BufWriter, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{CEILING_SECS, Clock, Deadline, Id, Life, Lifetime, UnixMillis};
use zeroize::Zeroizing;

use crate::clock::VaultClock;
use crate::grant::{Grant, Reservations};
use crate::keys::InstallationKey;
use crate::terms::Name;
use crate::{Kind, Terms, VaultError, files, stream};

/// How far in the future an object's creation may lie before its key file is taken for a forgery
/// or its clock for wrong.
const SKEW_SECS: i64 = 60;

/// Sealed temporary content in one folder. Calls block on the disk; share it in an [`Arc`].
///
/// One process at a time has a vault open.
pub struct Vault {
    layout: Layout,
    installation: InstallationKey,
    clock: VaultClock,
    /// What is in the files, so that finding what is due reads none of them.
    objects: Mutex<HashMap<Id, Terms>>,
    reservations: Mutex<Reservations>,
    /// Held as long as the vault is open; the operating system lets go even after a crash.
    _lock: File,
}

/// What one pass of the reaper did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Objects destroyed.
    pub destroyed: usize,
    /// Objects whose files could not be destroyed: unreadable all the same, and tried again at the
    /// next pass.
    pub failed: usize,
}

impl Vault {
    /// Opens the vault in `folder`, creating it if needed. Removes what a crash left half-done and
    /// destroys what is past its deadline before it returns.
    ///
    /// # Errors
    /// [`VaultError::InUse`] if another process has it; otherwise whatever keeps its files from
    /// being read, written or destroyed.
    pub fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, VaultError> {
        let layout = Layout::create(folder)?;
        let lock = layout.lock()?;
        layout.remove_unfinished()?;
        let installation = InstallationKey::load_or_create(&layout.installation_key())?;
        let objects = layout.load(&installation)?;
        let newest = objects.values().map(|terms| terms.created()).max();
        let floor = newest.unwrap_or(UnixMillis(i64::MIN));
        let vault = Self {
            clock: VaultClock::start(clock, layout.clock(), floor),
            layout,
            installation,
            objects: Mutex::new(objects),
            reservations: Mutex::default(),
            _lock: lock,
        };
        for id in vault.due() {
            vault.shred(id)?;
        }
        if vault.objects().is_empty() {
            vault.clock.trust_the_wall()?;
        }
        vault.clock.keep()?;
        Ok(vault)
    }

    /// The vault's time: the clock's, except that it never goes backwards. Deadlines are reckoned
    /// in it.
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
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
        let grant = Grant::random(kind);
        self.store(&grant, lifetime, |out| {
            Ok(stream::seal(&grant.key, &grant.name, plaintext, out)?)
        })
    }

    /// The key of one object and its sealed bytes, for a process that works on it. The deadline is
    /// asked for now and can't be later: see [`Grant`].
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn grant(&self, id: Id, kind: Kind) -> Result<(Grant, File), VaultError> {
        let (key, terms) = self
            .installation
            .unwrap(id, &files::read(&self.layout.key(id))?)?;
        if terms.kind != kind {
            return Err(VaultError::NotFound);
        }
        let now = self.now();
        if terms.deadline().is_past(now) || terms.created() > now.plus_secs(SKEW_SECS) {
            return Err(VaultError::Expired);
        }
        let sealed = File::open(self.layout.object(id)).map_err(VaultError::opening)?;
        let name = terms.name();
        Ok((Grant { name, key }, sealed))
    }

    /// The grant of an object to be: whoever holds it may seal that object, and [`Self::adopt`]
    /// takes it within an hour. Nothing is on the disk until then.
    pub fn reserve(&self, kind: Kind, lifetime: Lifetime) -> Result<Grant, VaultError> {
        let grant = Grant::random(kind);
        let now = self.now();
        self.reservations().insert(grant.id(), lifetime, now);
        Ok(grant)
    }

    /// Stores what a holder of a reserved grant sealed, to the end of `sealed`; its life begins
    /// now. All of it or nothing, and once only.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] if the grant was not reserved here, or too long ago;
    /// [`VaultError::Damaged`] if `sealed` is not what it sealed, whole.
    pub fn adopt(&self, grant: &Grant, sealed: &mut impl Read) -> Result<Terms, VaultError> {
        let now = self.now();
        let lifetime = self.reservations().take(grant.id(), now);
        let lifetime = lifetime.ok_or(VaultError::NotFound)?;
        self.store(grant, lifetime, |out| {
            stream::copy_checked(&grant.key, &grant.name, sealed, out)
        })
    }

    /// Opens an object.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] also for an object of another kind, [`VaultError::Expired`] from
    /// the deadline on, [`VaultError::Damaged`] if anything was changed.
    pub fn read(&self, id: Id, kind: Kind) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (grant, mut sealed) = self.grant(id, kind)?;
        let sealed_len = sealed.metadata()?.len();
        grant.open(&mut sealed, sealed_len)
    }

    /// Destroys an object: key first, bytes next. Whether there was a key to destroy; calling it
    /// again does no harm.
    ///
    /// # Errors
    /// If a file can't be destroyed; the object stays on the list, so that the reaper tries again.
    pub fn shred(&self, id: Id) -> Result<bool, VaultError> {
        let destroyed = self.destroy_files(id)?;
        self.objects().remove(&id);
        Ok(destroyed)
    }

    /// Destroys every object whose deadline has come.
    pub fn reap(&self) -> Reaped {
        let mut reaped = Reaped::default();
        for id in self.due() {
            match self.shred(id) {
                Ok(_) => reaped.destroyed += 1,
                Err(_) => reaped.failed += 1,
            }
        }
        // A full disk must not keep the reaper from its work: the moment is kept at the next pass.
        let _ = self.clock.keep();
        reaped
    }

    /// Every object there is, in no order.
    pub fn list(&self) -> Vec<Terms> {
        self.objects().values().copied().collect()
    }

    /// When the next object is due.
    pub fn next_deadline(&self) -> Option<Deadline> {
        self.objects().values().map(|terms| terms.deadline()).min()
    }

    /// Bytes first: without its key they are noise, so a crash in between reveals nothing, and the
    /// key file's appearance is the one moment at which the object begins to exist.
    fn store(
        &self,
        grant: &Grant,
        lifetime: Lifetime,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<(), VaultError>,
    ) -> Result<Terms, VaultError> {
        let Name { id, kind } = grant.name;
        let stored = files::write_atomically(&self.layout.object(id), write).and_then(|()| {
            // The hour begins when the last byte is there.
            let life = Life::begin(self.now(), lifetime, CEILING_SECS);
            let terms = Terms { id, kind, life };
            let key_file = self.installation.wrap(&grant.key, &terms);
            files::write_whole(&self.layout.key(id), &key_file)?;
            Ok(terms)
        });
        match &stored {
            Ok(terms) => {
                self.objects().insert(id, *terms);
            }
            // Whatever exists of it has no name anyone was told; a failure here leaves it to the
            // clean-up at the next start.
            Err(_) => {
                let _ = self.destroy_files(id);
            }
        }
        stored
    }

    fn destroy_files(&self, id: Id) -> Result<bool, VaultError> {
        let destroyed = files::erase(&self.layout.key(id))?;
        files::remove(&self.layout.object(id))?;
        Ok(destroyed)
    }

    fn due(&self) -> Vec<Id> {
        let now = self.now();
        self.objects()
            .values()
            .filter(|terms| terms.deadline().is_past(now))
            .map(|terms| terms.id)
            .collect()
    }

    fn reservations(&self) -> MutexGuard<'_, Reservations> {
        self.reservations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn objects(&self) -> MutexGuard<'_, HashMap<Id, Terms>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which file is where. `keys` must never be part of a backup.
struct Layout {
    folder: PathBuf,
    keys: PathBuf,
    objects: PathBuf,
}

impl Layout {
    fn create(folder: &Path) -> Result<Self, VaultError> {
        let layout = Self {
            folder: folder.into(),
            keys: folder.join("keys"),
            objects: folder.join("objects"),
        };
        for folder in layout.folders() {
            files::create_folder(folder)?;
        }
        Ok(layout)
    }

    fn folders(&self) -> [&Path; 3] {
        [&self.folder, &self.keys, &self.objects]
    }

    fn key(&self, id: Id) -> PathBuf {
        self.keys.join(format!("{id}.key"))
    }

    fn object(&self, id: Id) -> PathBuf {
        self.objects.join(format!("{id}.sealed"))
    }

    fn installation_key(&self) -> PathBuf {
        self.keys.join("installation")
    }

    fn clock(&self) -> PathBuf {
        self.folder.join("clock")
    }

    fn lock(&self) -> Result<File, VaultError> {
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

    /// Reads every key file. Keys that don't open and halves without their other half are
    /// destroyed: nobody can read them, and nothing else would ever remove them.
    fn load(&self, installation: &InstallationKey) -> Result<HashMap<Id, Terms>, VaultError> {
        let mut objects = HashMap::new();
        for path in files::list(&self.keys)? {
            let Some(id) = id_in(&path, "key") else {
                continue;
            };
            match installation.unwrap(id, &files::read(&path)?) {
                Ok((_, terms)) if self.object(id).exists() => {
                    objects.insert(id, terms);
                }
                _ => {
                    files::erase(&path)?;
                }
            }
        }
        for path in files::list(&self.objects)? {
            if id_in(&path, "sealed").is_some_and(|id| !objects.contains_key(&id)) {
                files::remove(&path)?;
            }
        }
        Ok(objects)
    }
}

/// The id in the name of one of the vault's files; other files are not the vault's to touch.
fn id_in(path: &Path, extension: &str) -> Option<Id> {
    if path.extension()? != extension {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}
