//! The vault's own time, which never goes backwards: winding the wall clock back revives nothing.
//!
//! When the wall clock is set back, the vault's time goes on from the highest moment it has seen,
//! at the wall clock's pace. That moment is also kept in a file, so a restart in between changes
//! nothing. A wall clock set forwards is believed: content may then go too early, never too late.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Clock, UnixMillis};

use crate::{VaultError, files};

/// The kept moment may lag this far behind: one small write in this time is cheap, and a restart
/// with a clock wound back can give content no more than this in addition.
const KEEP_EVERY_MILLIS: i64 = 10_000;

pub(crate) struct VaultClock {
    wall: Arc<dyn Clock>,
    file: PathBuf,
    seen: Mutex<Seen>,
}

struct Seen {
    /// The wall clock's last answer.
    wall: UnixMillis,
    /// How far the vault's time is ahead of it.
    ahead_millis: i64,
    /// The moment in the file.
    kept: UnixMillis,
}

impl VaultClock {
    /// Starts no earlier than `file` says, nor than `floor`, the newest object's creation.
    pub(crate) fn start(wall: Arc<dyn Clock>, file: PathBuf, floor: UnixMillis) -> Self {
        let kept = fs::read(&file)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(UnixMillis(i64::MIN), |bytes| {
                UnixMillis(i64::from_be_bytes(bytes))
            });
        let now = wall.now();
        let ahead_millis = kept.max(floor).0.saturating_sub(now.0).max(0);
        let seen = Seen {
            wall: now,
            ahead_millis,
            kept,
        };
        Self {
            wall,
            file,
            seen: Mutex::new(seen),
        }
    }

    pub(crate) fn now(&self) -> UnixMillis {
        self.seen().advance(self.wall.now())
    }

    /// Writes the present moment down, unless that was done a short while ago.
    pub(crate) fn keep(&self) -> Result<(), VaultError> {
        let mut seen = self.seen();
        let now = seen.advance(self.wall.now());
        if now.0.saturating_sub(seen.kept.0) >= KEEP_EVERY_MILLIS {
            files::write_whole(&self.file, &now.0.to_be_bytes())?;
            seen.kept = now;
        }
        Ok(())
    }

    /// Believes the wall clock again. Only for an empty vault, which has nothing to revive: it
    /// heals an installation whose clock once stood years ahead.
    pub(crate) fn trust_the_wall(&self) -> Result<(), VaultError> {
        let mut seen = self.seen();
        if seen.ahead_millis > 0 {
            seen.wall = self.wall.now();
            seen.ahead_millis = 0;
            files::write_whole(&self.file, &seen.wall.0.to_be_bytes())?;
            seen.kept = seen.wall;
        }
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn advance(&mut self, wall: UnixMillis) -> UnixMillis {
        let step_back = self.wall.0.saturating_sub(wall.0).max(0);
        self.ahead_millis = self.ahead_millis.saturating_add(step_back);
        self.wall = wall;
        UnixMillis(wall.0.saturating_add(self.ahead_millis))
    }
}
