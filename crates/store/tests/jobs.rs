//! A job's row from insertion to oblivion, on a real SQLite file.

use std::fs;

use domain::{Id, JobState, UnixMillis};
use store::{JobKey, JobOptions, NewJob, Outcome, Store};

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);
const LATER: UnixMillis = UnixMillis(NOW.0 + 3_600_000);
const MANY: usize = 100;

struct Database {
    folder: tempfile::TempDir,
    store: Store,
}

impl Database {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Every character that means something in a URL.
        let store = Store::open(&folder.path().join("a b%41?c#d.sqlite"))
            .await
            .unwrap();
        Self { folder, store }
    }

    async fn queue(&self, created_at: UnixMillis) -> Id {
        let id = Id::random();
        assert!(
            self.store
                .insert(&new_job(id, created_at), MANY)
                .await
                .unwrap()
        );
        id
    }
}

fn new_job(id: Id, created_at: UnixMillis) -> NewJob {
    NewJob {
        key: JobKey::of(id),
        options: JobOptions {
            tier: "pro".into(),
            shaper: "builtin".into(),
            seed: u64::MAX,
            faces: Some(1234),
            texture_px: None,
            keep_background: true,
        },
        picture: Id::random(),
        created_at,
        expires_at: created_at.plus_secs(3600),
    }
}

fn done() -> Outcome {
    Outcome {
        artifacts: Some((Id::random(), Id::random(), LATER)),
        ..Outcome::default()
    }
}

#[tokio::test]
async fn a_row_reads_back_as_it_was_written() {
    let db = Database::new().await;
    let job = new_job(Id::random(), NOW);
    assert!(db.store.insert(&job, MANY).await.unwrap());
    let row = db.store.job(&job.key).await.unwrap().unwrap();
    assert_eq!(row.options, job.options);
    assert_eq!(row.picture, Some(job.picture));
    assert_eq!(row.state, JobState::Queued);
    assert_eq!((row.created_at, row.expires_at), (NOW, NOW.plus_secs(3600)));
}

#[tokio::test]
async fn jobs_are_claimed_in_the_order_they_came_and_once_each() {
    let db = Database::new().await;
    let second = db.queue(UnixMillis(NOW.0 + 1)).await;
    let first = db.queue(NOW).await;
    let order = [JobKey::of(first), JobKey::of(second)];
    assert_eq!(db.store.queue().await.unwrap(), order);
    for key in order {
        let row = db.store.claim(NOW).await.unwrap().unwrap();
        assert_eq!((row.key, row.state, row.tries), (key, JobState::Running, 1));
    }
    assert!(db.store.claim(NOW).await.unwrap().is_none());
}

#[tokio::test]
async fn ten_workers_at_once_never_claim_the_same_job() {
    let db = Database::new().await;
    for _ in 0..10 {
        db.queue(NOW).await;
    }
    let claims: Vec<_> = (0..10)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move { store.claim(NOW).await.unwrap().unwrap().key })
        })
        .collect();
    let mut keys = Vec::new();
    for claim in claims {
        keys.push(claim.await.unwrap());
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 10);
}

#[tokio::test]
async fn a_job_past_its_deadline_is_not_claimed() {
    let db = Database::new().await;
    let id = db.queue(NOW).await;
    assert!(db.store.claim(LATER).await.unwrap().is_none());
    let due = db.store.due(LATER, LATER).await.unwrap();
    assert_eq!(due, [JobKey::of(id)]);
}

#[tokio::test]
async fn the_queue_is_bounded() {
    let db = Database::new().await;
    for expected in [true, true, false] {
        let job = new_job(Id::random(), NOW);
        assert_eq!(db.store.insert(&job, 2).await.unwrap(), expected);
    }
    db.store.claim(NOW).await.unwrap().unwrap();
    let job = new_job(Id::random(), NOW);
    assert!(db.store.insert(&job, 2).await.unwrap(), "a place is free");
}

