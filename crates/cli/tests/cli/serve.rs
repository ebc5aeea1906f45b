//! `ai3dgen serve` and the processes that do its work, as the operating system sees them.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::folder::ball;
use crate::server::Server;

/// A line of `/proc/PID/status`.
fn status(pid: u32, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().trim_start_matches(':').trim().to_owned()
}

fn until(is_so: impl Fn() -> bool, most: Duration) {
    let end = Instant::now() + most;
    while !is_so() {
        assert!(Instant::now() < end, "it doesn't happen in {most:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_worker_killed_in_the_middle_fails_its_job_and_the_server_goes_on() {
    for server in [Server::start(), Server::on_postgres()] {
        goes_on_after_a_worker_was_killed(&server);
    }
}

fn goes_on_after_a_worker_was_killed(server: &Server) {
    let job = server.submit("ultra", &ball());
    server.wait_for(&job, &["running"]);
    server.kill_workers();
    let view = server.wait_for(&job, &["failed", "done"]);
    assert_eq!(view["state"], "failed");
    let failure = view["failure"].as_str().unwrap();
    assert!(failure.contains("stopped unexpectedly"), "{failure}");

    let next = server.submit("base", &ball());
    let view = server.wait_for(&next, &["failed", "done"]);
    assert_eq!(view["state"], "done", "{view}");
    let (status, model) = server.send("GET", view["links"]["model"].as_str().unwrap(), b"");
    assert_eq!(status, 200);
    assert!(model.starts_with(b"glTF"));
}

#[test]
fn cancelling_ends_the_process_at_work_within_200_ms() {
    let server = Server::start();
    let job = server.submit("ultra", &ball());
    server.wait_for(&job, &["running"]);
    // The one that computes; the others wait, for an upload and for the next job.
    let at_work = || {
        let mut workers = server.workers().into_iter();
        workers.find(|&worker| ticks(worker).is_some_and(|ticks| ticks >= 10))
    };
    let end = Instant::now() + Duration::from_secs(10);
    let running = loop {
        assert!(Instant::now() < end, "nobody is at work");
        match at_work() {
            Some(worker) => break worker,
            None => thread::sleep(Duration::from_millis(10)),
        }
    };
    let (status, _) = server.json("POST", &format!("{job}/cancel"), b"");
    assert_eq!(status, 200);
    until(
        || !server.workers().contains(&running),
        Duration::from_millis(200),
    );
}

/// A field of proc_pid_stat(5), by its number there; nothing once the process is gone.
/// The ids of a job's events after that one, as they come: none if all of them were heard before.
fn events(server: &Server, job: &str, heard: &str) -> impl Iterator<Item = String> {
    let url = server.url();
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!(
        "GET /api/v1{job}/events HTTP/1.1\r\nHost: {host}\r\nLast-Event-ID: {heard}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.filter_map(|line| Some(line.strip_prefix("id: ")?.to_owned()))
}

#[test]
fn whoever_heard_a_part_hears_the_rest_from_the_server_that_was_started_anew() {
    let server = Server::start();
    let job = server.submit("ultra", &ball());
    let is_at_work = |event: &String| event.starts_with("running.shape.");
    let heard = events(&server, &job, "").find(is_at_work).unwrap();
    let (folder, _) = server.kill();

    let server = Server::with(folder, None);
    let rest: Vec<String> = events(&server, &job, &heard).collect();
    assert_ne!(rest.first(), Some(&heard), "it was heard before");
    let last = rest.last().expect("a stream that ends with the job");
    assert!(last.starts_with("done."), "{rest:?}");
    assert_eq!(events(&server, &job, last).next(), None);
}

fn stat(process: u32, field: usize) -> Option<i64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second, a name, may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(field - 3)?.parse().ok()
}

/// How readily a process lets others go first.
fn niceness(process: u32) -> i64 {
    stat(process, 19).unwrap()
}

/// How long a process has computed, in hundredths of a second.
fn ticks(process: u32) -> Option<i64> {
    Some(stat(process, 14)? + stat(process, 15)?)
}

#[test]
fn workers_are_locked_in_and_go_with_their_server() {
    let mut server = Server::start();
    assert!(server.sandbox.contains("seccomp"), "{}", server.sandbox);
    // One for the next upload, one for the next job.
    until(|| server.workers().len() == 2, Duration::from_secs(10));
    let workers = server.workers();
    for &worker in &workers {
        assert_eq!(status(worker, "NoNewPrivs"), "1");
        // 2: a filter.
        assert_eq!(status(worker, "Seccomp"), "2");
        let gives_way_by = niceness(worker) - niceness(server.child.id());
        assert_eq!(gives_way_by, 10);
        let first_to_go = fs::read_to_string(format!("/proc/{worker}/oom_score_adj"));
        assert_eq!(first_to_go.unwrap().trim(), "1000");
    }
    // No core dump, of any of them.
    for pid in workers.iter().copied().chain([server.child.id()]) {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let cores = limits
            .lines()
            .find(|line| line.starts_with("Max core file"));
        let words: Vec<_> = cores.unwrap().split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{words:?}");
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    for worker in workers {
        let is_gone = || {
            let exists = fs::exists(format!("/proc/{worker}")).unwrap();
            !exists || status(worker, "State").starts_with('Z')
        };
        until(is_gone, Duration::from_secs(2));
    }
}

/// On a real installation, soon after its start: what it finds about itself.
#[test]
fn c6_an_installation_checks_its_promises_when_it_starts() {
    let server = Server::start();
    let status = || server.json("GET", "/status", b"").1;
    let checked = || {
        let status = status();
        // The last of its checks.
        !status["promises"][3]["ok"].is_null()
    };
    until(checked, Duration::from_secs(30));
    let status = status();
    for promise in status["promises"].as_array().unwrap() {
        let expected = match promise["name"].as_str().unwrap() {
            // Not every kernel has all of it.
            "C4" => Some(server.sandbox.contains("landlock")),
            // Nobody ran `verify-deletion` here.
            "C6" => None,
            _ => Some(true),
        };
        assert_eq!(promise["ok"], serde_json::json!(expected), "{promise}");
    }
    let (code, _) = server.send("GET", "/health", b"");
    assert_eq!(code, 200);
}

#[test]
fn a_server_takes_as_many_open_files_as_it_may_have() {
    let server = Server::after("ulimit -Sn 256");
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.child.id())).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let words: Vec<_> = files.unwrap().split_whitespace().collect();
    assert_ne!(words[3], "256");
    assert_eq!(words[3], words[4], "{words:?}");
}
