//! `ai3dgen verify-deletion` against the real service: it finds nothing where nothing is left, and
//! finds what somebody leaves lying about.
#![cfg(target_os = "linux")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use domain::UnixMillis;
use store::{Check, DatabaseUrl, Store};

use crate::server::Postgres;

/// Ends when it is dropped.
struct Scraping {
    stop: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for Scraping {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().unwrap().join();
    }
}

/// A service that talks as much as it can, into files. Killed when dropped.
struct Service {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    postgres: Option<Postgres>,
}

impl Service {
    fn start() -> Self {
        Self::with(None)
    }

    fn with(postgres: Option<Postgres>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("temp")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_ai3dgen"))
            .args([
                "serve",
                "--verbose",
                "--listen",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0",
                "--data-dir",
            ])
            .arg(at("data"))
            .env("AI3DGEN_LOG", "trace")
            .env("AI3DGEN_MODELS_DIR", at("models"))
            .env("TMPDIR", at("temp"))
            .envs(url_of(postgres.as_ref()))
            .stdout(File::create(at("stdout.log")).unwrap())
            .stderr(File::create(at("stderr.log")).unwrap())
            .spawn()
            .unwrap();
        let mut service = Self {
            child,
            address: String::new(),
            folder,
            postgres,
        };
        let until = Instant::now() + Duration::from_secs(60);
        while service.address.is_empty() {
            assert!(Instant::now() < until, "the service doesn't start");
            thread::sleep(Duration::from_millis(20));
            let said = service.read("stdout.log");
            let ready = said.lines().next().filter(|_| said.contains('\n'));
            let ready = ready.and_then(|line| line.strip_prefix("ai3dgen is ready: http://"));
            service.address = ready.unwrap_or_default().to_owned();
        }
        service
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Asks for the metrics again and again, as Prometheus does, and keeps what it is told in a file
    /// of that name, until what this returns is dropped.
    fn scrape_into(&self, name: &str) -> Scraping {
        let said = self.read("stdout.log");
        let address = said.lines().find_map(|line| {
            let line = line.strip_prefix("metrics: http://")?;
            line.strip_suffix("/metrics").map(str::to_owned)
        });
        let address = address.expect("the service says where its metrics are");
        let mut file = File::create(self.path(name)).unwrap();
        let (stop, stopped) = channel();
        let thread = thread::spawn(move || {
            while let Err(RecvTimeoutError::Timeout) =
                stopped.recv_timeout(Duration::from_millis(20))
            {
                let mut stream = TcpStream::connect(&address).unwrap();
                write!(
                    stream,
                    "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
                )
                .unwrap();
                std::io::copy(&mut stream, &mut file).unwrap();
            }
        });
        Scraping {
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Verifies it by way of `address`, with everything of it searched.
    fn verify(&self, address: &str, more_logs: &[PathBuf]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ai3dgen"))
            .args(["verify-deletion", "--url", &format!("http://{address}")])
            .arg("--data-dir")
            .arg(self.path("data"))
            .arg("--temp")
            .arg(self.path("temp"))
            .arg("--logs")
            .args([self.path("stdout.log"), self.path("stderr.log")])
            .args(more_logs)
            .envs(url_of(self.postgres.as_ref()))
            .args(self.postgres.iter().flat_map(|postgres| {
                let folder = postgres.server.folder();
                [OsStr::new("--also"), folder.as_os_str()]
            }))
            .output()
            .unwrap()
    }

    fn checks(&self) -> Vec<Check> {
        let url = self
            .postgres
            .as_ref()
            .map(|postgres| postgres.url.clone().into());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = Store::of(&self.path("data"), url.as_ref()).await.unwrap();
            store.checks().await.unwrap()
        })
    }
}

fn url_of(postgres: Option<&Postgres>) -> Option<(&str, &str)> {
    Some(("AI3DGEN_DATABASE_URL", postgres?.url.as_str()))
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes everything on and keeps a copy of it, as a careless proxy would: in a log, in a file that
/// is deleted but still open, and, as soon as it knows it, the picture's name in the database.
fn careless_proxy(service: &Service) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let upstream = service.address.clone();
    let deleted = service.path("temp/deleted");
    let copies =
        [service.path("proxy.log"), deleted.clone()].map(|path| File::create(path).unwrap());
    fs::remove_file(deleted).unwrap();
    let copies = Arc::new(Mutex::new(copies));
    let data = service.path("data");
    let url = service
        .postgres
        .as_ref()
        .map(|postgres| DatabaseUrl::from(postgres.url.clone()));
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(&upstream).unwrap();
            let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
            for (mut from, mut to) in [(client, server), back] {
                let (copies, data, url) = (copies.clone(), data.clone(), url.clone());
                thread::spawn(move || {
                    let mut buffer = [0; 64 << 10];
                    while let Ok(read @ 1..) = from.read(&mut buffer) {
                        let bytes = &buffer[..read];
                        for copy in copies.lock().unwrap().iter_mut() {
                            copy.write_all(bytes).unwrap();
                        }
                        if let Some(name) = file_name_in(bytes) {
                            write_into(&data, url.as_ref(), name);
                        }
                        if to.write_all(bytes).is_err() {
                            break;
                        }
                    }
                });
            }
        }
    });
    address
}

