//! Backups: every table is in them or is named as never being in them, and nothing of a job is.

use domain::Id;
use serde_json::Value;

use crate::common::{Database, NOW, done, on_both};
use store::{ApiKey, Check, JobKey, Owner, Receipt, Store, StoreError, TableRows};

/// An installation that has something of everything, and the job's key.
async fn fill(store: &Store, db: &Database) -> JobKey {
    let key = db.queue("somebody", NOW).await;
    let claimed = db.claim(NOW).await.unwrap();
    let mut outcome = done();
    outcome.run_millis = Some(1234);
    assert!(store.finish(&claimed.lease, &outcome, NOW).await.unwrap());
    let receipt = Receipt {
        object: Id::random(),
        job: key.clone(),
        kind: "picture".into(),
        deleted_at: NOW,
        signed_text: "as it was signed".into(),
    };
    store.keep_receipt(&receipt).await.unwrap();
    let check = Check {
        name: "verify_deletion".into(),
        ran_at: NOW,
        passed: true,
        looked_at: i64::MAX as u64,
    };
    store.note_check(&check).await.unwrap();
    let api_key = ApiKey {
        name: "plotter".into(),
        owner: Owner::new("opaque"),
        scopes: vec!["read".into()],
        created_at: NOW,
    };
    store.create_key(Id::random(), &api_key).await.unwrap();
    key
}

async fn what_was_backed_up_is_there_again_and_no_job_is(db: Database) {
    let key = fill(&db.store, &db).await;
    let tables = db.store.back_up().await.unwrap();
    assert!(
        tables.iter().all(|table| table.rows.len() == 1),
        "{tables:?}"
    );
    for other in [Database::sqlite().await, Database::postgres().await] {
        let restoring = other.store.restore(&tables, false).await.unwrap();
        let restored = restoring.commit().await.unwrap();
        assert!(
            restored
                .iter()
                .all(|table| (table.rows, table.replaced) == (1, 0))
        );
        assert_eq!(other.store.back_up().await.unwrap(), tables);
        assert_eq!(
            other.store.receipts(&key).await.unwrap(),
            db.store.receipts(&key).await.unwrap()
        );
        assert_eq!(
            other.store.checks().await.unwrap(),
            db.store.checks().await.unwrap()
        );
        assert_eq!(
            other.store.runs().await.unwrap(),
            db.store.runs().await.unwrap()
        );
        assert_eq!(other.store.job(&key).await.unwrap(), None);
        assert!(other.store.live_jobs().await.unwrap().is_empty());
    }
}

async fn rows_that_are_there_are_replaced_only_when_told(db: Database) {
    fill(&db.store, &db).await;
    let before = db.store.back_up().await.unwrap();
    let mut tables = before.clone();
    tables[1].rows.clear();
    let refused = db.store.restore(&tables, false).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::NotEmpty { rows: 1, .. }),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("--replace"), "{refused}");
    assert_eq!(db.store.back_up().await.unwrap(), before);

    let dropped = db.store.restore(&tables, true).await.unwrap();
    drop(dropped);
    assert_eq!(db.store.back_up().await.unwrap(), before, "not committed");
    let restoring = db.store.restore(&tables, true).await.unwrap();
    let restored = restoring.commit().await.unwrap();
    assert_eq!((restored[1].rows, restored[1].replaced), (0, 1));
    assert_eq!(db.store.back_up().await.unwrap(), tables);
    assert_eq!(db.store.live_jobs().await.unwrap().len(), 1, "jobs stay");
}

async fn what_a_newer_version_backed_up_is_refused_whole(db: Database) {
    let table = |table: &str, column: &str, value: Value| TableRows {
        table: table.into(),
        columns: vec![column.into()],
        rows: vec![vec![value]],
    };
    let check = |column| table("checks", column, "x".into());
    for (newer, named) in [
        (table("accounts", "name", "x".into()), "accounts"),
        (table("jobs", "job_key", "x".into()), "jobs"),
        (check("mood"), "checks.mood"),
        (check("name = name; --"), "checks.name = name; --"),
    ] {
        let refused = db.store.restore(&[newer], true).await.unwrap_err();
        assert!(
            matches!(&refused, StoreError::NewerBackup(what) if what == named),
            "{refused:?}"
        );
    }
    let odd = table("checks", "name", 7.into());
    let refused = db.store.restore(&[odd], true).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unknown(_)), "{refused:?}");
}

on_both!(
    what_was_backed_up_is_there_again_and_no_job_is,
    rows_that_are_there_are_replaced_only_when_told,
    what_a_newer_version_backed_up_is_refused_whole,
);
