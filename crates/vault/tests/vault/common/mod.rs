//! A vault in a folder of its own, with a clock that moves when told to.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Deadline, Id, Lifetime, TestClock, UnixMillis};
use vault::{Kind, Reason, Vault, VaultError, VaultOptions};

/// Some day in 2026, at the beginning of an epoch.
pub const START: UnixMillis = UnixMillis(1_790_000_400_000);
pub const HOUR: i64 = 3600;

pub const SLOT: usize = 128;
/// Where in a slot the state, and behind it the key, are.
pub const STATE: usize = 56;
pub const KEY: std::ops::Range<usize> = 68..128;
pub const CHUNK: usize = 64 * 1024;
pub const SEALED_CHUNK: usize = CHUNK + 16;
pub const HEADER: usize = 11;

pub struct Safe {
    pub folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub options: VaultOptions,
    vault: Option<Vault>,
}

impl Safe {
    pub fn new() -> Self {
        Self::with(VaultOptions::default())
    }

    pub fn with(options: VaultOptions) -> Self {
        Self::inside(tempfile::tempdir().unwrap(), options)
    }

    /// In memory where that is possible, for tests that would wait for the disk thousands of times.
    pub fn in_memory(options: VaultOptions) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Self::inside(folder.unwrap(), options)
    }

    fn inside(folder: tempfile::TempDir, options: VaultOptions) -> Self {
        let mut safe = Self {
            folder,
            clock: Arc::new(TestClock::at(START)),
            options,
            vault: None,
        };
        safe.open();
        safe
    }

    fn open(&mut self) {
        let opened = Vault::open_with(self.folder.path(), self.clock.clone(), self.options);
        self.vault = Some(opened.unwrap());
    }

    /// Closes the vault, lets `between` act on the folder, and opens it again.
    pub fn reopen_after(&mut self, between: impl FnOnce(&Path)) {
        self.vault = None;
        between(self.folder.path());
        self.open();
    }

    pub fn vault(&self) -> &Vault {
        self.vault.as_ref().unwrap()
    }

    pub fn seal(&self, plaintext: &[u8]) -> Id {
        self.seal_for(plaintext, Lifetime::HOUR)
    }

    pub fn seal_for(&self, plaintext: &[u8], lifetime: Lifetime) -> Id {
        let sealed = self.vault().seal(Kind::Picture, plaintext, lifetime);
        sealed.unwrap().id
    }

    pub fn read(&self, id: Id) -> Result<Vec<u8>, VaultError> {
        self.vault()
            .read(id, Kind::Picture)
            .map(|bytes| bytes.to_vec())
    }

    pub fn shred(&self, id: Id) -> bool {
        self.vault().shred(id, Reason::Asked).unwrap()
    }

    pub fn deadline(&self, id: Id) -> Option<Deadline> {
        self.vault().terms(id).map(|terms| terms.deadline())
    }

    pub fn object_path(&self, id: Id) -> PathBuf {
        self.folder.path().join(format!("objects/{id}.sealed"))
    }

    /// The files that hold sealed bytes.
    pub fn sealed_files(&self) -> Vec<PathBuf> {
        self.files_ending_in("sealed")
    }

    pub fn epoch_keys(&self) -> Vec<PathBuf> {
        self.files_ending_in("epoch")
    }

    fn files_ending_in(&self, extension: &str) -> Vec<PathBuf> {
        let mut files = files_below(self.folder.path());
        files.retain(|path| path.extension().is_some_and(|end| end == extension));
        files
    }

    /// The slots of an object, on the disk: which file, and where in it.
    pub fn slots_of(&self, id: Id) -> Vec<(PathBuf, usize)> {
        let mut slots = self.slots();
        slots.retain(|(path, start)| read_at(path, *start)[8..24] == id.to_bytes());
        slots
    }

    /// The one slot of an object.
    pub fn slot_of(&self, id: Id) -> (PathBuf, usize) {
        let slots = self.slots_of(id);
        assert_eq!(slots.len(), 1);
        slots[0].clone()
    }

    /// How many slots hold a key.
    pub fn live_slots(&self) -> usize {
        let files = self.files_ending_in("slots").into_iter();
        let has_key = |slot: &&[u8]| slot[KEY].iter().any(|byte| *byte != 0);
        files
            .map(|path| {
                fs::read(path)
                    .unwrap()
                    .chunks_exact(SLOT)
                    .filter(has_key)
                    .count()
            })
            .sum()
    }

    fn slots(&self) -> Vec<(PathBuf, usize)> {
        let mut slots = Vec::new();
        for path in self.files_ending_in("slots") {
            let len = fs::metadata(&path).unwrap().len() as usize;
            slots.extend((0..len / SLOT).map(|index| (path.clone(), index * SLOT)));
        }
        slots
    }

    /// No sealed byte and no key of an object is on the disk.
    pub fn holds_nothing(&self) -> bool {
        self.sealed_files().is_empty() && self.live_slots() == 0
    }
}

/// A slot as it is on the disk.
pub fn read_at(path: &Path, start: usize) -> Vec<u8> {
    fs::read(path).unwrap()[start..start + SLOT].to_vec()
}

/// Overwrites a slot, as a crash or somebody else may.
pub fn write_at(path: &Path, start: usize, slot: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    bytes.resize(bytes.len().max(start + SLOT), 0);
    bytes[start..start + SLOT].copy_from_slice(slot);
    fs::write(path, bytes).unwrap();
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// All files below a folder, to put them back later.
pub struct Backup(Vec<(PathBuf, Vec<u8>)>);

impl Backup {
    pub fn of(folder: &Path) -> Self {
        let files = files_below(folder).into_iter();
        Self(
            files
                .map(|path| (path.clone(), fs::read(path).unwrap()))
                .collect(),
        )
    }

    pub fn restore(&self) {
        for (path, bytes) in &self.0 {
            fs::write(path, bytes).unwrap();
        }
    }
}

/// Content whose every part differs from every other.
pub fn content(len: usize) -> Vec<u8> {
    (0..len as u64)
        .map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u8)
        .collect()
}
