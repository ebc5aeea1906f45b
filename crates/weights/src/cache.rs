//! The folder that weights are kept in.
//!
//! A file is installed under its final name only when it is complete and verified: it is written
//! under a temporary name in the same folder and renamed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::digest::{CopyError, copy, copy_verified};
use crate::lock::Lock;
use crate::partial::{Partial, remove_if_there};
use crate::{CATALOGUE, Entry, Instead, PinnedFile, WeightsError};

/// Prefix of temporary names, so that what a killed pull left can be told and swept.
pub(crate) const TEMPORARY: &str = ".pull-";
/// Older leftovers are nobody's: no download takes that long.
const LEFTOVER_AGE: Duration = Duration::from_secs(24 * 3600);

/// A folder of installed weights.
#[derive(Clone, Debug)]
pub struct Cache {
    pub(crate) dir: PathBuf,
    catalogue: &'static [Entry],
}

/// What there is of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing that is of use.
    Absent,
    /// This many bytes; pulling again goes on from there.
    Begun(u64),
    /// Everything.
    Installed,
    /// Everything, but the weights were converted by somebody: no published SHA-256 pins them.
    Unpinned,
}

/// What stands for a pinned file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Pinned,
    Text,
    Converted(&'static str),
}

impl Cache {
    /// Names the folder. It is created by the first [`Cache::pull`] or [`Cache::import`].
    pub fn open(dir: impl Into<PathBuf>) -> Self {
        Self::with_catalogue(dir, CATALOGUE)
    }

    /// As [`Cache::open`], for other weights than the product's.
    pub fn with_catalogue(dir: impl Into<PathBuf>, catalogue: &'static [Entry]) -> Self {
        let dir = dir.into();
        Self { dir, catalogue }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Looks a name up.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`] lists the names there are.
    pub fn find(&self, name: &str) -> Result<&'static Entry, WeightsError> {
        let mut entries = self.catalogue.iter();
        let names = || self.catalogue.iter().map(|entry| entry.name);
        entries
            .find(|entry| entry.name == name)
            .ok_or_else(|| WeightsError::Unknown {
                name: name.to_owned(),
                known: names().collect::<Vec<_>>().join(", "),
            })
    }

    /// Where weights are, or would be: a file, or a folder.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        match entry.files {
            [file] if !entry.is_folder() => self.file(file.path),
            _ => self.dir.join(entry.name),
        }
    }

    /// The folder of installed weights that consist of several files, with all of them in it.
    /// Cheap: looks at names and lengths; [`Cache::verify`] looks at every byte.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`], [`WeightsError::Missing`] unless everything is there.
    pub fn folder(&self, name: &str) -> Result<PathBuf, WeightsError> {
        let entry = self.find(name)?;
        if self.is_complete(entry) {
            Ok(self.path(entry))
        } else {
            Err(WeightsError::Missing { name: entry.name })
        }
    }

    /// The whole catalogue, each with what there is of it.
    pub fn list(&self) -> Vec<(&'static Entry, State)> {
        (self.catalogue.iter())
            .map(|entry| (entry, self.state(entry)))
            .collect()
    }

    /// What there is of an entry. Cheap; [`Cache::verify`] looks at every byte.
    pub fn state(&self, entry: &Entry) -> State {
        let held = || entry.files.iter().map(|file| self.held(file));
        if held().any(|held| held.is_none()) {
            let begun = (entry.files.iter())
                .map(|file| match self.held(file) {
                    Some(Held::Pinned) => file.bytes,
                    Some(_) => 0,
                    None => Partial::bytes_of(&self.file(file.path)),
                })
                .sum();
            match begun {
                0 => State::Absent,
                bytes => State::Begun(bytes),
            }
        } else if held().any(|held| matches!(held, Some(Held::Converted(_)))) {
            State::Unpinned
        } else {
            State::Installed
        }
    }

