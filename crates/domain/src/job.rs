//! The states of a job, and how long and how often somebody may work on it.

/// A worker that takes a job has it for this long, and for this long again whenever it says that
/// it is still there. Four heartbeats fit in: a busy database may swallow some.
pub const LEASE_SECS: i64 = 60;

/// How often a worker says that it is still there.
pub const HEARTBEAT_SECS: u64 = 15;

/// A job whose workers vanished this often is probably the reason for it.
pub const MAX_TRIES: i64 = 3;

/// A failed job can be tried again this often: whoever needs more needs another picture.
pub const MAX_RETRIES: i64 = 3;

/// Where a job stands. `Done`, `Failed` and `Cancelled` are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waiting for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// The model is ready.
    Done,
    /// It ended without a model; the reason is told.
    Failed,
    /// Its owner stopped it.
    Cancelled,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Lower-case name, stable: stored in the database and sent to clients.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}
