//! What the time left is guessed from.

use crate::common::{Database, NOW, done, failed, on_both};

async fn the_last_fifty_runs_of_a_kind_are_kept(db: Database) {
    assert_eq!(db.store.runs().await.unwrap(), []);
    for number in 0..60_u64 {
        db.queue("a", NOW).await;
        let now = NOW.plus_secs(number as i64);
        let lease = db.claim(now).await.unwrap().lease;
        let mut outcome = done();
        outcome.run_millis = Some(number);
        outcome.stage_millis = format!("matte={number}");
        assert!(db.store.finish(&lease, &outcome, now).await.unwrap());
    }
    let mut runs = db.store.runs().await.unwrap();
    runs.sort_by_key(|run| run.millis);
    let millis: Vec<u64> = runs.iter().map(|run| run.millis).collect();
    assert_eq!(millis, (10..60).collect::<Vec<_>>());
    for run in runs {
        assert_eq!((&*run.tier, &*run.shaper), ("pro", "builtin"));
        assert_eq!(run.stage_millis, format!("matte={}", run.millis));
    }
}

async fn a_failed_or_refused_run_says_nothing_about_durations(db: Database) {
    db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let mut outcome = failed();
    outcome.run_millis = Some(5);
    assert!(db.store.finish(&lease, &outcome, NOW).await.unwrap());
    outcome = done();
    outcome.run_millis = Some(5);
    assert!(!db.store.finish(&lease, &outcome, NOW).await.unwrap());
    assert_eq!(db.store.runs().await.unwrap(), []);
}

on_both!(
    the_last_fifty_runs_of_a_kind_are_kept,
    a_failed_or_refused_run_says_nothing_about_durations,
);
