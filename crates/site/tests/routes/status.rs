//! What the service says about itself: its promises, its health and its numbers.

use axum::http::StatusCode;
use serde_json::Value;

use crate::house::{House, NOWHERE, upload};

fn check<'a>(status: &'a Value, name: &str) -> &'a Value {
    let promises = status["promises"].as_array().unwrap().iter();
    let mut checks = promises.flat_map(|promise| promise["checks"].as_array().unwrap());
    checks.find(|check| check["name"] == name).unwrap()
}

fn promise<'a>(status: &'a Value, name: &str) -> &'a Value {
    let mut promises = status["promises"].as_array().unwrap().iter();
    promises.find(|promise| promise["name"] == name).unwrap()
}

#[tokio::test]
async fn before_the_first_check_nothing_is_claimed() {
    let house = House::new().await;
    let status = house.get("/status").await.json();
    assert!(status["ok"].is_null());
    for name in ["C1", "C2", "C3", "C4", "C5", "C6"] {
        assert!(promise(&status, name)["ok"].is_null(), "{name}");
    }
    let page = house.visit("/status").await;
    assert!(page.text().contains("Never checked here"));
    assert!(house.visit("/").await.text().contains(r#"href="/status""#));
}

#[tokio::test]
async fn what_an_installation_finds_is_shown_with_its_moment() {
    let house = House::new().await;
    house.work();
    house.finished_job().await;
    house.lifecycle().check().await.unwrap();
    let status = house.get("/status").await.json();
    for name in [
        "an_hour_at_most",
        "nothing_overdue",
        "no_strays",
        "canary",
        "receipt",
        "keys_closed",
    ] {
        let check = check(&status, name);
        assert_eq!(check["ok"], true, "{check}");
        assert_eq!(check["checked_at"], "2026-09-21T14:13:20Z");
    }
    assert!(check(&status, "canary")["looked_at"].as_u64().unwrap() >= 1024);
    // The tests work in this very process, which nothing locks in; and that is told, too.
    assert_eq!(check(&status, "workers_locked_in")["ok"], false);
    assert_eq!(
        (&promise(&status, "C4")["ok"], &status["ok"]),
        (&false.into(), &false.into())
    );
    let page = house.visit("/status").await;
    assert!(page.text().contains("No: a check failed"));

    house.clock.advance_secs(3000);
    let old = house.get("/status").await.json();
    assert!(check(&old, "canary")["ok"].is_null(), "that was long ago");
    assert!(
        house
            .visit("/status")
            .await
            .text()
            .contains("Not checked lately")
    );
}

#[tokio::test]
async fn c2_a_file_that_no_job_knows_turns_its_promise_red_until_it_is_gone() {
    let house = House::new().await;
    house.job().await;
    let stray = house
        .data_dir()
        .join("vault/objects/0123456789abcdefghjkmnpqrs.sealed");
    let found = async || {
        house.lifecycle().check().await.unwrap();
        let status = house.get("/status").await.json();
        let check = check(&status, "no_strays")["ok"].clone();
        assert_eq!(promise(&status, "C2")["ok"], check);
        check
    };
    assert_eq!(found().await, true);
    std::fs::write(&stray, b"left by somebody").unwrap();
    assert_eq!(found().await, true, "it might be on its way in");
    assert_eq!(found().await, false);
    std::fs::remove_file(&stray).unwrap();
    assert_eq!(found().await, true);
}

#[tokio::test]
async fn c2_a_reaper_that_does_not_get_through_is_told_everywhere_until_it_does() {
    let house = House::new().await;
    house.job().await;
    let overdue = async || {
        house.lifecycle().check().await.unwrap();
        let status = house.get("/status").await.json();
        let metrics = house.metrics().await;
        (
            check(&status, "nothing_overdue")["ok"].clone(),
            house.get("/health").await.status,
            gauge(&metrics, "ai3dgen_reaper_lag_seconds"),
            gauge(&metrics, "ai3dgen_reaper_last_pass_age_seconds"),
            gauge(&metrics, "ai3dgen_reaper_alarm"),
        )
    };
    house.reap().await;
    assert_eq!(overdue().await, (true.into(), StatusCode::OK, 0, 0, 0));
    // Nobody reaps here, as if it had stalled.
    house.clock.advance_secs(3600 + 29);
    let (passed, _, lag, ..) = overdue().await;
    assert_eq!(
        (passed, lag),
        (true.into(), 29),
        "late, and not yet alarming"
    );
    house.clock.advance_secs(2);
    let unhealthy = StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(overdue().await, (false.into(), unhealthy, 31, 3631, 1));
    assert!(house.get("/health").await.text().contains("overdue"));
    house.reap().await;
    assert_eq!(overdue().await, (true.into(), StatusCode::OK, 0, 0, 0));
}

/// A job whose row can't be destroyed either.
#[tokio::test]
async fn a_deletion_that_fails_raises_the_lag_and_stops_the_passes() {
    let house = House::new().await;
    house.job().await;
    let sealed = std::fs::read_dir(house.data_dir().join("vault/objects")).unwrap();
    let sealed = sealed.map(|entry| entry.unwrap().path()).next().unwrap();
    // A folder in its place can't be unlinked.
    std::fs::remove_file(&sealed).unwrap();
    std::fs::create_dir(&sealed).unwrap();
    house.clock.advance_secs(3600 + 60);
    assert!(house.lifecycle().reap().await.is_err());
    let metrics = house.metrics().await;
    assert_eq!(gauge(&metrics, "ai3dgen_reaper_lag_seconds"), 60);
    assert_eq!(
        gauge(&metrics, "ai3dgen_reaper_last_pass_age_seconds"),
        3660
    );
    std::fs::remove_dir(&sealed).unwrap();
    house.reap().await;
    let metrics = house.metrics().await;
    assert_eq!(gauge(&metrics, "ai3dgen_reaper_alarm"), 0);
    let expired = r#"ai3dgen_objects_destroyed_total{reason="expired"}"#;
    assert_eq!(gauge(&metrics, expired), 1);
}

fn gauge(metrics: &str, name: &str) -> i64 {
    let mut lines = metrics.lines();
    let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let line = line.unwrap_or_else(|| panic!("no {name}: {metrics}"));
    line.parse().unwrap()
}

#[tokio::test]
async fn metrics_count_what_happens_and_are_on_no_public_route() {
    let house = House::new().await;
    assert_eq!(house.get("/metrics").await.status, StatusCode::NOT_FOUND);
    house.work();
    house.finished_job().await;
    let id = house
        .send(upload(
            "/jobs?engine=triposr",
            "image/png",
            crate::house::disc(),
        ))
        .await;
    let id = id.json()["id"].as_str().unwrap().to_owned();
    house.get(&format!("/jobs/{id}/events")).await;
    house.get(NOWHERE).await;
    house.get("/nowhere/at-all").await;
    let metrics = house.metrics().await;
    for (name, value) in [
        (r#"ai3dgen_runs_total{tier="base",outcome="done"}"#, 1),
        (
            r#"ai3dgen_runs_total{tier="base",outcome="triposr_missing"}"#,
            1,
        ),
        (r#"ai3dgen_run_seconds_count{tier="base"}"#, 1),
        (r#"ai3dgen_jobs{state="done"}"#, 1),
        (r#"ai3dgen_jobs{state="failed"}"#, 1),
        (r#"ai3dgen_jobs{state="queued"}"#, 0),
        ("ai3dgen_objects", 3),
        ("ai3dgen_event_streams", 0),
        (r#"ai3dgen_objects_destroyed_total{reason="unused"}"#, 1),
        (
            r#"ai3dgen_requests_total{method="POST",route="/jobs",status="201"}"#,
            2,
        ),
        (
            r#"ai3dgen_requests_total{method="GET",route="/jobs/{id}",status="404"}"#,
            1,
        ),
        (r#"ai3dgen_reply_seconds_count{route="/jobs"}"#, 2),
    ] {
        assert_eq!(gauge(&metrics, name), value, "{name}");
    }
    assert!(metrics.contains(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION"))));
    assert!(!metrics.contains(&id) && !metrics.contains("at-all"));
    assert!(metrics.ends_with("# EOF\n"));
}
