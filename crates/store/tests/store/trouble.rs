//! A database that is busy, full, away or elsewhere: told in words a person can act on, and never
//! with the password.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection};

use crate::common::{Database, NOW, WIDE, new_job, on_both, server};
use scratch_postgres::Server;
use store::{Store, StoreError};

/// The statement that keeps the database from everybody else.
fn lock_of(db: &Database) -> &'static str {
    if db.url.starts_with("sqlite") {
        "UPDATE jobs SET percent = 0"
    } else {
        "LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE"
    }
}

/// Another program's connection. (The file's name needs escaping for sqlx.)
async fn other(db: &Database) -> AnyConnection {
    let url = match db.url.strip_prefix("sqlite://") {
        Some(path) => {
            let escaped = path.replace('%', "%25").replace('?', "%3F");
            format!(
                "sqlite://{}",
                escaped.replace('#', "%23").replace(' ', "%20")
            )
        }
        None => db.url.clone(),
    };
    AnyConnection::connect(&url).await.unwrap()
}

async fn a_locked_database_is_waited_for(db: Database) {
    let mut other = other(&db).await;
    let mut transaction = other.begin().await.unwrap();
    let lock = lock_of(&db);
    sqlx::query(lock).execute(&mut *transaction).await.unwrap();
    let store = db.store.clone();
    let insert = tokio::spawn(async move { store.insert(&new_job("a", NOW), WIDE).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!insert.is_finished(), "it waits");
    transaction.rollback().await.unwrap();
    insert.await.unwrap().unwrap();
}

async fn a_database_that_stays_locked_is_busy(db: Database) {
    let mut other = other(&db).await;
    let mut transaction = other.begin().await.unwrap();
    let lock = lock_of(&db);
    sqlx::query(lock).execute(&mut *transaction).await.unwrap();
    let started = Instant::now();
    let error = db.store.insert(&new_job("a", NOW), WIDE).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy), "{error:?}");
    assert!(error.to_string().contains("try again"), "{error}");
    assert!(
        started.elapsed() >= Duration::from_secs(4),
        "it was patient"
    );
    transaction.rollback().await.unwrap();
    db.store.insert(&new_job("a", NOW), WIDE).await.unwrap();
}

on_both!(
    a_locked_database_is_waited_for,
    a_database_that_stays_locked_is_busy,
);

/// PostgreSQL's own code for it, raised by a trigger: filling a real disk needs privileges.
#[tokio::test]
async fn a_full_disk_of_the_database_server_is_told() {
    let db = Database::postgres().await;
    let mut connection = other(&db).await;
    for statement in [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON jobs EXECUTE FUNCTION full_disk()",
    ] {
        sqlx::query(statement)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let refused = db.store.insert(&new_job("a", NOW), WIDE).await;
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
}

/// SQLite's own code for it: the file may not grow any more.
#[tokio::test]
async fn a_full_disk_under_sqlite_is_told() {
    const FULL: i32 = 13;
    let db = Database::sqlite().await;
    let mut connection = other(&db).await;
    sqlx::query("PRAGMA max_page_count = 1")
        .execute(&mut connection)
        .await
        .unwrap();
    let fill = "INSERT INTO owners SELECT hex(randomblob(5000)), value, 0 \
                FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n \
                LIMIT 100) SELECT value FROM n)";
    let error = sqlx::query(fill)
        .execute(&mut connection)
        .await
        .unwrap_err();
    let code = error.as_database_error().unwrap().code().unwrap();
    assert_eq!(code.parse::<i32>().unwrap() & 0xff, FULL);
    assert!(matches!(StoreError::from(error), StoreError::DiskFull));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_the_password_is_not() {
    // Nobody listens on port 1; the folder has no socket; the name has no address.
    for (url, place) in [
        ("postgres://keeper:Geheim99@127.0.0.1:1/jobs", "127.0.0.1:1"),
        (
            "postgresql://keeper:Geheim99@localhost:1/jobs",
            "localhost:1",
        ),
        (
            "postgres:///jobs?user=keeper&host=/nowhere&password=Geheim99",
            "/nowhere",
        ),
    ] {
        let error = Store::connect(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
        let (told, debug) = (error.to_string(), format!("{error:?}"));
        assert!(
            told.contains(place) && told.contains("start PostgreSQL"),
            "{told}"
        );
        for text in [&told, &debug] {
            assert!(!text.contains("Geheim99"), "{text}");
            assert!(!text.contains('\n'), "{text}");
        }
    }
}

#[tokio::test]
async fn a_server_that_refuses_is_named_with_its_reason() {
    let url = server().url("no_such_database") + "&password=Geheim99";
    let error = Store::connect(&url).await.unwrap_err();
    let (told, debug) = (error.to_string(), format!("{error:?}"));
    assert!(told.contains("no_such_database"), "{told}");
    assert!(told.contains("does not exist"), "{told}");
    assert!(!told.contains("Geheim99") && !debug.contains("Geheim99"));
}

#[tokio::test]
async fn a_connection_with_tls_is_encrypted_and_checked_as_far_as_was_asked() {
    let own = Server::start_encrypted().unwrap();
    let (url, certificate) = (own.database(), own.certificate());
    let trusted = format!("sslrootcert={}", certificate.display());
    for mode in [
        "sslmode=require",
        &format!("sslmode=verify-ca&{trusted}"),
        &format!("sslmode=verify-full&{trusted}"),
        // Nothing was asked for.
        "application_name=ai3dgen",
    ] {
        let url = format!("{url}?{mode}");
        Store::connect(&url).await.unwrap();
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let encrypted = "SELECT CAST(ssl AS INT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let encrypted = sqlx::query_scalar::<_, i32>(encrypted);
        assert_eq!(
            encrypted.fetch_one(&mut connection).await.unwrap(),
            1,
            "{mode}"
        );
    }
    let error = Store::connect(&format!("{url}?sslmode=verify-full"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

/// Nobody who asks for an encrypted connection gets another one.
#[tokio::test]
async fn who_asks_for_tls_gets_it_or_hears_that_there_is_none() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = server().url("postgres") + "&sslmode=" + mode;
        let error = Store::connect(&url).await.unwrap_err();
        assert!(error.to_string().contains("TLS"), "{error}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_not_repeated() {
    for url in [
        "",
        "jobs.sqlite",
        "mysql://keeper:Geheim99@localhost/jobs",
        "postgres://keeper:Geheim99@localhost:99999999/jobs",
        "postgres://keeper:Geheim99@localhost/jobs?sslmode=Geheim99",
    ] {
        let error = Store::connect(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Address), "{error:?}");
        let told = error.to_string();
        assert!(told.contains("postgres://user:password@host"), "{told}");
        assert!(!told.contains("Geheim99"), "{told}");
    }
}

#[tokio::test]
async fn a_store_shows_where_it_is_and_no_password() {
    let url = server().database() + "&password=Geheim99";
    let store = Store::connect(&url).await.unwrap();
    let shown = format!("{store:?}");
    assert!(shown.contains("ai3dgen-postgres"), "{shown}");
    assert!(!shown.contains("Geheim99"), "{shown}");
}

/// The server goes away under a running store, which says so.
#[tokio::test]
async fn a_server_that_goes_away_is_told() {
    let own = Server::start().unwrap();
    let store = Store::connect(&own.database()).await.unwrap();
    store.ping().await.unwrap();
    drop(own);
    let error = store.ping().await.unwrap_err();
    assert!(
        matches!(error, StoreError::Unreachable(_) | StoreError::Busy),
        "{error:?}"
    );
}
