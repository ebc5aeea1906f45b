//! The real server as a process, and what the operating system says of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// How a server is started, again and again.
pub struct Program {
    /// `ai3dgen`.
    pub binary: PathBuf,
    /// More arguments of `serve`.
    pub arguments: Vec<String>,
    folder: tempfile::TempDir,
}

/// A server that runs. Killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
    _output: BufReader<ChildStdout>,
}

impl Program {
    /// With an empty folder.
    ///
    /// # Errors
    /// There is no room for one.
    pub fn new(binary: &Path, arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("ai3dgen-").tempdir()?;
        for name in ["data", "temp", "models"] {
            fs::create_dir(folder.path().join(name))?;
        }
        Ok(Self {
            binary: binary.to_owned(),
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            folder,
        })
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The only place for its temporary files.
    pub fn temp(&self) -> PathBuf {
        self.folder.path().join("temp")
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// It doesn't start; why is on standard error.
    pub async fn start(&self) -> Result<Server> {
        let mut child = Command::new(&self.binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(self.data())
            .args(&self.arguments)
            .env("AI3DGEN_MODELS_DIR", self.folder.path().join("models"))
            .env("AI3DGEN_LOG", "error")
            .env("TMPDIR", self.temp())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} can't be started", self.binary.display()))?;
        let output = child.stdout.take().context("it has no output")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line).await?;
        let Some(address) = line.trim().strip_prefix("ai3dgen is ready: http://") else {
            bail!("the server doesn't start: {line}");
        };
        Ok(Server {
            child,
            address: address.to_owned(),
            _output: output,
        })
    }
}

impl Server {
    /// Ends it with SIGKILL, and its workers with it.
    ///
    /// # Errors
    /// It can't be killed.
    pub async fn kill(mut self) -> io::Result<()> {
        self.child.kill().await
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Memory of the server and of all its workers, KiB.
    pub fn resident_kib(&self) -> (u64, u64) {
        let workers = children_of(self.pid()).into_iter().map(resident_kib);
        (resident_kib(self.pid()), workers.sum())
    }
}

/// The living processes that a process started.
pub fn children_of(parent: u32) -> Vec<u32> {
    let parent = parent.to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|process| {
        let pid = process.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(process.path().join("stat")).ok()?;
        // State and parent follow the name, which may hold anything but ends with a bracket.
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let lives = fields.next()? != "Z";
        (lives && fields.next()? == parent).then_some(pid)
    });
    pids.collect()
}

/// Whether a process lives.
pub fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    })
}

fn resident_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
