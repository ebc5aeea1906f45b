//! The whole path of one picture, from upload to destruction.

use crate::common::{House, picture};
use domain::JobState;
use engine::Stage;
use lifecycle::{Artifact, ReadError};

#[tokio::test]
async fn a_picture_becomes_a_model_that_can_be_downloaded_and_destroyed() {
    let house = House::new().await;
    let submitted = house.submit().await;
    assert_eq!(submitted.state, JobState::Queued);
    assert_eq!(submitted.queue_position, Some(0));
    assert!(matches!(
        house
            .lifecycle()
            .download(submitted.id, Artifact::Model)
            .await,
        Err(ReadError::NotReady)
    ));

    let mut watch = house.lifecycle().watch(submitted.id).await.unwrap();
    let running = house.run();
    let mut seen = vec![watch.borrow_and_update().clone()];
    while watch.changed().await.is_ok() {
        seen.push(watch.borrow_and_update().clone());
    }
    let last = seen.last().unwrap();
    assert_eq!(last.state, JobState::Done, "{last:?}");
    assert_eq!(last.progress, 1.0);
    let stages: Vec<Stage> = last.stage_millis.iter().map(|(stage, _)| *stage).collect();
    assert_eq!(stages, Stage::ALL);
    assert!(seen.iter().map(|view| view.progress).is_sorted());
    assert_eq!(*last, house.lifecycle().job(submitted.id).await.unwrap());

    let model = house
        .lifecycle()
        .download(submitted.id, Artifact::Model)
        .await;
    let model = model.unwrap();
    assert!(model.bytes.starts_with(b"glTF"));
    assert_eq!(model.expires_at, last.expires_at);
    let preview = house
        .lifecycle()
        .download(submitted.id, Artifact::Preview)
        .await;
    assert!(preview.unwrap().bytes.starts_with(b"\x89PNG"));

    house.lifecycle().destroy(submitted.id).await.unwrap();
    for artifact in [Artifact::Model, Artifact::Preview] {
        let download = house.lifecycle().download(submitted.id, artifact).await;
        assert!(matches!(download, Err(ReadError::Gone)));
    }
    assert!(house.object_files().is_empty());
    running.stop().await;
}

#[tokio::test]
async fn the_picture_is_destroyed_as_soon_as_the_model_is_there() {
    let house = House::new().await;
    let id = house.submit().await.id;
    assert_eq!(house.object_files().len(), 2, "the picture and its key");
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    let mut files = house.object_files();
    files.retain(|path| path.extension().is_some_and(|end| end == "sealed"));
    assert_eq!(files.len(), 2, "model and preview");
}

#[tokio::test]
async fn jobs_run_in_the_order_they_came_and_the_others_see_themselves_move_up() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let mut jobs = Vec::new();
    for _ in 0..3 {
        house.clock.advance_secs(1);
        jobs.push(house.submit().await.id);
    }
    held.wait_until_busy().await;
    let mut last = house.lifecycle().watch(jobs[2]).await.unwrap();
    assert_eq!(last.borrow_and_update().queue_position, Some(1));
    held.release();
    let mut positions = vec![];
    while last.changed().await.is_ok() {
        let view = last.borrow_and_update().clone();
        positions.extend(view.queue_position);
    }
    assert_eq!(positions.last(), Some(&0));
    for id in jobs {
        assert_eq!(
            house.lifecycle().job(id).await.unwrap().state,
            JobState::Done
        );
    }
    running.stop().await;
}

#[tokio::test]
async fn watching_a_job_that_has_ended_gives_its_final_state_and_ends() {
    let house = House::new().await;
    let id = house.submit().await.id;
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    let mut watch = house.lifecycle().watch(id).await.unwrap();
    assert_eq!(watch.borrow_and_update().state, JobState::Done);
    assert!(watch.changed().await.is_err());
    running.stop().await;
}

#[tokio::test]
async fn a_guessed_id_finds_nothing() {
    let house = House::new().await;
    house.submit().await;
    let guess = domain::Id::random();
    let lifecycle = house.lifecycle();
    assert!(matches!(
        lifecycle.job(guess).await,
        Err(ReadError::NotFound)
    ));
    assert!(matches!(
        lifecycle.watch(guess).await,
        Err(ReadError::NotFound)
    ));
    assert!(matches!(
        lifecycle.cancel(guess).await,
        Err(ReadError::NotFound)
    ));
    assert!(matches!(
        lifecycle.destroy(guess).await,
        Err(ReadError::NotFound)
    ));
    assert!(matches!(
        lifecycle.download(guess, Artifact::Model).await,
        Err(ReadError::NotFound)
    ));
}

#[tokio::test]
async fn names_places_and_comments_in_the_file_are_never_stored() {
    let house = House::new().await;
    let upload = picture(b"MARKER: taken by Jane at 52.1N 4.3E");
    let admitted = imaging::encode_png(&imaging::decode(&upload, &Default::default()).unwrap());
    let holds_marker = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"MARKER");
    assert!(holds_marker(&upload));
    assert!(!holds_marker(&admitted));
    house.submit_bytes(upload).await.unwrap();
    for (path, bytes) in house.all_files() {
        assert!(!holds_marker(&bytes), "{}", path.display());
    }
}
