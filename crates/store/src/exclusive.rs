//! One server per database. What a start does to jobs that nobody runs any more is right only
//! while nobody else runs them.
//!
//! Under PostgreSQL the server holds a session's advisory lock, on a connection of its own, which
//! PostgreSQL lets go when that connection ends, however it ends. SQLite needs none: its file lies in
//! a data folder, and the vault in there has a lock.

use std::future::pending;
use std::time::Duration;

use sqlx::{AnyConnection, Connection, Row};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use crate::dialect::Dialect;
use crate::{Store, StoreError};

/// The key is any number that nobody else in the database uses.
const TAKE: &str = "SELECT pg_try_advisory_lock(4711003141592654) AS taken, \
    CAST(pg_backend_pid() AS BIGINT) AS process";
const IS_HELD_BY: &str =
    "SELECT COUNT(*) AS held FROM pg_locks WHERE locktype = 'advisory' AND pid = $1";

/// PostgreSQL notices within half a minute that this side is gone, and lets the lock go.
const KEEP_ALIVE: [&str; 3] = [
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
];

/// A server that was just killed may hold it a moment longer.
const PATIENCE: Duration = Duration::from_secs(3);
const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// How often the connection is asked whether it is still there.
const CHECK_EVERY: Duration = Duration::from_secs(2);
/// A connection that doesn't answer within this time is lost.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// The right to be the only server of a database, until it is dropped.
#[derive(Debug)]
pub struct Exclusive {
    store: Store,
    /// Nothing for SQLite.
    session: Mutex<Option<Session>>,
}

/// A connection that holds the lock.
#[derive(Debug)]
struct Session {
    connection: AnyConnection,
    /// The number of PostgreSQL's process behind it.
    process: i64,
}

impl Store {
    /// Makes this process the only server of the database.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if there is one already.
    pub async fn exclusive(&self) -> Result<Exclusive, StoreError> {
        let session = match self.dialect {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(self.take(None).await?),
        };
        Ok(Exclusive {
            store: self.clone(),
            session: Mutex::new(session),
        })
    }

    /// `former`: the process behind a session of our own that broke. PostgreSQL may need a while to
    /// notice that, and its lock is nobody else's meanwhile.
    async fn take(&self, former: Option<i64>) -> Result<Session, StoreError> {
        let began = Instant::now();
        loop {
            let attempt = timeout(ANSWER_LIMIT, self.try_to_take(former)).await;
            let silent = || StoreError::Unreachable("it doesn't answer".into());
            match attempt.map_err(|_| silent())?? {
                Attempt::Taken(session) => return Ok(session),
                Attempt::Others if began.elapsed() >= PATIENCE => {
                    let place = self.place.to_string();
                    return Err(StoreError::InUse { place });
                }
                Attempt::Others | Attempt::StillOurs => sleep(RETRY_PAUSE).await,
            }
        }
    }

    async fn try_to_take(&self, former: Option<i64>) -> Result<Attempt, StoreError> {
        let mut connection = AnyConnection::connect_with(&self.pool.connect_options()).await?;
        for setting in KEEP_ALIVE {
            sqlx::query(setting).execute(&mut connection).await?;
        }
        let row = sqlx::query(TAKE).fetch_one(&mut connection).await?;
        let process = row.try_get("process")?;
        if row.try_get("taken")? {
            return Ok(Attempt::Taken(Session {
                connection,
                process,
            }));
        }
        let held = sqlx::query(IS_HELD_BY).bind(former);
        let held: i64 = held.fetch_one(&mut connection).await?.try_get("held")?;
        Ok(match held {
            0 => Attempt::Others,
            _ => Attempt::StillOurs,
        })
    }
}

enum Attempt {
    Taken(Session),
    StillOurs,
    Others,
}

impl Exclusive {
    /// Watches over it: takes it again when the database was away. Resolves when another server has
    /// the database now, with the error that says so; this one must stop then.
    pub async fn lost(&self) -> StoreError {
        let mut session = self.session.lock().await;
        let Some(session) = session.as_mut() else {
            return pending().await;
        };
        loop {
            sleep(CHECK_EVERY).await;
            let answer = timeout(ANSWER_LIMIT, session.connection.ping()).await;
            if matches!(answer, Ok(Ok(()))) {
                continue;
            }
            tracing::warn!("the database is away; waiting for it");
            *session = loop {
                match self.store.take(Some(session.process)).await {
                    Ok(session) => break session,
                    Err(error @ StoreError::InUse { .. }) => return error,
                    Err(_) => sleep(CHECK_EVERY).await,
                }
            };
            tracing::warn!("the database is back");
        }
    }
}
