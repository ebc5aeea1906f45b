//! Everything is forgotten on time: unreadable from the deadline on, and gone from the disk.

use std::time::Duration;

use crate::common::{House, finished, picture};
use domain::JobState;
use lifecycle::{Artifact, ReadError};

const HOUR: i64 = 3600;

#[tokio::test]
async fn nothing_can_be_read_from_the_deadline_on_though_no_reaper_runs() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    house.clock.advance_secs(HOUR - 1);
    assert!(lifecycle.download(id, Artifact::Model).await.is_ok());
    house.clock.advance_secs(1);
    let download = lifecycle.download(id, Artifact::Model).await;
    assert!(matches!(download, Err(ReadError::Gone)));
    assert!(matches!(lifecycle.job(id).await, Err(ReadError::Gone)));
    assert!(matches!(lifecycle.watch(id).await, Err(ReadError::Gone)));
    assert!(!house.object_files().is_empty(), "no reaper was here");
}

#[tokio::test]
async fn the_models_hour_begins_when_it_is_made() {
    let house = House::new().await;
    let submitted = house.submit().await;
    house.clock.advance_secs(HOUR / 2);
    let running = house.run();
    house.wait_for(submitted.id, JobState::Done).await;
    running.stop().await;
    let done = house.lifecycle().job(submitted.id).await.unwrap();
    let later = done.expires_at.0 - submitted.expires_at.0;
    assert_eq!(later, HOUR / 2 * 1000);
}

#[tokio::test]
async fn after_the_reaper_no_file_holds_a_trace_of_picture_model_or_ciphertext() {
    let house = House::new().await;
    let upload = picture(b"MARKER");
    let admitted = imaging::encode_png(&imaging::decode(&upload, &Default::default()).unwrap());
    let id = house.submit_bytes(upload.clone()).await.unwrap().id;
    let mut secrets = vec![upload, admitted];
    secrets.extend(house.sealed_bytes());
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    for artifact in [Artifact::Model, Artifact::Preview] {
        let download = house.lifecycle().download(id, artifact).await.unwrap();
        secrets.push(download.bytes.to_vec());
    }
    running.stop().await;
    let ciphertext = house.sealed_bytes();
    assert!(
        crate::common::traces(&house, &ciphertext) > 0,
        "the search works"
    );
    secrets.extend(ciphertext);

    house.clock.advance_secs(HOUR);
    house.lifecycle().reap().await.unwrap();
    assert!(house.object_files().is_empty());
    assert_eq!(crate::common::traces(&house, &secrets), 0);
    assert_eq!(
        crate::common::traces(&house, &[id.to_string().into_bytes()]),
        0
    );
}

#[tokio::test]
async fn an_upload_that_nobody_gets_to_is_destroyed_after_an_hour() {
    let house = House::new().await;
    let id = house.submit().await.id;
    let mut watch = house.lifecycle().watch(id).await.unwrap();
    house.clock.advance_secs(HOUR);
    house.lifecycle().reap().await.unwrap();
    assert!(house.object_files().is_empty());
    while watch.changed().await.is_ok() {}
    assert!(watch.borrow().state.is_final());
}

#[tokio::test]
async fn a_picture_whose_hour_ends_while_the_engine_works_on_it_is_let_go() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = house.submit().await.id;
    held.wait_until_busy().await;
    house.clock.advance_secs(HOUR);
    house.lifecycle().reap().await.unwrap();
    held.release();
    running.stop().await;
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn the_reaper_comes_on_time_though_nobody_asks_for_anything() {
    let (house, _) = finished().await;
    house.clock.advance_secs(HOUR - 1);
    let running = house.run();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!house.object_files().is_empty(), "it is not due yet");
    house.clock.advance_secs(1);
    let waited = tokio::time::timeout(Duration::from_secs(10), async {
        while !house.object_files().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    waited.await.expect("the reaper came");
    running.stop().await;
}

#[tokio::test]
async fn what_fell_due_while_the_server_was_off_is_destroyed_before_it_answers() {
    let (mut house, id) = finished().await;
    let clock = house.clock.clone();
    house.reopen_after(|_| clock.advance_secs(HOUR)).await;
    assert!(house.object_files().is_empty());
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
}

#[tokio::test]
async fn a_destroyed_job_is_gone_for_a_day_and_then_unknown() {
    let (house, id) = finished().await;
    house.lifecycle().destroy(id).await.unwrap();
    house.clock.advance_secs(24 * HOUR - 1);
    house.lifecycle().reap().await.unwrap();
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    house.clock.advance_secs(2);
    house.lifecycle().reap().await.unwrap();
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::NotFound)
    ));
}

#[tokio::test]
async fn winding_the_clock_back_revives_nothing() {
    let (mut house, id) = finished().await;
    house.clock.advance_secs(HOUR);
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    house.clock.advance_secs(-HOUR);
    let download = house.lifecycle().download(id, Artifact::Model).await;
    assert!(matches!(download, Err(ReadError::Gone)));
    house.lifecycle().reap().await.unwrap();
    house.reopen_after(|_| {}).await;
    let download = house.lifecycle().download(id, Artifact::Model).await;
    assert!(matches!(download, Err(ReadError::Gone)));
}
