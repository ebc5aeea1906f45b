//! Both databases end up with the same tables, and one made by an older version keeps its rows.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Id, JobState};
use sqlx::{AnyConnection, Connection, Row};

use crate::common::{Database, NOW, WIDE};
use store::{BACKED_UP, BackedUp, Changes, Column, JobKey, NEVER_BACKED_UP, Owner, Retried, Store};

/// Table and column to type and whether it may be missing.
type Columns = BTreeMap<(String, String), (String, bool)>;

async fn columns(url: &str, query: &'static str) -> Columns {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let rows = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
    rows.iter()
        .map(|row| {
            let text = |column| row.get::<String, _>(column).to_lowercase();
            let missing = row.get::<i64, _>("may_be_missing") != 0;
            ((text("tab"), text("col")), (text("kind"), missing))
        })
        .collect()
}

async fn columns_of_sqlite(file: &Path) -> Columns {
    columns(
        &format!("sqlite://{}", file.display()),
        "SELECT m.name AS tab, c.name AS col, c.type AS kind, 1 - c.\"notnull\" AS may_be_missing \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .await
}

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let sqlite = Database::sqlite().await;
    let file = sqlite.folder().join("plain.sqlite");
    Store::open(&file).await.unwrap();
    let of_sqlite = columns_of_sqlite(&file).await;
    let postgres = Database::postgres().await;
    let of_postgres = columns(
        &postgres.url,
        "SELECT CAST(table_name AS TEXT) AS tab, CAST(column_name AS TEXT) AS col, \
         CAST(data_type AS TEXT) AS kind, \
         CAST(CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) AS may_be_missing \
         FROM information_schema.columns WHERE table_schema = 'public' \
         AND table_name NOT LIKE '\\_sqlx%'",
    )
    .await;
    assert_eq!(of_sqlite, of_postgres);
    assert!(of_sqlite.contains_key(&("jobs".into(), "lease_until".into())));
    for (column, (kind, _)) in &of_sqlite {
        assert!(kind == "bigint" || kind == "text", "{column:?} is {kind}");
    }
}

/// Whoever adds a table says whether it is in backups; whoever adds a column to one that is, adds it
/// to the backup.
#[tokio::test]
async fn every_table_is_backed_up_whole_or_named_as_never() {
    let db = Database::sqlite().await;
    let file = db.folder().join("plain.sqlite");
    Store::open(&file).await.unwrap();
    let mut expected: BTreeMap<String, Option<BTreeMap<String, Column>>> = BTreeMap::new();
    for ((table, column), (kind, _)) in columns_of_sqlite(&file).await {
        let kind = match kind.as_str() {
            "text" => Column::Text,
            _ => Column::Number,
        };
        let table_is_never = NEVER_BACKED_UP.contains(&table.as_str());
        let columns = expected
            .entry(table)
            .or_insert((!table_is_never).then(BTreeMap::new));
        if let Some(columns) = columns {
            columns.insert(column, kind);
        }
    }
    let named = NEVER_BACKED_UP.map(|table| (table.to_owned(), None));
    let backed_up = BACKED_UP.map(|BackedUp { table, columns }| {
        let columns = columns.iter().map(|&(name, kind)| (name.to_owned(), kind));
        (table.to_owned(), Some(columns.collect()))
    });
    assert_eq!(expected, named.into_iter().chain(backed_up).collect());
}

#[test]
fn both_databases_have_the_same_migrations() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let names = |database: &str| {
        let entries = std::fs::read_dir(folder.join(database)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// What version 0.1.0's first migration made of an empty file, rows included.
async fn first_version(file: &Path) -> Vec<JobKey> {
    let folder = tempfile::tempdir().unwrap();
    let first = include_str!("../../../../migrations/sqlite/0001_jobs.sql");
    std::fs::write(folder.path().join("0001_jobs.sql"), first).unwrap();
    let migrator = sqlx::migrate::Migrator::new(folder.path().to_owned());
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    migrator.await.unwrap().run(&mut connection).await.unwrap();
    let ids = ["queued", "running", "done", "failed"].map(|state| (Id::random(), state));
    for (id, state) in ids {
        sqlx::query(
            "INSERT INTO jobs VALUES ($1, $2, NULL, 1, 'ultra', 'builtin', -1, NULL, 2048, 1, \
             $3, NULL, NULL, NULL, 'small=41', 'matte=12', $4, $5, NULL)",
        )
        .bind(key_text(id))
        .bind(state)
        .bind(Id::random().to_string())
        .bind(NOW.0)
        .bind(NOW.plus_secs(3600).0)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    connection.close().await.unwrap();
    ids.map(|(id, _)| JobKey::of(id)).to_vec()
}

/// The key of a row as that version wrote it.
fn key_text(id: Id) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(id.to_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_database_of_the_first_version_keeps_its_rows_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jobs.sqlite");
    let keys = first_version(&file).await;
    let store = Store::open(&file).await.unwrap();
    assert_eq!(store.live_jobs().await.unwrap().len(), keys.len());

    let row = store.job(&keys[0]).await.unwrap().unwrap();
    assert_eq!(row.state, JobState::Queued);
    assert_eq!(row.owner, Owner::new(""));
    assert_eq!(row.options.tier, "ultra");
    assert_eq!(row.options.seed, u64::MAX);
    assert_eq!(row.options.texture_px, Some(2048));
    assert!(row.options.keep_background && !row.options.print);
    assert_eq!(row.options.topology, "triangle");
    assert_eq!(row.options.symmetry, "none");
    assert_eq!(row.options.ground, "flat");
    assert_eq!(row.options.size_metres, None);
    assert_eq!(
        (row.notices.as_str(), row.lifetime_secs),
        ("small=41", 3600)
    );
    assert_eq!(row.expires_at, NOW.plus_secs(3600));

    // It ran when the old version stopped: nobody has it, and it runs again.
    let back = store.expired_leases(NOW).await.unwrap();
    assert_eq!(back.len(), 1);
    assert_eq!((&back[0].key, back[0].state), (&keys[1], JobState::Queued));
    let mut taken = Vec::new();
    while let Some(claimed) = store.claim(NOW, Id::random()).await.unwrap() {
        taken.push(claimed.row.key);
    }
    taken.sort();
    let mut waiting = keys[..2].to_vec();
    waiting.sort();
    assert_eq!(taken, waiting);
    let changes = Changes::default();
    let retried = store.retry(&keys[3], &changes, NOW, WIDE).await.unwrap();
    assert_eq!(retried, Retried::Queued);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let db = Database::postgres().await;
    let mut connection = AnyConnection::connect(&db.url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', true, '\\x00', 1)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let error = Store::connect(&db.url).await.unwrap_err();
    assert!(error.to_string().contains("9999"), "{error}");
}
