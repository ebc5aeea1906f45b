//! Where an installation's database is.

use std::fmt;
use std::path::Path;

use crate::{Store, StoreError};

/// A PostgreSQL database's address, which may hold a password: it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl From<String> for DatabaseUrl {
    /// Not checked here: whoever complains about an address repeats it.
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl DatabaseUrl {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl Store {
    /// The database of an installation: the PostgreSQL database at `url`, or the SQLite file in its
    /// data folder, which is created if needed.
    ///
    /// # Errors
    /// As [`Self::connect`]. SQLite files elsewhere are refused: nothing would keep two servers apart.
    pub async fn of(data_dir: &Path, url: Option<&DatabaseUrl>) -> Result<Self, StoreError> {
        match url {
            None => Self::open(&data_dir.join("jobs.sqlite")).await,
            Some(DatabaseUrl(url)) if url.starts_with("sqlite:") => Err(StoreError::Address),
            Some(DatabaseUrl(url)) => Self::connect(url).await,
        }
    }
}
