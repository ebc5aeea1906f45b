//! Tries, from inside the sandbox, what it forbids and what it allows, and tells what came of it:
//! one line, `allowed` or `refused` and the error's number.

use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};
use std::thread;

use nix::sys::ptrace;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use worker::sandbox::{self, Limits};

pub fn run(args: &[String]) -> ExitCode {
    let [what, with] = args else {
        return ExitCode::FAILURE;
    };
    let limits = Limits {
        memory_bytes: 64 << 20,
        cpu_secs: 60,
        readable: vec![with.into()],
    };
    let report = match sandbox::enter(&limits) {
        Ok(report) => report,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match attempt(what, with) {
        Ok(()) => println!("allowed"),
        Err(error) => println!("refused {}", error.raw_os_error().unwrap_or(0)),
    }
    println!("{report}");
    ExitCode::SUCCESS
}

fn attempt(what: &str, with: &str) -> io::Result<()> {
    let parent = nix::unistd::getppid();
    match what {
        "read-foreign" => fs::read("/etc/passwd").map(drop),
        "read-own-environment" => fs::read("/proc/self/environ").map(drop),
        "read-weights" => fs::read(format!("{with}/weights")).map(drop),
        "list-weights" => fs::read_dir(with).map(drop),
        "write-weights" => File::options()
            .write(true)
            .open(format!("{with}/weights"))
            .map(drop),
        "create-beside-weights" => File::create(format!("{with}/new")).map(drop),
        "create-in-tmp" => File::create("/tmp/ai3dgen-probe").map(drop),
        "remove-weights" => fs::remove_file(format!("{with}/weights")),
        "rename-weights" => fs::rename(format!("{with}/weights"), format!("{with}/other")),
        "make-folder" => fs::create_dir(format!("{with}/folder")),
        "connect" => TcpStream::connect("127.0.0.1:9").map(drop),
        "listen" => TcpListener::bind("127.0.0.1:0").map(drop),
        "datagram" => UdpSocket::bind("127.0.0.1:0").map(drop),
        "socket-pair" => UnixStream::pair().map(drop),
        "execute" => Command::new("/bin/true").status().map(drop),
        "trace-parent" => Ok(ptrace::attach(parent)?),
        "let-itself-be-traced" => Ok(ptrace::traceme()?),
        "kill-parent" => Ok(kill(parent, None)?),
        "kill-itself" => Ok(kill(Pid::this(), Signal::SIGSTOP)?),
        "raise-a-limit" => {
            let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
            Ok(setrlimit(Resource::RLIMIT_NOFILE, most / 2, most)?)
        }
        "be-dumpable-again" => Ok(nix::sys::prctl::set_dumpable(true)?),
        "allocate" => {
            let mut much = Vec::<u8>::new();
            much.try_reserve_exact(80 << 20)
                .map_err(|_| io::Error::from_raw_os_error(nix::libc::ENOMEM))
        }
        "start-a-thread" => thread::Builder::new()
            .spawn(|| fs::read("/etc/passwd").is_err())?
            .join()
            .map_err(|_| io::ErrorKind::Other.into())
            .and_then(|refused| match refused {
                true => Ok(()),
                false => Err(io::Error::other("the thread is not in the sandbox")),
            }),
        _ => Err(io::Error::other("no such probe")),
    }
}
