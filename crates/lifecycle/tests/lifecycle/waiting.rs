//! What is told to those who wait: how long it still takes, from what was measured here before.

use domain::{Id, JobState};
use engine::Tier;
use lifecycle::TimeLeft;
use store::{Bounds, JobKey, NewJob, Outcome, Owner, Store};

use crate::common::{Behaviour, House, START, options, picture};

/// So long did a run of this tier take.
async fn history(house: &mut House, runs: &[(&str, u64, &str)]) {
    house.close().await;
    let store = Store::open(&house.data_dir().join("jobs.sqlite"))
        .await
        .unwrap();
    for (tier, millis, stages) in runs {
        let wide = Bounds {
            total: 9,
            per_owner: 9,
        };
        let key = JobKey::of(Id::random());
        let job = NewJob {
            key: key.clone(),
            owner: Owner::new(""),
            idempotency: None,
            options: store::JobOptions {
                tool: None,
                tier: (*tier).into(),
                shaper: "auto".into(),
                seed: 0,
                faces: None,
                texture_px: None,
                topology: "triangle".into(),
                symmetry: "none".into(),
                size_metres: None,
                ground: "flat".into(),
                print: false,
                keep_background: false,
            },
            picture: Id::random(),
            views: 1,
            lifetime_secs: 3600,
            delete_after_download: false,
            created_at: START,
            expires_at: START.plus_secs(3600),
        };
        store.insert(&job, wide).await.unwrap();
        let claimed = store.claim(START, Id::random()).await.unwrap().unwrap();
        let outcome = Outcome {
            artifacts: Some((Id::random(), Id::random(), START.plus_secs(3600))),
            run_millis: Some(*millis),
            stage_millis: (*stages).into(),
            ..Outcome::default()
        };
        assert!(store.finish(&claimed.lease, &outcome, START).await.unwrap());
    }
    store.close().await;
    house.reopen_after(|_| {}).await;
}

async fn submit(house: &House, tier: Tier) -> Id {
    let options = engine::Options { tier, ..options() };
    let submitted = house.lifecycle().submit(picture(b"a comment"), options);
    submitted.await.unwrap().id
}

async fn left(house: &House, id: Id) -> Option<TimeLeft> {
    let view = house.lifecycle().job(id).await.unwrap();
    view.estimate.map(|estimate| estimate.left(house.now()))
}

#[tokio::test]
async fn without_history_nothing_is_told() {
    let house = House::new().await;
    let held = house.hold_engine();
    let running = house.run();
    let id = submit(&house, Tier::Base).await;
    let next = submit(&house, Tier::Base).await;
    held.wait_until_busy().await;
    assert_eq!(left(&house, id).await, None);
    assert_eq!(left(&house, next).await, None);
    held.release();
    house.wait_for(next, JobState::Done).await;
    running.stop().await;
    // Now there is one.
    let id = submit(&house, Tier::Base).await;
    assert!(matches!(left(&house, id).await, Some(TimeLeft::Secs(_))));
    let id = submit(&house, Tier::Ultra).await;
    assert_eq!(left(&house, id).await, None, "none of that tier");
}

#[tokio::test]
async fn the_time_left_is_that_of_those_ahead_and_ones_own() {
    let mut house = House::new().await;
    let stages = "matte=1000,shape=6000,surface=1000,texture=1000,export=1000";
    history(&mut house, &[("base", 10_000, stages), ("pro", 30_000, "")]).await;
    let held = house.hold_engine();
    let running = house.run();
    let first = submit(&house, Tier::Base).await;
    held.wait_until_busy().await;
    let pro = submit(&house, Tier::Pro).await;
    house.clock.advance_secs(1);
    let last = submit(&house, Tier::Base).await;

    // It finds the shape, which takes six seconds, and then three more.
    assert_eq!(left(&house, first).await, Some(TimeLeft::Secs(8)));
    assert_eq!(left(&house, pro).await, Some(TimeLeft::Secs(38)));
    assert_eq!(left(&house, last).await, Some(TimeLeft::Secs(48)));
    house.clock.advance_secs(3);
    assert_eq!(left(&house, first).await, Some(TimeLeft::Secs(5)));
    assert_eq!(left(&house, last).await, Some(TimeLeft::Secs(45)));
    // It takes longer: first the number stands still, then nobody knows.
    house.clock.advance_secs(4);
    assert_eq!(left(&house, first).await, Some(TimeLeft::Secs(3)));
    house.clock.advance_secs(10);
    assert_eq!(left(&house, first).await, Some(TimeLeft::LongerThanUsual));
    assert_eq!(left(&house, last).await, Some(TimeLeft::Secs(43)));
    // Whoever watches is told the same.
    let watched = house.lifecycle().watch(last).await.unwrap();
    let told = watched.borrow().estimate.unwrap().left(house.now());
    assert_eq!(told, TimeLeft::Secs(43));
    held.release();
    house.wait_for(last, JobState::Done).await;
    let done = house.lifecycle().job(last).await.unwrap();
    assert_eq!(done.estimate, None);
    running.stop().await;
}

#[tokio::test]
async fn a_full_queue_says_when_the_run_at_work_is_likely_to_end() {
    let mut house = House::with(|config| config.max_queued_jobs = 1).await;
    history(&mut house, &[("base", 90_000, "")]).await;
    let refused = async |house: &House| match house.submit_bytes(picture(b"")).await {
        Err(lifecycle::SubmitError::QueueFull { retry_after_secs }) => retry_after_secs,
        other => panic!("{other:?}"),
    };
    submit(&house, Tier::Base).await;
    assert_eq!(refused(&house).await, 90, "nothing runs: a usual run");
    let held = house.hold_engine();
    let running = house.run();
    held.wait_until_busy().await;
    submit(&house, Tier::Base).await;
    house.clock.advance_secs(60);
    assert_eq!(refused(&house).await, 30);
    held.release();
    house.engine_will(Behaviour::Work);
    running.stop().await;
}
