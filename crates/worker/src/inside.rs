//! The worker's side: into the sandbox, one request, one answer, the end.

use std::convert::Infallible;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::panic;
use std::process::{self, ExitCode};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::bench::Bench;
use crate::body::{Body, in_pieces};
use crate::codec::Malformed;
use crate::frame::{Frame, FrameError};
use crate::job::{self, Stopped};
use crate::message::{Answer, News, Order, Part, Request};
use crate::sandbox::{self, Limits, Report};

/// Between two signs of life.
const BEAT: Duration = Duration::from_secs(1);

/// Exit codes, so that a test or a person at a terminal can tell.
mod exit {
    pub const NO_SANDBOX: u8 = 2;
    pub const MALFORMED: u8 = 3;
}

/// Why the conversation broke off. There is nobody to tell but an exit code.
enum Broken {
    /// The server said what no server says.
    Malformed,
    /// The server is gone.
    Gone,
}

/// Serves one request over standard input and output from inside the sandbox: all that a worker
/// process does. Call it first of all in `main`, while there is one thread.
pub fn run<B: Into<Bench>>(limits: &Limits, bench: impl FnOnce() -> B) -> ExitCode {
    tell_only_where_it_panicked();
    sandbox::close_inherited();
    // Asked for here, because inside the sandbox the answer would leave out a container's quota.
    let cores = thread::available_parallelism();
    let Ok(report) = sandbox::enter(limits) else {
        return exit::NO_SANDBOX.into();
    };
    if std::env::var_os("RAYON_NUM_THREADS").is_none()
        && let Ok(cores) = cores
    {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores.get());
        // It fails if there is one already, which does as well.
        let _ = pool.build_global();
    }
    match converse(|| bench().into(), report, io::stdin(), io::stdout()) {
        Err(Broken::Gone) => ExitCode::SUCCESS,
        Err(Broken::Malformed) => exit::MALFORMED.into(),
    }
}

/// A panic's message may quote what the program was working on, so only its place is told.
fn tell_only_where_it_panicked() {
    panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            let line = format!("{PANICKED} {}:{}\n", place.file(), place.line());
            let _ = io::stderr().write_all(line.as_bytes());
        }
    }));
}

/// Begins the line that [`crate::remark`] looks for on standard error.
pub(crate) const PANICKED: &str = "worker panicked at";

