//! A worker has a job for a while, and longer if it keeps saying so. Only who has it can end it.

use domain::{Id, LEASE_SECS, MAX_RETRIES, MAX_TRIES, UnixMillis};
use sqlx::Row;

use crate::job::{columns, job_row};
use crate::{JobKey, JobRow, Outcome, Run, Store, StoreError, runs};

/// The failure of a job whose workers all vanished: it stays as a row with this reason.
pub const TOO_MANY_TRIES: &str = "too_many_tries";

/// The right to work on a job and to end it: lost when it ran out and somebody noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub key: JobKey,
    /// The random id under which it was taken.
    pub worker: Id,
}

/// A job that was taken from the queue.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The right to end it.
    pub lease: Lease,
    /// The job as it runs now.
    pub row: JobRow,
}

impl Store {
    /// Says that the holder still works, and how far they are: the stage's name and 0–100. Theirs is
    /// another [`LEASE_SECS`] from `now`. `false`: it isn't theirs any more, and they should stop.
    pub async fn heartbeat(
        &self,
        lease: &Lease,
        now: UnixMillis,
        stage: Option<&str>,
        percent: u8,
    ) -> Result<bool, StoreError> {
        let extended = sqlx::query(
            "UPDATE jobs SET lease_until = $3, stage = $4, percent = $5 \
             WHERE job_key = $1 AND worker = $2 AND state = 'running'",
        )
        .bind(lease.key.text())
        .bind(lease.worker.to_string())
        .bind(now.plus_secs(LEASE_SECS).0)
        .bind(stage)
        .bind(i64::from(percent.min(100)))
        .execute(self.pool())
        .await?;
        Ok(extended.rows_affected() == 1)
    }

    /// Gives a running job back to the queue. `counts`: whether this try counts. `false`: it wasn't
    /// the holder's to give.
    pub async fn requeue(&self, lease: &Lease, counts: bool) -> Result<bool, StoreError> {
        let requeued = sqlx::query(
            "UPDATE jobs SET state = 'queued', tries = tries - $3, stage = NULL, percent = 0, \
             worker = NULL, lease_until = NULL \
             WHERE job_key = $1 AND worker = $2 AND state = 'running'",
        )
        .bind(lease.key.text())
        .bind(lease.worker.to_string())
        .bind(i64::from(!counts))
        .execute(self.pool())
        .await?;
        Ok(requeued.rows_affected() == 1)
    }

    /// Ends a running job. It still names its picture: unless it failed and may be tried again,
    /// destroy it and tell [`Self::forget_picture`]. Its results live no longer than its row's lifetime, which may have become
    /// shorter while it ran. `false`: it was cancelled, destroyed or given to somebody else meanwhile,
    /// and the outcome is nobody's.
    pub async fn finish(
        &self,
        lease: &Lease,
        outcome: &Outcome,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let artifacts = outcome.artifacts;
        let (state, percent) = match artifacts {
            Some(_) => ("done", Some(100_i64)),
            None => ("failed", None),
        };
        let mut transaction = self.pool().begin().await?;
        let finished = sqlx::query(
            "UPDATE jobs SET state = $3, stage = $4, failure = $5, notices = $6, \
             stage_millis = $7, percent = COALESCE($8, percent), \
             retries = CASE WHEN $9 = 1 THEN retries ELSE $15 END, model = $10, preview = $11, \
             expires_at = CASE WHEN $14 + lifetime_secs * 1000 < $12 \
             THEN $14 + lifetime_secs * 1000 ELSE COALESCE($12, expires_at) END, \
             ceiling_at = $13, ended_at = $14, \
             worker = NULL, lease_until = NULL \
             WHERE job_key = $1 AND worker = $2 AND state = 'running' RETURNING tool, tier, shaper",
        )
        .bind(lease.key.text())
        .bind(lease.worker.to_string())
        .bind(state)
        .bind(outcome.stage)
        .bind(outcome.failure)
        .bind(&outcome.notices)
        .bind(&outcome.stage_millis)
        .bind(percent)
        .bind(i64::from(outcome.may_retry || artifacts.is_some()))
        .bind(artifacts.map(|(model, ..)| model.to_string()))
        .bind(artifacts.map(|(_, preview, _)| preview.to_string()))
        .bind(artifacts.map(|(.., expires_at)| expires_at.0))
        .bind(outcome.ceiling_at.map(|moment| moment.0))
        .bind(now.0)
        .bind(MAX_RETRIES)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(finished) = finished else {
            return Ok(false);
        };
        if let (Some(_), Some(millis)) = (artifacts, outcome.run_millis) {
            let run = Run {
                tool: finished
                    .try_get::<Option<String>, _>("tool")?
                    .unwrap_or_default(),
                tier: finished.try_get("tier")?,
                shaper: finished.try_get("shaper")?,
                millis,
                stage_millis: outcome.stage_millis.clone(),
            };
            runs::note(&mut transaction, &run, now).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes back every job whose worker was not heard of until its lease ran out: into the queue,
    /// or, after [`MAX_TRIES`], failed as [`TOO_MANY_TRIES`]. Returns them as they are now. Those
    /// that failed still name their picture: leave it for [`Self::retry`] until its deadline, or
    /// destroy it and tell [`Self::forget_picture`].
    pub async fn expired_leases(&self, now: UnixMillis) -> Result<Vec<JobRow>, StoreError> {
        // Given by a clock that was ahead: such a lease gets the longest one that is possible, so
        // that a living worker can say so and a dead one is noticed before that clock is reached.
        sqlx::query(
            "UPDATE jobs SET lease_until = $1 WHERE state = 'running' AND lease_until > $1",
        )
        .bind(now.plus_secs(LEASE_SECS).0)
        .execute(self.pool())
        .await?;
        self.take_back(now, now).await
    }

    /// As [`Self::expired_leases`] for every running job: for a start of the only process that has
    /// workers, when none of them can be alive.
    pub async fn orphaned_leases(&self, now: UnixMillis) -> Result<Vec<JobRow>, StoreError> {
        self.take_back(now, UnixMillis(i64::MAX)).await
    }

    async fn take_back(
        &self,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Vec<JobRow>, StoreError> {
        sqlx::query(concat!(
            "UPDATE jobs SET state = CASE WHEN tries < $2 THEN 'queued' ELSE 'failed' END, \
             failure = CASE WHEN tries < $2 THEN NULL ELSE $3 END, \
             stage = CASE WHEN tries < $2 THEN NULL ELSE stage END, \
             percent = CASE WHEN tries < $2 THEN 0 ELSE percent END, \
             ended_at = CASE WHEN tries < $2 THEN NULL ELSE $4 END, \
             worker = NULL, lease_until = NULL \
             WHERE state = 'running' AND (lease_until IS NULL OR lease_until <= $1) RETURNING ",
            columns!()
        ))
        .bind(until.0)
        .bind(MAX_TRIES)
        .bind(TOO_MANY_TRIES)
        .bind(now.0)
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(job_row)
        .collect()
    }
}
