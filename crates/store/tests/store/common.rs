//! A fresh database for each test, of either kind.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::LazyLock;

use domain::{Id, UnixMillis};
use scratch_postgres::Server;
use store::{
    Bounds, Changes, Claimed, Inserted, JobKey, JobOptions, JobRow, NewJob, Outcome, Owner,
    Retried, Store,
};

/// Some day in 2026.
pub const NOW: UnixMillis = UnixMillis(1_790_000_000_000);
/// When what was made then is gone.
pub const LATER: UnixMillis = UnixMillis(NOW.0 + 3_600_000);
/// Bounds that no test reaches by accident.
pub const WIDE: Bounds = Bounds {
    total: 10_000,
    per_owner: 10_000,
};

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Server::start().unwrap_or_else(|error| panic!("{error}")));

/// The PostgreSQL server of this run.
pub fn server() -> &'static Server {
    &SERVER
}

/// Runs each of these functions on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::common::{Database, run};

            #[test]
            fn sqlite() {
                run(Box::pin(async { super::$name(Database::sqlite().await).await }));
            }

            #[test]
            fn postgres() {
                run(Box::pin(async { super::$name(Database::postgres().await).await }));
            }
        }
    )+};
}
pub(crate) use on_both;

/// Not `#[tokio::test]`, which compiles a runtime's inside anew for each test: minutes.
pub fn run(test: Pin<Box<dyn Future<Output = ()>>>) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(test);
}

pub struct Database {
    pub store: Store,
    pub url: String,
    /// Of SQLite.
    folder: Option<tempfile::TempDir>,
}

impl Database {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Every character that means something in a URL.
        let file = folder.path().join("a b%41?c#d.sqlite");
        Self {
            store: Store::open(&file).await.unwrap(),
            url: format!("sqlite://{}", file.display()),
            folder: Some(folder),
        }
    }

    pub async fn postgres() -> Self {
        let url = server().database();
        Self {
            store: Store::connect(&url).await.unwrap(),
            url,
            folder: None,
        }
    }

    /// Another process's view of the same database.
    pub async fn again(&self) -> Store {
        Store::connect(&self.url).await.unwrap()
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().to_owned()
    }

    /// Queues a job of somebody.
    pub async fn queue(&self, owner: &str, created_at: UnixMillis) -> JobKey {
        let job = new_job(owner, created_at);
        let inserted = self.store.insert(&job, WIDE).await.unwrap();
        assert_eq!(inserted, Inserted::New);
        job.key
    }

    /// Takes the next job.
    pub async fn claim(&self, now: UnixMillis) -> Option<Claimed> {
        self.store.claim(now, Id::random()).await.unwrap()
    }

    /// Takes the next job and ends it well.
    pub async fn run_one(&self, now: UnixMillis) -> JobRow {
        let claimed = self.claim(now).await.expect("a job waits");
        let finished = self.store.finish(&claimed.lease, &done(), now).await;
        assert!(finished.unwrap());
        claimed.row
    }

    /// Tries a job again, where there is room.
    pub async fn retry(&self, key: &JobKey, changes: &Changes, now: UnixMillis) -> Retried {
        let retried = self.store.retry(key, changes, now, WIDE).await;
        retried.unwrap()
    }

    pub async fn row(&self, key: &JobKey) -> JobRow {
        self.store.job(key).await.unwrap().expect("a row")
    }
}

pub fn new_job(owner: &str, created_at: UnixMillis) -> NewJob {
    NewJob {
        key: JobKey::of(Id::random()),
        owner: Owner::new(owner),
        idempotency: None,
        options: JobOptions {
            tool: None,
            tier: "pro".into(),
            shaper: "builtin".into(),
            seed: u64::MAX,
            faces: Some(1234),
            texture_px: None,
            topology: "quad".into(),
            symmetry: "auto".into(),
            size_metres: Some(0.1),
            ground: "lowest".into(),
            print: true,
            keep_background: true,
        },
        picture: Id::random(),
        views: 1,
        lifetime_secs: 3600,
        delete_after_download: true,
        created_at,
        expires_at: created_at.plus_secs(3600),
    }
}

pub fn done() -> Outcome {
    Outcome {
        artifacts: Some((Id::random(), Id::random(), LATER)),
        ..Outcome::default()
    }
}

/// A failure that may be tried again.
pub fn failed() -> Outcome {
    Outcome {
        failure: Some("engine"),
        may_retry: true,
        ..Outcome::default()
    }
}
