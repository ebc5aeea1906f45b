//! One worker process as its server sees it: started, listened to, ended.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::body::in_pieces;
use crate::error::{Ending, ProcessError};
use crate::frame::{Frame, FrameError};
use crate::inside::PANICKED;
use crate::message::{Answer, Request};
use crate::sandbox::Report;

/// How often a waiting server looks whether it should go on waiting.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long a worker that was told to stop may take before it is killed.
const STOP_PATIENCE: Duration = Duration::from_millis(100);
/// How long a process that has closed its output may take to end.
const END_PATIENCE: Duration = Duration::from_secs(1);
/// Between start and greeting; a machine that starts many things at once may be slow.
const START_PATIENCE: Duration = Duration::from_secs(20);
/// Less processor time than this between two signs of life is not work.
const WORK_MILLIS: u64 = 5;
/// Answers that may wait to be looked at.
const ANSWERS_AHEAD: usize = 4;
/// How much of standard error is looked at.
const ERROR_BYTES: u64 = 64 << 10;

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

/// A process. Killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// `None` once it can't be written to any more.
    input: Arc<Mutex<Option<ChildStdin>>>,
    answers: Receiver<Heard>,
    pulse: Arc<Mutex<Pulse>>,
    errors: Option<JoinHandle<Remark>>,
}

/// What a process said last on standard error, if it is one of these. Everything else is thrown
/// away, since it may be content.
#[derive(Default)]
enum Remark {
    #[default]
    Nothing,
    OutOfMemory,
    Panicked(String),
}

/// An answer and the ticket it bears, or what was said instead.
type Heard = Result<(u64, Answer), ProcessError>;

/// When it last showed that it works.
struct Pulse {
    seen: Instant,
    cpu_millis: u64,
}

/// What a wait can end with besides an answer.
pub(crate) enum Interrupted {
    /// The caller wanted it to stop.
    Halted,
    Process(ProcessError),
}

/// For how long, and on what conditions, to wait for answers.
pub(crate) struct Wait<'a> {
    pub(crate) ticket: u64,
    pub(crate) until: Instant,
    /// Without a sign of work.
    pub(crate) silence: Duration,
    pub(crate) is_halted: &'a dyn Fn() -> bool,
}

impl Process {
    /// Starts a worker, which is told to `prepare` for a run or not.
    ///
    /// On Linux it dies with the *thread* that calls this.
    pub(crate) fn start(program: &Program, prepare: bool) -> Result<Self, ProcessError> {
        let mut child = command(program).spawn().map_err(ProcessError::Start)?;
        let missing = || ProcessError::Start(io::ErrorKind::BrokenPipe.into());
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let input = Arc::new(Mutex::new(child.stdin.take()));
        let pulse = Arc::new(Mutex::new(Pulse {
            seen: Instant::now(),
            cpu_millis: 0,
        }));
        let (sender, answers) = sync_channel(ANSWERS_AHEAD);
        let heart = pulse.clone();
        // From here on dropping it ends the process and with it the threads.
        let mut process = Self {
            child,
            input,
            answers,
            pulse,
            errors: None,
        };
        start_thread(move || listen(output, &sender, &heart))?;
        process.errors = Some(start_thread(move || remark(errors))?);
        process.send(Request::Hello { prepare }.to_frame(0), io::empty())?;
        Ok(process)
    }

    /// Whether it is still there.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its greeting, from inside its sandbox.
    pub(crate) fn greeting(&mut self) -> Result<Report, ProcessError> {
        let wait = Wait {
            ticket: 0,
            until: Instant::now() + START_PATIENCE,
            silence: START_PATIENCE,
            is_halted: &|| false,
        };
        match self.next(&wait) {
            Ok(Answer::Hello(report)) => Ok(report),
            Ok(_) => Err(ProcessError::Garbled("it didn't greet")),
            Err(Interrupted::Process(error)) => Err(error),
            Err(Interrupted::Halted) => Err(ProcessError::Silent),
        }
    }

    /// Sends a request and the body that was announced in it, from a thread of its own: a worker
    /// that stops reading must not stop its server. What goes wrong shows in the answers.
    pub(crate) fn send(
        &self,
        request: Frame,
        mut body: impl Read + Send + 'static,
    ) -> Result<(), ProcessError> {
        let (input, ticket) = (self.input.clone(), request.ticket);
        self.pulse().seen = Instant::now();
        start_thread(move || {
            let mut input = lock(&input);
            let Some(pipe) = input.as_mut() else { return };
            let sent = request.write(pipe).and_then(|()| {
                in_pieces(&mut body, |piece| {
                    Request::Piece(piece).to_frame(ticket).write(pipe)
                })
            });
            if sent.is_err() {
                // The worker waits in vain otherwise.
                *input = None;
            }
        })?;
        Ok(())
    }

