//! What happens to a job's row beside the queue: reading, cancelling, downloads, destruction.

use domain::{LIFETIME_SECS, UnixMillis};

use crate::idempotency::KEY_SECS;
use crate::job::{columns, job_key, job_row};
use crate::receipts::RECEIPT_SECS;
use crate::{JobKey, JobRow, Store, StoreError};

impl Store {
    /// The row of a job, tombstones included.
    pub async fn job(&self, key: &JobKey) -> Result<Option<JobRow>, StoreError> {
        sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE job_key = $1"
        ))
        .bind(key.text())
        .fetch_optional(self.pool())
        .await?
        .as_ref()
        .map(job_row)
        .transpose()
    }

    /// Every row that is no finished tombstone.
    pub async fn live_jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE destroyed_at IS NULL OR picture IS NOT NULL OR model IS NOT NULL \
             OR preview IS NOT NULL"
        ))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(job_row)
        .collect()
    }

    /// Stops a job that waits or runs. It still names its picture: destroy it and tell
    /// [`Self::forget_picture`]. `false`: it had ended already.
    pub async fn cancel(&self, key: &JobKey) -> Result<bool, StoreError> {
        let cancelled = sqlx::query(
            "UPDATE jobs SET state = 'cancelled', worker = NULL, lease_until = NULL WHERE job_key = $1 AND state IN ('queued', 'running')",
        )
        .bind(key.text())
        .execute(self.pool())
        .await?;
        Ok(cancelled.rows_affected() == 1)
    }

    /// Ends a waiting job that can't run, with the code of the reason. `false`: it doesn't wait.
    pub async fn give_up(
        &self,
        key: &JobKey,
        failure: &str,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let ended = sqlx::query(
            "UPDATE jobs SET state = 'failed', failure = $2, ended_at = $3, picture = NULL \
             WHERE job_key = $1 AND state = 'queued'",
        )
        .bind(key.text())
        .bind(failure)
        .bind(now.0)
        .execute(self.pool())
        .await?;
        Ok(ended.rows_affected() == 1)
    }

    /// The picture of an ended job is destroyed and its receipt is kept: its row stops naming it, and
    /// not before, so that a crash in between has it done again.
    pub async fn forget_picture(&self, key: &JobKey) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE jobs SET picture = NULL \
             WHERE job_key = $1 AND state IN ('done', 'failed', 'cancelled')",
        )
        .bind(key.text())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Notes a download at `now`, after which the job may be kept until `expires_at`: never less
    /// than before, never beyond its ceiling. Returns the row with the deadline that holds now;
    /// `None`: there is nothing (any more) to download.
    pub async fn note_download(
        &self,
        key: &JobKey,
        now: UnixMillis,
        expires_at: UnixMillis,
    ) -> Result<Option<JobRow>, StoreError> {
        sqlx::query(concat!(
            "UPDATE jobs SET downloads = downloads + 1, \
             first_download_at = COALESCE(first_download_at, $2), \
             last_download_at = CASE WHEN last_download_at > $2 THEN last_download_at ELSE $2 END, \
             expires_at = CASE \
             WHEN ceiling_at IS NULL OR $3 <= expires_at OR ceiling_at <= expires_at \
             THEN expires_at WHEN $3 < ceiling_at THEN $3 ELSE ceiling_at END \
             WHERE job_key = $1 AND state = 'done' AND destroyed_at IS NULL AND expires_at > $2 \
             RETURNING ",
            columns!()
        ))
        .bind(key.text())
        .bind(now.0)
        .bind(expires_at.0)
        .fetch_optional(self.pool())
        .await?
        .as_ref()
        .map(job_row)
        .transpose()
    }

    /// Its owner wants it gone earlier: at a moment, with a lifetime in seconds for what is made or
    /// downloaded later, or after the next download. Never makes anything later. Returns the row as
    /// it is now; `None`: it is destroyed.
    pub async fn shorten(
        &self,
        key: &JobKey,
        latest: Option<(i64, UnixMillis)>,
        delete_after_download: bool,
    ) -> Result<Option<JobRow>, StoreError> {
        sqlx::query(concat!(
            "UPDATE jobs SET \
             lifetime_secs = CASE WHEN $2 < lifetime_secs THEN $2 ELSE lifetime_secs END, \
             expires_at = CASE WHEN $3 < expires_at THEN $3 ELSE expires_at END, \
             delete_after_download = CASE WHEN $4 = 1 THEN 1 ELSE delete_after_download END \
             WHERE job_key = $1 AND destroyed_at IS NULL RETURNING ",
            columns!()
        ))
        .bind(key.text())
        .bind(latest.map(|(secs, _)| secs))
        .bind(latest.map(|(_, moment)| moment.0))
        .bind(i64::from(delete_after_download))
        .fetch_optional(self.pool())
        .await?
        .as_ref()
        .map(job_row)
        .transpose()
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
        sqlx::query(concat!(
            "UPDATE jobs SET destroyed_at = COALESCE(destroyed_at, $2), \
             state = CASE WHEN state IN ('queued', 'running') THEN 'cancelled' ELSE state END, \
             worker = NULL, lease_until = NULL WHERE job_key = $1 RETURNING ",
            columns!()
        ))
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
            "UPDATE jobs SET stage = NULL, percent = 0, retries = 0, owner = '', tool = NULL, tier = '', shaper = '', \
             seed = 0, faces = NULL, texture_px = NULL, topology = '', symmetry = '', \
             size_metres = NULL, ground = '', print = 0, keep_background = 0, picture = NULL, \
             model = NULL, preview = NULL, failure = NULL, notices = '', stage_millis = '', \
             lifetime_secs = 0, delete_after_download = 0, downloads = 0, \
             first_download_at = NULL, last_download_at = NULL, ceiling_at = NULL, \
             ended_at = NULL, sealed_id = NULL WHERE job_key = $1 AND destroyed_at IS NOT NULL",
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

    /// Deletes what nobody needs any more beside the jobs: keys of requests after a day, receipts
    /// after [`RECEIPT_SECS`], and whose turn it was once no job from before that turn can wait.
    pub async fn forget_outdated(&self, now: UnixMillis) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        for (statement, secs) in [
            (
                "DELETE FROM idempotency_keys WHERE created_at <= $1",
                KEY_SECS,
            ),
            ("DELETE FROM receipts WHERE deleted_at <= $1", RECEIPT_SECS),
            (
                "DELETE FROM owners WHERE served_at <= $1 AND owner NOT IN \
                 (SELECT owner FROM jobs WHERE state IN ('queued', 'running'))",
                LIFETIME_SECS,
            ),
        ] {
            let deleted = sqlx::query(statement)
                .bind(now.plus_secs(-secs).0)
                .execute(self.pool())
                .await?;
            forgotten += deleted.rows_affected();
        }
        Ok(forgotten)
    }
}
