//! The same request twice makes one job.

use domain::UnixMillis;

use crate::common::{Database, NOW, WIDE, new_job, on_both};
use store::{Bounds, Idempotency, Inserted, NewJob, Owner};

const DAY_SECS: i64 = 86_400;

fn keyed(owner: &str, key: &str, request: &[u8], created_at: UnixMillis) -> NewJob {
    NewJob {
        idempotency: Some(Idempotency::of(&Owner::new(owner), key, &[request])),
        ..new_job(owner, created_at)
    }
}

async fn insert(db: &Database, job: &NewJob) -> Inserted {
    db.store.insert(job, WIDE).await.unwrap()
}

async fn the_second_request_gets_the_first_ones_job(db: Database) {
    let first = keyed("a", "k", b"request", NOW);
    assert_eq!(insert(&db, &first).await, Inserted::New);
    let full = Bounds {
        total: 0,
        per_owner: 0,
    };
    let second = keyed("a", "k", b"request", NOW.plus_secs(60));
    let asked = second.idempotency.as_ref().unwrap();
    let before = db.store.asked_before(asked, NOW).await.unwrap();
    assert!(matches!(before, Some(Inserted::Before(row)) if row.key == first.key));
    let inserted = db.store.insert(&second, full).await.unwrap();
    let Inserted::Before(row) = inserted else {
        panic!("{inserted:?}");
    };
    assert_eq!(row.key, first.key);
    assert_eq!(row.created_at, first.created_at);
    assert_eq!(db.store.live_jobs().await.unwrap().len(), 1);

    db.store.entomb(&first.key, NOW).await.unwrap();
    db.store.scrub(&first.key).await.unwrap();
    let Inserted::Before(row) = insert(&db, &second).await else {
        panic!("a destroyed job stays the answer");
    };
    assert_eq!(row.destroyed_at, Some(NOW));
}

async fn another_request_or_owner_or_key_is_not_the_same(db: Database) {
    assert_eq!(
        insert(&db, &keyed("a", "k", b"x", NOW)).await,
        Inserted::New
    );
    for (owner, key, request, expected) in [
        ("a", "k", &b"y"[..], Inserted::Conflict),
        ("b", "k", b"x", Inserted::New),
        ("a", "l", b"x", Inserted::New),
        // Runs together to the same text as the first.
        ("", "ak", b"x", Inserted::New),
    ] {
        let job = keyed(owner, key, request, NOW);
        let asked = job.idempotency.as_ref().unwrap();
        let before = db.store.asked_before(asked, NOW).await.unwrap();
        assert_eq!(
            before,
            (expected == Inserted::Conflict).then_some(Inserted::Conflict)
        );
        let inserted = insert(&db, &job).await;
        assert_eq!(inserted, expected, "{owner} {key}");
    }
}

async fn a_refused_request_may_come_again(db: Database) {
    let job = keyed("a", "k", b"x", NOW);
    let full = Bounds {
        total: 0,
        per_owner: 1,
    };
    let refused = db.store.insert(&job, full).await.unwrap();
    assert!(matches!(refused, Inserted::Refused(_)));
    assert_eq!(insert(&db, &job).await, Inserted::New);
}

async fn a_key_is_forgotten_after_a_day_whoever_tidies_up(db: Database) {
    assert_eq!(
        insert(&db, &keyed("a", "k", b"x", NOW)).await,
        Inserted::New
    );
    let just_before = UnixMillis(NOW.plus_secs(DAY_SECS).0 - 1);
    db.store.forget_outdated(just_before).await.unwrap();
    let other = keyed("a", "k", b"y", just_before);
    assert_eq!(insert(&db, &other).await, Inserted::Conflict);
    // The clean-up is late, and the key free all the same.
    let other = keyed("a", "k", b"y", NOW.plus_secs(DAY_SECS));
    assert_eq!(insert(&db, &other).await, Inserted::New);
    let tidied = NOW.plus_secs(2 * DAY_SECS);
    assert_eq!(db.store.forget_outdated(tidied).await.unwrap(), 1);
}

/// Both processes get the same request many times at once.
async fn many_at_once_make_one_job(db: Database) {
    let stores = [db.store.clone(), db.again().await];
    let inserts: Vec<_> = (0..16)
        .map(|number| {
            let store = stores[number % 2].clone();
            let job = keyed("a", "k", b"x", NOW);
            tokio::spawn(async move { (store.insert(&job, WIDE).await.unwrap(), job.key) })
        })
        .collect();
    let (mut made, mut told) = (Vec::new(), Vec::new());
    for insert in inserts {
        match insert.await.unwrap() {
            (Inserted::New, key) => made.push(key),
            (Inserted::Before(row), _) => told.push(row.key),
            (other, _) => panic!("{other:?}"),
        }
    }
    assert_eq!((made.len(), told.len()), (1, 15));
    assert!(told.iter().all(|key| *key == made[0]));
    assert_eq!(db.store.live_jobs().await.unwrap().len(), 1);
}

on_both!(
    the_second_request_gets_the_first_ones_job,
    another_request_or_owner_or_key_is_not_the_same,
    a_refused_request_may_come_again,
    a_key_is_forgotten_after_a_day_whoever_tidies_up,
    many_at_once_make_one_job,
);

#[tokio::test]
async fn no_file_holds_the_key_itself() {
    let db = Database::sqlite().await;
    let job = keyed("a", "a key that nobody else would choose", b"x", NOW);
    assert_eq!(insert(&db, &job).await, Inserted::New);
    db.store.close().await;
    for entry in std::fs::read_dir(db.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let needle = b"a key that nobody";
        assert!(!bytes.windows(needle.len()).any(|window| window == needle));
    }
}
