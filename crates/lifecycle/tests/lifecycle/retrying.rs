//! A failed job once more: while its picture is there, so often, and never twice at a time.

use domain::{JobState, Lifetime};
use engine::{Shaper, Tier};
use lifecycle::{Again, Config, ReadError, RetryError, Wishes};
use store::Store;
use vault::Reason;

use crate::common::{Behaviour, House, Running, blank, options, picture};

/// A house with a job that failed.
async fn failed() -> (House, domain::Id, Running) {
    let house = House::new().await;
    house.engine_will(Behaviour::Fail);
    let running = house.run();
    let id = house.submit().await.id;
    house.wait_for(id, JobState::Failed).await;
    (house, id, running)
}

#[tokio::test]
async fn a_failed_job_keeps_its_picture_and_may_become_a_model_with_other_options() {
    let (house, id, running) = failed().await;
    let before = house.lifecycle().job(id).await.unwrap();
    assert!(before.can_be_retried);
    assert_eq!(house.object_files().len(), 2, "the picture and its key");
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    assert!(receipts.is_empty(), "nothing is destroyed");

    house.clock.advance_secs(60);
    let held = house.hold_engine();
    let again = Again {
        tier: Some(Tier::Pro),
        shaper: Some(Shaper::Builtin),
        keep_background: None,
    };
    let view = house.lifecycle().retry(id, again).await.unwrap();
    assert!(!view.can_be_retried && view.failure.is_none());
    assert_eq!(view.expires_at, before.expires_at, "no second longer");
    assert_eq!(view.options.tier, Tier::Pro);
    assert_eq!(view.options.shaper, Shaper::Builtin);
    assert_eq!(view.options.faces, before.options.faces);
    held.release();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    let reasons = receipts.iter().map(|one| one.unverified().reason);
    assert_eq!(reasons.collect::<Vec<_>>(), [Reason::Unused]);
    let impossible = house.lifecycle().retry(id, Again::default()).await;
    assert!(matches!(impossible, Err(RetryError::Impossible)));
}

#[tokio::test]
async fn c1_a_failed_jobs_picture_is_kept_no_longer_than_its_own_deadline() {
    let (house, id, running) = failed().await;
    running.stop().await;
    let retried = house.lifecycle().retry(id, Again::default()).await;
    retried.unwrap();
    house.clock.advance_secs(3599);
    house.lifecycle().reap().await.unwrap();
    assert_eq!(house.object_files().len(), 2);
    house.clock.advance_secs(1);
    let gone = house.lifecycle().retry(id, Again::default()).await;
    assert!(matches!(gone, Err(RetryError::Read(ReadError::Gone))));
    house.lifecycle().reap().await.unwrap();
    assert!(house.object_files().is_empty());
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    assert_eq!(receipts[0].unverified().reason, Reason::Expired);
}

#[tokio::test]
async fn where_trying_again_can_not_help_the_picture_is_destroyed_at_once() {
    let house = House::new().await;
    let running = house.run();
    let id = house.submit_bytes(blank()).await.unwrap().id;
    house.wait_for(id, JobState::Failed).await;
    running.stop().await;
    let view = house.lifecycle().job(id).await.unwrap();
    assert!(
        view.failure_text()
            .unwrap()
            .contains("transparent everywhere")
    );
    assert!(!view.can_be_retried);
    assert!(house.object_files().is_empty());
    let impossible = house.lifecycle().retry(id, Again::default()).await;
    assert!(matches!(impossible, Err(RetryError::Impossible)));
}

#[tokio::test]
async fn three_times_are_enough_and_then_the_picture_is_destroyed() {
    let (house, id, running) = failed().await;
    for time in 1..=3 {
        assert!(!house.object_files().is_empty());
        let again = house.lifecycle().retry(id, Again::default()).await;
        again.unwrap();
        house.wait_for(id, JobState::Failed).await;
        let view = house.lifecycle().job(id).await.unwrap();
        assert_eq!(view.can_be_retried, time < 3, "{time}");
    }
    running.stop().await;
    assert!(house.object_files().is_empty());
    let impossible = house.lifecycle().retry(id, Again::default()).await;
    assert!(matches!(impossible, Err(RetryError::Impossible)));
}

#[tokio::test]
async fn two_clicks_make_one_run() {
    let (house, id, running) = failed().await;
    let held = house.hold_engine();
    let click = || house.lifecycle().retry(id, Again::default());
    let (one, other) = tokio::join!(click(), click());
    assert!(!one.unwrap().state.is_final() && !other.unwrap().state.is_final());
    held.wait_until_busy().await;
    let late = click().await.unwrap();
    assert_eq!(late.state, JobState::Running, "it runs already");
    held.release();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    let store = Store::open(&house.data_dir().join("jobs.sqlite"))
        .await
        .unwrap();
    let row = store.job(&store::JobKey::of(id)).await.unwrap().unwrap();
    assert_eq!((row.retries, row.tries), (1, 1));
    assert_eq!(house.named_objects().await, 2, "one model and one preview");
}

/// The job is destroyed, whichever is first, and nothing of it stays or runs.
#[tokio::test(flavor = "multi_thread")]
async fn trying_again_while_it_is_deleted_brings_nothing_back() {
    for _ in 0..10 {
        let (house, id, running) = failed().await;
        house.engine_will(Behaviour::Work);
        let lifecycle = house.lifecycle().clone();
        let retry = tokio::spawn(async move { lifecycle.retry(id, Again::default()).await });
        house.lifecycle().destroy(id).await.unwrap();
        match retry.await.unwrap() {
            Ok(_) | Err(RetryError::Read(ReadError::Gone)) => {}
            Err(error) => panic!("{error}"),
        }
        running.stop().await;
        let gone = house.lifecycle().job(id).await;
        assert!(matches!(gone, Err(ReadError::Gone)));
        assert!(house.object_files().is_empty());
    }
}

#[tokio::test]
async fn trying_again_waits_for_a_place_like_everybody() {
    let house = House::with(|config: &mut Config| config.max_queued_per_owner = 1).await;
    house.engine_will(Behaviour::Fail);
    let running = house.run();
    let id = house.submit().await.id;
    house.wait_for(id, JobState::Failed).await;
    running.stop().await;
    house.submit().await;
    let refused = house.lifecycle().retry(id, Again::default()).await;
    assert!(matches!(
        refused,
        Err(RetryError::OwnerFull { limit: 1, .. })
    ));
    let view = house.lifecycle().job(id).await.unwrap();
    assert!(view.can_be_retried, "later");
}

#[tokio::test]
async fn after_a_restart_it_can_be_tried_again_unless_the_keys_went_with_it() {
    for ephemeral in [false, true] {
        let mut house = House::with(|config: &mut Config| config.ephemeral = ephemeral).await;
        house.engine_will(Behaviour::Fail);
        let running = house.run();
        let wishes = Wishes {
            lifetime: Lifetime::of_secs(600).unwrap(),
            ..options().into()
        };
        let submitted = house
            .lifecycle()
            .submit(picture(b"a comment"), wishes)
            .await;
        let id = submitted.unwrap().id;
        house.wait_for(id, JobState::Failed).await;
        running.stop().await;
        house.reopen_after(|_| {}).await;
        let view = house.lifecycle().job(id).await.unwrap();
        assert_eq!(view.can_be_retried, !ephemeral);
        let retried = house.lifecycle().retry(id, Again::default()).await;
        assert_eq!(retried.is_ok(), !ephemeral);
    }
}
