//! What can go wrong, one enum per thing a caller does. None carries content.

use std::path::PathBuf;

use store::StoreError;
use tokio::task::JoinError;
use vault::VaultError;
use worker::Role;

/// Why the data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It can't be created, or nothing can be written in it.
    #[error("the data folder {} can't be used: {reason}; choose another one or correct its permissions", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },
    /// Another server has it.
    #[error("the data folder {} is in use by another ai3dgen; stop that one or choose another folder", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The database elsewhere can't be used, or another server has it.
    #[error(transparent)]
    Database(StoreError),
    /// The vault or the database inside can't be opened.
    #[error("the data folder {} can't be opened", path.display())]
    Storage {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        source: StorageError,
    },
}

/// The vault or the database failed; not the caller's doing.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No room, or a quota is used up: free some space and try again.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else about the sealed files.
    #[error(transparent)]
    Vault(VaultError),
    /// The database doesn't answer, or others keep it busy: try again in a moment.
    #[error(transparent)]
    Away(StoreError),
    /// Anything else about the database.
    #[error(transparent)]
    Store(StoreError),
    /// A model that we made can't be read back; our fault.
    #[error("the model can't be read back: {0}")]
    Reading(#[from] formats::ReadError),
    /// A picture that we made can't be read back; our fault.
    #[error("the picture can't be read back: {0}")]
    Picture(imaging::DecodeError),
    /// A model that we made can't be written; our fault, unless the format can't hold it.
    #[error("the model can't be written: {0}")]
    Writing(#[from] formats::WriteError),
    /// A receipt that we stored can't be read back: the database was changed.
    #[error("a receipt in the database is damaged")]
    Receipt,
    /// The thread that did the work died.
    #[error("the work was interrupted")]
    Interrupted,
}

impl From<VaultError> for StorageError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::DiskFull => Self::DiskFull,
            error => Self::Vault(error),
        }
    }
}

impl From<StoreError> for StorageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            error @ (StoreError::Unreachable(_) | StoreError::Busy) => Self::Away(error),
            error => Self::Store(error),
        }
    }
}

impl From<JoinError> for StorageError {
    fn from(_: JoinError) -> Self {
        Self::Interrupted
    }
}

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// One of them is no picture we can use.
    #[error("{}{_1}", which(*_0))]
    Picture(Role, imaging::DecodeError),
    /// Something is to be erased, and nothing says what.
    #[error("there is no mask; paint one on the picture, white where something is to go")]
    NoMask,
    /// A mask was painted on something else.
    #[error(
        "the mask has {}×{} pixels and the picture {}×{}: paint it on the picture at its own size",
        mask[0], mask[1], picture[0], picture[1]
    )]
    MaskSize {
        /// Columns and rows of the mask.
        mask: [u32; 2],
        /// Columns and rows of the picture, upright.
        picture: [u32; 2],
    },
    /// The file is too long.
    #[error("the file is larger than {} MiB", limit_bytes / (1 << 20))]
    TooLarge {
        /// The longest accepted.
        limit_bytes: usize,
    },
    /// Too many jobs wait already.
    #[error("the queue is full; try again in {retry_after_secs} s")]
    QueueFull {
        /// When a place is likely to be free.
        retry_after_secs: u32,
    },
    /// Too many jobs of this owner wait already.
    #[error("{limit} of your pictures are waiting already; try again in {retry_after_secs} s")]
    OwnerFull {
        /// How many may wait.
        limit: usize,
        /// When a place is likely to be free.
        retry_after_secs: u32,
    },
    /// Another request had the same idempotency key.
    #[error("that idempotency key was used for another request; choose a new one")]
    KeyReused,
    /// The same request came before, and what it made is destroyed.
    #[error("it has been made and destroyed")]
    Gone,
    /// It could not be stored.
    #[error("the picture can't be stored: {0}")]
    Storage(StorageError),
}

/// Says which of several pictures it is about; a single or front picture goes without saying.
fn which(role: Role) -> String {
    match role {
        Role::Picture => String::new(),
        role => format!("the {} picture: ", role.name()),
    }
}

impl<E: Into<StorageError>> From<E> for SubmitError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

/// Why a job is not tried again.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// It can't be seen.
    #[error(transparent)]
    Read(ReadError),
    /// It didn't fail, or for a reason that stays, or it was tried again too often: its picture is
    /// not kept.
    #[error("it can't be tried again; send the picture again")]
    Impossible,
    /// Too many jobs wait already.
    #[error("the queue is full; try again in {retry_after_secs} s")]
    QueueFull {
        /// When a place is likely to be free.
        retry_after_secs: u32,
    },
    /// Too many jobs of this owner wait already.
    #[error("{limit} of your pictures are waiting already; try again in {retry_after_secs} s")]
    OwnerFull {
        /// How many may wait.
        limit: usize,
        /// When a place is likely to be free.
        retry_after_secs: u32,
    },
}

impl<E: Into<ReadError>> From<E> for RetryError {
    fn from(error: E) -> Self {
        Self::Read(error.into())
    }
}

/// Why a job can't be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such job, or so long ago that even its traces are gone.
    #[error("there is no such job")]
    NotFound,
    /// It existed, and is destroyed or past its deadline.
    #[error("it has been destroyed")]
    Gone,
    /// There is no model (yet).
    #[error("the model is not ready")]
    NotReady,
    /// A model was asked for of a job that makes a picture, or the other way round.
    #[error("the job makes something else: its address without an ending says what")]
    OtherKind,
    /// The format doesn't hold a picture of so many pixels on a side.
    #[error("the picture is too long for this format; take it as PNG")]
    TooLong,
    /// Too many others want their results converted at the moment.
    #[error("too many results are being converted; try again in {retry_after_secs} s")]
    Busy {
        /// When a place is likely to be free.
        retry_after_secs: u32,
    },
    /// It could not be read.
    #[error("the job can't be read: {0}")]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for ReadError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}