fn file_name_in(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.split_once("filename=\"")?;
    rest.get(..26).map(str::to_owned)
}

fn write_into(data_dir: &Path, url: Option<&DatabaseUrl>, name: String) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::of(data_dir, url).await.unwrap();
        let check = Check {
            name,
            ran_at: UnixMillis(0),
            passed: true,
            looked_at: 0,
        };
        store.note_check(&check).await.unwrap();
    });
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Content, file name, metadata, idempotency key and job id are looked for in the log of a service
/// that logs all it can, in its metrics, in its database and in its temporary files, while they live
/// and afterwards.
#[test]
fn c6_verify_deletion_finds_no_trace_on_a_running_service() {
    let service = Service::start();
    let scraping = service.scrape_into("metrics.txt");
    let output = service.verify(&service.address, &[service.path("metrics.txt")]);
    drop(scraping);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    for part in ["while it lives", "afterwards"] {
        for place in [
            "database",
            "keys",
            "sealed objects",
            "stderr.log",
            "metrics.txt",
            "temp",
        ] {
            let row = said
                .lines()
                .find(|row| row.contains(place) && row.contains(part));
            let row = row.unwrap_or_else(|| panic!("no {place} {part}: {said}"));
            assert!(row.ends_with(" 0"), "{row}");
        }
    }
    for check in [
        "addresses answer 410",
        "3 of 3 receipts are valid",
        "0 sealed files and 0 keys are left of 3 objects",
    ] {
        assert_eq!(
            said.matches(check).count(),
            2,
            "a model and a picture: {said}"
        );
    }
    assert!(service.read("stderr.log").contains("answered"));
    // They were asked for while it lived, and knew of it.
    let metrics = service.read("metrics.txt");
    for line in [
        r#"route="/jobs/{id}/model.glb""#,
        r#"ai3dgen_runs_total{tier="base",outcome="done"} 1"#,
        r#"route="/jobs/{id}/picture.png""#,
        r#"ai3dgen_jobs{state="done"} 2"#,
    ] {
        assert!(metrics.contains(line), "{line}");
    }
    let checks = service.checks();
    let check = checks.iter().find(|check| check.name == "verify_deletion");
    let check = check.expect("the result is kept");
    assert!(check.passed && check.looked_at > 100_000, "{check:?}");
}

/// Rows are read from PostgreSQL as its account may, and its files and log as they are.
#[test]
fn c6_verify_deletion_searches_postgresql() {
    let service = Service::with(Some(Postgres::start()));
    let clean = service.verify(&service.address, &[]);
    assert!(clean.status.success(), "{}", said(&clean));
    for part in ["while it lives", "afterwards"] {
        let said = said(&clean);
        for place in ["every row as text", "folder "] {
            let row = said
                .lines()
                .find(|row| row.contains(place) && row.contains(part));
            let row = row.unwrap_or_else(|| panic!("no {place} {part}: {said}"));
            assert!(row.ends_with(" 0"), "{row}");
        }
    }
    let checks = service.checks();
    assert!(
        checks
            .iter()
            .any(|check| check.name == "verify_deletion" && check.passed)
    );

    let proxy = careless_proxy(&service);
    let output = service.verify(&proxy, &[]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("in table public.checks"), "{said}");
}

#[test]
fn c6_verify_deletion_finds_what_was_left_in_a_log_a_database_and_a_deleted_file() {
    let service = Service::start();
    let proxy = careless_proxy(&service);
    let output = service.verify(&proxy, &[service.path("proxy.log")]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let traces = |file: &str| -> String {
        let lines = said.lines().filter(|line| line.starts_with("TRACE"));
        let lines = lines.filter(|line| line.contains(file));
        lines.collect::<Vec<_>>().join("\n")
    };
    for trace in [
        "its file's name",
        "its comment (as it is)",
        "its pixels (as it is, packed)",
        "a field of the form",
        "the idempotency key",
        "the job's address",
        "the picture's file",
        "the model's file",
        "the finished picture's file",
        "the preview's file",
    ] {
        assert!(traces("proxy.log").contains(trace), "{trace}: {said}");
        assert!(traces("/proc/").contains(trace), "{trace}: {said}");
    }
    assert!(traces("jobs.sqlite").contains("its file's name"), "{said}");
    let checks = service.checks();
    let check = checks.iter().find(|check| check.name == "verify_deletion");
    assert!(!check.expect("the result is kept").passed);
}
