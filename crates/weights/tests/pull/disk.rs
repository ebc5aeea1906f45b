//! Disks that are full or may not be written to.

use std::fs;
use std::process::Command;

use sha2::{Digest, Sha256};
use weights::{Cache, Entry, PinnedFile, Progress, Source, WeightsError};

use crate::bench::{Bench, content, network, told};
use crate::server::{Answer, Server};

#[test]
fn a_file_that_no_disk_holds_is_not_begun() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let sources = Box::leak(Box::new([Source::Url(server.url("/file").leak())]));
    let files = Box::leak(Box::new([PinnedFile {
        path: "vast.bin",
        bytes: 1 << 60,
        sha256: "",
        sources,
        instead: None,
    }]));
    let catalogue = Box::leak(Box::new([Entry {
        name: "vast",
        purpose: "",
        licence: "",
        limits: None,
        files,
    }]));
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::with_catalogue(folder.path(), catalogue);
    let go_on = &mut |_: Progress<'_>| std::ops::ControlFlow::Continue(());
    let said = cache
        .pull("vast", &network(), go_on)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("has no room for 1152921504606.8 MB more"),
        "{said}"
    );
    assert!(said.contains("AI3DGEN_MODELS_DIR"), "{said}");
    assert!(server.requests().is_empty());
}

/// Linux's `/dev/full` is a disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_meanwhile_is_told() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    fs::create_dir_all(bench.cache.dir()).unwrap();
    std::os::unix::fs::symlink("/dev/full", bench.part()).unwrap();
    let error = bench.pull().unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }), "{error}");
    let said = told(&error);
    assert_eq!(said.matches("No space left").count(), 1, "{said}");
    assert!(said.contains("AI3DGEN_MODELS_DIR"), "{said}");
    assert!(!bench.cache.installed("thing").unwrap());
}

/// A real file system that somebody else fills while the pull goes on; needs the right to mount
/// one.
#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_nothing_counts_as_installed_and_with_room_it_goes_on() {
    let big: Vec<u8> = content().repeat(30);
    let server = Server::start(&big, |_, before| match before {
        0 => Answer::Cut(1000),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &big);
    let Some(disk) = Disk::mount(bench.cache.dir(), "size=1m") else {
        eprintln!("NOT RUN: no right to mount a small disk; /dev/full stands in for it above");
        return;
    };
    let said = bench.failure();
    assert!(said.contains("has no room for 9.0 MB more"), "{said}");
    assert!(server.requests().is_empty());

    assert!(disk.resize("remount,size=80m"));
    let filler = bench.cache.dir().join("somebody's");
    let error = bench.pull_while(|progress| {
        if matches!(progress, Progress::Retrying { .. }) && !filler.exists() {
            fs::write(&filler, vec![0; 78_000_000]).unwrap();
        }
        true
    });
    let error = error.unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }), "{error}");
    assert!(told(&error).contains("No space left"), "{error}");
    assert!(!bench.cache.installed("thing").unwrap());
    let kept = bench.kept().unwrap();
    assert!(kept > 1000, "{kept}");

    fs::remove_file(&filler).unwrap();
    bench.pull().unwrap();
    assert_eq!(Sha256::digest(bench.installed()), Sha256::digest(&big));
    let last = server.requests().pop().unwrap();
    assert_eq!(last.offset(), Some(kept as usize));
}

#[cfg(target_os = "linux")]
struct Disk<'a>(&'a std::path::Path);

#[cfg(target_os = "linux")]
impl<'a> Disk<'a> {
    fn mount(dir: &'a std::path::Path, options: &str) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        let disk = Self(dir);
        disk.resize(options).then_some(disk)
    }

    fn resize(&self, options: &str) -> bool {
        let mut command = Command::new("mount");
        let command = command.args(["-t", "tmpfs", "-o", options, "tmpfs"]);
        let output = command.arg(self.0).output();
        output.is_ok_and(|output| output.status.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk<'_> {
    fn drop(&mut self) {
        // The folder's own removal fails if this does.
        let _ = Command::new("umount").arg(self.0).output();
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    // A file where the folder would be stops even root.
    fs::write(bench.cache.dir(), "in the way").unwrap();
    let error = bench.pull().unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }), "{error}");
    assert!(error.to_string().contains("AI3DGEN_MODELS_DIR"), "{error}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_folder_in_the_files_place_is_not_overwritten() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    fs::create_dir_all(bench.path().join("mine")).unwrap();
    let error = bench.pull().unwrap_err();
    assert!(
        matches!(
            error,
            WeightsError::Write { .. } | WeightsError::Read { .. }
        ),
        "{error}"
    );
    assert!(bench.path().join("mine").exists());
}
