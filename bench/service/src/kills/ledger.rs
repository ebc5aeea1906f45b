//! What the server has promised so far, and what is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// What a visitor is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// A picture is on its way in.
    Upload,
    /// The first visitor's model is being made.
    Run,
    /// The model is being written and sealed: the last stage.
    Seal,
    /// A model is on its way out.
    Download,
    /// Something is being destroyed.
    Delete,
}

/// A job that the server has acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Somebody asked for its destruction, and may or may not have had an answer.
    pub asked_to_go: bool,
    /// Its destruction was acknowledged.
    pub gone: bool,
    /// After how many restarts it was found gone.
    pub found_gone: u32,
    /// The name of its model, once it was seen. A second result would have another.
    pub result: Option<String>,
}

/// Shared by all visitors.
#[derive(Default)]
pub struct Ledger {
    book: Mutex<Book>,
    changed: Notify,
}

#[derive(Default)]
struct Book {
    /// By their paths, which are permissions: never printed.
    jobs: BTreeMap<String, Job>,
    entered: BTreeSet<Phase>,
    under_way: Vec<Phase>,
    /// How long each phase takes, as a running mean.
    usual: BTreeMap<Phase, Duration>,
}

impl Phase {
    /// Each in turn.
    pub const ALL: [Self; 5] = [
        Self::Upload,
        Self::Run,
        Self::Seal,
        Self::Download,
        Self::Delete,
    ];

    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Run => "run",
            Self::Seal => "seal",
            Self::Download => "download",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Ledger {
    /// Somebody is in the middle of it until the answer is dropped.
    pub fn enter(&self, phase: Phase) -> UnderWay<'_> {
        let mut book = self.book();
        book.entered.insert(phase);
        book.under_way.push(phase);
        drop(book);
        self.changed.notify_waiters();
        UnderWay {
            ledger: self,
            phase,
            began: Instant::now(),
        }
    }

    /// Resolves when somebody is, from now on, in the middle of it.
    pub async fn entered(&self, phase: Phase) {
        self.book().entered.clear();
        loop {
            let changed = self.changed.notified();
            if self.book().entered.contains(&phase) {
                return;
            }
            changed.await;
        }
    }

    /// What visitors are in the middle of.
    pub fn under_way(&self) -> Vec<Phase> {
        self.book().under_way.clone()
    }

    /// All visitors have left.
    pub fn nothing_is_under_way(&self) {
        self.book().under_way.clear();
    }

    /// How long a phase usually takes; a guess before that is known.
    pub fn usual(&self, phase: Phase) -> Duration {
        let known = self.book().usual.get(&phase).copied();
        known.unwrap_or(Duration::from_millis(50))
    }

    /// The server has taken a picture.
    pub fn accept(&self, job: &str) {
        self.book().jobs.entry(job.to_owned()).or_default();
    }

    /// Changes what is known of a job.
    pub fn change(&self, job: &str, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.book().jobs.get_mut(job) {
            change(job);
        }
    }

    /// Every job, by path.
    pub fn jobs(&self) -> Vec<(String, Job)> {
        let book = self.book();
        let jobs = book.jobs.iter();
        jobs.map(|(path, job)| (path.clone(), job.clone()))
            .collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A phase that somebody is in.
pub struct UnderWay<'a> {
    ledger: &'a Ledger,
    phase: Phase,
    began: Instant,
}

impl UnderWay<'_> {
    /// It came to its end, and took as long as usual.
    pub fn ended(self) {
        let took = self.began.elapsed();
        let mut book = self.ledger.book();
        let usual = book.usual.entry(self.phase).or_insert(took);
        *usual = (*usual * 3 + took) / 4;
        if let Some(place) = book.under_way.iter().position(|phase| *phase == self.phase) {
            book.under_way.remove(place);
        }
    }
}
