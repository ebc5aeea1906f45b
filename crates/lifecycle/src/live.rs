//! What changes too often for the database: progress, who watches, and the wish to stop.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{JobState, UnixMillis};
use store::{JobKey, JobRow};
use tokio::sync::watch;
use worker::News;

use crate::job::view_of;
use crate::progress::Progress;
use crate::{Estimate, JobView};

/// The jobs that run or are watched. An entry ends with its job.
#[derive(Default)]
pub(crate) struct LiveJobs(Mutex<HashMap<JobKey, LiveJob>>);

#[derive(Default)]
struct LiveJob {
    /// The present run.
    progress: Option<Progress>,
    /// The run should stop before its next step.
    halted: bool,
    /// Made when somebody first watches: only they know the id that a view contains.
    watchers: Option<watch::Sender<JobView>>,
}

impl LiveJobs {
    /// A run begins.
    pub(crate) fn begin(&self, key: &JobKey, progress: Progress) {
        let mut jobs = self.jobs();
        let job = jobs.entry(key.clone()).or_default();
        job.tell(|view| {
            view.state = JobState::Running;
            view.queue_position = None;
            view.estimate = progress.estimate;
        });
        job.progress = Some(progress);
    }

    /// When the run at work is likely to end, if one is and if that is known.
    pub(crate) fn running(&self) -> Option<Option<Estimate>> {
        let jobs = self.jobs();
        let mut running = jobs.values().filter_map(|job| job.progress.as_ref());
        running.next().map(|progress| progress.estimate)
    }

    /// Takes in what the run says, and answers whether it should go on.
    pub(crate) fn hear(&self, key: &JobKey, news: News, now: UnixMillis) -> ControlFlow<()> {
        let mut jobs = self.jobs();
        let Some(job) = jobs.get_mut(key).filter(|job| !job.halted) else {
            return ControlFlow::Break(());
        };
        if let Some(mut progress) = job.progress.take() {
            match news {
                News::Event(event) => progress.take_in(event, now),
                News::Share(share) => progress.take_share(share),
            }
            job.tell(|view| {
                view.stage = progress.stage;
                view.progress = progress.fraction;
                view.estimate = progress.estimate;
                view.notices.clone_from(&progress.notices);
                view.stage_millis.clone_from(&progress.stage_millis);
            });
            job.progress = Some(progress);
        }
        ControlFlow::Continue(())
    }

    /// Asks a run to stop before its next step.
    pub(crate) fn halt(&self, key: &JobKey) {
        if let Some(job) = self.jobs().get_mut(key) {
            job.halted = true;
        }
    }

    /// Whether a run should stop: its entry is gone when the job has been destroyed.
    pub(crate) fn is_halted(&self, key: &JobKey) -> bool {
        self.jobs().get(key).is_none_or(|job| job.halted)
    }

    pub(crate) fn progress(&self, key: &JobKey) -> Option<Progress> {
        self.jobs().get(key)?.progress.clone()
    }

    /// Listens; `view` is the first value if nobody listened before.
    pub(crate) fn subscribe(&self, key: &JobKey, view: JobView) -> watch::Receiver<JobView> {
        let mut jobs = self.jobs();
        let job = jobs.entry(key.clone()).or_default();
        match &job.watchers {
            Some(watchers) => watchers.subscribe(),
            None => {
                let (watchers, receiver) = watch::channel(view);
                job.watchers = Some(watchers);
                receiver
            }
        }
    }

    /// Changes what watchers see, if there are any.
    pub(crate) fn tell(&self, key: &JobKey, change: impl FnOnce(&mut JobView)) {
        if let Some(job) = self.jobs().get(key) {
            job.tell(change);
        }
    }

    /// The run stopped, but the job waits again.
    pub(crate) fn put_back(&self, key: &JobKey) {
        if let Some(job) = self.jobs().get_mut(key) {
            job.progress = None;
            job.halted = false;
            job.tell(|view| {
                view.state = JobState::Queued;
                view.stage = None;
                view.progress = 0.0;
                view.estimate = None;
            });
        }
    }

    /// The job is final: the last value, then the channel closes.
    pub(crate) fn end(&self, row: &JobRow) {
        let ended = self.jobs().remove(&row.key);
        if let Some(job) = ended {
            job.tell(|view| *view = view_of(view.id, row, None));
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<JobKey, LiveJob>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveJob {
    fn tell(&self, change: impl FnOnce(&mut JobView)) {
        if let Some(watchers) = &self.watchers {
            watchers.send_modify(change);
        }
    }
}
