//! The only crate with SQL.
//!
//! One SQL text for SQLite and PostgreSQL: `$1` binds, `RETURNING`, and columns that are BIGINT or
//! TEXT; where one text can't serve both, `dialect.rs` has the difference. Every change is a single
//! statement with its condition inside, or one transaction under the queue's lock, so that two
//! callers never both believe they won, and running it again changes nothing.
//!
//! Rows hold no content, no file name and no capability. What a row says about content is where
//! the vault keeps it; the vault alone decides whether that can be read.

// A job's life, top to bottom.

mod job; // the row

mod queue; // in, who is next, out

mod idempotency; // what was asked twice is done once

mod lease; // whoever runs it has it for a while

mod runs; // how long that took, for an honest guess at the next one

mod jobs; // downloads, cancelling, trying again, forgetting

// Beside it.

mod backup; // what an installation would miss
mod census;
mod checks;
mod keys; // whoever was given one
mod receipts;
mod text; // all of it, for whoever looks for traces

// What it stands on.

mod connect;
mod dialect;
mod error;
mod exclusive; // one server per database
mod place;

use std::fmt;
use std::sync::Arc;

pub use backup::{BACKED_UP, BackedUp, Column, NEVER_BACKED_UP, Restored, Restoring, TableRows};
pub use census::Census;
pub use checks::Check;
pub use error::StoreError;
pub use exclusive::Exclusive;
pub use idempotency::Idempotency;
pub use job::{Changes, JobKey, JobOptions, JobRow, NewJob, Outcome, Owner};
pub use keys::{After, ApiKey, Listed};
pub use lease::{Claimed, Lease, TOO_MANY_TRIES};
pub use place::DatabaseUrl;
pub use queue::{Bounds, Inserted, Refused, Retried, Waiting};
pub use receipts::{RECEIPT_SECS, Receipt};
pub use runs::Run;
pub use text::DatabaseText;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: sqlx::AnyPool,
    dialect: dialect::Dialect,
    /// Where it is, for people: never with a password.
    place: Arc<str>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.place)
    }
}