fn converse(
    bench: impl FnOnce() -> Bench,
    report: Report,
    mut input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> Result<Infallible, Broken> {
    let (_, Request::Hello { prepare }) = hear(&mut input)? else {
        return Err(Broken::Malformed);
    };
    let output = Arc::new(Mutex::new(output));
    Voice::of(&output, 0).say(Answer::Hello(report))?;
    let bench = bench();
    if prepare {
        bench.engine.prepare();
    }
    // Here a worker that was started in advance waits for its job.
    let (ticket, request) = hear(&mut input)?;
    let voice = Voice::of(&output, ticket);
    match request {
        Request::Admit { len, largest_side } => {
            let upload = receive(&mut input, ticket, len)?;
            voice.beat();
            end_on_any_word(input);
            admit(&voice, upload, largest_side)?;
        }
        Request::Run { order, len } => {
            let sealed = receive(&mut input, ticket, len)?;
            voice.beat();
            end_on_any_word(input);
            work(&voice, &bench, &order, &sealed)?;
        }
        _ => return Err(Broken::Malformed),
    }
    // The server ends this process when it has taken everything. Clearing its memory away before that
    // would only keep the processor from the server.
    loop {
        thread::park();
    }
}

fn admit<W: Write>(
    voice: &Voice<W>,
    upload: Zeroizing<Vec<u8>>,
    largest_side: u32,
) -> Result<(), Broken> {
    match job::admit(&upload, largest_side) {
        Ok(png) => {
            drop(upload);
            let len = png.len() as u64;
            voice.say(Answer::Admitted { len })?;
            voice.say_all(&png)
        }
        Err(error) => voice.say(Answer::Refused(error)),
    }
}

fn work<W: Write>(
    voice: &Voice<W>,
    bench: &Bench,
    order: &Order,
    sealed: &[u8],
) -> Result<(), Broken> {
    let mut tell = |news: News| match voice.say(Answer::News(news)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    let len = sealed.len() as u64;
    match job::run(bench, order, &mut &*sealed, len, &mut tell) {
        Ok(made) => {
            for (part, sealed) in [(Part::Result, made.result), (Part::Preview, made.preview)] {
                let len = sealed.len() as u64;
                voice.say(Answer::Sealed { part, len })?;
                voice.say_all(&sealed)?;
            }
            voice.say(Answer::Done)
        }
        Err(Stopped::Trouble(trouble)) => voice.say(Answer::Failed(trouble)),
        Err(Stopped::Halted) => Err(Broken::Gone),
    }
}

fn hear(input: &mut impl Read) -> Result<(u64, Request), Broken> {
    let frame = Frame::read(input)?.ok_or(Broken::Gone)?;
    Ok((frame.ticket, Request::from_frame(frame)?))
}

fn receive(input: &mut impl Read, ticket: u64, len: u64) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let next = || match hear(input)? {
        (of, Request::Piece(piece)) if of == ticket => Ok(piece),
        (_, Request::Cancel) => Err(Broken::Gone),
        _ => Err(Broken::Malformed),
    };
    Body::of(len, next).into_bytes()
}

/// Ends the process as soon as the server says anything more, which can only be that the job is
/// cancelled, or goes away. The engine doesn't have to notice; the process's memory goes with it.
fn end_on_any_word(mut input: impl Read + Send + 'static) {
    thread::spawn(move || {
        let last = hear(&mut input);
        process::exit(match last {
            Ok((_, Request::Cancel)) | Err(Broken::Gone) => 0,
            _ => exit::MALFORMED.into(),
        })
    });
}

/// Speaks about one job. Whole frames only, from whichever thread.
struct Voice<W> {
    output: Arc<Mutex<W>>,
    ticket: u64,
}

impl<W: Write> Voice<W> {
    fn of(output: &Arc<Mutex<W>>, ticket: u64) -> Self {
        let output = output.clone();
        Self { output, ticket }
    }

    fn say(&self, answer: Answer) -> Result<(), Broken> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let written = answer.to_frame(self.ticket).write(&mut *output);
        written.map_err(|_| Broken::Gone)
    }

    fn say_all(&self, mut bytes: &[u8]) -> Result<(), Broken> {
        let sent = in_pieces(&mut bytes, |piece| {
            let said = self.say(Answer::Piece(piece));
            said.map_err(|_| io::ErrorKind::BrokenPipe.into())
        });
        sent.map_err(|_| Broken::Gone)
    }
}

impl<W: Write + Send + 'static> Voice<W> {
    /// Gives signs of life from now on.
    fn beat(&self) {
        let voice = Self::of(&self.output, self.ticket);
        thread::spawn(move || {
            loop {
                thread::sleep(BEAT);
                let cpu_millis = cpu_millis();
                if voice.say(Answer::Beat { cpu_millis }).is_err() {
                    return;
                }
            }
        });
    }
}

/// Processor time that this process has used, over all threads.
fn cpu_millis() -> u64 {
    #[cfg(unix)]
    {
        use nix::time::{ClockId, clock_gettime};
        let used = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID);
        used.map_or(0, |used| {
            let millis = used.tv_sec() * 1000 + used.tv_nsec() / 1_000_000;
            u64::try_from(millis).unwrap_or(0)
        })
    }
    // Without such a clock the wall's has to do: then only silence counts.
    #[cfg(not(unix))]
    {
        use std::time::{SystemTime, UNIX_EPOCH};
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs() * 1000)
    }
}

impl From<FrameError> for Broken {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::TooLong { .. } => Self::Malformed,
            FrameError::CutOff | FrameError::Io(_) => Self::Gone,
        }
    }
}

impl From<Malformed> for Broken {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}
