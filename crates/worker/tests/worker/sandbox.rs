//! What can be done from inside the sandbox, tried from inside.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

/// A folder with weights in it, the only one that may be read.
fn weights() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("weights"), b"numbers").unwrap();
    folder
}

/// What came of trying, and how well the process said that it is locked in.
fn probe(what: &str, weights: &TempDir) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_unruly-worker"))
        .args(["probe", what])
        .arg(weights.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let (came_of_it, report) = said.split_once('\n').unwrap_or((&said, ""));
    (came_of_it.into(), report.trim().into())
}

#[test]
fn what_a_worker_needs_is_allowed() {
    let weights = weights();
    for what in ["read-weights", "list-weights", "start-a-thread"] {
        assert_eq!(probe(what, &weights).0, "allowed", "{what}");
    }
}

#[test]
fn everything_else_is_refused() {
    let weights = weights();
    let (_, report) = probe("read-weights", &weights);
    assert!(report.contains("seccomp"), "{report}");
    for what in [
        "write-weights",
        "create-beside-weights",
        "create-in-tmp",
        "remove-weights",
        "rename-weights",
        "make-folder",
        "connect",
        "listen",
        "datagram",
        "socket-pair",
        "execute",
        "trace-parent",
        "let-itself-be-traced",
        "kill-parent",
        "kill-itself",
        "raise-a-limit",
        "be-dumpable-again",
        "allocate",
    ] {
        let (came_of_it, _) = probe(what, &weights);
        assert!(came_of_it.starts_with("refused"), "{what}: {came_of_it}");
    }
    assert_eq!(
        fs::read(weights.path().join("weights")).unwrap(),
        b"numbers"
    );
    assert_eq!(fs::read_dir(weights.path()).unwrap().count(), 1);
}

#[test]
fn other_files_are_out_of_reach_where_the_kernel_has_landlock() {
    let weights = weights();
    for what in ["read-foreign", "read-own-environment"] {
        let (came_of_it, report) = probe(what, &weights);
        match report.contains("landlock v") {
            // 13: permission denied.
            true => assert_eq!(came_of_it, "refused 13", "{what}"),
            false => eprintln!("NOT RUN: {what}: {report}"),
        }
    }
}
