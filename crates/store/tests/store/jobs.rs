//! A job's row from insertion to oblivion.

use domain::JobState;

use crate::common::{Database, LATER, NOW, WIDE, done, failed, new_job, on_both};
use store::{Bounds, Changes, Inserted, Refused, Retried};

async fn a_row_reads_back_as_it_was_written(db: Database) {
    let mut job = new_job("somebody", NOW);
    // The shortest decimal of a number that has none.
    job.options.size_metres = Some(1.0 / 3.0);
    assert_eq!(db.store.insert(&job, WIDE).await.unwrap(), Inserted::New);
    let row = db.row(&job.key).await;
    assert_eq!(row.options, job.options);
    assert_eq!(row.owner, job.owner);
    assert_eq!(row.picture, Some(job.picture));
    assert_eq!(row.state, JobState::Queued);
    assert_eq!((row.created_at, row.expires_at), (NOW, NOW.plus_secs(3600)));
    assert_eq!((row.lifetime_secs, row.delete_after_download), (3600, true));
    assert_eq!((row.tries, row.percent, row.downloads), (0, 0, 0));
}

async fn a_job_is_finished_once_and_with_its_new_deadline(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let mut outcome = done();
    outcome.ceiling_at = Some(LATER.plus_secs(60));
    assert!(db.store.finish(&lease, &outcome, NOW).await.unwrap());
    assert!(!db.store.finish(&lease, &outcome, NOW).await.unwrap());
    let row = db.row(&key).await;
    assert_eq!((row.state, row.percent), (JobState::Done, 100));
    assert_eq!(row.expires_at, LATER);
    assert_eq!(row.ceiling_at, outcome.ceiling_at);
    assert_eq!(row.ended_at, Some(NOW));
    assert!(row.picture.is_some(), "until it is destroyed");
    db.store.forget_picture(&key).await.unwrap();
    assert_eq!(db.row(&key).await.picture, None);
}

async fn a_cancelled_or_destroyed_job_can_not_be_finished(db: Database) {
    for destroy in [false, true] {
        let key = db.queue("a", NOW).await;
        let lease = db.claim(NOW).await.unwrap().lease;
        if destroy {
            db.store.entomb(&key, NOW).await.unwrap().unwrap();
        } else {
            assert!(db.store.cancel(&key).await.unwrap());
            assert!(!db.store.cancel(&key).await.unwrap());
        }
        assert!(!db.store.finish(&lease, &done(), NOW).await.unwrap());
        assert!(!db.store.requeue(&lease, true).await.unwrap());
        assert!(!db.store.heartbeat(&lease, NOW, None, 1).await.unwrap());
        let row = db.row(&key).await;
        assert_eq!(row.state, JobState::Cancelled);
        assert_eq!(row.model, None);
    }
}

async fn a_failed_job_is_tried_again_while_its_picture_is_there(db: Database) {
    let key = db.queue("a", NOW).await;
    let retry = async |now| db.retry(&key, &Changes::default(), now).await;
    assert_eq!(retry(NOW).await, Retried::Impossible, "it waits");
    let lease = db.claim(NOW).await.unwrap().lease;
    assert_eq!(retry(NOW).await, Retried::Impossible, "it runs");
    assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
    let row = db.row(&key).await;
    assert_eq!(row.failure.as_deref(), Some("engine"));
    assert!(row.picture.is_some());

    assert_eq!(retry(LATER).await, Retried::Impossible, "it is due");
    assert_eq!(retry(NOW).await, Retried::Queued);
    let row = db.row(&key).await;
    assert_eq!((row.state, row.tries), (JobState::Queued, 0));
    assert_eq!((row.failure, row.ended_at), (None, None));

    let lease = db.claim(NOW).await.unwrap().lease;
    assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
    db.store.forget_picture(&key).await.unwrap();
    assert_eq!(retry(NOW).await, Retried::Impossible, "its picture is gone");
}

async fn what_is_tried_again_may_be_done_otherwise_and_keeps_its_deadline(db: Database) {
    let key = db.queue("a", NOW).await;
    let mut before = db.row(&key).await;
    for (tier, shaper, keep_background) in [
        (None, None, None),
        (Some("base"), Some("inflate"), Some(false)),
        (Some("ultra"), None, None),
    ] {
        let lease = db.claim(NOW).await.unwrap().lease;
        assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
        let changes = Changes {
            tier: tier.map(str::to_owned),
            shaper: shaper.map(str::to_owned),
            keep_background,
        };
        assert_eq!(db.retry(&key, &changes, NOW).await, Retried::Queued);
        before.retries += 1;
        let options = &mut before.options;
        options.tier = changes.tier.unwrap_or(options.tier.clone());
        options.shaper = changes.shaper.unwrap_or(options.shaper.clone());
        options.keep_background = keep_background.unwrap_or(options.keep_background);
        assert_eq!(db.row(&key).await, before);
    }
    // Three times are enough.
    let lease = db.claim(NOW).await.unwrap().lease;
    assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
    let retried = db.retry(&key, &Changes::default(), NOW).await;
    assert_eq!(retried, Retried::Impossible);
}

