//! One worker process as its server sees it: started, listened to, ended.

use std::io::{self, Read};
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::body::in_pieces;
use crate::error::{Ending, ProcessError};
use crate::frame::{Frame, FrameError};
use crate::message::{Answer, Request};
use crate::program::{Program, command};
use crate::remark::{Remark, remark};
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
/// A process. Killed when dropped.
pub(crate) struct Process {
    child: Reaped,
    /// `None` once it can't be written to any more.
    input: Arc<Mutex<Option<ChildStdin>>>,
    answers: Receiver<Heard>,
    pulse: Arc<Mutex<Pulse>>,
    errors: Option<JoinHandle<Remark>>,
    /// What it said in its greeting, once that was heard.
    report: Option<Report>,
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
            child: Reaped(Some(child)),
            input,
            answers,
            pulse,
            errors: None,
            report: None,
        };
        start_thread(move || listen(output, &sender, &heart))?;
        process.errors = Some(start_thread(move || remark(errors))?);
        process.send(Request::Hello { prepare }.to_frame(0), io::empty())?;
        Ok(process)
    }

    /// Whether it is still there.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.status(), Ok(None))
    }

    /// Waits for its greeting, from inside its sandbox, unless that was heard before.
    pub(crate) fn greeting(&mut self) -> Result<Report, ProcessError> {
        if let Some(report) = self.report {
            return Ok(report);
        }
        let wait = Wait {
            ticket: 0,
            until: Instant::now() + START_PATIENCE,
            silence: START_PATIENCE,
            is_halted: &|| false,
        };
        match self.next(&wait) {
            Ok(Answer::Hello(report)) => Ok(*self.report.insert(report)),
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
        // If it doesn't read, or is still being written to, this doesn't reach it.
        if (self.send(Request::Cancel.to_frame(ticket), io::empty())).is_ok() {
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
            match self.child.status() {
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

/// The operating system's handle. Killed when dropped, and taken note of when it has ended.
struct Reaped(Option<Child>);

impl Reaped {
    /// How it ended, if it has.
    fn status(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.as_mut().map_or(Ok(None), Child::try_wait)
    }
}

impl Drop for Reaped {
    fn drop(&mut self) {
        let Some(mut child) = self.0.take() else {
            return;
        };
        // It may have ended already. Its memory goes back to the kernel, which wipes it; that takes
        // milliseconds, in which nothing of a job depends on it any more.
        let _ = child.kill();
        // Without that thread it is a name in the table of processes until the server ends.
        let _ = start_thread(move || child.wait());
    }
}

impl From<ProcessError> for Interrupted {
    fn from(error: ProcessError) -> Self {
        Self::Process(error)
    }
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
