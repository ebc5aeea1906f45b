//! Thousands of objects with random sizes and lives in a vault whose process is killed again and
//! again, on a clock that runs fast: none is readable after its deadline, none is lost before it, and
//! a minute after it nothing of it is left.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::{Clock, Id, UnixMillis};
use vault::Remains;

use crate::random::Random;
use clock::{CLOCKS_APART_SECS, FastClock};
use keeper::Said;

mod clock;
mod keeper;

pub use keeper::serve;

/// Bytes may stay so long after a deadline.
const CLEANUP_SECS: i64 = 60;
/// How often the disk is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What was looked at and what was wrong.
#[derive(Debug, Default)]
pub struct Report {
    objects: usize,
    shortened: usize,
    extended: usize,
    destroyed: usize,
    kills: u32,
    reads: u64,
    readable_late: u64,
    lost_early: u64,
    looks: u64,
    left: u64,
    took: Duration,
}

/// What an object was promised.
struct Promise {
    deadline: UnixMillis,
    /// Somebody asked for its end or for another deadline, and the answer may have been lost.
    unsure: bool,
}

struct Soak {
    folder: tempfile::TempDir,
    clock: FastClock,
    random: Random,
    promises: BTreeMap<Id, Promise>,
    report: Report,
}

/// Seals so many objects, with so many kills on the way, and waits until the last is over.
///
/// # Errors
/// The process that keeps the vault can't be started, or stops by itself.
pub fn run(objects: usize, kills: u32, seed: u64) -> Result<Report> {
    let began = Instant::now();
    let mut soak = Soak {
        folder: tempfile::Builder::new().prefix("ai3dgen-soak-").tempdir()?,
        clock: FastClock::beginning_now(),
        random: Random::new(seed),
        promises: BTreeMap::new(),
        report: Report::default(),
    };
    for left in (0..=kills).rev() {
        // Sealing takes as many lives as there are kills; the last one waits for the end.
        let remaining = objects.saturating_sub(soak.promises.len());
        // A life is often too short for its share: so a little more.
        let share = remaining * 3 / 2 / left.max(1) as usize + 1;
        soak.live(share, left == 0)?;
    }
    soak.report.took = began.elapsed();
    Ok(soak.report)
}

impl Soak {
    /// One life of the process: it seals `share` objects, and is killed somewhere on the way.
    fn live(&mut self, share: usize, is_last: bool) -> Result<()> {
        let seed = self.random.next_u64();
        let mut child = self.start(share, seed)?;
        let said = listen(&mut child)?;
        // Sealing takes about so long; killed in the middle of it, or a little later.
        let time = Duration::from_millis(share as u64 * 4 + 300);
        let until = Instant::now() + self.random.part_of(time, 0.1, 1.2);
        let mut look_at = Instant::now();
        let ended = loop {
            match said.recv_timeout(LOOK_EVERY) {
                Ok(said) => self.hear(said),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break true,
            }
            if look_at.elapsed() >= LOOK_EVERY {
                look_at = Instant::now();
                self.look_at_the_disk()?;
            }
            let over = match is_last {
                true => self.is_all_over(),
                false => Instant::now() > until,
            };
            if over {
                break false;
            }
        };
        child.kill()?;
        child.wait()?;
        ensure!(!ended, "the process that keeps the vault stopped by itself");
        said.into_iter().for_each(|said| self.hear(said));
        self.report.kills += u32::from(!is_last);
        Ok(())
    }

    fn start(&self, share: usize, seed: u64) -> Result<Child> {
        let myself = std::env::current_exe()?;
        let child = Command::new(&myself)
            .arg("soak-server")
            .arg(self.folder.path())
            .args([
                self.clock.beginning().to_string(),
                share.to_string(),
                seed.to_string(),
            ])
            .stdout(Stdio::piped())
            .spawn();
        child.with_context(|| myself.display().to_string())
    }

