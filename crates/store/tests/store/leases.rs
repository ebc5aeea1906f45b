//! A worker that vanishes loses its job to the next one, and whatever it still says is refused.

use domain::{JobState, LEASE_SECS, MAX_TRIES, UnixMillis};

use crate::common::{Database, NOW, done, on_both};
use store::{JobRow, TOO_MANY_TRIES};

/// The first moment at which a lease of [`NOW`] has run out.
const RUN_OUT: UnixMillis = UnixMillis(NOW.0 + LEASE_SECS * 1000);

async fn expire(db: &Database, now: UnixMillis) -> Vec<JobRow> {
    db.store.expired_leases(now).await.unwrap()
}

async fn the_job_of_a_killed_worker_runs_once_more_and_the_first_result_is_refused(db: Database) {
    let key = db.queue("a", NOW).await;
    let first = db.claim(NOW).await.unwrap();
    let just_before = UnixMillis(RUN_OUT.0 - 1);
    assert!(expire(&db, just_before).await.is_empty());
    assert!(db.claim(just_before).await.is_none());

    let back = expire(&db, RUN_OUT).await;
    assert_eq!(back.len(), 1);
    assert_eq!((&back[0].key, back[0].state), (&key, JobState::Queued));
    assert!(expire(&db, RUN_OUT).await.is_empty());
    let second = db.claim(RUN_OUT).await.unwrap();
    assert_eq!((&second.row.key, second.row.tries), (&key, 2));
    assert!(db.claim(RUN_OUT).await.is_none(), "once more, not twice");

    let store = &db.store;
    assert!(
        !store
            .heartbeat(&first.lease, RUN_OUT, None, 9)
            .await
            .unwrap()
    );
    assert!(!store.finish(&first.lease, &done(), RUN_OUT).await.unwrap());
    assert!(!store.requeue(&first.lease, true).await.unwrap());
    let result = done();
    assert!(store.finish(&second.lease, &result, RUN_OUT).await.unwrap());
    assert!(!store.finish(&first.lease, &done(), RUN_OUT).await.unwrap());
    let row = db.row(&key).await;
    assert_eq!(row.model, result.artifacts.map(|(model, ..)| model));
}

async fn heartbeats_keep_a_job_and_tell_how_far_it_is(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    for minute in 1..=5 {
        let now = NOW.plus_secs(minute * LEASE_SECS - 1);
        let percent = minute as u8 * 10;
        let kept = db.store.heartbeat(&lease, now, Some("shape"), percent);
        assert!(kept.await.unwrap());
        let row = db.row(&key).await;
        assert_eq!(row.stage.as_deref(), Some("shape"));
        assert_eq!(row.percent, percent);
        assert_eq!(row.lease_until, Some(now.plus_secs(LEASE_SECS)));
        assert!(
            expire(&db, NOW.plus_secs(minute * LEASE_SECS))
                .await
                .is_empty()
        );
    }
    assert!(db.store.finish(&lease, &done(), NOW).await.unwrap());
}

/// Nobody took it back: the work is done and nobody else does it, so it is taken.
async fn a_late_worker_whose_job_nobody_took_back_may_still_end_it(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let late = RUN_OUT.plus_secs(600);
    assert!(db.store.finish(&lease, &done(), late).await.unwrap());
    assert_eq!(db.row(&key).await.state, JobState::Done);
}

async fn a_job_whose_workers_all_vanish_ends_with_that_reason_and_stays(db: Database) {
    let key = db.queue("a", NOW).await;
    let mut now = NOW;
    for tries in 1..=MAX_TRIES {
        let claimed = db.claim(now).await.expect("it waits again");
        assert_eq!(claimed.row.tries, tries);
        let kept = db.store.heartbeat(&claimed.lease, now, Some("shape"), 40);
        assert!(kept.await.unwrap());
        now = now.plus_secs(LEASE_SECS);
        assert_eq!(expire(&db, now).await.len(), 1);
    }
    assert!(db.claim(now).await.is_none());
    let row = db.row(&key).await;
    assert_eq!(row.state, JobState::Failed);
    assert_eq!(row.failure.as_deref(), Some(TOO_MANY_TRIES));
    assert_eq!(row.stage.as_deref(), Some("shape"), "where it happened");
    assert_eq!(row.ended_at, Some(now));
    assert!(row.picture.is_some(), "the caller decides about it");
}

async fn a_graceful_stop_does_not_count_as_a_try(db: Database) {
    let key = db.queue("a", NOW).await;
    for (counts, tries) in [(false, 1), (true, 2)] {
        let lease = db.claim(NOW).await.unwrap().lease;
        assert!(db.store.requeue(&lease, counts).await.unwrap());
        assert!(!db.store.requeue(&lease, counts).await.unwrap());
        let claimed = db.claim(NOW).await.unwrap();
        assert_eq!((&claimed.row.key, claimed.row.tries), (&key, tries));
        db.store.requeue(&claimed.lease, false).await.unwrap();
    }
}

/// A clock that is set back by a day gives nobody a job for a day: the living worker has the usual
/// time to say so, and a dead one is noticed after it.
async fn a_clock_that_steps_back_neither_takes_nor_keeps_a_job(db: Database) {
    let alive = db.queue("a", NOW).await;
    let dead = db.queue("b", UnixMillis(NOW.0 + 1)).await;
    let claimed = db.claim(NOW).await.unwrap();
    assert_eq!(claimed.row.key, alive);
    assert_eq!(db.claim(NOW).await.unwrap().row.key, dead);

    let yesterday = NOW.plus_secs(-86_400);
    assert!(expire(&db, yesterday).await.is_empty(), "not at once");
    let heard = yesterday.plus_secs(LEASE_SECS - 1);
    let kept = db.store.heartbeat(&claimed.lease, heard, None, 50);
    assert!(kept.await.unwrap());
    let back = expire(&db, yesterday.plus_secs(LEASE_SECS)).await;
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].key, dead);
    assert!(
        db.store
            .finish(&claimed.lease, &done(), heard)
            .await
            .unwrap()
    );
}

async fn at_the_start_of_the_only_process_every_running_job_is_taken_back(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let back = db.store.orphaned_leases(NOW).await.unwrap();
    assert_eq!(back.len(), 1);
    assert_eq!((&back[0].key, back[0].state), (&key, JobState::Queued));
    assert!(!db.store.finish(&lease, &done(), NOW).await.unwrap());
}

on_both!(
    the_job_of_a_killed_worker_runs_once_more_and_the_first_result_is_refused,
    heartbeats_keep_a_job_and_tell_how_far_it_is,
    a_late_worker_whose_job_nobody_took_back_may_still_end_it,
    a_job_whose_workers_all_vanish_ends_with_that_reason_and_stays,
    a_graceful_stop_does_not_count_as_a_try,
    a_clock_that_steps_back_neither_takes_nor_keeps_a_job,
    at_the_start_of_the_only_process_every_running_job_is_taken_back,
);
