//! How long content stays: longer after a download, within its ceiling; shorter when asked for.

use crate::common::{House, finished, options, picture};
use domain::{Id, JobState, Lifetime};
use lifecycle::{Artifact, ReadError, Wishes};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

async fn left_secs(house: &House, id: Id) -> i64 {
    use domain::Clock;
    let view = house.lifecycle().job(id).await.unwrap();
    (view.expires_at.0 - house.clock.now().0) / 1000
}

#[tokio::test]
async fn c1_a_download_keeps_it_for_one_hour_more() {
    let (mut house, id) = finished().await;
    house.clock.advance_secs(50 * MINUTE);
    house.lifecycle().downloaded(id).await.unwrap();
    assert_eq!(left_secs(&house, id).await, HOUR);
    house.clock.advance_secs(HOUR - 1);
    house.lifecycle().reap().await.unwrap();
    for artifact in [Artifact::Model, Artifact::Preview] {
        let download = house.lifecycle().download(id, artifact).await;
        assert!(download.is_ok(), "{artifact:?}: vault and row agree");
    }
    house.reopen_after(|_| {}).await;
    assert_eq!(left_secs(&house, id).await, 1);
    house.clock.advance_secs(1);
    let download = house.lifecycle().download(id, Artifact::Model).await;
    assert!(matches!(download, Err(ReadError::Gone)));
}

#[tokio::test]
async fn c1_downloads_extend_it_to_its_ceiling_and_no_further() {
    for (ceiling_hours, expected) in [(6, 6), (2, 2), (100, 6)] {
        let house = House::with(|config| config.ceiling_secs = ceiling_hours * 3600).await;
        let id = house.finished(Lifetime::HOUR).await;
        let mut minutes = 0;
        while house.lifecycle().downloaded(id).await.is_ok() {
            house.clock.advance_secs(30 * MINUTE);
            minutes += 30;
            assert!(minutes <= 7 * 60, "it never ends");
        }
        assert_eq!(minutes, expected * 60, "ceiling {ceiling_hours} h");
        house.lifecycle().reap().await.unwrap();
        assert!(house.object_files().is_empty());
    }
}

#[tokio::test]
async fn c1_a_shorter_life_is_kept_by_picture_model_and_downloads() {
    let house = House::new().await;
    let five = Lifetime::of_secs(300).unwrap();
    let id = house.finished(five).await;
    assert_eq!(left_secs(&house, id).await, 300);
    house.clock.advance_secs(200);
    house.lifecycle().downloaded(id).await.unwrap();
    assert_eq!(left_secs(&house, id).await, 300);
    house.clock.advance_secs(300);
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));

    // And a picture that nobody gets to.
    let wishes = Wishes {
        lifetime: five,
        ..options().into()
    };
    let waiting = house.lifecycle().submit(picture(b"x"), wishes).await;
    assert_eq!(left_secs(&house, waiting.unwrap().id).await, 300);
    house.clock.advance_secs(300);
    house.lifecycle().reap().await.unwrap();
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn c1_deleted_after_the_first_download() {
    let house = House::new().await;
    let id = house.finished(Lifetime::HOUR.until_first_download()).await;
    assert!(
        house
            .lifecycle()
            .job(id)
            .await
            .unwrap()
            .delete_after_download
    );
    let mut reader = house.lifecycle().reader(id, Artifact::Model).await.unwrap();
    house.lifecycle().downloaded(id).await.unwrap();
    assert!(house.object_files().is_empty());
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    assert!(matches!(
        house.lifecycle().downloaded(id).await,
        Err(ReadError::Gone)
    ));
    // Somebody who was in the middle of it gets an error and no more bytes.
    let mut left = 0..reader.len();
    assert!(matches!(reader.next(&mut left).await, Err(ReadError::Gone)));
}

#[tokio::test]
async fn c1_it_can_be_shortened_again_and_again_and_never_lengthened() {
    let (mut house, id) = finished().await;
    let mut before = left_secs(&house, id).await;
    for secs in [1800, 3600, 600, 1200, 60] {
        let view = house
            .lifecycle()
            .shorten(id, Some(secs), false)
            .await
            .unwrap();
        let left = left_secs(&house, id).await;
        assert!(left <= before && left <= i64::from(secs), "{secs}: {left}");
        assert!(!view.delete_after_download);
        before = left;
    }
    // Not by a download either.
    house.lifecycle().downloaded(id).await.unwrap();
    assert_eq!(left_secs(&house, id).await, 60);
    house.reopen_after(|_| {}).await;
    house.clock.advance_secs(60);
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    let late = house.lifecycle().shorten(id, Some(60), false).await;
    assert!(matches!(late, Err(ReadError::Gone)));
}

#[tokio::test]
async fn c1_deletion_after_a_download_can_be_asked_for_later_and_not_taken_back() {
    let (house, id) = finished().await;
    let view = house.lifecycle().shorten(id, None, true).await.unwrap();
    assert!(view.delete_after_download);
    assert_eq!(left_secs(&house, id).await, HOUR);
    let view = house
        .lifecycle()
        .shorten(id, Some(600), false)
        .await
        .unwrap();
    assert!(view.delete_after_download);
    house.lifecycle().downloaded(id).await.unwrap();
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn c1_what_is_made_while_its_life_is_shortened_has_the_shorter_one() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = house.submit().await.id;
    held.wait_until_busy().await;
    let view = house
        .lifecycle()
        .shorten(id, Some(120), false)
        .await
        .unwrap();
    assert_eq!(view.state, JobState::Running);
    held.release();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    assert_eq!(left_secs(&house, id).await, 120);
    // The vault knows, too: it needs no row to refuse and to destroy.
    let mut reader = house.lifecycle().reader(id, Artifact::Model).await.unwrap();
    house.clock.advance_secs(120);
    let mut left = 0..reader.len();
    assert!(matches!(reader.next(&mut left).await, Err(ReadError::Gone)));
}

#[tokio::test]
async fn c2_reading_in_parts_gives_the_same_bytes_and_ends_at_the_deadline() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    let whole = lifecycle.download(id, Artifact::Model).await.unwrap().bytes;
    let len = whole.len() as u64;
    for part in [0..len, 1..len - 1, 7..8, len - 1..len] {
        let mut reader = lifecycle.reader(id, Artifact::Model).await.unwrap();
        assert_eq!(reader.len(), len);
        let (mut left, mut read) = (part.clone(), Vec::new());
        while !left.is_empty() {
            read.extend_from_slice(&reader.next(&mut left).await.unwrap());
        }
        assert_eq!(read, whole[part.start as usize..part.end as usize]);
    }
    let mut reader = lifecycle.reader(id, Artifact::Model).await.unwrap();
    house.clock.advance_secs(HOUR);
    let mut left = 0..len;
    assert!(matches!(reader.next(&mut left).await, Err(ReadError::Gone)));
}
