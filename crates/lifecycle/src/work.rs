//! The engine, one job at a time, and whatever may happen to it.

use std::convert::Infallible;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{HEARTBEAT_SECS, Id, JobState, Lifetime, MAX_RETRIES, Tool};
use engine::Options;
use store::{Claimed, JobKey, JobRow, Lease, Outcome};
use tokio::sync::watch;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::sleep;
use vault::{Kind, Reason, Vault, VaultError};
use worker::{Attendant, News, Order, Part, RunError};

use crate::artifact::{self, Intake, SealedArtifacts};
use crate::failure::Failure;
use crate::figures::Figures;
use crate::live::LiveJobs;
use crate::progress::{Progress, notices_to_row, stage_millis_to_row};
use crate::{Lifecycle, StorageError, Workshop, job};

/// Between two attempts at something the database refused.
const RETRY_PAUSE: Duration = Duration::from_secs(1);
/// A busy or full database gets this many chances to take a result before it is given up. A busy one
/// says so after five seconds each time, so this is as long as the job's lease.
const FINISH_ATTEMPTS: usize = 10;
/// How long a stopping server waits for the workshop to notice, which takes a process no time.
/// Whatever is stuck longer is put back at the next start.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Why a run has nothing to show.
enum Ended {
    /// Somebody wanted it to stop, and has seen to the row.
    Halted,
    Failed(Failure),
}

impl Lifecycle {
    /// Runs jobs until `stopping` is true.
    pub(crate) async fn work(&self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            match self.store.claim(self.vault.now(), Id::random()).await {
                Ok(Some(claimed)) => {
                    if let Err(error) = self.run_job(claimed, &mut stopping).await {
                        tracing::error!(%error, "the outcome of a job could not be stored");
                    }
                }
                Ok(None) => tokio::select! {
                    () = self.queued.notified() => {}
                    () = told_to_stop(&mut stopping) => {}
                },
                Err(error) => {
                    tracing::error!(%error, "no job can be taken from the queue");
                    tokio::select! {
                        () = sleep(RETRY_PAUSE) => {}
                        () = told_to_stop(&mut stopping) => {}
                    }
                }
            }
        }
    }

    async fn run_job(
        &self,
        claimed: Claimed,
        stopping: &mut watch::Receiver<bool>,
    ) -> Result<(), StorageError> {
        let Claimed { lease, row } = claimed;
        let started = Instant::now();
        let usual = self.history.of(&row.options);
        let progress = Progress::begin(usual, self.vault.now());
        self.live.begin(&row.key, progress);
        let run = Run {
            workshop: self.workshop.clone(),
            figures: self.figures.clone(),
            vault: self.vault.clone(),
            live: self.live.clone(),
            key: row.key.clone(),
            picture: row.picture,
            tool: job::tool_of(&row.options),
            options: job::from_row(&row.options),
            lifetime: job::lifetime_of(&row),
        };
        let mut running = spawn_blocking(move || run.produce());
        self.announce_queue().await;
        let ended = tokio::select! {
            ended = &mut running => ended,
            never = self.keep(&lease) => match never {},
            () = told_to_stop(stopping) => {
                self.live.halt(&row.key);
                match tokio::time::timeout(STOP_PATIENCE, running).await {
                    Ok(ended) => ended,
                    Err(_) => return Ok(()),
                }
            }
        };
        let took = started.elapsed();
        let ended = ended.unwrap_or_else(crashed);
        self.count(&row, &ended, took);
        match ended {
            Ok(artifacts) => self.finish(&lease, &row, Ok(artifacts), took).await,
            Err(Ended::Failed(failure)) => self.finish(&lease, &row, Err(failure), took).await,
            Err(Ended::Halted) => self.put_back(&lease).await,
        }
    }

    fn count(&self, row: &JobRow, ended: &Result<SealedArtifacts, Ended>, took: Duration) {
        let kind = match job::tool_of(&row.options) {
            Some(tool) => tool.name(),
            None => job::from_row(&row.options).tier.name(),
        };
        match ended {
            Ok(_) => self.figures.run_done(kind, took),
            Err(Ended::Failed(failure)) => self.figures.run_ended(kind, failure.code()),
            Err(Ended::Halted) => self.figures.run_ended(kind, "halted"),
        }
    }

    /// Says again and again that the run goes on, and how far it is. When the job is nobody's or
    /// somebody else's, the run is asked to stop; the caller sees it end.
    async fn keep(&self, lease: &Lease) -> Infallible {
        loop {
            sleep(Duration::from_secs(HEARTBEAT_SECS)).await;
            let progress = self.live.progress(&lease.key).unwrap_or_default();
            let stage = progress.stage.map(|stage| stage.name());
            let percent = (progress.fraction * 100.0) as u8;
            let now = self.vault.now();
            match self.store.heartbeat(lease, now, stage, percent).await {
                Ok(true) => {}
                Ok(false) => self.live.halt(&lease.key),
                Err(error) => tracing::warn!(%error, "a heartbeat could not be stored"),
            }
        }
    }

    /// Ends the job in its row; what the row doesn't take is destroyed.
    async fn finish(
        &self,
        lease: &Lease,
        row: &JobRow,
        result: Result<SealedArtifacts, Failure>,
        took: Duration,
    ) -> Result<(), StorageError> {
        let mut outcome = self.outcome(row, &result);
        outcome.run_millis = u64::try_from(took.as_millis()).ok();
        if !self.finish_patiently(lease, &outcome).await? {
            // Whoever took the job from this run sees to its picture.
            return self.announce_end(&row.key).await;
        }
        if let Ok(artifacts) = result {
            artifacts.keep();
            self.shorten_results(&row.key, row.lifetime_secs).await;
            self.learn().await;
        }
        // Unless it may be tried again the picture has done its duty. Watchers are told even if it
        // can't be destroyed yet.
        let shredded = match outcome.may_retry {
            true => Ok(()),
            false => {
                self.shred_picture(&row.key, row.picture, Reason::Unused)
                    .await
            }
        };
        self.announce_end(&row.key).await?;
        shredded
    }

    /// Learns how long runs take here. What it knew before does for a while if the database is busy.
    pub(crate) async fn learn(&self) {
        match self.store.runs().await {
            Ok(runs) => self.history.learn(&runs),
            Err(error) => tracing::warn!(%error, "the time that runs take could not be read"),
        }
    }

    fn outcome(&self, row: &JobRow, result: &Result<SealedArtifacts, Failure>) -> Outcome {
        let progress = self.live.progress(&row.key).unwrap_or_default();
        let mut outcome = Outcome {
            notices: notices_to_row(&progress.notices),
            stage_millis: stage_millis_to_row(&progress.stage_millis),
            ..Outcome::default()
        };
        match result {
            Ok(made) => {
                outcome.artifacts = Some((made.result.id(), made.preview.id(), made.expires_at()));
                let ceiling_secs = self.config.ceiling_secs.into();
                outcome.ceiling_at = Some(made.created().plus_secs(ceiling_secs));
            }
            Err(failure) => {
                outcome.failure = Some(failure.code());
                outcome.stage = progress.stage.map(|stage| stage.name());
                outcome.may_retry = failure.may_pass() && row.retries < MAX_RETRIES;
            }
        }
        outcome
    }

    async fn finish_patiently(
        &self,
        lease: &Lease,
        outcome: &Outcome,
    ) -> Result<bool, StorageError> {
        let mut attempt = 1;
        loop {
            match self.store.finish(lease, outcome, self.vault.now()).await {
                Err(error) if attempt < FINISH_ATTEMPTS => {
                    tracing::warn!(%error, attempt, "the outcome of a job could not be stored yet");
                    attempt += 1;
                    sleep(RETRY_PAUSE).await;
                }
                finished => return Ok(finished?),
            }
        }
    }

    /// After a halt: back into the queue if the server stops, nothing if the owner stopped it.
    async fn put_back(&self, lease: &Lease) -> Result<(), StorageError> {
        // It may have been taken back before, if the database didn't take our heartbeats.
        let waits = self.store.requeue(lease, false).await?
            || self
                .store
                .job(&lease.key)
                .await?
                .is_some_and(|row| row.state == JobState::Queued);
        if waits {
            self.live.put_back(&lease.key);
        }
        self.announce_queue().await;
        Ok(())
    }

    /// What has to follow when jobs were taken from workers that were not heard of.
    pub(crate) async fn see_to_taken_back(&self, rows: &[JobRow]) -> Result<(), StorageError> {
        for row in rows {
            if row.state == JobState::Failed {
                if row.retries >= MAX_RETRIES {
                    self.shred_picture(&row.key, row.picture, Reason::Unused)
                        .await?;
                }
                self.announce_end(&row.key).await?;
            }
            self.queued.notify_one();
        }
        Ok(())
    }
}

