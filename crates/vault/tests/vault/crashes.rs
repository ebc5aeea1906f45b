//! A crash, a full disk or a second process at any moment leaves a vault that is whole.

use std::fs;
use std::process::Command;

use crate::common::{START, Safe, content, files_below};
use domain::{Lifetime, TestClock};
use std::sync::Arc;
use vault::{Kind, Vault, VaultError};

#[test]
fn what_a_killed_process_left_half_done_is_removed_at_the_next_start() {
    let mut safe = Safe::new();
    let whole = safe.seal(b"whole");
    let killed_before_the_key = safe.seal(b"killed while sealing");
    let killed_after_the_key = safe.seal(b"killed while shredding");
    let lost_its_bytes = safe.seal(b"lost");
    let paths = [
        safe.key_path(killed_before_the_key),
        safe.key_path(killed_after_the_key),
        safe.object_path(lost_its_bytes),
    ];
    safe.reopen_after(|folder| {
        for path in paths {
            fs::remove_file(path).unwrap();
        }
        for name in [
            "keys/0.key.unfinished",
            "objects/0.sealed.unfinished",
            "clock.unfinished",
        ] {
            fs::write(folder.join(name), b"half").unwrap();
        }
    });
    assert_eq!(safe.read(whole).unwrap(), b"whole");
    assert_eq!(safe.object_files().len(), 2);
    let names: Vec<_> = files_below(safe.folder.path())
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "unfinished"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn a_second_process_is_refused() {
    let safe = Safe::new();
    let second = Vault::open(safe.folder.path(), Arc::new(TestClock::at(START)));
    assert!(matches!(second, Err(VaultError::InUse)));
}

#[test]
fn files_that_are_not_the_vaults_stay() {
    let mut safe = Safe::new();
    safe.reopen_after(|folder| {
        fs::write(folder.join("objects/README.sealed"), b"mine").unwrap();
    });
    assert!(safe.folder.path().join("objects/README.sealed").exists());
}

#[test]
fn a_damaged_installation_key_is_told() {
    let safe = Safe::new();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("keys")).unwrap();
    fs::write(folder.path().join("keys/installation"), b"short").unwrap();
    assert!(matches!(
        Vault::open(folder.path(), safe.clock.clone()),
        Err(VaultError::InstallationKey)
    ));
}

/// Runs itself again under a limit on file sizes, which fails a write halfway exactly as a full
/// disk does, and needs no privileges.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    const NAME: &str = "crashes::a_full_disk_is_told_and_leaves_nothing_half_written";
    const INSIDE: &str = "AI3DGEN_TEST_UNDER_A_FILE_SIZE_LIMIT";
    if std::env::var_os(INSIDE).is_none() {
        let status = Command::new("sh")
            // 256 blocks of 512 or 1,024 bytes; without the trap the signal would end the process.
            .args(["-c", "trap '' XFSZ; ulimit -f 256; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(INSIDE, "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let safe = Safe::new();
    let sealed = safe
        .vault()
        .seal(Kind::Picture, &content(1 << 20), Lifetime::HOUR);
    assert!(
        matches!(sealed, Err(VaultError::DiskFull)),
        "{:?}",
        sealed.err()
    );
    assert!(safe.object_files().is_empty());
    assert_eq!(files_below(&safe.folder.path().join("objects")).len(), 0);
    let small = safe.seal(b"there is room for a small one");
    assert!(safe.read(small).is_ok());
}
