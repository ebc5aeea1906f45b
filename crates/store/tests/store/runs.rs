//! What the time left is guessed from.

use crate::common::{Database, NOW, done, failed, on_both};

async fn the_usual_duration_is_the_median_of_the_last_fifty_runs_of_its_kind(db: Database) {
    let usual = async |tier: &str| db.store.usual_run_millis(tier, "builtin").await.unwrap();
    assert_eq!(usual("pro").await, None);
    // Ten slow runs long ago, then fifty from 1,000 to 1,049 ms.
    for number in 0..60_u64 {
        db.queue("a", NOW).await;
        let now = NOW.plus_secs(number as i64);
        let lease = db.claim(now).await.unwrap().lease;
        let mut outcome = done();
        outcome.run_millis = Some(if number < 10 { 90_000 } else { 990 + number });
        assert!(db.store.finish(&lease, &outcome, now).await.unwrap());
        if number == 9 {
            assert_eq!(usual("pro").await, Some(90_000));
        }
    }
    assert_eq!(usual("pro").await, Some(1024));
    assert_eq!(usual("base").await, None, "another tier");
    let other_engine = db.store.usual_run_millis("pro", "inflate").await;
    assert_eq!(other_engine.unwrap(), None);
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
    let usual = db.store.usual_run_millis("pro", "builtin").await;
    assert_eq!(usual.unwrap(), None);
}

on_both!(
    the_usual_duration_is_the_median_of_the_last_fifty_runs_of_its_kind,
    a_failed_or_refused_run_says_nothing_about_durations,
);
