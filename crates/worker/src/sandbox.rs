//! What a worker takes away from itself before it reads the first byte from outside.
//!
//! - No privileges to gain, no tracing, no core dump, and an end with the thread that started it.
//! - If the machine runs out of memory, it goes before its server does.
//! - It gives way to its server, which answers pages meanwhile.
//! - Limits on memory, processor time and open files; no file can grow.
//! - Landlock (Linux 5.13 and newer): of all files only those named as readable can be opened, and
//!   where the kernel knows how, no TCP port and nothing of other processes can be reached.
//! - seccomp: only the system calls of a program that computes. No socket, no process, no program,
//!   no tracing, no file opened for writing.
//!
//! Elsewhere than on Linux only the limits are set. [`Report`] says what holds.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod linux;

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What a worker may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Memory it may write to, bytes.
    pub memory_bytes: u64,
    /// Processor time over all threads, seconds.
    pub cpu_secs: u64,
    /// Files, and folders with all that is in them, that it may read.
    pub readable: Vec<PathBuf>,
}

/// What keeps a worker in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Landlock's ABI version, if this kernel has Landlock.
    pub landlock: Option<u8>,
    /// Whether the system calls are filtered.
    pub seccomp: bool,
}

impl Report {
    /// Whether files, system calls and network are all closed to a worker.
    pub fn is_whole(self) -> bool {
        self.landlock.is_some() && self.seccomp
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.landlock, self.seccomp) {
            (Some(version), true) => write!(f, "landlock v{version}, seccomp"),
            (Some(version), false) => {
                write!(f, "landlock v{version}; this system has no seccomp filters")
            }
            (None, true) => {
                f.write_str("seccomp; this kernel has no Landlock, so files can be read")
            }
            (None, false) => f.write_str("none on this system, only limits"),
        }
    }
}

/// Why a process can't be restricted. It must not take a job then.
#[derive(Debug, thiserror::Error)]
#[error("the worker can't restrict itself: {0}")]
pub struct SandboxError(#[from] io::Error);

/// Mapped weights count as address space although they take no memory of the worker's own.
#[cfg(unix)]
const MAPPED_BYTES: u64 = 4 << 30;
/// Weights, the pipes, and some to spare.
#[cfg(unix)]
const OPEN_FILES: u64 = 64;

/// How much a worker gives way: enough that a page is answered at once while every core computes, and
/// on a machine with nothing else to do it takes nothing away.
#[cfg(unix)]
const NICE: i32 = 10;

/// Enters the sandbox: for good, and for all threads that are started from now on. Call it while
/// there is one thread.
///
/// # Errors
/// A limit can't be set. A kernel without Landlock or seccomp is no error but told in the report.
pub fn enter(limits: &Limits) -> Result<Report, SandboxError> {
    // Before its own files in /proc are closed to it, too.
    #[cfg(target_os = "linux")]
    linux::be_the_first_to_go();
    #[cfg(unix)]
    limit(limits)?;
    #[cfg(target_os = "linux")]
    return linux::enter(&limits.readable);
    #[cfg(not(target_os = "linux"))]
    return Ok(Report::default());
}

/// For a process that holds content or keys: it leaves no core dump, and on Linux no other process
/// of the same user may look into it.
///
/// # Errors
/// The operating system refuses.
pub fn harden() -> io::Result<()> {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    }
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_dumpable(false)?;
    Ok(())
}

/// Whether this process is as [`harden`] makes it; never so where the system can't tell.
pub fn is_hardened() -> bool {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::resource::{Resource, getrlimit};
        let cores = getrlimit(Resource::RLIMIT_CORE);
        cores.is_ok_and(|limits| limits == (0, 0))
            && nix::sys::prctl::get_dumpable().is_ok_and(|dumpable| !dumpable)
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// For a server: as many open files and connections as the system lets this process have. Returns how
/// many those are.
///
/// # Errors
/// The operating system refuses.
pub fn raise_open_files() -> io::Result<u64> {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
        Ok(most)
    }
    #[cfg(not(unix))]
    Ok(u64::MAX)
}

/// Closes everything that was inherited besides standard input, output and error. Call it first of
/// all, before this process has opened anything of its own.
pub(crate) fn close_inherited() {
    #[cfg(target_os = "linux")]
    linux::close_inherited();
}

#[cfg(unix)]
fn limit(limits: &Limits) -> io::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};
    harden()?;
    rustix::process::nice(NICE)?;
    let memory = limits.memory_bytes;
    for (resource, most) in [
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_NOFILE, OPEN_FILES),
        (Resource::RLIMIT_CPU, limits.cpu_secs),
        // What is private and can be written to: the memory proper. Address space is more, since
        // the allocator reserves and weights are mapped.
        (Resource::RLIMIT_DATA, memory),
        (Resource::RLIMIT_AS, memory.saturating_add(MAPPED_BYTES)),
    ] {
        setrlimit(resource, most, most)?;
    }
    Ok(())
}