    /// The next answer about the job.
    pub(crate) fn next(&mut self, wait: &Wait) -> Result<Answer, Interrupted> {
        loop {
            if (wait.is_halted)() {
                return Err(Interrupted::Halted);
            }
            match self.answers.recv_timeout(LOOK_EVERY) {
                Ok(Ok((ticket, answer))) if ticket == wait.ticket => return Ok(answer),
                Ok(Ok(_)) => {
                    return Err(ProcessError::Garbled("it spoke about another job").into());
                }
                Ok(Err(error)) => return Err(error.into()),
                Err(RecvTimeoutError::Disconnected) => return Err(self.ending().into()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if now >= wait.until {
                return Err(ProcessError::OutOfTime.into());
            }
            if now.saturating_duration_since(self.pulse().seen) >= wait.silence {
                return Err(ProcessError::Silent.into());
            }
        }
    }

    /// Tells it to stop; kills it if it doesn't at once.
    pub(crate) fn stop(mut self, ticket: u64) {
        let told = match self.input.try_lock() {
            Ok(mut input) => input.as_mut().is_some_and(|pipe| {
                let frame = Request::Cancel.to_frame(ticket);
                frame.write(pipe).is_ok()
            }),
            // It is being written to, and perhaps doesn't read.
            Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => false,
        };
        if told {
            self.wait(STOP_PATIENCE);
        }
    }

    /// Why its output ended.
    fn ending(&mut self) -> ProcessError {
        let status = self.wait(END_PATIENCE);
        let remark = match self.errors.take() {
            Some(errors) if status.is_some() => errors.join().unwrap_or_default(),
            _ => Remark::Nothing,
        };
        let mut ending = Ending {
            code: status.and_then(|status| status.code()),
            signal: status.and_then(signal_of),
            place: None,
        };
        match remark {
            Remark::OutOfMemory => return ProcessError::OutOfMemory,
            Remark::Panicked(place) => ending.place = Some(place),
            Remark::Nothing => {}
        }
        match ending.signal {
            Some(signal) if signal == OUT_OF_CPU => ProcessError::OutOfTime,
            _ => ProcessError::Ended(ending),
        }
    }

    /// Waits for its end; `None` if it doesn't come.
    fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(2)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
    }

    fn pulse(&self) -> MutexGuard<'_, Pulse> {
        lock(&self.pulse)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already. Its memory goes back to the kernel, which wipes it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl From<ProcessError> for Interrupted {
    fn from(error: ProcessError) -> Self {
        Self::Process(error)
    }
}

fn command(program: &Program) -> Command {
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

/// Hands answers on until there are no more, one is malformed or nobody listens.
fn listen(mut output: ChildStdout, answers: &SyncSender<Heard>, pulse: &Mutex<Pulse>) {
    loop {
        let heard = match Frame::read(&mut output) {
            // A crash can cut a message off: its process's end is the better reason.
            Ok(None) | Err(FrameError::CutOff) => return,
            Ok(Some(frame)) => {
                let ticket = frame.ticket;
                let answer = Answer::from_frame(frame).map_err(ProcessError::from);
                answer.map(|answer| (ticket, answer))
            }
            Err(error) => Err(ProcessError::from(&error)),
        };
        match heard {
            Ok((_, Answer::Beat { cpu_millis })) => lock(pulse).beat(cpu_millis),
            heard => {
                lock(pulse).seen = Instant::now();
                let is_last = heard.is_err();
                if answers.send(heard).is_err() || is_last {
                    return;
                }
            }
        }
    }
}

impl Pulse {
    /// Counts only if it has worked since the last one.
    fn beat(&mut self, cpu_millis: u64) {
        if cpu_millis >= self.cpu_millis.saturating_add(WORK_MILLIS) {
            self.cpu_millis = cpu_millis;
            self.seen = Instant::now();
        }
    }
}

fn remark(errors: ChildStderr) -> Remark {
    let mut remark = Remark::Nothing;
    let mut errors = BufReader::new(errors.take(ERROR_BYTES));
    let mut line = Vec::new();
    while errors
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        if let Some(told) = Remark::in_line(&line) {
            remark = told;
        }
        line.clear();
    }
    // Whoever writes on and on must not stand still for want of a reader.
    let _ = io::copy(errors.get_mut().get_mut(), &mut io::sink());
    remark
}

impl Remark {
    fn in_line(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        // What Rust's standard library says when an allocation fails.
        if line.starts_with("memory allocation of ") {
            return Some(Self::OutOfMemory);
        }
        let place = line.strip_prefix(PANICKED)?.trim_start();
        is_place(place).then(|| Self::Panicked(place.into()))
    }
}

/// Whether it is a file in a source folder and a line, and can't be content in disguise.
fn is_place(text: &str) -> bool {
    let Some((file, line)) = text.rsplit_once(".rs:") else {
        return false;
    };
    text.len() <= 200
        && line.bytes().all(|byte| byte.is_ascii_digit())
        && file
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/\\._-:".contains(&byte))
}

#[cfg(target_os = "linux")]
const OUT_OF_CPU: i32 = libc::SIGXCPU;
#[cfg(not(target_os = "linux"))]
const OUT_OF_CPU: i32 = 24;

fn signal_of(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    {
        let _ = status;
        None
    }
}

fn start_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, ProcessError> {
    let thread = thread::Builder::new().name("worker-pipe".into());
    thread.spawn(work).map_err(ProcessError::Start)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
