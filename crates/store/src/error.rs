//! Why the database said no.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

/// Why the database said no. Carries nothing a user sent, and no password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room for the database.
    #[error("the disk is full")]
    DiskFull,
    /// Others kept it locked for as long as one waits.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// The server doesn't answer, or hung up.
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    /// The address is none.
    #[error(
        "the database's address is not understood; it looks like postgres://user:password@host:5432/name"
    )]
    Address,
    /// Another server has it.
    #[error(
        "another ai3dgen serves from the database at {place}; stop that one, or give this one a database of its own"
    )]
    InUse {
        /// Where it is.
        place: String,
    },
    /// It can't be opened, or is of a newer version.
    #[error("the database can't be opened: {0}")]
    Open(String),
    /// A backup would take the place of what is there.
    #[error("{table} holds {rows} rows already; --replace puts the backup in their place")]
    NotEmpty {
        /// The table.
        table: &'static str,
        /// How many rows it has.
        rows: u64,
    },
    /// A backup has what this version doesn't know.
    #[error(
        "the backup holds {0}, which this ai3dgen doesn't know; restore it with the version that made it, or a newer one"
    )]
    NewerBackup(String),
    /// A row that this version can't have written.
    #[error("the database holds an unknown {0}")]
    Unknown(&'static str),
    /// Anything else.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // No connection became free, and none could be made.
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(reason) => return Self::Unreachable(reason.to_string()),
            _ => {}
        }
        match error.as_database_error().and_then(kind) {
            Some(Kind::Full) => Self::DiskFull,
            Some(Kind::Busy) => Self::Busy,
            Some(Kind::Away) => Self::Unreachable("its server is starting or stopping".into()),
            None => Self::Database(error),
        }
    }
}

enum Kind {
    Full,
    Busy,
    Away,
}

fn kind(error: &(dyn DatabaseError + 'static)) -> Option<Kind> {
    let code = error.code()?;
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(_) => postgres(&code),
        None => sqlite(code.parse().ok()?),
    }
}

/// Appendix A of PostgreSQL's manual.
fn postgres(state: &str) -> Option<Kind> {
    match state {
        "53100" => Some(Kind::Full),
        // Serialization failure, deadlock, too many connections, a lock or a statement that took
        // too long.
        "40001" | "40P01" | "53300" | "55P03" | "57014" => Some(Kind::Busy),
        // Shutting down, crashed, starting up.
        "57P01" | "57P02" | "57P03" => Some(Kind::Away),
        _ => None,
    }
}

/// Extended codes have the plain one in their last eight bits.
fn sqlite(code: u32) -> Option<Kind> {
    const SQLITE_BUSY: u32 = 5;
    const SQLITE_LOCKED: u32 = 6;
    const SQLITE_FULL: u32 = 13;
    match code & 0xff {
        SQLITE_FULL => Some(Kind::Full),
        SQLITE_BUSY | SQLITE_LOCKED => Some(Kind::Busy),
        _ => None,
    }
}
