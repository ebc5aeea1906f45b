//! `ai3dgen serve` and the processes that do its work, as the operating system sees them.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::folder::ball;

/// A server with an empty data folder on a port of its own; killed when dropped.
struct Server {
    child: Child,
    address: String,
    sandbox: String,
    _output: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_ai3dgen"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path().join("data"))
            .env("AI3DGEN_MODELS_DIR", folder.path().join("models"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = |begins: &str| {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            let rest = line.trim().strip_prefix(begins);
            rest.unwrap_or_else(|| panic!("{line}")).to_owned()
        };
        let address = line("ai3dgen is ready: http://");
        let sandbox = line("worker sandbox: ");
        Self {
            child,
            address,
            sandbox,
            _output: output,
            _folder: folder,
        }
    }

    /// Status and body of a reply.
    fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: image/png\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let body = reply.split_off(end.expect("a whole head") + 4);
        let head = String::from_utf8(reply).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body)
    }

    fn json(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let (status, body) = self.send(method, path, body);
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Hands a picture in and gives the job's path.
    fn submit(&self, tier: &str, picture: &[u8]) -> String {
        let (status, job) = self.json("POST", &format!("/jobs?tier={tier}"), picture);
        assert_eq!(status, 201, "{job}");
        job["links"]["self"].as_str().unwrap().to_owned()
    }

    /// Waits until the job is in one of these states.
    fn wait_for(&self, job: &str, states: &[&str]) -> Value {
        let until = Instant::now() + Duration::from_secs(300);
        loop {
            let (_, view) = self.json("GET", job, b"");
            if states.contains(&view["state"].as_str().unwrap()) {
                return view;
            }
            assert!(Instant::now() < until, "{view}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Its workers' process numbers.
    fn workers(&self) -> Vec<u32> {
        let parent = self.child.id().to_string();
        let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // State and parent follow the name, which may hold anything but ends with a bracket.
            let mut fields = stat.rsplit_once(") ")?.1.split(' ');
            let lives = fields.next()? != "Z";
            (lives && fields.next()? == parent).then_some(pid)
        });
        pids.collect()
    }

    fn kill_workers(&self) {
        for pid in self.workers() {
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
            assert!(killed.unwrap().success());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    let server = Server::start();
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
    let waiting = server.workers();
    let job = server.submit("ultra", &ball());
    server.wait_for(&job, &["running"]);
    // The one that waited has the job; another one waits by now.
    let [running] = waiting[..] else {
        panic!("{waiting:?}");
    };
    thread::sleep(Duration::from_millis(300));
    assert!(server.workers().contains(&running), "it is at work");
    let (status, _) = server.json("POST", &format!("{job}/cancel"), b"");
    assert_eq!(status, 200);
    until(
        || !server.workers().contains(&running),
        Duration::from_millis(200),
    );
}

#[test]
fn workers_are_locked_in_and_go_with_their_server() {
    let mut server = Server::start();
    assert!(server.sandbox.contains("seccomp"), "{}", server.sandbox);
    let workers = server.workers();
    let [worker] = workers[..] else {
        panic!("{workers:?}");
    };
    assert_eq!(status(worker, "NoNewPrivs"), "1");
    // 2: a filter.
    assert_eq!(status(worker, "Seccomp"), "2");
    let first_to_go = fs::read_to_string(format!("/proc/{worker}/oom_score_adj"));
    assert_eq!(first_to_go.unwrap().trim(), "1000");
    // No core dump, of neither.
    for pid in [worker, server.child.id()] {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let cores = limits
            .lines()
            .find(|line| line.starts_with("Max core file"));
        let words: Vec<_> = cores.unwrap().split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{words:?}");
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let is_gone = || {
        !fs::exists(format!("/proc/{worker}")).unwrap() || status(worker, "State").starts_with('Z')
    };
    until(is_gone, Duration::from_secs(2));
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
