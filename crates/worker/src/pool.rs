//! The server's side: a process for every request, one for each kind waiting in advance.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use domain::Id;
use engine::{Event, Tier};
use imaging::DecodeError;
use vault::VaultError;
use zeroize::Zeroizing;

use crate::body::Body;
use crate::codec::Malformed;
use crate::error::{AdmitError, ProcessError, RunError};
use crate::message::{Answer, MAX_UPLOAD, News, Order, Part, Request};
use crate::process::{Interrupted, Process, Wait};
use crate::program::Program;
use crate::sandbox::Report;

/// Events that no honest run exceeds: few of stages and remarks, more of progress.
const MOST_REMARKS: usize = 64;
const MOST_EVENTS: usize = 1 << 16;

/// After a process was given out the next one is started so much later: whoever got it needs the
/// processor to begin.
const HEAD_START: Duration = Duration::from_millis(100);

/// How long a worker may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Without a sign of work.
    pub silence: Duration,
    /// To decode an upload.
    pub admit: Duration,
    /// For a run of each tier, [`Tier::ALL`]'s order.
    pub run: [Duration; 3],
    /// For a tool: four-fold enlarging is the slowest.
    pub tool: Duration,
}

impl Default for Patience {
    /// Some fifty times what two cores need, so that a busy or a small machine gets there, too.
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(30),
            admit: Duration::from_secs(60),
            run: [5, 10, 20].map(|minutes| Duration::from_secs(60 * minutes)),
            tool: Duration::from_secs(60 * 20),
        }
    }
}

impl Patience {
    /// For a run of that tier, or of a tool.
    pub fn for_run(&self, tier: Option<Tier>) -> Duration {
        let [base, pro, ultra] = self.run;
        match tier {
            None => self.tool,
            Some(Tier::Base) => base,
            Some(Tier::Pro) => pro,
            Some(Tier::Ultra) => ultra,
        }
    }

    /// The longest of all.
    pub fn longest(&self) -> Duration {
        self.run
            .into_iter()
            .fold(self.admit.max(self.tool), Duration::max)
    }
}

/// Whoever looks after one run.
pub trait Attendant: Sync {
    /// The run tells something; `Break` stops it.
    fn hear(&self, news: News) -> ControlFlow<()>;
    /// Whether the run should stop; asked many times a second.
    fn is_halted(&self) -> bool;
    /// Takes a result, sealed with its key of the order, to the end of `sealed`.
    ///
    /// # Errors
    /// It can't be stored; the run ends with that.
    fn take(&self, part: Part, sealed: &mut dyn Read) -> Result<(), VaultError>;
}

/// A picture that may be sent twice; wiped once nobody sends it any more.
#[derive(Clone)]
struct Upload(Arc<Zeroizing<Vec<u8>>>);

impl AsRef<[u8]> for Upload {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Worker processes. Each serves one request, so nothing of one job can reach another.
///
/// Calls block; several may run at a time.
pub struct Processes {
    patience: Patience,
    report: Report,
    wanted: Sender<Wanted>,
    started: Arc<AtomicU64>,
}

/// A request to the thread that starts processes.
struct Wanted {
    /// Whether it is for a run, and so may be the one that waits with its network loaded.
    for_run: bool,
    reply: Sender<Result<Process, ProcessError>>,
}

impl Processes {
    /// Starts the first worker, which stays for the first run, and hears from it how well it is
    /// locked in.
    ///
    /// # Errors
    /// It can't be started, or it doesn't answer.
    pub fn start(program: Program, patience: Patience) -> Result<Self, ProcessError> {
        let (wanted, asked) = channel();
        let (reply, greeted) = channel();
        let started = Arc::<AtomicU64>::default();
        let count = started.clone();
        // A thread of its own, since workers die with the thread that starts them.
        thread::Builder::new()
            .name("worker-starter".into())
            .spawn(move || {
                let start = |for_run| {
                    count.fetch_add(1, Ordering::Relaxed);
                    Process::start(&program, for_run)
                };
                let first = start(true);
                let first = first.and_then(|mut first| Ok((first.greeting()?, first)));
                let (report, first) = match first {
                    Ok((report, first)) => (Ok(report), Some(first)),
                    Err(error) => (Err(error), None),
                };
                let is_up = first.is_some();
                if reply.send(report).is_ok() && is_up {
                    start_on_demand(&start, first, &asked);
                }
            })
            .map_err(ProcessError::Start)?;
        let report = greeted.recv().map_err(|_| ProcessError::Silent)??;
        Ok(Self {
            patience,
            report,
            wanted,
            started,
        })
    }

