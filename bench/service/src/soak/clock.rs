//! A clock that runs fast, and goes on when nobody looks at it.

use std::time::{Duration, Instant};

use domain::{Clock, SystemClock, UnixMillis};

/// An hour takes a minute.
pub const FACTOR: i64 = 60;

/// The vault's time, which also goes by the monotonic clock, may be as much ahead: the wall clock's
/// milliseconds are sixty of this one's.
pub const CLOCKS_APART_SECS: i64 = 1;

/// Begins with the wall clock and leaves it behind. Every process that is told when it began has the
/// same time.
#[derive(Clone, Copy, Debug)]
pub struct FastClock {
    beginning: UnixMillis,
    started: Instant,
}

impl FastClock {
    /// Begins at this moment.
    pub fn beginning_now() -> Self {
        Self::since(SystemClock.now())
    }

    /// Began at that moment.
    pub fn since(beginning: UnixMillis) -> Self {
        Self {
            beginning,
            started: Instant::now(),
        }
    }

    /// When it began, Unix milliseconds.
    pub fn beginning(&self) -> i64 {
        self.beginning.0
    }
}

impl Clock for FastClock {
    fn now(&self) -> UnixMillis {
        let passed = SystemClock.now().0 - self.beginning.0;
        UnixMillis(self.beginning.0 + passed * FACTOR)
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed() * FACTOR as u32
    }
}
