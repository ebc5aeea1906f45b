//! What is counted, for whoever watches the service. Labels are names that are in the source: never
//! anything that somebody sent, and nothing that tells two people apart.

use std::time::Duration;

use domain::JobState;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use vault::Reason;
use worker::ProcessError;

use crate::oversight::secs_since;
use crate::{Lifecycle, Punctuality, StorageError};

/// One label.
type One = [(&'static str, &'static str); 1];
type Two = [(&'static str, &'static str); 2];

/// Upper bounds for the time of a run, seconds: from a small picture on a good machine to TripoSR on
/// a small one.
const RUN_SECS: [f64; 11] = [
    1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0,
];

/// What only the lifecycle sees happen. Cheap to clone: all clones count together.
#[derive(Clone)]
pub struct Figures {
    runs: Family<Two, Counter>,
    run_secs: Family<One, Histogram>,
    worker_failures: Family<One, Counter>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            runs: Family::default(),
            run_secs: Family::new_with_constructor(|| Histogram::new(RUN_SECS)),
            worker_failures: Family::default(),
        }
    }
}

impl Figures {
    /// Adds them to what a page of metrics shows.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "runs",
            "Runs by tier and how they ended: done, halted or the code of the failure",
            self.runs.clone(),
        );
        registry.register(
            "run_seconds",
            "How long runs took that ended with a model",
            self.run_secs.clone(),
        );
        registry.register(
            "worker_failures",
            "Worker processes that could not be started, ended by themselves or were killed",
            self.worker_failures.clone(),
        );
    }

    pub(crate) fn run_done(&self, tier: &'static str, took: Duration) {
        self.run_ended(tier, "done");
        let secs = self.run_secs.get_or_create(&[("tier", tier)]);
        secs.observe(took.as_secs_f64());
    }

    pub(crate) fn run_ended(&self, tier: &'static str, outcome: &'static str) {
        let labels = [("tier", tier), ("outcome", outcome)];
        self.runs.get_or_create(&labels).inc();
    }

    pub(crate) fn worker_failed(&self, error: &ProcessError) {
        let labels = [("reason", error.name())];
        self.worker_failures.get_or_create(&labels).inc();
    }
}

/// The state of an installation at one moment, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// How well the reaper keeps up.
    pub punctuality: Punctuality,
    /// Objects in the vault.
    pub objects: usize,
    /// Objects destroyed since the start, by reason.
    pub destroyed: [(Reason, u64); Reason::ALL.len()],
    /// Jobs that are not destroyed, by where they stand.
    pub jobs: [(JobState, u64); JobState::ALL.len()],
    /// For how many seconds the oldest waiting job has been waiting; 0 if none waits.
    pub oldest_wait_secs: u64,
    /// Worker processes started since the start.
    pub workers_started: u64,
}

impl Lifecycle {
    /// What happens, counted.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// How things stand now.
    ///
    /// # Errors
    /// The database doesn't answer.
    pub async fn snapshot(&self) -> Result<Snapshot, StorageError> {
        let now = self.vault.now();
        let census = self.store.census(now).await?;
        Ok(Snapshot {
            punctuality: self.punctuality().await?,
            objects: self.vault.list().len(),
            destroyed: self.vault.destroyed(),
            jobs: census.jobs,
            oldest_wait_secs: census
                .waiting_since
                .map_or(0, |since| secs_since(since, now)),
            workers_started: self.workshop.processes_started(),
        })
    }
}
