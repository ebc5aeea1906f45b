//! Every way for a job to end other than well, and every way for its owner to end it.

use crate::common::{Behaviour, House};
use domain::JobState;
use lifecycle::{Artifact, ReadError};

#[tokio::test]
async fn a_job_that_waits_can_be_cancelled_again_and_again() {
    let house = House::new().await;
    let id = house.submit().await.id;
    for _ in 0..2 {
        let view = house.lifecycle().cancel(id).await.unwrap();
        assert_eq!(view.state, JobState::Cancelled);
    }
    assert!(house.object_files().is_empty(), "the picture is destroyed");
    let running = house.run();
    let next = house.submit().await.id;
    house.wait_for(next, JobState::Done).await;
    let view = house.lifecycle().job(id).await.unwrap();
    assert_eq!(view.state, JobState::Cancelled, "it never ran");
    running.stop().await;
}

#[tokio::test]
async fn a_job_that_runs_can_be_cancelled() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = house.submit().await.id;
    let mut watch = house.lifecycle().watch(id).await.unwrap();
    held.wait_until_busy().await;
    let view = house.lifecycle().cancel(id).await.unwrap();
    assert_eq!(view.state, JobState::Cancelled);
    while watch.changed().await.is_ok() {}
    assert_eq!(watch.borrow().state, JobState::Cancelled);
    held.release();

    let next = house.submit().await.id;
    house.wait_for(next, JobState::Done).await;
    house.lifecycle().destroy(next).await.unwrap();
    assert!(house.object_files().is_empty(), "no model was kept");
    running.stop().await;
}

#[tokio::test]
async fn cancelling_a_finished_job_changes_nothing() {
    let house = House::new().await;
    let running = house.run();
    let id = house.submit().await.id;
    house.wait_for(id, JobState::Done).await;
    assert_eq!(
        house.lifecycle().cancel(id).await.unwrap().state,
        JobState::Done
    );
    assert!(
        house
            .lifecycle()
            .download(id, Artifact::Model)
            .await
            .is_ok()
    );
    running.stop().await;
}

#[tokio::test]
async fn destroying_a_job_that_runs_stops_it_and_leaves_nothing() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = house.submit().await.id;
    let mut watch = house.lifecycle().watch(id).await.unwrap();
    held.wait_until_busy().await;
    house.lifecycle().destroy(id).await.unwrap();
    assert!(house.object_files().is_empty());
    while watch.changed().await.is_ok() {}
    assert!(watch.borrow().state.is_final());
    held.release();
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
    assert!(matches!(
        house.lifecycle().destroy(id).await,
        Err(ReadError::Gone)
    ));
    running.stop().await;
    assert!(house.object_files().is_empty(), "the run left nothing");
}

#[tokio::test]
async fn a_crash_in_the_engine_fails_its_own_job_only() {
    let house = House::new().await;
    let running = house.run();
    house.engine_will(Behaviour::Panic);
    let crashed = house.submit().await.id;
    house.wait_for(crashed, JobState::Failed).await;
    house.engine_will(Behaviour::Work);
    let next = house.submit().await.id;
    house.wait_for(next, JobState::Done).await;

    let view = house.lifecycle().job(crashed).await.unwrap();
    assert!(
        view.failure_text()
            .unwrap()
            .contains("stopped unexpectedly")
    );
    running.stop().await;
}

#[tokio::test]
async fn a_failed_job_says_why() {
    let house = House::new().await;
    house.engine_will(Behaviour::Fail);
    let running = house.run();
    let id = house.submit().await.id;
    let mut watch = house.lifecycle().watch(id).await.unwrap();
    while watch.changed().await.is_ok() {}
    let view = watch.borrow().clone();
    assert_eq!(view.state, JobState::Failed);
    assert_eq!(view.stage, Some(engine::Stage::Shape));
    let failure = view.failure_text().unwrap();
    assert!(
        failure.contains("background removal does not work"),
        "{failure}"
    );
    assert!(matches!(
        house.lifecycle().download(id, Artifact::Model).await,
        Err(ReadError::NotReady)
    ));
    running.stop().await;
}

#[tokio::test]
async fn a_tampered_picture_fails_its_job_and_a_tampered_model_is_not_given_out() {
    let house = House::new().await;
    let spoil = |house: &House| {
        for path in house.object_files() {
            if path.extension().is_some_and(|end| end == "sealed") {
                let mut bytes = std::fs::read(&path).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(&path, bytes).unwrap();
            }
        }
    };
    let id = house.submit().await.id;
    spoil(&house);
    let running = house.run();
    house.wait_for(id, JobState::Failed).await;

    let id = house.submit().await.id;
    house.wait_for(id, JobState::Done).await;
    spoil(&house);
    for artifact in [Artifact::Model, Artifact::Preview] {
        let download = house.lifecycle().download(id, artifact).await;
        assert!(matches!(download, Err(ReadError::Storage(_))));
    }
    running.stop().await;
}
