//! Opening the database and bringing its tables up to date.

use std::fs::OpenOptions;
use std::path::Path;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::{Store, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Pages read while one connection writes; more would only wait for each other.
const CONNECTIONS: u32 = 4;

const SETTINGS: [&str; 4] = [
    // Readers don't wait for the writer.
    "PRAGMA journal_mode = WAL",
    // A job that was accepted is still there after a power cut. A job writes about four times, so
    // the waiting is not felt.
    "PRAGMA synchronous = FULL",
    // Deleted rows are overwritten, not just forgotten.
    "PRAGMA secure_delete = ON",
    // No sort or index ever spills into a file outside our folder.
    "PRAGMA temp_store = MEMORY",
];

impl Store {
    /// Opens the SQLite database at `path`, creating it (for its owner only) if needed.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        create_private(path).map_err(|error| StoreError::Open(error.to_string()))?;
        sqlx::any::install_default_drivers();
        let url = sqlite_url(path)?;
        migrate(&url)
            .await
            .map_err(|error| StoreError::Open(error.to_string()))?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| Box::pin(set_up(connection)))
            .connect(&url)
            .await
            .map_err(|error| StoreError::Open(error.to_string()))?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Waits for running statements and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

/// Runs on a connection of its own: where the file is unusable the pool would only try again until
/// its patience ends, and tell nobody why.
async fn migrate(url: &str) -> Result<(), MigrateError> {
    let mut connection = AnyConnection::connect(url).await?;
    set_up(&mut connection).await?;
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn set_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in SETTINGS {
        sqlx::query(setting).execute(&mut *connection).await?;
    }
    Ok(())
}

/// SQLite gives its log and index files the mode of the database, which it would itself create
/// for everyone to read.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// The path as a URL, with everything escaped that could mean something in one.
fn sqlite_url(path: &Path) -> Result<String, StoreError> {
    let path = std::path::absolute(path).map_err(|error| StoreError::Open(error.to_string()))?;
    let text = path
        .to_str()
        .ok_or_else(|| StoreError::Open("its path is not UTF-8".into()))?;
    let escaped: String = text
        .bytes()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    Ok(format!("sqlite://{escaped}"))
}