/// Resolves when the server stops. (The guard that `wait_for` gives must not outlive it: it keeps a
/// future from moving between threads.)
pub(crate) async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Everything a run needs, on a thread of its own.
struct Run {
    workshop: Arc<dyn Workshop>,
    figures: Figures,
    vault: Arc<Vault>,
    live: Arc<LiveJobs>,
    key: JobKey,
    picture: Option<Id>,
    tool: Option<Tool>,
    options: Options,
    lifetime: Lifetime,
}

impl Run {
    fn produce(self) -> Result<SealedArtifacts, Ended> {
        let id = self.picture.ok_or(Ended::Failed(Failure::PictureLost))?;
        let (grant, sealed) = self.vault.grant(id, Kind::Picture)?;
        let order = artifact::order(&self.vault, self.tool, self.options, grant, self.lifetime)?;
        let desk = Desk {
            live: &self.live,
            vault: &self.vault,
            key: &self.key,
            order: &order,
            intake: Intake::new(self.vault.clone()),
        };
        let ran = self.workshop.run(&order, sealed, &desk);
        if let Err(RunError::Process(error)) = &ran {
            self.figures.worker_failed(error);
        }
        ran?;
        if self.live.is_halted(&self.key) {
            return Err(Ended::Halted);
        }
        desk.intake.complete().ok_or(Ended::Failed(Failure::Engine))
    }
}

/// Where the workshop's news and results go.
struct Desk<'a> {
    live: &'a LiveJobs,
    vault: &'a Vault,
    key: &'a JobKey,
    order: &'a Order,
    intake: Intake,
}

impl Attendant for Desk<'_> {
    fn hear(&self, news: News) -> ControlFlow<()> {
        self.live.hear(self.key, news, self.vault.now())
    }

    fn is_halted(&self) -> bool {
        self.live.is_halted(self.key)
    }

    fn take(&self, part: Part, sealed: &mut dyn Read) -> Result<(), VaultError> {
        self.intake.take(self.order, part, sealed)
    }
}

impl From<RunError> for Ended {
    fn from(error: RunError) -> Self {
        if let RunError::Halted = error {
            return Self::Halted;
        }
        tracing::warn!(%error, "a job failed");
        Self::Failed(Failure::from(&error))
    }
}

impl From<VaultError> for Ended {
    fn from(error: VaultError) -> Self {
        Self::Failed(Failure::from(&error))
    }
}

/// A panic ends its own job only.
fn crashed(error: JoinError) -> Result<SealedArtifacts, Ended> {
    tracing::error!(panicked = error.is_panic(), "a job crashed");
    Err(Ended::Failed(Failure::Crashed))
}
