//! Everything that SQLite and PostgreSQL don't say alike.

use sqlx::migrate::Migrator;
use sqlx::{Any, Transaction};

use crate::{Store, StoreError};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

const SQLITE_SETTINGS: [&str; 5] = [
    // Readers don't wait for the writer.
    "PRAGMA journal_mode = WAL",
    // A job that was accepted is still there after a power cut. A job writes about four times, so
    // the waiting is not felt.
    "PRAGMA synchronous = FULL",
    // Deleted rows are overwritten, not just forgotten.
    "PRAGMA secure_delete = ON",
    // No sort or index ever spills into a file outside our folder.
    "PRAGMA temp_store = MEMORY",
    // One writer at a time: the others wait this long, then hear that it is busy.
    "PRAGMA busy_timeout = 5000",
];

const POSTGRES_SETTINGS: [&str; 3] = [
    // As long as the others wait under SQLite.
    "SET lock_timeout = '5s'",
    // Ours take milliseconds; one that takes this long would never end.
    "SET statement_timeout = '30s'",
    // A worker that vanished in the middle of a transaction doesn't hold the queue.
    "SET idle_in_transaction_session_timeout = '30s'",
];

/// The key of the advisory lock on the queue: any number that nobody else in the database uses.
const QUEUE_LOCK: &str = "SELECT pg_advisory_xact_lock(4711003141592653)";

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn migrations(self) -> &'static Migrator {
        match self {
            Self::Sqlite => &SQLITE_MIGRATIONS,
            Self::Postgres => &POSTGRES_MIGRATIONS,
        }
    }

    /// What each new connection is told.
    pub(crate) fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &SQLITE_SETTINGS,
            Self::Postgres => &POSTGRES_SETTINGS,
        }
    }

    /// Connections at a time. SQLite: pages read while one writes; more would only wait for each
    /// other. PostgreSQL: its default allows 100, for all nodes together.
    pub(crate) fn connections(self) -> u32 {
        match self {
            Self::Sqlite => 4,
            Self::Postgres => 8,
        }
    }

    /// Begins a transaction that reads as of one moment, whatever others write.
    pub(crate) fn snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        }
    }

    /// Takes the next job of the queue. PostgreSQL goes past a row that somebody has locked, such
    /// as one that is being cancelled; under SQLite nobody else writes meanwhile.
    pub(crate) fn claim(self) -> &'static str {
        match self {
            Self::Sqlite => crate::queue::claim_with!(""),
            Self::Postgres => crate::queue::claim_with!(" FOR UPDATE OF jobs SKIP LOCKED"),
        }
    }
}

impl Store {
    /// A transaction that has the queue for itself: what it counts and chooses stays true until it
    /// ends. SQLite knows one writer only; PostgreSQL's snapshots would let two both see a free
    /// place, or the same owner as the next one.
    pub(crate) async fn lock_queue(&self) -> Result<Transaction<'static, Any>, StoreError> {
        match self.dialect {
            Dialect::Sqlite => Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?),
            Dialect::Postgres => {
                let mut transaction = self.pool.begin().await?;
                sqlx::query(QUEUE_LOCK).execute(&mut *transaction).await?;
                Ok(transaction)
            }
        }
    }
}