    /// What keeps a worker in.
    pub fn report(&self) -> Report {
        self.report
    }

    /// How many were started so far, or were to be.
    pub fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    /// Decodes an upload and encodes it anew as PNG, `largest_side` pixels long at most, in a
    /// process of its own. If somebody kills that, another one tries again: no picture does it.
    ///
    /// # Errors
    /// It is refused, or its process came to nothing.
    pub fn admit(
        &self,
        upload: Zeroizing<Vec<u8>>,
        largest_side: u32,
    ) -> Result<Zeroizing<Vec<u8>>, AdmitError> {
        let len = upload.len() as u64;
        if len > MAX_UPLOAD {
            let (bytes, limit) = (len, MAX_UPLOAD);
            return Err(DecodeError::TooManyBytes { bytes, limit }.into());
        }
        let upload = Upload(Arc::new(upload));
        match self.admit_once(upload.clone(), len, largest_side) {
            Err(AdmitError::Process(ProcessError::Ended(ending))) if ending.was_killed() => {
                self.admit_once(upload, len, largest_side)
            }
            admitted => admitted,
        }
    }

    fn admit_once(
        &self,
        upload: Upload,
        len: u64,
        largest_side: u32,
    ) -> Result<Zeroizing<Vec<u8>>, AdmitError> {
        let mut talk = self.begin(false, self.patience.admit)?;
        let request = Request::Admit { len, largest_side }.to_frame(talk.ticket);
        talk.process.send(request, Cursor::new(upload))?;
        match talk.next(&|| false)? {
            Answer::Admitted { len } => {
                let next = || match talk.next(&|| false)? {
                    Answer::Piece(piece) => Ok(piece),
                    _ => Err(AdmitError::from(Malformed)),
                };
                Body::of(len, next).into_bytes()
            }
            Answer::Refused(error) => Err(error.into()),
            _ => Err(Malformed.into()),
        }
    }

    /// Makes a model or a picture of sealed pictures, in a process of its own. The result never exists
    /// as plaintext in this one.
    ///
    /// # Errors
    /// There are no results; the attendant may have taken one already.
    pub fn run(
        &self,
        order: &Order,
        sealed: File,
        attendant: &dyn Attendant,
    ) -> Result<(), RunError> {
        let patience = self
            .patience
            .for_run(order.options.as_ref().map(|options| options.tier));
        let len = sealed.metadata().map_err(VaultError::from);
        let len = len.map_err(RunError::Taking)?.len();
        let mut talk = self.begin(true, patience)?;
        let request = order.to_frame(len, talk.ticket);
        talk.process.send(request, sealed)?;
        let ended = follow(&mut talk, attendant);
        if let Err(RunError::Halted) = ended {
            talk.process.stop(talk.ticket);
        }
        ended
    }

    fn begin(&self, for_run: bool, patience: Duration) -> Result<Talk, ProcessError> {
        let (reply, started) = channel();
        let gone = |_| ProcessError::Start(io::ErrorKind::BrokenPipe.into());
        let wanted = Wanted { for_run, reply };
        self.wanted.send(wanted).map_err(|_| gone(()))?;
        let mut process = started.recv().map_err(|_| gone(()))??;
        process.greeting()?;
        let [a, b, c, d, e, f, g, h, ..] = Id::random().to_bytes();
        Ok(Talk {
            process,
            // Not 0, which is no job's.
            ticket: u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1),
            until: Instant::now() + patience,
            silence: self.patience.silence,
        })
    }
}

