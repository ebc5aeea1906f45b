//! A pull that is killed in the middle, as a power cut or the system's memory killer would do it,
//! and pulled again: not a byte is fetched twice.
//!
//! This file is two programs, so that there is a process to kill: without an argument the test,
//! with one the pull.

#[path = "pull/bench.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod bench;
#[path = "pull/server.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod server;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use weights::Cache;

use bench::content;
use server::{Answer, Server};

/// Where the first pull hangs until it is killed.
const KILLED_AT: usize = 170_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, pull, url, dir] if pull == "pull" => child(url, Path::new(dir)),
        _ => killed_and_pulled_again(),
    }
}

/// The program that is killed.
fn child(url: &str, dir: &Path) {
    let cache = Cache::with_catalogue(dir, bench::entry(url.to_owned(), &content()));
    let mut network = bench::network();
    // Only being killed ends the first one.
    network.patience.window = Duration::from_secs(600);
    cache
        .pull("thing", &network, &mut |_| ControlFlow::Continue(()))
        .unwrap();
}

fn start(url: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["pull", url])
        .arg(dir)
        .spawn()
        .unwrap()
}

fn killed_and_pulled_again() {
    let server = Server::start(&content(), |_, before| match before {
        0 => Answer::Hang(KILLED_AT),
        _ => Answer::Serve,
    });
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("models");
    let url = server.url("/file");
    let part = dir.join("thing.bin.part");

    let mut first = start(&url, &dir);
    wait_for(&part, KILLED_AT as u64);
    first.kill().unwrap();
    assert!(!first.wait().unwrap().success());
    let cache = Cache::with_catalogue(&dir, bench::entry(url.clone(), &content()));
    assert!(!cache.installed("thing").unwrap());

    assert!(start(&url, &dir).wait().unwrap().success());
    assert_eq!(cache.load("thing").unwrap(), content());
    assert!(!part.exists());
    let offsets: Vec<_> = server.requests().iter().map(|r| r.offset()).collect();
    assert_eq!(
        offsets,
        [None, Some(KILLED_AT)],
        "only the rest was fetched"
    );
    eprintln!("killed at {KILLED_AT} bytes, then only the rest was fetched: ok");
}

fn wait_for(part: &PathBuf, bytes: u64) {
    let began = Instant::now();
    while std::fs::metadata(part).map_or(0, |part| part.len()) < bytes {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the pull came nowhere"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}
