//! A server that stops or dies at any moment loses no job and leaves nothing behind.

use std::fs;
use std::sync::Arc;

use crate::common::House;
use domain::{Id, JobState, Lifetime};
use lifecycle::{Again, Artifact, OpenError, ReadError};
use store::{JobKey, Outcome, Store};
use vault::{Kind, Vault};

#[tokio::test]
async fn a_waiting_job_runs_after_a_restart() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    house.reopen_after(|_| {}).await;
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
}

#[tokio::test]
async fn a_finished_model_is_still_there_after_a_restart() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    house.reopen_after(|_| {}).await;
    assert!(
        house
            .lifecycle()
            .download(id, Artifact::Model)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_stopping_server_puts_the_running_job_back_and_the_next_one_finishes_it() {
    let mut house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = house.submit().await.id;
    held.wait_until_busy().await;
    let stopping = tokio::spawn(running.stop());
    // The stop is noticed before the engine goes on.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    held.release();
    stopping.await.unwrap();
    let view = house.lifecycle().job(id).await.unwrap();
    assert_eq!((view.state, view.progress), (JobState::Queued, 0.0));

    house.reopen_after(|_| {}).await;
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
}

/// Killed between the row's end and the picture's: found by `cargo xtask kills`.
#[tokio::test]
async fn c5_a_picture_whose_end_was_interrupted_has_its_receipt() {
    for end in ["cancelled", "failed", "done"] {
        let mut house = House::new().await;
        let id = house.submit().await.id;
        house.close().await;
        let folder = house.data_dir().join("vault");
        let vault = Vault::open(&folder, house.clock.clone()).unwrap();
        let [model, preview] = [Kind::Model, Kind::Preview]
            .map(|kind| vault.seal(kind, b"result", Lifetime::HOUR).unwrap());
        drop(vault);
        let store = Store::open(&house.data_dir().join("jobs.sqlite"))
            .await
            .unwrap();
        if end == "cancelled" {
            assert!(store.cancel(&JobKey::of(id)).await.unwrap());
        } else {
            let claimed = store.claim(crate::common::START, Id::random()).await;
            let lease = claimed.unwrap().expect("a job").lease;
            let made = (model.id, preview.id, model.deadline().moment());
            let outcome = Outcome {
                artifacts: (end == "done").then_some(made),
                failure: (end == "failed").then_some("no_foreground"),
                ..Outcome::default()
            };
            assert!(
                store
                    .finish(&lease, &outcome, crate::common::START)
                    .await
                    .unwrap()
            );
        }
        store.close().await;

        house.reopen_after(|_| {}).await;
        let receipts = house.lifecycle().receipts(id).await.unwrap();
        let kinds: Vec<_> = receipts
            .iter()
            .map(|signed| signed.unverified().kind)
            .collect();
        assert_eq!(kinds, [Kind::Picture]);
        let expected = if end == "done" { 2 } else { 0 };
        assert_eq!(house.named_objects().await, expected);
        assert_eq!(house.object_files().len(), 2 * expected);
    }
}

/// What a killed server leaves: a row that says "running", and nobody who runs it.
async fn kill_while_running(house: &mut House) {
    house.close().await;
    let store = Store::open(&house.data_dir().join("jobs.sqlite"))
        .await
        .unwrap();
    store
        .claim(crate::common::START, Id::random())
        .await
        .unwrap()
        .expect("a job");
    store.close().await;
}

#[tokio::test]
async fn a_job_that_ran_when_the_server_was_killed_runs_again() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    kill_while_running(&mut house).await;
    house.reopen_after(|_| {}).await;
    assert_eq!(
        house.lifecycle().job(id).await.unwrap().state,
        JobState::Queued
    );
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
}

#[tokio::test]
async fn a_job_that_kills_the_server_every_time_is_given_up() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    for _ in 0..3 {
        kill_while_running(&mut house).await;
        house.reopen_after(|_| {}).await;
    }
    let view = house.lifecycle().job(id).await.unwrap();
    assert_eq!(view.state, JobState::Failed);
    assert!(
        view.failure_text()
            .unwrap()
            .contains("stopped unexpectedly")
    );
    assert!(view.can_be_retried);
    let again = house.lifecycle().retry(id, Again::default()).await;
    assert_eq!(again.unwrap().state, JobState::Queued);
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
}

#[tokio::test]
async fn an_interrupted_job_whose_picture_is_lost_says_so() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    kill_while_running(&mut house).await;
    let files = house.object_files();
    house
        .reopen_after(|_| files.iter().for_each(|path| fs::remove_file(path).unwrap()))
        .await;
    let view = house.lifecycle().job(id).await.unwrap();
    assert_eq!(view.state, JobState::Failed);
    assert!(view.failure_text().unwrap().contains("send it again"));
}

#[tokio::test]
async fn objects_that_no_job_names_and_half_written_files_are_removed_at_the_start() {
    let mut house = House::new().await;
    house.submit().await;
    house.close().await;
    let folder = house.data_dir().join("vault");
    let vault = Vault::open(&folder, house.clock.clone()).unwrap();
    vault.seal(Kind::Model, b"orphan", Lifetime::HOUR).unwrap();
    drop(vault);
    for name in ["keys/x.key.unfinished", "objects/x.sealed.unfinished"] {
        fs::write(folder.join(name), b"half").unwrap();
    }
    house.reopen_after(|_| {}).await;
    assert_eq!(house.object_files().len(), 2, "the picture and its key");
    let unfinished = house
        .all_files()
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().contains("unfinished"));
    assert_eq!(unfinished.count(), 0);
}

#[tokio::test]
async fn a_job_whose_destruction_was_interrupted_is_destroyed_at_the_start() {
    let mut house = House::new().await;
    let id = house.submit().await.id;
    house.close().await;
    let store = Store::open(&house.data_dir().join("jobs.sqlite"))
        .await
        .unwrap();
    store
        .entomb(&JobKey::of(id), crate::common::START)
        .await
        .unwrap()
        .unwrap();
    store.close().await;
    house.reopen_after(|_| {}).await;
    assert!(house.object_files().is_empty());
    assert!(matches!(
        house.lifecycle().job(id).await,
        Err(ReadError::Gone)
    ));
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let house = House::new().await;
    let second = lifecycle::Lifecycle::open(
        lifecycle::Config::new(house.data_dir()),
        Arc::new(lifecycle::InProcess::new(Arc::new(engine::Engine::new(
            None,
        )))),
        house.clock.clone(),
    )
    .await;
    let error = second.err().expect("refused");
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(error.to_string().contains("another ai3dgen"), "{error}");
}