    /// Whether files of the right sizes are there. Cheap; [`Cache::verify`] looks at every byte.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`].
    pub fn installed(&self, name: &str) -> Result<bool, WeightsError> {
        Ok(self.is_complete(self.find(name)?))
    }

    /// Whether everything is there, intact or not. [`Cache::load`] refuses what is not.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`].
    pub fn is_there(&self, name: &str) -> Result<bool, WeightsError> {
        let there = |file: &PinnedFile| {
            let converted = match file.instead {
                Some(Instead::Converted(path)) => Some(path),
                _ => None,
            };
            let mut paths = std::iter::once(file.path).chain(converted);
            paths.any(|path| self.file(path).exists())
        };
        Ok(self.find(name)?.files.iter().all(there))
    }

    fn is_complete(&self, entry: &Entry) -> bool {
        matches!(self.state(entry), State::Installed | State::Unpinned)
    }

    /// Compares what is installed with its SHA-256: the catalogue's, or for converted weights the
    /// one noted when they were imported. The answer is [`State::Installed`] or
    /// [`State::Unpinned`].
    ///
    /// # Errors
    /// [`WeightsError::Missing`], [`WeightsError::Damaged`].
    pub fn verify(&self, name: &str) -> Result<State, WeightsError> {
        let entry = self.find(name)?;
        for file in entry.files {
            self.verify_file(entry, file)?;
        }
        Ok(self.state(entry))
    }

    pub(crate) fn verify_file(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
    ) -> Result<(), WeightsError> {
        let damaged = || WeightsError::Damaged { name: entry.name };
        match self.held(file) {
            // The text was compared when it was found.
            Some(Held::Text) => Ok(()),
            Some(Held::Converted(path)) => {
                let path = self.file(path);
                let noted = fs::read_to_string(digest_note(&path)).map_err(|_| damaged())?;
                let sha256 = File::open(&path)
                    .map_err(CopyError::Read)
                    .and_then(|mut weights| copy(&mut weights, &mut io::sink()))
                    .map_err(|error| self.not_verified(entry, &path, error))?;
                if noted.split_whitespace().next() == Some(&sha256) {
                    Ok(())
                } else {
                    Err(damaged())
                }
            }
            Some(Held::Pinned) | None => self.read_verified(entry, file, &mut io::sink()),
        }
    }

    fn not_verified(&self, entry: &'static Entry, path: &Path, error: CopyError) -> WeightsError {
        match error {
            CopyError::Differs(_) => WeightsError::Damaged { name: entry.name },
            CopyError::Read(source) | CopyError::Write(source) => WeightsError::Read {
                path: path.to_owned(),
                source,
            },
        }
    }

