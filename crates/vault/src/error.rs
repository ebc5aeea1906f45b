//! Why the vault says no.

use std::io;

/// Carries no content, no key and no path.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No such object: never sealed, or destroyed.
    #[error("no such object")]
    NotFound,
    /// Its deadline has come (or the clock claims that it was not made yet).
    #[error("the object is past its deadline")]
    Expired,
    /// Its files were changed: nothing of it is given out.
    #[error("the object is damaged")]
    Damaged,
    /// Another process has the vault open.
    #[error("the vault is in use by another process")]
    InUse,
    /// The key for receipts can't be used.
    #[error(
        "signing.key in the vault's folder is damaged; restore it from a backup, or remove it if \
         earlier receipts need not be verified any more"
    )]
    SigningKey,
    /// No room, or a limit on sizes is reached. Nothing half-written is left.
    #[error("the disk is full")]
    DiskFull,
    /// The operating system refused.
    #[error("the vault's files can't be used: {0}")]
    Io(io::Error),
}

impl VaultError {
    /// What it means when the file of an object can't be opened.
    pub(crate) fn opening(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            _ => error.into(),
        }
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // A quota and a process's file-size limit mean the same to a user: make room.
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}
