//! When content must be gone: the one place that computes it.

use crate::UnixMillis;

/// Content lives at most this long after it was made or last downloaded: one hour.
pub const LIFETIME_SECS: i64 = 60 * 60;

/// Downloads extend content's life to at most this long after it was made, unless the installation
/// says less: six hours.
pub const CEILING_SECS: u32 = 6 * 60 * 60;

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

/// How long content may live, as its owner asked: an hour or shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    secs: u32,
    until_first_download: bool,
}

/// Nobody can have content kept longer than an hour, nor for no time at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("content can be kept for 1 to {LIFETIME_SECS} seconds")]
pub struct LifetimeOutOfRange;

impl Lifetime {
    /// One hour after the content was made or last downloaded.
    pub const HOUR: Self = Self {
        secs: LIFETIME_SECS as u32,
        until_first_download: false,
    };

    /// `secs` seconds after the content was made or last downloaded.
    ///
    /// # Errors
    /// If that is no time at all or longer than an hour.
    pub fn of_secs(secs: u32) -> Result<Self, LifetimeOutOfRange> {
        match secs {
            1.. if i64::from(secs) <= LIFETIME_SECS => Ok(Self { secs, ..Self::HOUR }),
            _ => Err(LifetimeOutOfRange),
        }
    }

    /// The same, and over when the first complete download ends, if that is earlier.
    pub fn until_first_download(self) -> Self {
        Self {
            until_first_download: true,
            ..self
        }
    }

    /// In seconds.
    pub fn secs(self) -> u32 {
        self.secs
    }

    /// Whether the first complete download ends it.
    pub fn ends_with_first_download(self) -> bool {
        self.until_first_download
    }
}

/// When one object was made and when it must be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    created: UnixMillis,
    deadline: Deadline,
    ceiling_secs: u32,
    lifetime: Lifetime,
}

impl Life {
    /// Of an object made at `created` that may be extended to `ceiling_secs` after it
    /// ([`CEILING_SECS`] at most).
    pub fn begin(created: UnixMillis, lifetime: Lifetime, ceiling_secs: u32) -> Self {
        let life = Self {
            created,
            deadline: Deadline(created),
            ceiling_secs: ceiling_secs.min(CEILING_SECS),
            lifetime,
        };
        life.extended(created)
    }

    /// A life read back from storage; `None` if no sequence of the other functions leads to it.
    pub fn restore(
        created: UnixMillis,
        deadline: Deadline,
        ceiling_secs: u32,
        lifetime: Lifetime,
    ) -> Option<Self> {
        let life = Self {
            created,
            deadline,
            ceiling_secs,
            lifetime,
        };
        let possible = ceiling_secs <= CEILING_SECS && deadline <= life.ceiling();
        possible.then_some(life)
    }

    /// After a complete download that ended at `now`: its lifetime begins anew, up to the ceiling.
    /// What is due already stays so.
    pub fn downloaded(self, now: UnixMillis) -> Self {
        if self.lifetime.until_first_download {
            return self.ended(now);
        }
        if self.deadline.is_past(now) {
            return self;
        }
        self.extended(now)
    }

    /// After its owner asked to keep it no longer than `secs` from `now`, nor from a later download.
    pub fn shortened(self, now: UnixMillis, secs: u32) -> Self {
        let asked = Deadline(now.plus_secs(secs.into()));
        let mut life = self;
        life.deadline = self.deadline.min(asked);
        life.lifetime.secs = self.lifetime.secs.min(secs.max(1));
        life
    }

    /// Due from `now` on, unless it was before.
    pub fn ended(self, now: UnixMillis) -> Self {
        Self {
            deadline: self.deadline.min(Deadline(now)),
            ..self
        }
    }

    /// When it was made.
    pub fn created(self) -> UnixMillis {
        self.created
    }

    /// When it must be gone, as things stand.
    pub fn deadline(self) -> Deadline {
        self.deadline
    }

    /// How long after creation downloads may extend it, in seconds.
    pub fn ceiling_secs(self) -> u32 {
        self.ceiling_secs
    }

    /// How long it may live after it was made or last downloaded.
    pub fn lifetime(self) -> Lifetime {
        self.lifetime
    }

    fn extended(self, now: UnixMillis) -> Self {
        let asked = Deadline(now.plus_secs(self.lifetime.secs.into()));
        Self {
            deadline: self.deadline.max(asked).min(self.ceiling()),
            ..self
        }
    }