/// Both processes are asked many times at once, while the job is destroyed or not.
async fn of_many_retries_at_once_one_counts_and_none_revives(db: Database) {
    let stores = [db.store.clone(), db.again().await];
    for is_destroyed in [false, true] {
        let key = db.queue("a", NOW).await;
        let lease = db.claim(NOW).await.unwrap().lease;
        assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
        let retries: Vec<_> = (0..12)
            .map(|number| {
                let (store, key) = (stores[number % 2].clone(), key.clone());
                tokio::spawn(async move {
                    if is_destroyed && number == 5 {
                        store.entomb(&key, NOW).await.unwrap();
                    }
                    let changes = Changes::default();
                    store.retry(&key, &changes, NOW, WIDE).await.unwrap()
                })
            })
            .collect();
        let mut queued = 0;
        for retry in retries {
            queued += usize::from(retry.await.unwrap() == Retried::Queued);
        }
        let row = db.row(&key).await;
        if is_destroyed {
            assert!(queued <= 1);
            assert!(row.destroyed_at.is_some() && row.state.is_final());
            assert!(db.claim(NOW).await.is_none());
        } else {
            assert_eq!((queued, row.retries), (1, 1));
            assert!(db.claim(NOW).await.is_some());
            assert!(db.claim(NOW).await.is_none(), "one run");
        }
    }
}

async fn trying_again_waits_for_a_place_like_everybody(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    assert!(db.store.finish(&lease, &failed(), NOW).await.unwrap());
    db.queue("a", NOW).await;
    for (total, per_owner, refused) in [(1, 9, Refused::TotalFull), (9, 1, Refused::OwnerFull)] {
        let bounds = Bounds { total, per_owner };
        let changes = Changes::default();
        let retried = db.store.retry(&key, &changes, NOW, bounds).await.unwrap();
        assert_eq!(retried, Retried::Refused(refused));
    }
    assert_eq!(db.row(&key).await.state, JobState::Failed);
}

async fn a_waiting_job_that_can_not_run_is_given_up_with_the_reason(db: Database) {
    let key = db.queue("a", NOW).await;
    assert!(db.store.give_up(&key, "picture_lost", NOW).await.unwrap());
    assert!(!db.store.give_up(&key, "picture_lost", NOW).await.unwrap());
    let row = db.row(&key).await;
    assert_eq!(row.state, JobState::Failed);
    assert_eq!(row.failure.as_deref(), Some("picture_lost"));
    assert!(db.claim(NOW).await.is_none());
}

async fn a_tombstone_names_its_objects_until_they_are_destroyed_and_then_nothing(db: Database) {
    let key = db.queue("somebody", NOW).await;
    db.claim(NOW).await.unwrap();
    let row = db.store.entomb(&key, NOW).await.unwrap().unwrap();
    assert_eq!(row.objects().count(), 1);
    assert_eq!(row.lease_until, None);
    assert_eq!(
        db.store.due(NOW, NOW).await.unwrap(),
        std::slice::from_ref(&key)
    );

    db.store.scrub(&key).await.unwrap();
    assert!(db.store.due(LATER, LATER).await.unwrap().is_empty());
    let row = db.store.entomb(&key, LATER).await.unwrap().unwrap();
    assert_eq!(row.destroyed_at, Some(NOW), "the first time stands");
    assert_eq!(row.objects().count(), 0);
    assert_eq!(row.owner, store::Owner::new(""));
    let options = row.options;
    let texts = [
        options.tier,
        options.shaper,
        options.topology,
        options.symmetry,
        options.ground,
    ];
    assert!(texts.iter().all(String::is_empty), "{texts:?}");
    assert_eq!((options.size_metres, options.print), (None, false));

    assert_eq!(db.store.forget_tombstones(NOW).await.unwrap(), 0);
    assert_eq!(db.store.forget_tombstones(LATER).await.unwrap(), 1);
    assert!(db.store.job(&key).await.unwrap().is_none());
}

async fn rows_are_still_there_for_the_next_process(db: Database) {
    let key = db.queue("a", NOW).await;
    db.store.close().await;
    let again = db.again().await;
    again.ping().await.unwrap();
    assert!(again.job(&key).await.unwrap().is_some());
}

on_both!(
    a_row_reads_back_as_it_was_written,
    a_job_is_finished_once_and_with_its_new_deadline,
    a_cancelled_or_destroyed_job_can_not_be_finished,
    a_failed_job_is_tried_again_while_its_picture_is_there,
    what_is_tried_again_may_be_done_otherwise_and_keeps_its_deadline,
    of_many_retries_at_once_one_counts_and_none_revives,
    trying_again_waits_for_a_place_like_everybody,
    a_waiting_job_that_can_not_run_is_given_up_with_the_reason,
    a_tombstone_names_its_objects_until_they_are_destroyed_and_then_nothing,
    rows_are_still_there_for_the_next_process,
);
