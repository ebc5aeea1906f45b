//! One owner's many jobs and another's one wait alike.

use domain::UnixMillis;

use crate::common::{Database, NOW, on_both};
use store::{JobKey, Owner};

fn after(millis: i64) -> UnixMillis {
    UnixMillis(NOW.0 + millis)
}

async fn a_hundred_jobs_of_one_owner_do_not_starve_the_others(db: Database) {
    for number in 0..100 {
        db.queue("many", after(number)).await;
    }
    // One worker is busy with the first of them when the others come.
    assert_eq!(db.run_one(NOW).await.owner, Owner::new("many"));
    db.queue("one", after(1000)).await;
    for number in 0..3 {
        db.queue("three", after(2000 + number)).await;
    }
    let mut served = Vec::new();
    for _ in 0..7 {
        served.push(db.run_one(NOW).await.owner);
    }
    let expected = ["one", "three", "many", "three", "many", "three", "many"];
    assert_eq!(served, expected.map(Owner::new));
}

async fn who_has_fewest_running_is_next_whatever_their_turn(db: Database) {
    for number in 0..3 {
        db.queue("a", after(number)).await;
    }
    for owner in ["a", "a", "a"] {
        assert_eq!(db.claim(NOW).await.unwrap().row.owner, Owner::new(owner));
    }
    // Both had turns; b's is later, but nothing of b's runs.
    db.queue("b", after(10)).await;
    db.run_one(NOW).await;
    db.queue("a", after(20)).await;
    db.queue("b", after(21)).await;
    assert_eq!(db.claim(NOW).await.unwrap().row.owner, Owner::new("b"));
}

/// Turns outlive rows: who destroys each model at once doesn't pass for somebody who never had one.
async fn destroying_what_was_made_gives_nobody_an_earlier_turn(db: Database) {
    for number in 0..5 {
        db.queue("quick", after(number)).await;
    }
    let first = db.run_one(NOW).await;
    db.queue("patient", after(100)).await;
    db.store.entomb(&first.key, NOW).await.unwrap();
    db.store.scrub(&first.key).await.unwrap();
    db.store.forget_outdated(NOW).await.unwrap();
    assert_eq!(db.run_one(NOW).await.owner, Owner::new("patient"));
}

async fn the_places_told_are_the_order_served(db: Database) {
    // Some have had turns, some have jobs running, one is new.
    for (owner, count) in [("a", 5), ("b", 2), ("c", 6)] {
        for number in 0..count {
            db.queue(owner, after(number)).await;
        }
    }
    db.run_one(NOW).await;
    for _ in 0..4 {
        db.claim(NOW).await.unwrap();
    }
    for number in 0..3 {
        db.queue("d", after(-number)).await;
        db.queue("b", after(50 + number)).await;
    }
    let told = db.store.queue(NOW).await.unwrap();
    assert_eq!(told.len(), 14);
    for (ahead, key) in told.iter().enumerate() {
        let place = db.store.jobs_ahead(key, NOW).await.unwrap();
        assert_eq!(place, Some(ahead as u64));
    }
    let mut served: Vec<JobKey> = Vec::new();
    while let Some(claimed) = db.claim(NOW).await {
        served.push(claimed.row.key);
    }
    assert_eq!(served, told);
}

on_both!(
    a_hundred_jobs_of_one_owner_do_not_starve_the_others,
    who_has_fewest_running_is_next_whatever_their_turn,
    destroying_what_was_made_gives_nobody_an_earlier_turn,
    the_places_told_are_the_order_served,
);
