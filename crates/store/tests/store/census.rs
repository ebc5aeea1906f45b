//! How many jobs there are and how late anything is.

use domain::JobState;

use crate::common::{Database, NOW, done, failed, on_both};

async fn jobs_are_counted_by_where_they_stand_until_they_are_destroyed(db: Database) {
    let nothing = db.store.census(NOW).await.unwrap();
    assert_eq!(nothing.jobs.map(|(_, count)| count), [0; 5]);
    assert_eq!((nothing.waiting_since, nothing.overdue_since), (None, None));

    let later = NOW.plus_secs(7);
    let first = db.queue("a", NOW).await;
    for outcome in [done(), failed()] {
        let lease = db.claim(later).await.unwrap().lease;
        assert!(db.store.finish(&lease, &outcome, later).await.unwrap());
        db.queue("a", later).await;
    }
    let census = db.store.census(later).await.unwrap();
    let count = |state| {
        let mut jobs = census.jobs.iter();
        jobs.find(|(known, _)| *known == state).unwrap().1
    };
    assert_eq!(count(JobState::Queued), 1);
    assert_eq!(count(JobState::Running), 0);
    assert_eq!((count(JobState::Done), count(JobState::Failed)), (1, 1));
    assert_eq!(census.waiting_since, Some(later));
    assert_eq!(census.overdue_since, None);

    // Its objects are not destroyed yet.
    db.store.entomb(&first, later).await.unwrap();
    let census = db.store.census(later).await.unwrap();
    assert_eq!(census.jobs.iter().map(|(_, count)| count).sum::<u64>(), 2);
    assert_eq!(census.overdue_since, Some(later));
    db.store.scrub(&first).await.unwrap();
    assert_eq!(db.store.census(later).await.unwrap().overdue_since, None);

    let too_late = later.plus_secs(3600);
    let census = db.store.census(too_late).await.unwrap();
    assert_eq!(census.overdue_since, Some(too_late));
}

on_both!(jobs_are_counted_by_where_they_stand_until_they_are_destroyed);
