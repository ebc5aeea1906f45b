//! Receipts of destruction, and what the installation found out about itself.

use domain::{Id, UnixMillis};

use crate::common::{Database, NOW, on_both};
use store::{Check, JobKey, RECEIPT_SECS, Receipt};

fn receipt(job: &JobKey, kind: &str, deleted_at: UnixMillis) -> Receipt {
    Receipt {
        object: Id::random(),
        job: job.clone(),
        kind: kind.into(),
        deleted_at,
        signed_text: format!("{kind} destroyed\nsigned: …"),
    }
}

async fn a_receipt_is_kept_once_and_found_by_its_job(db: Database) {
    let job = JobKey::of(Id::random());
    let model = receipt(&job, "model", NOW.plus_secs(2));
    let picture = receipt(&job, "picture", NOW);
    for receipt in [&model, &picture] {
        db.store.keep_receipt(receipt).await.unwrap();
    }
    let again = Receipt {
        deleted_at: NOW.plus_secs(9),
        signed_text: "another".into(),
        ..model.clone()
    };
    db.store.keep_receipt(&again).await.unwrap();
    let kept = db.store.receipts(&job).await.unwrap();
    assert_eq!(kept, [picture, model]);
    let other = db.store.receipts(&JobKey::of(Id::random())).await.unwrap();
    assert_eq!(other, []);
}

async fn receipts_outlive_tombstones_and_are_forgotten_after_thirty_days(db: Database) {
    let job = db.queue("a", NOW).await;
    db.store
        .keep_receipt(&receipt(&job, "picture", NOW))
        .await
        .unwrap();
    db.store.entomb(&job, NOW).await.unwrap();
    db.store.scrub(&job).await.unwrap();
    let next_day = NOW.plus_secs(86_401);
    assert_eq!(db.store.forget_tombstones(next_day).await.unwrap(), 1);
    let last = UnixMillis(NOW.plus_secs(RECEIPT_SECS).0 - 1);
    assert_eq!(db.store.forget_outdated(last).await.unwrap(), 0);
    assert_eq!(db.store.receipts(&job).await.unwrap().len(), 1);
    let end = NOW.plus_secs(30 * 86_400);
    assert_eq!(db.store.forget_outdated(end).await.unwrap(), 1);
    assert_eq!(db.store.receipts(&job).await.unwrap(), []);
}

async fn whose_turn_it_was_is_forgotten_after_an_hour_unless_they_wait(db: Database) {
    db.queue("gone", NOW).await;
    db.queue("waits", NOW).await;
    db.run_one(NOW).await;
    db.run_one(NOW).await;
    db.queue("waits", NOW).await;
    let just_before = UnixMillis(NOW.plus_secs(3600).0 - 1);
    assert_eq!(db.store.forget_outdated(just_before).await.unwrap(), 0);
    let forgotten = db.store.forget_outdated(NOW.plus_secs(3600)).await;
    assert_eq!(forgotten.unwrap(), 1);
}

async fn a_check_is_kept_in_place_of_its_last_one(db: Database) {
    let mut check = Check {
        name: "nothing_readable_after_deadline".into(),
        ran_at: NOW,
        passed: true,
        looked_at: 12,
    };
    let other = Check {
        name: "another".into(),
        ..check.clone()
    };
    for check in [&check, &other] {
        db.store.note_check(check).await.unwrap();
    }
    check.passed = false;
    check.looked_at = 13;
    check.ran_at = NOW.plus_secs(60);
    db.store.note_check(&check).await.unwrap();
    assert_eq!(db.store.checks().await.unwrap(), [other, check]);
}

on_both!(
    a_receipt_is_kept_once_and_found_by_its_job,
    receipts_outlive_tombstones_and_are_forgotten_after_thirty_days,
    whose_turn_it_was_is_forgotten_after_an_hour_unless_they_wait,
    a_check_is_kept_in_place_of_its_last_one,
);