    fn ceiling(self) -> Deadline {
        Deadline(self.created.plus_secs(self.ceiling_secs.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATED: UnixMillis = UnixMillis(1_000);

    fn at(secs: i64) -> UnixMillis {
        CREATED.plus_secs(secs)
    }

    fn deadline_secs(life: Life) -> i64 {
        (life.deadline().moment().0 - CREATED.0) / 1000
    }

    #[test]
    fn content_is_refused_from_exactly_one_hour_after_creation() {
        let deadline = Deadline::after_creation(CREATED);
        assert!(!deadline.is_past(UnixMillis(CREATED.0 + 3_599_999)));
        assert!(deadline.is_past(UnixMillis(CREATED.0 + 3_600_000)));
    }

    #[test]
    fn a_lifetime_is_an_hour_or_shorter() {
        for (secs, possible) in [(0, false), (1, true), (3600, true), (3601, false)] {
            assert_eq!(Lifetime::of_secs(secs).is_ok(), possible, "{secs} s");
        }
        let longest = Lifetime::of_secs(u32::MAX);
        assert_eq!(
            longest.unwrap_err().to_string(),
            "content can be kept for 1 to 3600 seconds"
        );
    }

    /// What happens to an object, each at its second, and when it must be gone then.
    #[test]
    fn deadlines() {
        enum Event {
            Download,
            Shorten(u32),
        }
        use Event::{Download, Shorten};
        type Row = (u32, u32, &'static [(i64, Event)], i64);
        let table: &[Row] = &[
            // lifetime, ceiling, events, deadline
            (3600, 21_600, &[], 3600),
            (60, 21_600, &[], 60),
            (3600, 1800, &[], 1800),
            (3600, u32::MAX, &[], 3600),
            // A download begins the lifetime anew, and no more than that.
            (3600, 21_600, &[(10, Download)], 3610),
            (60, 21_600, &[(59, Download)], 119),
            (3600, 21_600, &[(10, Download), (20, Download)], 3620),
            // From the deadline on it is too late.
            (60, 21_600, &[(60, Download)], 60),
            (60, 21_600, &[(59, Download), (119, Download)], 119),
            // The ceiling ends it, at six hours whatever the installation says.
            (3600, 4000, &[(1000, Download)], 4000),
            (3600, 0, &[], 0),
            (
                3600,
                u32::MAX,
                &[
                    (3599, Download),
                    (7000, Download),
                    (10_000, Download),
                    (13_000, Download),
                    (16_000, Download),
                    (19_000, Download),
                ],
                21_600,
            ),
            // Shortening counts from when it is asked for, lengthens nothing, and stays.
            (3600, 21_600, &[(10, Shorten(60))], 70),
            (3600, 21_600, &[(10, Shorten(0))], 10),
            (3600, 21_600, &[(10, Shorten(3600))], 3600),
            (60, 21_600, &[(10, Shorten(3600)), (20, Download)], 80),
            (3600, 21_600, &[(10, Shorten(60)), (20, Download)], 80),
            (3600, 21_600, &[(10, Download), (20, Shorten(5))], 25),
        ];
        for (row, (secs, ceiling, events, expected)) in table.iter().enumerate() {
            let lifetime = Lifetime::of_secs(*secs).unwrap();
            let mut life = Life::begin(CREATED, lifetime, *ceiling);
            for (moment, event) in *events {
                let before = life;
                life = match event {
                    Download => life.downloaded(at(*moment)),
                    Shorten(secs) => life.shortened(at(*moment), *secs),
                };
                let later = life.deadline() > before.deadline();
                assert!(!later || matches!(event, Download), "row {row}");
            }
            assert_eq!(deadline_secs(life), *expected, "row {row}");
            let restored = Life::restore(
                life.created(),
                life.deadline(),
                life.ceiling_secs(),
                life.lifetime(),
            );
            assert_eq!(restored, Some(life), "row {row}");
        }
    }

    #[test]
    fn the_first_download_ends_what_is_to_end_with_it() {
        let lifetime = Lifetime::HOUR.until_first_download();
        let life = Life::begin(CREATED, lifetime, CEILING_SECS);
        assert_eq!(deadline_secs(life), 3600);
        assert_eq!(deadline_secs(life.downloaded(at(10))), 10);
        assert_eq!(
            deadline_secs(life.downloaded(at(10)).downloaded(at(20))),
            10
        );
        assert_eq!(deadline_secs(life.downloaded(at(4000))), 3600);
    }

    #[test]
    fn a_life_that_nothing_leads_to_is_not_restored() {
        let hour = Lifetime::HOUR;
        let restored = |secs, ceiling| Life::restore(CREATED, Deadline(at(secs)), ceiling, hour);
        assert!(restored(21_600, CEILING_SECS).is_some());
        assert!(restored(21_601, CEILING_SECS).is_none());
        assert!(restored(21_600, CEILING_SECS + 1).is_none());
        assert!(restored(1801, 1800).is_none());
    }

    #[test]
    fn the_ends_of_time_are_not_crossed() {
        for now in [UnixMillis(i64::MIN), UnixMillis(i64::MAX)] {
            let life = Life::begin(now, Lifetime::HOUR, CEILING_SECS);
            let life = life.downloaded(now).shortened(now, 10);
            assert!(life.deadline() >= Deadline(now));
        }
    }
}