/// Gives processes out, and sees to it that one waits for the next upload and one for the next run.
/// Whoever gets one waits for its greeting, so that a slow start keeps nobody else.
fn start_on_demand(
    start: &dyn Fn(bool) -> Result<Process, ProcessError>,
    first: Option<Process>,
    asked: &Receiver<Wanted>,
) {
    let mut for_run = Waiting::of(first);
    let mut for_upload = Waiting::of(None);
    loop {
        let due = for_run.due.into_iter().chain(for_upload.due).min();
        let wanted = match due {
            Some(due) => asked.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => asked.recv().map_err(RecvTimeoutError::from),
        };
        match wanted {
            Ok(wanted) => {
                let waiting = match wanted.for_run {
                    true => &mut for_run,
                    false => &mut for_upload,
                };
                let process = waiting.take().map_or_else(|| start(wanted.for_run), Ok);
                // Nobody waits any more if the server is about to end.
                let _ = wanted.reply.send(process);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        for_run.fill(|| start(true));
        for_upload.fill(|| start(false));
    }
}

/// The process that waits for the next request of a kind.
struct Waiting {
    process: Option<Process>,
    /// When one is to be started; `None`: one was.
    due: Option<Instant>,
}

impl Waiting {
    fn of(process: Option<Process>) -> Self {
        let due = process.is_none().then(Instant::now);
        Self { process, due }
    }

    /// The process, if it is still there. The next one is due in a while.
    fn take(&mut self) -> Option<Process> {
        self.due.get_or_insert(Instant::now() + HEAD_START);
        let mut process = self.process.take()?;
        process.is_alive().then_some(process)
    }

    /// Starts one if it is time to.
    fn fill(&mut self, start: impl FnOnce() -> Result<Process, ProcessError>) {
        if self.due.take_if(|due| *due <= Instant::now()).is_some() {
            self.process = start()
                .inspect_err(|error| tracing::warn!(%error, "no worker waits for what comes next"))
                .ok();
        }
    }
}

/// One request and its answers.
struct Talk {
    process: Process,
    ticket: u64,
    until: Instant,
    silence: Duration,
}

impl Talk {
    fn next(&mut self, is_halted: &dyn Fn() -> bool) -> Result<Answer, Interrupted> {
        self.process.next(&Wait {
            ticket: self.ticket,
            until: self.until,
            silence: self.silence,
            is_halted,
        })
    }
}

/// Listens to a run from its first event to its end.
fn follow(talk: &mut Talk, attendant: &dyn Attendant) -> Result<(), RunError> {
    let is_halted = || attendant.is_halted();
    let mut story = Story::default();
    // In this order, each once.
    let mut expected = [Part::Result, Part::Preview].into_iter().peekable();
    loop {
        match talk.next(&is_halted)? {
            Answer::News(news) => {
                story.goes_on(news)?;
                if attendant.hear(news).is_break() {
                    return Err(RunError::Halted);
                }
            }
            Answer::Sealed { part, len } if expected.next_if_eq(&part).is_some() => {
                let mut body = Body::of(len, || match talk.next(&is_halted)? {
                    Answer::Piece(piece) => Ok(piece),
                    _ => Err(RunError::from(Malformed)),
                });
                let taken = attendant.take(part, &mut body);
                // If the pieces stopped, that is the reason, whatever it did to the taker.
                match taken {
                    Ok(()) => body.finish()?,
                    Err(error) => {
                        body.failure()?;
                        return Err(RunError::Taking(error));
                    }
                }
            }
            Answer::Done if expected.peek().is_none() => return Ok(()),
            Answer::Failed(trouble) => return Err(trouble.into()),
            _ => return Err(Malformed.into()),
        }
    }
}

/// Counts what a run tells, so that a worker that has gone mad doesn't fill its server's memory.
#[derive(Default)]
struct Story {
    remarks: usize,
    events: usize,
}

impl Story {
    fn goes_on(&mut self, news: News) -> Result<(), ProcessError> {
        self.events += 1;
        if !matches!(news, News::Share(_) | News::Event(Event::Progress(..))) {
            self.remarks += 1;
        }
        if self.remarks > MOST_REMARKS || self.events > MOST_EVENTS {
            return Err(ProcessError::Garbled("it told too much"));
        }
        Ok(())
    }
}

impl From<Interrupted> for RunError {
    fn from(interrupted: Interrupted) -> Self {
        match interrupted {
            Interrupted::Halted => Self::Halted,
            Interrupted::Process(error) => Self::Process(error),
        }
    }
}

impl From<Interrupted> for AdmitError {
    fn from(interrupted: Interrupted) -> Self {
        match interrupted {
            // Nobody halts an admission.
            Interrupted::Halted => Self::Process(ProcessError::Silent),
            Interrupted::Process(error) => Self::Process(error),
        }
    }
}
