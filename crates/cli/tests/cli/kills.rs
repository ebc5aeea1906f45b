//! A few of the kills of `cargo xtask kills`, which does two hundred.
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
