//! What SQLite leaves on the disk.

use std::fs;

use domain::Id;

use crate::common::{Database, NOW, WIDE, new_job};
use store::{JobKey, Store};

#[tokio::test]
async fn no_file_holds_an_id_that_opens_a_job() {
    let db = Database::sqlite().await;
    let id = Id::random();
    let mut job = new_job("a", NOW);
    job.key = JobKey::of(id);
    db.store.insert(&job, WIDE).await.unwrap();
    db.store.close().await;
    let mut seen = 0;
    for entry in fs::read_dir(db.folder()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        seen += bytes.len();
        for needle in [id.to_string().into_bytes(), id.to_bytes().to_vec()] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "the id is in {}", path.display());
        }
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn only_the_owner_may_open_the_database_and_its_log() {
    use std::os::unix::fs::PermissionsExt;
    let db = Database::sqlite().await;
    db.queue("a", NOW).await;
    let mut names = Vec::new();
    for entry in fs::read_dir(db.folder()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name());
    }
    assert_eq!(names.len(), 3, "database, log and its index: {names:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.sqlite");
    fs::write(
        &path,
        b"this is certainly no database, only some text\n".repeat(40),
    )
    .unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(error.to_string().contains("not a database"), "{error}");
}
