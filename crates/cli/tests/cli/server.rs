//! `ai3dgen serve`, started for a test.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A server with an empty data folder on a port of its own; killed when dropped.
pub struct Server {
    pub child: Child,
    address: String,
    pub sandbox: String,
    _output: BufReader<ChildStdout>,
    pub folder: TempDir,
    /// Its database, if that isn't SQLite.
    pub postgres: Option<Postgres>,
}

/// A database server, and the database's URL.
pub struct Postgres {
    pub server: scratch_postgres::Server,
    pub url: String,
}

impl Postgres {
    pub fn start() -> Self {
        let server = scratch_postgres::Server::start().unwrap_or_else(|error| panic!("{error}"));
        let url = server.database();
        Self { server, url }
    }
}

/// `ai3dgen serve` on a free port with this folder.
pub fn serve(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ai3dgen"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.join("data"))
        .env("AI3DGEN_MODELS_DIR", folder.join("models"));
    command
}

impl Server {
    pub fn start() -> Self {
        Self::with(tempfile::tempdir().unwrap(), None)
    }

    pub fn on_postgres() -> Self {
        Self::with(tempfile::tempdir().unwrap(), Some(Postgres::start()))
    }

    /// Started by a shell that has done this before.
    pub fn after(line: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let command = serve(folder.path());
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{line}; exec \"$@\""), "sh"]);
        shell.arg(command.get_program()).args(command.get_args());
        let variables = command.get_envs();
        shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        Self::spawn(shell, folder, None)
    }

    /// Whose API answers nobody without a key.
    pub fn that_wants_keys() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = serve(folder.path());
        command.arg("--require-keys");
        Self::spawn(command, folder, None)
    }

    pub fn with(folder: TempDir, postgres: Option<Postgres>) -> Self {
        let mut command = serve(folder.path());
        if let Some(postgres) = &postgres {
            command.args(["--database", &postgres.url]);
        }
        Self::spawn(command, folder, postgres)
    }

    fn spawn(mut command: Command, folder: TempDir, postgres: Option<Postgres>) -> Self {
        let mut child = command
            .env("AI3DGEN_LOG", "off")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
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
            folder,
            postgres,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it as a power cut would, and gives back what outlives it.
    pub fn kill(mut self) -> (TempDir, Option<Postgres>) {
        self.end();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        (folder, self.postgres.take())
    }

    /// Waits until it ends by itself; what it said on standard error.
    pub fn said_at_its_end(&mut self) -> String {
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Status and body of a reply.
    pub fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let (head, body) = self.ask(method, path, body);
        (status_of(&head), body)
    }

    /// Head and body of a reply.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> (String, Vec<u8>) {
        self.ask_with("", method, path, body)
    }

    /// The same with more lines in the request's head, each with its end.
    pub fn ask_with(&self, more: &str, method: &str, path: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: image/png\r\n\
             Content-Length: {length}\r\nConnection: close\r\n{more}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let body = reply.split_off(end.expect("a whole head") + 4);
        (String::from_utf8(reply).unwrap(), body)
    }

    pub fn json(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let (status, body) = self.send(method, path, body);
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Hands a picture in and gives the job's path.
    pub fn submit(&self, tier: &str, picture: &[u8]) -> String {
        let (status, job) = self.json("POST", &format!("/jobs?tier={tier}"), picture);
        assert_eq!(status, 201, "{job}");
        job["links"]["self"].as_str().unwrap().to_owned()
    }

    /// Waits until the job is in one of these states.
    pub fn wait_for(&self, job: &str, states: &[&str]) -> Value {
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
    pub fn workers(&self) -> Vec<u32> {
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

    pub fn kill_workers(&self) {
        for pid in self.workers() {
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
            // One that was done with an upload may have ended meanwhile.
            assert!(killed.unwrap().success() || !self.workers().contains(&pid));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

pub fn status_of(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
