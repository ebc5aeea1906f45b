//! Opening the database and bringing its tables up to date.

use std::fs::OpenOptions;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AnyConnection, AnyPool, Connection};
use tokio::time::timeout;

use crate::dialect::Dialect;
use crate::{Store, StoreError};

/// A server that doesn't answer within this time won't.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// A request doesn't wait longer for a connection: by then the database is away, or far too busy.
const ACQUIRE_PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Opens the SQLite database at `path`, creating it (for its owner only) if needed.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        create_private(path).map_err(|error| StoreError::Open(error.to_string()))?;
        let url = sqlite_url(path)?;
        start(&url, Dialect::Sqlite, path.display().to_string()).await
    }

    /// Opens the database at an address: `sqlite:` with a path as it is, or
    /// `postgres://user:password@host:port/name` with the parameters of PostgreSQL's own programs,
    /// such as `sslmode=verify-full` and `sslrootcert`.
    ///
    /// # Errors
    /// They name the host; they never contain the password, nor does the store's `Debug`.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", file)) => {
                let file = file.strip_prefix("//").unwrap_or(file);
                Self::open(Path::new(file)).await
            }
            Some(("postgres" | "postgresql", _)) => {
                let place = postgres_place(url)?;
                start(url, Dialect::Postgres, place).await
            }
            _ => Err(StoreError::Address),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Waits for running statements and closes the file or the connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

async fn start(url: &str, dialect: Dialect, place: String) -> Result<Store, StoreError> {
    sqlx::any::install_default_drivers();
    // On a connection of its own: where the database is unusable the pool would only try again
    // until its patience ends, and tell nobody why.
    let connection = timeout(CONNECT_PATIENCE, AnyConnection::connect(url)).await;
    let connection = connection
        .map_err(|_| no_answer(dialect, &place, "it doesn't answer"))?
        .map_err(|error| explain(dialect, &place, &error))?;
    migrate(connection, dialect)
        .await
        .map_err(|error| StoreError::Open(one_line(&error.to_string())))?;
    let pool = AnyPoolOptions::new()
        .max_connections(dialect.connections())
        .acquire_timeout(ACQUIRE_PATIENCE)
        .after_connect(move |connection, _| Box::pin(set_up(connection, dialect)))
        .connect(url)
        .await
        .map_err(|error| explain(dialect, &place, &error))?;
    Ok(Store {
        pool,
        dialect,
        place: place.into(),
    })
}

async fn migrate(mut connection: AnyConnection, dialect: Dialect) -> Result<(), MigrateError> {
    set_up(&mut connection, dialect).await?;
    dialect.migrations().run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn set_up(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), sqlx::Error> {
    for setting in dialect.settings() {
        sqlx::query(*setting).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What a person can do about a database that doesn't open, in one line.
fn explain(dialect: Dialect, place: &str, error: &sqlx::Error) -> StoreError {
    match (dialect, error) {
        (Dialect::Postgres, sqlx::Error::Io(reason)) => {
            no_answer(dialect, place, &one_line(&reason.to_string()))
        }
        (Dialect::Postgres, sqlx::Error::Database(refusal)) => StoreError::Open(format!(
            "the server at {place} says: {}",
            one_line(refusal.message())
        )),
        _ => StoreError::Open(one_line(&error.to_string())),
    }
}

fn no_answer(dialect: Dialect, place: &str, reason: &str) -> StoreError {
    match dialect {
        Dialect::Sqlite => StoreError::Open(reason.into()),
        Dialect::Postgres => StoreError::Unreachable(format!(
            "{place}: {reason}; start PostgreSQL there or correct the address"
        )),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a PostgreSQL server is: everything about the address that a log may show.
fn postgres_place(url: &str) -> Result<String, StoreError> {
    // The reason why an address isn't understood may quote it, password and all.
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address)?;
    Ok(match options.get_socket() {
        Some(folder) => format!("{} (port {})", folder.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    })
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
