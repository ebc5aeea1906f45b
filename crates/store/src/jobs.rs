//! Everything that happens to a job's row, in the order of a job's life.

use domain::UnixMillis;

use crate::job::{job_key, job_row};
use crate::{JobKey, JobRow, NewJob, Outcome, Store, StoreError};

impl Store {
    /// Puts a job in the queue, unless `max_queued` wait there already. Whether it was put there.
    pub async fn insert(&self, job: &NewJob, max_queued: usize) -> Result<bool, StoreError> {
        let inserted = sqlx::query(
            "INSERT INTO jobs (job_key, state, tries, tier, shaper, seed, faces, texture_px, \
             keep_background, picture, notices, stage_millis, created_at, expires_at) \
             SELECT $1, 'queued', 0, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10 \
             WHERE (SELECT COUNT(*) FROM jobs WHERE state = 'queued') < $11",
        )
        .bind(job.key.text())
        .bind(&job.options.tier)
        .bind(&job.options.shaper)
        .bind(job.options.seed.cast_signed())
        .bind(job.options.faces.map(i64::from))
        .bind(job.options.texture_px.map(i64::from))
        .bind(i64::from(job.options.keep_background))
        .bind(job.picture.to_string())
        .bind(job.created_at.0)
        .bind(job.expires_at.0)
        .bind(i64::try_from(max_queued).unwrap_or(i64::MAX))
        .execute(self.pool())
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    /// The row of a job, tombstones included.
    pub async fn job(&self, key: &JobKey) -> Result<Option<JobRow>, StoreError> {
        sqlx::query("SELECT * FROM jobs WHERE job_key = $1")
            .bind(key.text())
            .fetch_optional(self.pool())
            .await?
            .as_ref()
            .map(job_row)
            .transpose()
    }

    /// Every row that is no finished tombstone.
    pub async fn live_jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        sqlx::query(
            "SELECT * FROM jobs WHERE destroyed_at IS NULL OR picture IS NOT NULL \
             OR model IS NOT NULL OR preview IS NOT NULL",
        )
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(job_row)
        .collect()
    }

    /// The waiting jobs, next one first.
    pub async fn queue(&self) -> Result<Vec<JobKey>, StoreError> {
        sqlx::query("SELECT job_key FROM jobs WHERE state = 'queued' ORDER BY created_at, job_key")
            .fetch_all(self.pool())
            .await?
            .iter()
            .map(job_key)
            .collect()
    }

    /// Takes the job that waited longest, if it is not due at `now`: it is now running.
    pub async fn claim(&self, now: UnixMillis) -> Result<Option<JobRow>, StoreError> {
        sqlx::query(
            "UPDATE jobs SET state = 'running', tries = tries + 1 WHERE job_key = \
             (SELECT job_key FROM jobs WHERE state = 'queued' AND expires_at > $1 \
             ORDER BY created_at, job_key LIMIT 1) AND state = 'queued' RETURNING *",
        )
        .bind(now.0)
        .fetch_optional(self.pool())
        .await?
        .as_ref()
        .map(job_row)
        .transpose()
    }

    /// Gives a running job back to the queue. `counts`: whether this try counts.
    pub async fn requeue(&self, key: &JobKey, counts: bool) -> Result<bool, StoreError> {
        let requeued = sqlx::query(
            "UPDATE jobs SET state = 'queued', tries = tries - $2 \
             WHERE job_key = $1 AND state = 'running'",
        )
        .bind(key.text())
        .bind(i64::from(!counts))
        .execute(self.pool())
        .await?;
        Ok(requeued.rows_affected() == 1)
    }

