//! Time as an argument.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// This moment plus `secs` seconds; the ends of time are not crossed.
    pub fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(1000)))
    }
}

impl fmt::Debug for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// Where the time comes from. Everything that asks for the time takes one of these.
pub trait Clock: Send + Sync {
    /// The present moment, as the calendar has it. It may be set, forwards and backwards.
    fn now(&self) -> UnixMillis;

    /// How long ago some fixed moment of this process was. It never goes backwards, and nobody
    /// can set it.
    fn monotonic(&self) -> Duration;
}

/// The operating system's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        // A machine whose battery is flat may well believe that it is before 1970.
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()),
            Err(before) => i64::try_from(before.duration().as_millis()).map(|millis| -millis),
        };
        UnixMillis(millis.unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct TestClock {
    wall_millis: AtomicI64,
    monotonic_millis: AtomicU64,
}

impl TestClock {
    /// Stands at `now`.
    pub fn at(now: UnixMillis) -> Self {
        Self {
            wall_millis: AtomicI64::new(now.0),
            monotonic_millis: AtomicU64::new(0),
        }
    }

    /// Lets `secs` seconds pass. Negative: the wall clock is set back, and no time passes.
    pub fn advance_secs(&self, secs: i64) {
        let passed = u64::try_from(secs).unwrap_or(0);
        self.monotonic_millis
            .fetch_add(passed * 1000, Ordering::SeqCst);
        self.set_wall_by_secs(secs);
    }

    /// Sets the wall clock `secs` seconds forwards or, if negative, backwards; no time passes.
    pub fn set_wall_by_secs(&self, secs: i64) {
        self.wall_millis.fetch_add(secs * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.wall_millis.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.monotonic_millis.load(Ordering::SeqCst))
    }
}
