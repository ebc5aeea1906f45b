//! The only crate with SQL.
//!
//! One SQL text for SQLite now and PostgreSQL later: `$1` binds, `RETURNING`, and columns that are
//! BIGINT or TEXT. Every change is a single statement with its condition inside, so that two
//! callers never both believe they won, and running it again changes nothing.
//!
//! Rows hold no content, no file name and no capability. What a row says about content is where
//! the vault keeps it; the vault alone decides whether that can be read.

mod connect;
mod job;
mod jobs;

pub use job::{JobKey, JobOptions, JobRow, NewJob, Outcome};

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: sqlx::AnyPool,
}

/// Why the database said no. Carries nothing a user sent.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room for the database.
    #[error("the disk is full")]
    DiskFull,
    /// It can't be opened, or is of a newer version.
    #[error("the database can't be opened: {0}")]
    Open(String),
    /// A row that this version can't have written.
    #[error("the database holds an unknown {0}")]
    Unknown(&'static str),
    /// Anything else.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_FULL, whatever extended code comes with it.
        let full = error
            .as_database_error()
            .and_then(|error| error.code())
            .and_then(|code| code.parse::<u32>().ok())
            .is_some_and(|code| code & 0xff == 13);
        if full {
            Self::DiskFull
        } else {
            Self::Database(error)
        }
    }
}