    /// Ends a running job. `false`: it was cancelled or destroyed meanwhile, and the outcome is
    /// nobody's.
    pub async fn finish(&self, key: &JobKey, outcome: &Outcome) -> Result<bool, StoreError> {
        let state = match outcome.artifacts {
            Some(_) => "done",
            None => "failed",
        };
        let artifacts = outcome.artifacts;
        let finished = sqlx::query(
            "UPDATE jobs SET state = $2, stage = $3, failure = $4, notices = $5, \
             stage_millis = $6, picture = NULL, model = $7, preview = $8, \
             expires_at = COALESCE($9, expires_at) WHERE job_key = $1 AND state = 'running'",
        )
        .bind(key.text())
        .bind(state)
        .bind(outcome.stage)
        .bind(outcome.failure)
        .bind(&outcome.notices)
        .bind(&outcome.stage_millis)
        .bind(artifacts.map(|(model, ..)| model.to_string()))
        .bind(artifacts.map(|(_, preview, _)| preview.to_string()))
        .bind(artifacts.map(|(.., expires_at)| expires_at.0))
        .execute(self.pool())
        .await?;
        Ok(finished.rows_affected() == 1)
    }

    /// Stops a job that waits or runs. `false`: it had ended already.
    pub async fn cancel(&self, key: &JobKey) -> Result<bool, StoreError> {
        let cancelled = sqlx::query(
            "UPDATE jobs SET state = 'cancelled', picture = NULL \
             WHERE job_key = $1 AND state IN ('queued', 'running')",
        )
        .bind(key.text())
        .execute(self.pool())
        .await?;
        Ok(cancelled.rows_affected() == 1)
    }

    /// Rows whose time has come, and tombstones whose objects may not be destroyed yet.
    ///
    /// `not_made_yet` is a moment that no row's creation can lie after, unless its clock was wrong.
    pub async fn due(
        &self,
        now: UnixMillis,
        not_made_yet: UnixMillis,
    ) -> Result<Vec<JobKey>, StoreError> {
        sqlx::query(
            "SELECT job_key FROM jobs WHERE (destroyed_at IS NULL \
             AND (expires_at <= $1 OR created_at > $2)) OR (destroyed_at IS NOT NULL \
             AND (picture IS NOT NULL OR model IS NOT NULL OR preview IS NOT NULL))",
        )
        .bind(now.0)
        .bind(not_made_yet.0)
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(job_key)
        .collect()
    }

    /// Makes the row a tombstone: from now on nothing of it is given out and no worker can end it.
    /// Returns it as it is now, with the objects that remain to be destroyed; `None` if there is no
    /// such row.
    pub async fn entomb(
        &self,
        key: &JobKey,
        now: UnixMillis,
    ) -> Result<Option<JobRow>, StoreError> {
        sqlx::query(
            "UPDATE jobs SET destroyed_at = COALESCE(destroyed_at, $2), \
             state = CASE WHEN state IN ('queued', 'running') THEN 'cancelled' ELSE state END \
             WHERE job_key = $1 RETURNING *",
        )
        .bind(key.text())
        .bind(now.0)
        .fetch_optional(self.pool())
        .await?
        .as_ref()
        .map(job_row)
        .transpose()
    }

    /// Takes from a tombstone all but the fact that there was a job; its objects are destroyed.
    pub async fn scrub(&self, key: &JobKey) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE jobs SET stage = NULL, tier = '', shaper = '', seed = 0, faces = NULL, \
             texture_px = NULL, keep_background = 0, picture = NULL, model = NULL, \
             preview = NULL, failure = NULL, notices = '', stage_millis = '' \
             WHERE job_key = $1 AND destroyed_at IS NOT NULL",
        )
        .bind(key.text())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Deletes tombstones older than `before`.
    pub async fn forget_tombstones(&self, before: UnixMillis) -> Result<u64, StoreError> {
        let forgotten = sqlx::query(
            "DELETE FROM jobs WHERE destroyed_at < $1 AND picture IS NULL AND model IS NULL \
             AND preview IS NULL",
        )
        .bind(before.0)
        .execute(self.pool())
        .await?;
        Ok(forgotten.rows_affected())
    }
}