    fn hear(&mut self, said: Said) {
        let report = &mut self.report;
        match said {
            Said::Sealed(id, deadline) => {
                report.objects += 1;
                let unsure = false;
                self.promises.insert(id, Promise { deadline, unsure });
            }
            Said::Asking(id) => {
                self.promises
                    .entry(id)
                    .and_modify(|promise| promise.unsure = true);
            }
            Said::Moved(id, deadline) => {
                if let Some(promise) = self.promises.get_mut(&id) {
                    match deadline < promise.deadline {
                        true => report.shortened += 1,
                        false => report.extended += 1,
                    }
                    let unsure = false;
                    *promise = Promise { deadline, unsure };
                }
            }
            Said::Destroyed(id, now) => {
                report.destroyed += 1;
                if let Some(promise) = self.promises.get_mut(&id) {
                    promise.deadline = promise.deadline.min(now);
                    promise.unsure = false;
                }
            }
            Said::ReadLate => report.readable_late += 1,
            Said::LostEarly => report.lost_early += 1,
            Said::Read => report.reads += 1,
            Said::Found(before, after, found) => self.compare(before, after, &found),
        }
    }

    /// What a new process finds in the vault. It also settles what was asked for before the kill.
    fn compare(&mut self, before: UnixMillis, after: UnixMillis, found: &BTreeMap<Id, UnixMillis>) {
        for (id, promise) in &mut self.promises {
            let due = found.get(id).copied();
            if std::mem::take(&mut promise.unsure) {
                promise.deadline = due.unwrap_or(promise.deadline.min(before));
            }
            self.report.reads += 1;
            let is_over = promise.deadline.plus_secs(CLOCKS_APART_SECS) <= before;
            self.report.readable_late += u64::from(due.is_some() && is_over);
            let lives = promise.deadline > after.plus_secs(CLOCKS_APART_SECS);
            self.report.lost_early += u64::from(due.is_none() && lives);
        }
    }

    fn look_at_the_disk(&mut self) -> Result<()> {
        let vault = self.folder.path();
        if !vault.join("keys").exists() || !vault.join("objects").exists() {
            return Ok(());
        }
        let over = self.clock.now().plus_secs(-CLEANUP_SECS);
        let remains = Remains::all(vault)?;
        let left = remains.sealed.union(&remains.keys).filter(|id| {
            let promise = self.promises.get(id);
            promise.is_some_and(|promise| promise.deadline < over && !promise.unsure)
        });
        self.report.left += left.count() as u64;
        self.report.looks += 1;
        Ok(())
    }

    /// The last deadline was a minute ago, and the disk has been looked at since.
    fn is_all_over(&self) -> bool {
        let last = self.promises.values().map(|promise| promise.deadline).max();
        let over = self
            .clock
            .now()
            .plus_secs(-CLEANUP_SECS - CLOCKS_APART_SECS);
        last.is_some_and(|last| last < over)
    }
}

fn listen(child: &mut Child) -> Result<Receiver<Said>> {
    let output = child.stdout.take().context("it has no output")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The last line before a kill may be cut off.
            if let Some(said) = Said::parse(&line)
                && sender.send(said).is_err()
            {
                return;
            }
        }
    });
    Ok(receiver)
}

impl Report {
    /// Whether every promise was kept.
    pub fn holds(&self) -> bool {
        self.readable_late + self.lost_early + self.left == 0 && self.objects > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in [
            ("objects sealed", self.objects as u64),
            ("  deadlines made earlier", self.shortened as u64),
            ("  deadlines moved by a download", self.extended as u64),
            ("  destroyed when asked", self.destroyed as u64),
            ("kills", self.kills.into()),
            ("reads", self.reads),
            ("readable after the deadline", self.readable_late),
            ("lost before the deadline", self.lost_early),
            ("looks at the disk", self.looks),
            ("left a minute after the deadline", self.left),
        ] {
            writeln!(f, "{what:<34} {count:>8}")?;
        }
        let secs = self.took.as_secs();
        let factor = clock::FACTOR;
        writeln!(f, "\n{secs} s on a clock that runs {factor} times as fast")
    }
}
