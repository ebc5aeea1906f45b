//! One pull of the same weights at a time, on this machine.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often a waiting pull looks, and hears whether to go on waiting.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Held until it is dropped or its process ends, however it ends. The empty file stays: removing
/// it would let a third process lock a new one while a second waits for the old.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock if nobody has it.
    pub(crate) fn try_take(dir: &Path, name: &str) -> io::Result<Option<Self>> {
        let path = dir.join(format!(".{name}.lock"));
        let file = (File::options().create(true).truncate(false).write(true)).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            // Some network file systems know no locks. Two pulls at once then spoil each other's
            // partial file, which the SHA-256 finds.
            Err(TryLockError::Error(_)) => Ok(Some(Self { _file: file })),
        }
    }

    /// Waits for the lock; `None` if `waiting` said to stop.
    pub(crate) fn take(
        dir: &Path,
        name: &str,
        mut waiting: impl FnMut() -> std::ops::ControlFlow<()>,
    ) -> io::Result<Option<Self>> {
        loop {
            if let Some(lock) = Self::try_take(dir, name)? {
                return Ok(Some(lock));
            }
            if waiting().is_break() {
                return Ok(None);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }
}
