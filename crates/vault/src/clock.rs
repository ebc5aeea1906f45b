//! The vault's own time, which never goes backwards and never more slowly than time passes: winding
//! the wall clock back revives nothing and stretches nothing.
//!
//! While the process runs, the monotonic clock says how much time passes at least, whatever is done
//! to the wall clock. The latest moment is also kept in a file, so a restart in between changes
//! nothing. A wall clock set forwards is believed: content may then go too early, never too late.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Clock, UnixMillis};

use crate::{VaultError, files};

/// The kept moment may lag this far behind: one small write in this time is cheap, and a restart
/// with a clock wound back can give content no more than this in addition.
const KEEP_EVERY_MILLIS: i64 = 10_000;

pub(crate) struct VaultClock {
    clock: Arc<dyn Clock>,
    file: PathBuf,
    seen: Mutex<Seen>,
    /// The moment in the file. Whoever needs both locks takes this one first.
    kept: Mutex<UnixMillis>,
}

struct Seen {
    /// The vault's latest answer.
    now: UnixMillis,
    /// What the monotonic clock said then.
    monotonic: Duration,
}

impl VaultClock {
    /// Starts no earlier than `file` says, nor than `floor`, the newest object's creation.
    pub(crate) fn start(clock: Arc<dyn Clock>, file: PathBuf, floor: UnixMillis) -> Self {
        let kept = fs::read(&file)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(UnixMillis(i64::MIN), |bytes| {
                UnixMillis(i64::from_be_bytes(bytes))
            });
        let seen = Seen {
            now: clock.now().max(kept).max(floor),
            monotonic: clock.monotonic(),
        };
        Self {
            clock,
            file,
            seen: Mutex::new(seen),
            kept: Mutex::new(kept),
        }
    }

    pub(crate) fn now(&self) -> UnixMillis {
        self.seen().advance(&*self.clock)
    }

    /// Writes the present moment down, unless that was done a short while ago.
    pub(crate) fn keep(&self) -> Result<(), VaultError> {
        let mut kept = self.kept();
        let now = self.now();
        if now.0.saturating_sub(kept.0) >= KEEP_EVERY_MILLIS {
            files::write_whole(&self.file, &now.0.to_be_bytes())?;
            *kept = now;
        }
        Ok(())
    }

    /// Believes the wall clock again. Only for an empty vault, which has nothing to revive: it
    /// heals an installation whose clock once stood years ahead.
    pub(crate) fn trust_the_wall(&self) -> Result<(), VaultError> {
        let mut kept = self.kept();
        let wall = self.clock.now();
        if self.now() > wall {
            files::write_whole(&self.file, &wall.0.to_be_bytes())?;
            *kept = wall;
            self.seen().now = wall;
        }
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, UnixMillis> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn advance(&mut self, clock: &dyn Clock) -> UnixMillis {
        let monotonic = clock.monotonic();
        let passed = monotonic.saturating_sub(self.monotonic).as_millis();
        // Whole milliseconds only, or many questions within one would lose what passed between.
        self.monotonic += Duration::from_millis(u64::try_from(passed).unwrap_or(u64::MAX));
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let at_least = UnixMillis(self.now.0.saturating_add(passed));
        self.now = at_least.max(clock.now());
        self.now
    }
}
