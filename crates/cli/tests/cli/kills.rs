//! A few of the kills of `cargo xtask kills`, which does two hundred, and of the jobs of `cargo xtask api`.
#![cfg(target_os = "linux")]

use std::path::Path;

#[tokio::test]
async fn nothing_is_lost_or_left_when_the_server_is_killed() {
    let binary = Path::new(env!("CARGO_BIN_EXE_ai3dgen"));
    let report = service_bench::kills::run(binary, 5, 7).await.unwrap();
    assert!(report.violations.is_empty(), "{report}");
    // What was under way when it was killed is told; how often which phase is hit is up to the machine.
    assert!(
        report.restarts.1 >= 5 && !report.kills.is_empty(),
        "{report}"
    );
    assert!(
        report.looked_at["no acknowledged job is lost"] > 0,
        "{report}"
    );
}

/// How quick it is depends on the machine; that it is counted right doesn't.
#[tokio::test]
async fn a_programs_jobs_and_questions_are_timed() {
    let binary = Path::new(env!("CARGO_BIN_EXE_ai3dgen"));
    let plan = service_bench::api::Plan {
        jobs: 3,
        connections: 2,
        time: std::time::Duration::from_secs(1),
    };
    let report = service_bench::api::run(binary, plan).await.unwrap();
    let told = report.to_string();
    for row in ["| create | 3 |", "| download | 3 |", "engine's time | 3 |"] {
        assert!(told.contains(row), "{told}");
    }
    assert!(!told.contains("\n0 states a second"), "{told}");
}
