//! A vault in a folder of its own, with a clock that moves when told to.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Id, Lifetime, TestClock, UnixMillis};
use vault::{Kind, Vault, VaultError};

/// Some day in 2026.
pub const START: UnixMillis = UnixMillis(1_790_000_000_000);

pub struct Safe {
    pub folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    vault: Option<Vault>,
}

impl Safe {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::at(START));
        let vault = Some(Vault::open(folder.path(), clock.clone()).unwrap());
        Self {
            folder,
            clock,
            vault,
        }
    }

    /// Closes the vault, lets `between` act on the folder, and opens it again.
    pub fn reopen_after(&mut self, between: impl FnOnce(&Path)) {
        self.vault = None;
        between(self.folder.path());
        self.vault = Some(Vault::open(self.folder.path(), self.clock.clone()).unwrap());
    }

    pub fn vault(&self) -> &Vault {
        self.vault.as_ref().unwrap()
    }

    pub fn seal(&self, plaintext: &[u8]) -> Id {
        self.vault()
            .seal(Kind::Picture, plaintext, Lifetime::HOUR)
            .unwrap()
            .id
    }

    pub fn read(&self, id: Id) -> Result<Vec<u8>, VaultError> {
        self.vault()
            .read(id, Kind::Picture)
            .map(|bytes| bytes.to_vec())
    }

    pub fn key_path(&self, id: Id) -> PathBuf {
        self.folder.path().join(format!("keys/{id}.key"))
    }

    pub fn object_path(&self, id: Id) -> PathBuf {
        self.folder.path().join(format!("objects/{id}.sealed"))
    }

    /// The files that belong to objects.
    pub fn object_files(&self) -> Vec<PathBuf> {
        files_below(self.folder.path())
            .into_iter()
            .filter(|path| {
                path.extension()
                    .is_some_and(|end| end == "key" || end == "sealed")
            })
            .collect()
    }
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

/// Content whose every part differs from every other.
pub fn content(len: usize) -> Vec<u8> {
    (0..len as u64)
        .map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u8)
        .collect()
}
