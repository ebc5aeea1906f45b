//! `ai3dgen serve` on PostgreSQL, as whoever runs it sees it.
#![cfg(target_os = "linux")]

use std::process::{Command, Output};
use std::thread::sleep;
use std::time::Duration;

use store::Store;

use crate::folder::ball;
use crate::server::{Server, serve};

fn refusal(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!said.contains("Geheim99"), "{said}");
    said
}

#[test]
fn a_second_server_on_one_database_is_refused_in_one_line() {
    let server = Server::on_postgres();
    let other = tempfile::tempdir().unwrap();
    let url = format!(
        "{}&password=Geheim99",
        server.postgres.as_ref().unwrap().url
    );
    let said = refusal(serve(other.path()).args(["--database", &url]));
    assert!(
        said.contains("another ai3dgen") && said.contains("stop that one"),
        "{said}"
    );
}

#[test]
fn a_database_that_is_not_there_is_named_at_the_start_and_its_password_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://keeper:Geheim99@127.0.0.1:1/jobs";
    let said = refusal(serve(folder.path()).env("AI3DGEN_DATABASE_URL", url));
    assert!(
        said.contains("127.0.0.1:1") && said.contains("start PostgreSQL"),
        "{said}"
    );
    let said =
        refusal(serve(folder.path()).args(["--database", "mysql://keeper:Geheim99@host/jobs"]));
    assert!(said.contains("postgres://user:password@host"), "{said}");
}

#[test]
fn help_shows_the_variable_and_not_what_is_in_it() {
    let mut help = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
    help.args(["serve", "--help"]);
    help.env(
        "AI3DGEN_DATABASE_URL",
        "postgres://keeper:Geheim99@host/jobs",
    );
    let said = String::from_utf8(help.output().unwrap().stdout).unwrap();
    assert!(said.contains("AI3DGEN_DATABASE_URL"), "{said}");
    assert!(!said.contains("Geheim99"), "{said}");
}

#[test]
fn while_the_database_is_away_requests_are_asked_to_come_again() {
    let server = Server::on_postgres();
    let job = server.submit("base", &ball());
    server.wait_for(&job, &["done"]);
    let postgres = &server.postgres.as_ref().unwrap().server;
    postgres.stop().unwrap();
    for (method, path) in [("GET", job.as_str()), ("POST", "/jobs?tier=base")] {
        let (head, body) = server.ask(method, path, &ball());
        let head = head.to_lowercase();
        assert!(head.starts_with("http/1.1 503 "), "{method}: {head}");
        assert!(head.contains("\r\nretry-after: 10\r\n"), "{head}");
        assert!(String::from_utf8(body).unwrap().contains("Try again"));
    }
    assert_eq!(
        server.send("GET", "/", b"").0,
        200,
        "the page needs no database"
    );
    assert_eq!(server.send("GET", "/health", b"").0, 503);
    postgres.start_again().unwrap();
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while server.send("GET", "/health", b"").0 != 200 {
        assert!(std::time::Instant::now() < until, "it is noticed");
        sleep(Duration::from_millis(100));
    }
    assert_eq!(server.send("GET", &job, b"").0, 200);
    let next = server.submit("base", &ball());
    server.wait_for(&next, &["done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_another_one_took_stops_in_one_line() {
    let mut server = Server::on_postgres();
    let send = |signal: &str, pid: u32| {
        let sent = Command::new("kill")
            .args([signal, &pid.to_string()])
            .status();
        assert!(sent.unwrap().success());
    };
    // Slower than the other one, for certain.
    send("-STOP", server.child.id());
    let postgres = server.postgres.as_ref().unwrap();
    postgres.server.stop().unwrap();
    postgres.server.start_again().unwrap();
    let other = Store::connect(&postgres.url).await.unwrap();
    let _exclusive = other.exclusive().await.unwrap();
    send("-CONT", server.child.id());
    let said = server.said_at_its_end();
    assert_eq!(
        said.lines().last().unwrap_or_default(),
        said.trim(),
        "{said}"
    );
    assert!(said.contains("another ai3dgen"), "{said}");
    assert_eq!(server.child.wait().unwrap().code(), Some(1));
}
