//! Joining the queue and leaving it at its head, by many at once.

use std::collections::HashSet;

use domain::{Id, JobState, UnixMillis};

use crate::common::{Database, LATER, NOW, new_job, on_both};
use store::{Bounds, Inserted, Refused, Store};

async fn jobs_of_one_owner_are_taken_in_the_order_they_came_and_once_each(db: Database) {
    let second = db.queue("a", UnixMillis(NOW.0 + 1)).await;
    let first = db.queue("a", NOW).await;
    let order = [first, second];
    assert_eq!(db.store.queue(NOW).await.unwrap(), order);
    for key in order {
        let row = db.claim(NOW).await.unwrap().row;
        assert_eq!((row.key, row.state, row.tries), (key, JobState::Running, 1));
        assert_eq!(row.lease_until, Some(NOW.plus_secs(domain::LEASE_SECS)));
    }
    assert!(db.claim(NOW).await.is_none());
}

/// Two processes, four tasks each.
async fn eight_workers_take_each_of_two_hundred_jobs_exactly_once(db: Database) {
    const JOBS: usize = 200;
    let mut queued = HashSet::new();
    for number in 0..JOBS {
        let owner = format!("owner {}", number % 7);
        queued.insert(db.queue(&owner, UnixMillis(NOW.0 + number as i64)).await);
    }
    let stores = [db.store.clone(), db.again().await];
    let workers: Vec<_> = (0..8)
        .map(|number| tokio::spawn(take_all(stores[number % 2].clone())))
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap());
    }
    assert_eq!(taken.len(), JOBS);
    assert_eq!(taken.into_iter().collect::<HashSet<_>>(), queued);
}

async fn take_all(store: Store) -> Vec<store::JobKey> {
    let mut taken = Vec::new();
    while let Some(claimed) = store.claim(NOW, Id::random()).await.unwrap() {
        assert_eq!(claimed.row.tries, 1);
        taken.push(claimed.row.key);
    }
    taken
}

async fn a_job_past_its_deadline_is_neither_taken_nor_counted_as_ahead(db: Database) {
    let old = db.queue("a", NOW).await;
    let young = db.queue("a", UnixMillis(NOW.0 + 1)).await;
    assert_eq!(db.store.jobs_ahead(&young, NOW).await.unwrap(), Some(1));
    assert_eq!(db.store.jobs_ahead(&young, LATER).await.unwrap(), Some(0));
    assert_eq!(db.store.jobs_ahead(&old, LATER).await.unwrap(), None);
    assert_eq!(db.claim(LATER).await.unwrap().row.key, young);
    assert!(db.claim(LATER).await.is_none());
    assert_eq!(db.store.due(LATER, LATER).await.unwrap(), [old]);
}

async fn the_queue_is_bounded_in_total_and_per_owner_and_says_which(db: Database) {
    let bounds = Bounds {
        total: 4,
        per_owner: 2,
    };
    let moment = std::cell::Cell::new(NOW);
    let insert = async |owner| {
        moment.set(moment.get().plus_secs(1));
        let job = new_job(owner, moment.get());
        db.store.insert(&job, bounds).await.unwrap()
    };
    for (owner, expected) in [
        ("a", Inserted::New),
        ("a", Inserted::New),
        ("a", Inserted::Refused(Refused::OwnerFull)),
        ("b", Inserted::New),
        ("c", Inserted::New),
        ("d", Inserted::Refused(Refused::TotalFull)),
        ("a", Inserted::Refused(Refused::OwnerFull)),
    ] {
        assert_eq!(insert(owner).await, expected, "{owner}");
    }
    assert_eq!(
        db.claim(NOW).await.unwrap().row.owner,
        store::Owner::new("a")
    );
    assert_eq!(insert("a").await, Inserted::New, "running ones don't wait");
}

async fn forty_at_once_never_overfill_the_queue(db: Database) {
    let bounds = Bounds {
        total: 10,
        per_owner: 4,
    };
    let stores = [db.store.clone(), db.again().await];
    let inserts: Vec<_> = (0..40)
        .map(|number| {
            let store = stores[number % 2].clone();
            let job = new_job(["a", "b", "c", "d"][number / 10], NOW);
            tokio::spawn(async move { store.insert(&job, bounds).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for insert in inserts {
        taken += usize::from(insert.await.unwrap() == Inserted::New);
    }
    assert_eq!(taken, 10);
    let rows = db.store.live_jobs().await.unwrap();
    for owner in ["a", "b", "c", "d"].map(store::Owner::new) {
        let count = rows.iter().filter(|row| row.owner == owner).count();
        assert!(count <= 4, "{count} of {owner:?}");
    }
}

/// Workers take what is left while owners take back what they can.
async fn a_job_is_either_cancelled_or_taken_and_never_lost(db: Database) {
    let mut keys = Vec::new();
    for number in 0..60 {
        keys.push(db.queue("a", UnixMillis(NOW.0 + number)).await);
    }
    let cancels: Vec<_> = keys
        .iter()
        .step_by(2)
        .cloned()
        .map(|key| {
            let store = db.store.clone();
            tokio::spawn(async move { store.cancel(&key).await.unwrap() })
        })
        .collect();
    let workers = [(); 4].map(|()| tokio::spawn(take_all(db.store.clone())));
    for cancel in cancels {
        assert!(cancel.await.unwrap(), "it waits or runs");
    }
    let mut taken = HashSet::new();
    for worker in workers {
        for key in worker.await.unwrap() {
            assert!(taken.insert(key));
        }
    }
    for (number, key) in keys.iter().enumerate() {
        let state = db.row(key).await.state;
        match number % 2 {
            0 => assert_eq!(state, JobState::Cancelled),
            _ => assert!(state == JobState::Running && taken.contains(key)),
        }
    }
}

on_both!(
    jobs_of_one_owner_are_taken_in_the_order_they_came_and_once_each,
    eight_workers_take_each_of_two_hundred_jobs_exactly_once,
    a_job_past_its_deadline_is_neither_taken_nor_counted_as_ahead,
    the_queue_is_bounded_in_total_and_per_owner_and_says_which,
    forty_at_once_never_overfill_the_queue,
    a_job_is_either_cancelled_or_taken_and_never_lost,
);

/// Somebody holds a waiting job's row in a transaction that doesn't end: the others go past it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_row_does_not_hold_up_the_queue() {
    use sqlx::Connection;
    let db = Database::postgres().await;
    let held = db.queue("a", NOW).await;
    let next = db.queue("b", UnixMillis(NOW.0 + 1)).await;
    let mut other = sqlx::AnyConnection::connect(&db.url).await.unwrap();
    let mut transaction = other.begin().await.unwrap();
    sqlx::query("UPDATE jobs SET percent = 0 WHERE owner = 'a'")
        .execute(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(db.claim(NOW).await.unwrap().row.key, next);
    transaction.rollback().await.unwrap();
    assert_eq!(db.claim(NOW).await.unwrap().row.key, held);
    assert_eq!(db.store.queue(NOW).await.unwrap(), []);
}
