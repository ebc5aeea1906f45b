//! A disk that is full and a database that somebody else has locked, as visitors meet them.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use crate::folder::{ball, png};
use crate::server::Server;

/// No file may grow beyond 2 MiB: as near to a full disk as a test gets without being root.
const BLOCKS_OF_512: u32 = 4096;

/// A cut-out square that no encoder makes smaller than 4 bytes a pixel.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    png(1024, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, d] = state.to_le_bytes();
        [a, b, c, d / 2]
    })
}

#[test]
fn a_full_disk_is_told_leaves_nothing_and_smaller_pictures_still_go() {
    // Who exceeds it hears so, instead of being ended.
    let server = Server::after(&format!("trap '' XFSZ; ulimit -f {BLOCKS_OF_512}"));
    let (head, body) = server.ask("POST", "/jobs?tier=base", &noise());
    let body = String::from_utf8(body).unwrap();
    assert!(head.starts_with("HTTP/1.1 507 "), "{head}{body}");
    assert!(
        body.contains("disk is full") && body.contains("Nothing was kept"),
        "{body}"
    );
    for folder in ["data/vault/objects", "data/vault"] {
        for entry in fs::read_dir(server.folder.path().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                !name.ends_with(".sealed") && !name.ends_with(".unfinished"),
                "{name}"
            );
        }
    }
    let job = server.submit("base", &ball());
    let view = server.wait_for(&job, &["done", "failed"]);
    assert_eq!(view["state"], "done", "{view}");
}

/// Longer than a statement waits, and as long as a job that just ended keeps trying.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_locked_for_half_a_minute_is_503_and_loses_no_job() {
    let server = Server::start();
    let running = server.submit("pro", &ball());
    server.wait_for(&running, &["running"]);
    let file = server.folder.path().join("data/jobs.sqlite");
    let url = format!("sqlite://{}", file.display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();

    let (head, _) = server.ask("POST", "/jobs?tier=base", &ball());
    let head = head.to_lowercase();
    assert!(head.starts_with("http/1.1 503 "), "{head}");
    assert!(head.contains("\r\nretry-after: "), "{head}");
    assert_eq!(server.send("GET", &running, b"").0, 200, "reading goes on");
    tokio::time::sleep(Duration::from_secs(30)).await;
    lock.rollback().await.unwrap();

    let view = server.wait_for(&running, &["done", "failed"]);
    assert_eq!(view["state"], "done", "{view}");
    let next = server.submit("base", &ball());
    server.wait_for(&next, &["done"]);
}
