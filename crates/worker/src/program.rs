//! How a worker is started: which program, and how little of its server's surroundings it gets.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Number of threads, for the two thread pools; nothing else of the environment reaches a worker.
const ENVIRONMENT: [&str; 2] = ["RAYON_NUM_THREADS", "RTEN_NUM_THREADS"];

/// Which program is a worker.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments. Other users can see them: no content, no key.
    pub args: Vec<OsString>,
}

impl Program {
    /// This very program, with other arguments.
    ///
    /// # Errors
    /// The operating system doesn't know where it is.
    pub fn myself(args: Vec<OsString>) -> io::Result<Self> {
        // On Linux this names the running file even after another one took its place.
        let path = match cfg!(target_os = "linux") {
            true => "/proc/self/exe".into(),
            false => std::env::current_exe()?,
        };
        Ok(Self { path, args })
    }
}

/// The program with pipes for its input and outputs, in no folder of ours.
pub(crate) fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.path);
    command
        .args(&program.args)
        .env_clear()
        .envs(ENVIRONMENT.iter().filter_map(|name| {
            let value = std::env::var_os(name)?;
            Some((name, value))
        }))
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // ^C at a terminal is for the server, which ends its workers itself.
        command.arg0("ai3dgen").process_group(0);
    }
    command
}
