//! A full disk as a test gets one without privileges, for the tests of several crates.

use std::process::Command;

const INSIDE: &str = "AI3DGEN_TEST_UNDER_A_FILE_SIZE_LIMIT";

/// Runs the test of that name in a process of its own, in which no file grows beyond `blocks` of 512 or
/// 1,024 bytes: a write fails halfway, exactly as on a full disk. `false` in that process, where the
/// test goes on; outside everything is done.
pub fn ran_inside(test: &str, blocks: u32) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    // Without the trap the signal would end the process.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let status = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .status()
        .unwrap();
    assert!(status.success());
    true
}
