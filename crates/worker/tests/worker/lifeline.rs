//! What ties a worker to its server, and what doesn't reach it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use worker::{Patience, ProcessError, Processes, RunError};

use crate::common::{Desk, picture, program, with_network};

/// Workers that bear a name of their own, so that a test finds its own among all others'.
fn named(role: &str, name: &str) -> Processes {
    let mut program = program(role);
    program.args.push(name.into());
    Processes::start(program, Patience::default()).unwrap()
}

/// The processes with that name among their arguments.
fn processes(name: &str) -> Vec<Pid> {
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        // A process that is gone but not waited for has none.
        let has_name = line
            .split(|byte| *byte == 0)
            .any(|arg| arg == name.as_bytes());
        has_name.then_some(Pid::from_raw(pid))
    });
    pids.collect()
}

fn until(is_so: impl Fn() -> bool, most: Duration) {
    let end = Instant::now() + most;
    while !is_so() {
        assert!(Instant::now() < end, "it doesn't happen in {most:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_worker_ends_within_two_seconds_of_its_server() {
    let name = "whose-server-is-killed";
    let mut server = Command::new(env!("CARGO_BIN_EXE_unruly-worker"))
        .args(["server", name])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut up = String::new();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    output.read_line(&mut up).unwrap();
    // The server, and of both its pools the workers that wait for an upload and for a run.
    until(|| processes(name).len() == 5, Duration::from_secs(20));
    server.kill().unwrap();
    server.wait().unwrap();
    until(|| processes(name).is_empty(), Duration::from_secs(2));
}

#[test]
fn a_worker_killed_while_it_waits_is_replaced() {
    let name = "killed-while-it-waits";
    let workers = named("good", name);
    let patience = Duration::from_secs(5);
    // One for the next upload and one for the next run.
    until(|| processes(name).len() == 2, patience);
    for waiting in processes(name) {
        kill(waiting, Signal::SIGKILL).unwrap();
    }
    until(|| processes(name).is_empty(), patience);
    Desk::new().run(&workers).unwrap();
    until(|| processes(name).len() == 1, patience);
    workers.admit(picture(64).into(), 64).unwrap();
    until(|| processes(name).len() == 2, patience);
}

#[test]
fn an_upload_whose_worker_somebody_kills_goes_to_another() {
    let name = "killed-with-an-upload";
    let workers = named("good", name);
    let patience = Duration::from_secs(5);
    until(|| processes(name).len() == 2, patience);
    // Both stand still, so that the one that gets the upload has it when it is killed.
    let waiting = processes(name);
    for &process in &waiting {
        kill(process, Signal::SIGSTOP).unwrap();
    }
    thread::scope(|scope| {
        let admitted = scope.spawn(|| workers.admit(picture(64).into(), 64));
        // What waits for the next upload then has started.
        until(|| processes(name).len() == 3, patience);
        for &process in &waiting {
            kill(process, Signal::SIGKILL).unwrap();
        }
        admitted.join().unwrap().unwrap();
    });
}

#[test]
fn a_worker_killed_while_it_runs_ends_its_own_job_only() {
    let name = "killed-while-it-runs";
    let workers = named("spins", name);
    let desk = Desk::with(with_network());
    let ended = thread::scope(|scope| {
        let running = scope.spawn(|| desk.run(&workers));
        until(
            || !desk.news.lock().unwrap().is_empty(),
            Duration::from_secs(30),
        );
        // Also the one that waits for the next job.
        for pid in processes(name) {
            kill(pid, Signal::SIGKILL).unwrap();
        }
        running.join().unwrap()
    });
    let Err(RunError::Process(ProcessError::Ended(ending))) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(ending.signal, Some(9));
    assert_eq!(desk.objects(), 1, "the picture only");
    // This engine's network spins, but its other one doesn't.
    Desk::new().run(&workers).unwrap();
}

#[test]
fn a_stopped_worker_is_given_up() {
    let name = "stopped-from-outside";
    let mut program = program("spins");
    program.args.push(name.into());
    let patience = Patience {
        silence: Duration::from_secs(3),
        ..Patience::default()
    };
    let workers = Processes::start(program, patience).unwrap();
    let desk = Desk::with(with_network());
    let ended = thread::scope(|scope| {
        let running = scope.spawn(|| desk.run(&workers));
        until(
            || !desk.news.lock().unwrap().is_empty(),
            Duration::from_secs(30),
        );
        for pid in processes(name) {
            kill(pid, Signal::SIGSTOP).unwrap();
        }
        running.join().unwrap()
    });
    assert!(
        matches!(ended, Err(RunError::Process(ProcessError::Silent))),
        "{ended:?}"
    );
}

#[test]
fn no_worker_outlives_its_job_or_its_pool() {
    let name = "soon-over";
    let workers = named("good", name);
    Desk::new().run(&workers).unwrap();
    // Those that wait for what comes next.
    until(|| processes(name).len() == 2, Duration::from_secs(20));
    drop(workers);
    until(|| processes(name).is_empty(), Duration::from_secs(2));
}

#[test]
fn no_file_no_variable_and_no_folder_of_the_server_reaches_a_worker() {
    let file = tempfile::tempfile().unwrap();
    // As if whoever started the server had left it open for everyone.
    fcntl(&file, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
    let desk = Desk::new();
    let ended = desk.run(&named("inventory", "with-nothing"));
    let Err(RunError::Process(ProcessError::Ended(ending))) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(ending.code, Some(42), "another code names what it found");
}
