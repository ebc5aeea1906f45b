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
