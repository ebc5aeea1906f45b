//! Downloads are counted, and move the deadline as far as they may.

use domain::UnixMillis;

use crate::common::{Database, LATER, NOW, done, on_both};
use store::JobKey;

/// A finished job with that ceiling, its deadline at [`LATER`].
async fn finished(db: &Database, ceiling_at: Option<UnixMillis>) -> JobKey {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let mut outcome = done();
    outcome.ceiling_at = ceiling_at;
    assert!(db.store.finish(&lease, &outcome, NOW).await.unwrap());
    key
}

async fn a_download_moves_the_deadline_up_to_the_ceiling_and_never_back(db: Database) {
    let ceiling = LATER.plus_secs(5000);
    let key = finished(&db, Some(ceiling)).await;
    let mut count = 0;
    for (now, wish, deadline) in [
        (10, 3610, 3610),
        (20, 3000, 3610), // never earlier
        (3600, 7200, 7200),
        (7000, 10_600, 8600), // the ceiling
        (8500, 12_100, 8600),
    ] {
        let now = NOW.plus_secs(now);
        let row = db.store.note_download(&key, now, NOW.plus_secs(wish)).await;
        let row = row.unwrap().expect("still there");
        count += 1;
        assert_eq!(row.expires_at, NOW.plus_secs(deadline));
        assert_eq!(row.downloads, count);
        assert_eq!(row.first_download_at, Some(NOW.plus_secs(10)));
        assert_eq!(row.last_download_at, Some(now));
        assert_eq!(row, db.row(&key).await);
    }
    let too_late = db
        .store
        .note_download(&key, ceiling, ceiling.plus_secs(1))
        .await;
    assert_eq!(too_late.unwrap(), None);
    assert_eq!(db.row(&key).await.downloads, count);
}

async fn without_a_ceiling_nothing_is_extended(db: Database) {
    let key = finished(&db, None).await;
    let noted = db.store.note_download(&key, NOW, LATER.plus_secs(1)).await;
    assert_eq!(noted.unwrap().unwrap().expires_at, LATER);
}

async fn what_is_destroyed_or_not_ready_is_not_downloaded(db: Database) {
    let waiting = db.queue("a", NOW).await;
    let noted = db.store.note_download(&waiting, NOW, LATER).await;
    assert_eq!(noted.unwrap(), None);
    db.store.cancel(&waiting).await.unwrap();
    let key = finished(&db, Some(LATER)).await;
    db.store.entomb(&key, NOW).await.unwrap();
    let noted = db.store.note_download(&key, NOW, LATER).await;
    assert_eq!(noted.unwrap(), None);
}

/// Neither download is lost, and the last moment is the latest one whichever comes first.
async fn downloads_at_once_are_all_counted(db: Database) {
    let key = finished(&db, Some(LATER.plus_secs(100))).await;
    let downloads: Vec<_> = (0..20)
        .map(|second| {
            let (store, key) = (db.store.clone(), key.clone());
            tokio::spawn(async move {
                let now = NOW.plus_secs(second);
                store.note_download(&key, now, now.plus_secs(3600)).await
            })
        })
        .collect();
    for download in downloads {
        download.await.unwrap().unwrap().expect("there");
    }
    let row = db.row(&key).await;
    assert_eq!(row.downloads, 20);
    assert_eq!(row.last_download_at, Some(NOW.plus_secs(19)));
    assert_eq!(row.expires_at, NOW.plus_secs(3619));
}

async fn a_life_gets_shorter_and_never_longer(db: Database) {
    let key = finished(&db, Some(LATER.plus_secs(5000))).await;
    let shorten = async |secs: Option<i64>, after_download| {
        let latest = secs.map(|secs| (secs, NOW.plus_secs(secs)));
        let row = db.store.shorten(&key, latest, after_download).await;
        row.unwrap().map(|row| (row.lifetime_secs, row.expires_at))
    };
    for (secs, expected) in [
        (Some(600), 600),
        (Some(900), 600),
        (None, 600),
        (Some(60), 60),
    ] {
        let shortened = shorten(secs, true).await;
        assert_eq!(shortened, Some((expected, NOW.plus_secs(expected))));
    }
    shorten(Some(1), false).await;
    assert!(
        db.row(&key).await.delete_after_download,
        "it is not taken back"
    );
    db.store.entomb(&key, NOW).await.unwrap();
    assert_eq!(shorten(Some(1), true).await, None);
}

async fn what_is_made_while_its_life_is_shortened_has_the_shorter_one(db: Database) {
    let key = db.queue("a", NOW).await;
    let lease = db.claim(NOW).await.unwrap().lease;
    let latest = Some((600, NOW.plus_secs(600)));
    db.store.shorten(&key, latest, false).await.unwrap();
    let now = NOW.plus_secs(100);
    assert!(db.store.finish(&lease, &done(), now).await.unwrap());
    assert_eq!(db.row(&key).await.expires_at, now.plus_secs(600));
}

on_both!(
    a_life_gets_shorter_and_never_longer,
    what_is_made_while_its_life_is_shortened_has_the_shorter_one,
    a_download_moves_the_deadline_up_to_the_ceiling_and_never_back,
    without_a_ceiling_nothing_is_extended,
    what_is_destroyed_or_not_ready_is_not_downloaded,
    downloads_at_once_are_all_counted,
);