    fn read_verified(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        to: &mut dyn io::Write,
    ) -> Result<(), WeightsError> {
        let path = self.file(file.path);
        let mut from = match File::open(&path) {
            Ok(from) => from,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(WeightsError::Missing { name: entry.name });
            }
            Err(source) => return Err(WeightsError::Read { path, source }),
        };
        copy_verified(file, &mut from, to).map_err(|error| self.not_verified(entry, &path, error))
    }

    /// Reads installed weights of one file, checking the SHA-256 on the way.
    ///
    /// # Errors
    /// [`WeightsError::Missing`], [`WeightsError::Damaged`]; [`WeightsError::Several`] for those
    /// that are a folder.
    pub fn load(&self, name: &str) -> Result<Vec<u8>, WeightsError> {
        let entry = self.find(name)?;
        let [file] = entry.files else {
            return Err(WeightsError::Several { name: entry.name });
        };
        let mut bytes = Vec::with_capacity(file.bytes as usize);
        self.read_verified(entry, file, &mut bytes)?;
        Ok(bytes)
    }

    /// Removes installed weights and what an unfinished pull left; `false` if there was nothing.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`], [`WeightsError::Busy`] while they are pulled,
    /// [`WeightsError::Write`].
    pub fn remove(&self, name: &str) -> Result<bool, WeightsError> {
        let entry = self.find(name)?;
        if !self.dir.exists() {
            return Ok(false);
        }
        let _lock = self.try_lock(entry)?;
        let mut was_there = false;
        for file in entry.files {
            let path = self.file(file.path);
            let failed = |source| WeightsError::Write {
                path: path.clone(),
                source,
            };
            was_there |= remove_if_there(&path).map_err(failed)?;
            was_there |= Partial::discard(&path).map_err(failed)?;
            was_there |= self.remove_converted(file).map_err(failed)?;
        }
        if entry.is_folder() {
            // A person's own file in it keeps it.
            let _ = fs::remove_dir(self.path(entry));
        }
        Ok(was_there)
    }

    /// Removes what stands in a pinned file's place, if anything does.
    pub(crate) fn remove_converted(&self, file: &PinnedFile) -> io::Result<bool> {
        let Some(Instead::Converted(path)) = file.instead else {
            return Ok(false);
        };
        let path = self.file(path);
        remove_if_there(&digest_note(&path))?;
        remove_if_there(&path)
    }

    /// A file of the catalogue below the folder.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        path.split('/')
            .fold(self.dir.clone(), |folder, name| folder.join(name))
    }

    /// What stands for a pinned file, judged by names, lengths and, if it is short, content.
    pub(crate) fn held(&self, file: &PinnedFile) -> Option<Held> {
        let path = self.file(file.path);
        match file.instead {
            // Engines take these before the published ones, whoever put them there.
            Some(Instead::Converted(path)) if self.file(path).is_file() => {
                return Some(Held::Converted(path));
            }
            Some(Instead::Text(text))
                if fs::read(&path).is_ok_and(|own| own == text.as_bytes()) =>
            {
                return Some(Held::Text);
            }
            _ => {}
        }
        let there = fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() == file.bytes);
        there.then_some(Held::Pinned)
    }

    pub(crate) fn try_lock(&self, entry: &'static Entry) -> Result<Lock, WeightsError> {
        let lock = Lock::try_take(&self.dir, entry.name);
        lock.map_err(|source| self.write_error(source))?
            .ok_or(WeightsError::Busy { name: entry.name })
    }

    /// Makes the folder, and below it the entry's if it has one.
    pub(crate) fn create_dir(&self, entry: &Entry) -> Result<(), WeightsError> {
        let folder = if entry.is_folder() {
            self.path(entry)
        } else {
            self.dir.clone()
        };
        fs::create_dir_all(folder).map_err(|source| self.write_error(source))?;
        self.sweep();
        Ok(())
    }

    /// Removes what a pull that was killed long ago left behind. Best effort: another process may
    /// be sweeping too, and leftovers do no harm but take room. Partial files stay: the next pull
    /// wants them.
    fn sweep(&self) {
        let Ok(files) = fs::read_dir(&self.dir) else {
            return;
        };
        for file in files.flatten() {
            let ours = file.file_name().to_string_lossy().starts_with(TEMPORARY);
            let changed = file.metadata().and_then(|metadata| metadata.modified());
            let old = changed.is_ok_and(|at| {
                SystemTime::now()
                    .duration_since(at)
                    .is_ok_and(|age| age > LEFTOVER_AGE)
            });
            if ours && old {
                let path = file.path();
                let _ = if path.is_dir() {
                    fs::remove_dir_all(path)
                } else {
                    fs::remove_file(path)
                };
            }
        }
    }

    pub(crate) fn write_error(&self, source: io::Error) -> WeightsError {
        WeightsError::Write {
            path: self.dir.clone(),
            source,
        }
    }
}

/// Where the SHA-256 of converted weights is noted, as `sha256sum` writes it.
pub(crate) fn digest_note(converted: &Path) -> PathBuf {
    let mut name = converted.as_os_str().to_owned();
    name.push(".sha256");
    name.into()
}
