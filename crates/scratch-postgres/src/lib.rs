//! A PostgreSQL server for tests and benchmarks: started by them, reachable by them alone, and gone
//! when they are, even if they panic or are killed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// PostgreSQL refuses to run as root; Debian's package makes this account for it.
const ACCOUNT: &str = "postgres";
/// Where Debian puts one folder of programs per version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";
/// Quick, and lost with a power cut, which is all the same here.
const WITHOUT_SYNC: &str = "-F -c full_page_writes=off";

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// PostgreSQL is not installed.
    #[error(
        "PostgreSQL's server is needed for these tests and not on this machine; `cargo xtask setup` or `apt-get install --no-install-recommends postgresql` installs it"
    )]
    Missing,
    /// Root can't run it, and there is nobody else to do so.
    #[error(
        "PostgreSQL doesn't run as root, and there is no account `postgres` to run it as; install Debian's package or run the tests as another user"
    )]
    NoAccount,
    /// It says why.
    #[error("PostgreSQL could not be started: {0}")]
    Failed(String),
}

impl From<std::io::Error> for StartError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A running server. Ends when dropped; one in a `static`, which is never dropped, ends with the
/// process.
#[derive(Debug)]
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    keeper: Child,
    said: Mutex<BufReader<ChildStdout>>,
    /// Its port, if it has one.
    port: Option<u16>,
    databases: AtomicUsize,
}

impl Server {
    /// Starts one in a temporary folder, on a socket in that folder and no port. It doesn't wait for
    /// the disk.
    pub fn start() -> Result<Self, StartError> {
        Self::start_with(WITHOUT_SYNC, "")
    }

    /// As [`Self::start`], and also on a port of this machine, with TLS and the certificate
    /// [`Self::certificate`].
    pub fn start_encrypted() -> Result<Self, StartError> {
        // Free a moment ago, and nobody else is waiting for it.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut settings =
            format!("{WITHOUT_SYNC} -p {port} -c listen_addresses=127.0.0.1 -c ssl=on");
        for (name, file) in [("ssl_cert_file", "crt"), ("ssl_key_file", "key")] {
            settings += &format!(" -c {name}=../server.{file}");
        }
        let mut server = Self::start_with(&settings, "certify")?;
        server.port = Some(port);
        Ok(server)
    }

    /// As [`Self::start`], but what it says is stored is on the disk: for measuring.
    pub fn start_durable() -> Result<Self, StartError> {
        Self::start_with("", "")
    }

    fn start_with(settings: &str, certificate: &str) -> Result<Self, StartError> {
        let programs = programs().ok_or(StartError::Missing)?;
        let folder = tempfile::Builder::new()
            .prefix("ai3dgen-postgres-")
            .tempdir()?
            .keep();
        let mut command = Command::new("sh");
        command
            .args(["-c", include_str!("keeper.sh"), "keeper"])
            .args([&programs, &folder])
            .args([settings, certificate])
            // ^C is for whoever started us; the keeper still has to tidy up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if number("-u", None) == Some(0) {
            let account = number("-u", Some(ACCOUNT)).zip(number("-g", Some(ACCOUNT)));
            let (user, group) = account.ok_or(StartError::NoAccount)?;
            chown(&folder, Some(user), Some(group))?;
            command.uid(user).gid(group);
        }
        let mut keeper = command.spawn()?;
        let output = keeper.stdout.take();
        let output = output.ok_or_else(|| StartError::Failed("it has no output".into()))?;
        let server = Self {
            programs,
            folder,
            keeper,
            said: Mutex::new(BufReader::new(output)),
            port: None,
            databases: AtomicUsize::new(0),
        };
        server.hear_ready()?;
        Ok(server)
    }

    /// Stops it as a power cut would; its databases stay.
    ///
    /// # Errors
    /// It says why it doesn't stop.
    pub fn stop(&self) -> Result<(), StartError> {
        self.order("stop")
    }

    /// Starts it again after [`Self::stop`].
    ///
    /// # Errors
    /// It says why it doesn't start.
    pub fn start_again(&self) -> Result<(), StartError> {
        self.order("start")
    }

    fn order(&self, order: &str) -> Result<(), StartError> {
        if let Some(mut keeper) = self.keeper.stdin.as_ref() {
            writeln!(keeper, "{order}")?;
        }
        self.hear_ready()
    }

    fn hear_ready(&self) -> Result<(), StartError> {
        let mut line = String::new();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.read_line(&mut line)?;
        match line.trim() {
            "ready" => Ok(()),
            said => Err(StartError::Failed(said.into())),
        }
    }

    /// A new, empty database; returns its URL.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn database(&self) -> String {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let created = Command::new(self.programs.join("createdb"))
            .arg("--host")
            .arg(&self.folder)
            .args(self.port.map(|port| format!("--port={port}")))
            .args(["--username=ai3dgen", &name])
            .output()
            .expect("PostgreSQL's createdb runs");
        let said = String::from_utf8_lossy(&created.stderr);
        assert!(created.status.success(), "no database: {said}");
        self.url(&name)
    }

    /// Everything it writes, its log included.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The certificate with which it is encrypted.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("server.crt")
    }

    /// The URL of a database of that name, which need not exist.
    pub fn url(&self, name: &str) -> String {
        if let Some(port) = self.port {
            return format!("postgres://ai3dgen@127.0.0.1:{port}/{name}");
        }
        let folder = escaped(&self.folder);
        format!("postgres:///{name}?host={folder}&user=ai3dgen")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its end of input is what the keeper waits for.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Whether this machine has a PostgreSQL server to start.
pub fn is_installed() -> bool {
    programs().is_some()
}

/// The newest server programs of this machine.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| is_server(folder));
    let versions = std::fs::read_dir(DEBIAN_FOLDER).ok();
    let versions = versions.into_iter().flatten().flatten();
    let newest = versions
        .map(|entry| entry.path())
        .filter(|version| is_server(&version.join("bin")))
        .max_by_key(|version| version.file_name()?.to_str()?.parse::<u32>().ok());
    on_path.or_else(|| Some(newest?.join("bin")))
}

fn is_server(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "createdb"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

/// What `id` says about an account, or about us.
fn number(which: &str, account: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(which).args(account).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// A path as a parameter of a URL.
fn escaped(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes
        .iter()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' => char::from(*byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