#[tokio::test]
async fn a_cancelled_or_destroyed_job_can_not_be_finished() {
    let db = Database::new().await;
    for destroy in [false, true] {
        let key = JobKey::of(db.queue(NOW).await);
        db.store.claim(NOW).await.unwrap().unwrap();
        if destroy {
            db.store.entomb(&key, NOW).await.unwrap().unwrap();
        } else {
            assert!(db.store.cancel(&key).await.unwrap());
            assert!(!db.store.cancel(&key).await.unwrap());
        }
        assert!(!db.store.finish(&key, &done()).await.unwrap());
        let row = db.store.job(&key).await.unwrap().unwrap();
        assert_eq!(row.state, JobState::Cancelled);
        assert_eq!(row.model, None);
    }
}

#[tokio::test]
async fn a_job_is_finished_once_and_with_its_new_deadline() {
    let db = Database::new().await;
    let key = JobKey::of(db.queue(NOW).await);
    db.store.claim(NOW).await.unwrap().unwrap();
    assert!(db.store.finish(&key, &done()).await.unwrap());
    assert!(!db.store.finish(&key, &done()).await.unwrap());
    let row = db.store.job(&key).await.unwrap().unwrap();
    assert_eq!(row.state, JobState::Done);
    assert_eq!(row.expires_at, LATER);
    assert_eq!(row.picture, None);
}

#[tokio::test]
async fn an_interrupted_job_goes_back_and_a_graceful_stop_does_not_count_as_a_try() {
    let db = Database::new().await;
    let key = JobKey::of(db.queue(NOW).await);
    for (counts, tries) in [(false, 1), (true, 2)] {
        db.store.claim(NOW).await.unwrap().unwrap();
        assert!(db.store.requeue(&key, counts).await.unwrap());
        assert!(!db.store.requeue(&key, counts).await.unwrap());
        let row = db.store.claim(NOW).await.unwrap().unwrap();
        assert_eq!(row.tries, tries);
        db.store.requeue(&key, false).await.unwrap();
    }
}

#[tokio::test]
async fn a_tombstone_names_its_objects_until_they_are_destroyed_and_then_nothing() {
    let db = Database::new().await;
    let key = JobKey::of(db.queue(NOW).await);
    let row = db.store.entomb(&key, NOW).await.unwrap().unwrap();
    assert_eq!(row.objects().count(), 1);
    assert_eq!(
        db.store.due(NOW, NOW).await.unwrap(),
        std::slice::from_ref(&key)
    );

    db.store.scrub(&key).await.unwrap();
    assert!(db.store.due(LATER, LATER).await.unwrap().is_empty());
    let row = db.store.entomb(&key, LATER).await.unwrap().unwrap();
    assert_eq!(row.destroyed_at, Some(NOW), "the first time stands");
    assert_eq!(row.objects().count(), 0);
    assert_eq!(row.options.tier, "");

    assert_eq!(db.store.forget_tombstones(NOW).await.unwrap(), 0);
    assert_eq!(db.store.forget_tombstones(LATER).await.unwrap(), 1);
    assert!(db.store.job(&key).await.unwrap().is_none());
}

#[tokio::test]
async fn rows_survive_reopening_and_hold_no_id_that_opens_a_job() {
    let db = Database::new().await;
    let id = db.queue(NOW).await;
    db.store.close().await;
    let mut seen = 0;
    for entry in fs::read_dir(db.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        seen += bytes.len();
        for needle in [id.to_string().into_bytes(), id.to_bytes().to_vec()] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "the id is in {}", path.display());
        }
    }
    assert!(seen > 0);
    let again = Store::open(&db.folder.path().join("a b%41?c#d.sqlite"))
        .await
        .unwrap();
    assert!(again.job(&JobKey::of(id)).await.unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_open_the_database_and_its_log() {
    use std::os::unix::fs::PermissionsExt;
    let db = Database::new().await;
    db.queue(NOW).await;
    let mut names = Vec::new();
    for entry in fs::read_dir(db.folder.path()).unwrap() {
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
