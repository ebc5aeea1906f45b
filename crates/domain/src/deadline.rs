//! When content must be gone: the one place that computes it.

use crate::UnixMillis;

/// Content lives at most this long: one hour.
pub const LIFETIME_SECS: i64 = 60 * 60;

/// The moment from which an object can't be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(UnixMillis);

impl Deadline {
    /// One hour after `created`.
    pub fn after_creation(created: UnixMillis) -> Self {
        Self(created.plus_secs(LIFETIME_SECS))
    }

    /// A deadline read back from storage.
    pub fn at(moment: UnixMillis) -> Self {
        Self(moment)
    }

    /// The moment itself; the first one at which reads are refused.
    pub fn moment(self) -> UnixMillis {
        self.0
    }

    /// Whether reads are refused at `now`.
    pub fn is_past(self, now: UnixMillis) -> bool {
        now >= self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_refused_from_exactly_one_hour_after_creation() {
        let created = UnixMillis(1_000);
        let deadline = Deadline::after_creation(created);
        assert!(!deadline.is_past(UnixMillis(1_000 + 3_599_999)));
        assert!(deadline.is_past(UnixMillis(1_000 + 3_600_000)));
    }
}
