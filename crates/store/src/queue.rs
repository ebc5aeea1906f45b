//! The queue: who may join it, who is next, and taking the next one.
//!
//! The order is fair between owners. Next is the owner with the fewest running jobs, among those
//! the one whose last turn is longest ago, and of theirs the oldest job. So somebody with a hundred
//! jobs and somebody with one wait alike for their next one.

use domain::{Id, LEASE_SECS, MAX_RETRIES, UnixMillis};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::idempotency::Before;
use crate::job::{columns, job_row};
use crate::{
    Changes, Claimed, JobKey, JobOptions, JobRow, Lease, NewJob, Owner, Store, StoreError,
};

/// How many jobs may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Of all owners.
    pub total: usize,
    /// Of one owner.
    pub per_owner: usize,
}

/// Which bound keeps a job out of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Everybody's: the service is busy.
    TotalFull,
    /// The owner's own: they have enough waiting. Told even if both are reached.
    OwnerFull,
}

/// What became of a new job.
#[derive(Clone, Debug, PartialEq)]
pub enum Inserted {
    /// It waits.
    New,
    /// The same request was made before; this is the first one's job, a tombstone included.
    Before(Box<JobRow>),
    /// The key was used for another request.
    Conflict,
    /// The queue is full.
    Refused(Refused),
}

/// A job that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its key.
    pub key: JobKey,
    /// What is to be done for it.
    pub options: JobOptions,
}

/// What became of the wish to try a failed job again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It waits.
    Queued,
    /// It didn't fail, its picture is gone, or it was tried again too often.
    Impossible,
    /// The queue is full.
    Refused(Refused),
}

/// The waiting jobs, each with its place, as they would be taken if nothing else happened.
///
/// An owner's n-th waiting job is taken when they have `running + n - 1` running ones: those numbers
/// are the rounds. Within a round owners who join only now come first (they have not had a turn in
/// this queue yet), and so on backwards: most running first. Who joined in the same round keeps the
/// order of the last turns, or of the oldest jobs where nobody had one.
macro_rules! queue_order {
    () => {
        "SELECT waiting.job_key AS job_key, waiting.owner AS owner, ROW_NUMBER() OVER (ORDER BY \
         COALESCE(busy.running, 0) + waiting.nth, COALESCE(busy.running, 0) DESC, \
         COALESCE(owners.turn, 0), waiting.first_at, waiting.first_key) AS place \
         FROM (SELECT job_key, owner, ROW_NUMBER() OVER by_age AS nth, \
         FIRST_VALUE(created_at) OVER by_age AS first_at, \
         FIRST_VALUE(job_key) OVER by_age AS first_key \
         FROM jobs WHERE state = 'queued' AND expires_at > $1 \
         WINDOW by_age AS (PARTITION BY owner ORDER BY created_at, job_key)) AS waiting \
         LEFT JOIN (SELECT owner, COUNT(*) AS running FROM jobs WHERE state = 'running' \
         GROUP BY owner) AS busy ON busy.owner = waiting.owner \
         LEFT JOIN owners ON owners.owner = waiting.owner"
    };
}

/// Takes the job with the first place; `$lock` is what `dialect.rs` has to say about it.
macro_rules! claim_with {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET state = 'running', tries = tries + 1, stage = NULL, percent = 0, \
             worker = $2, lease_until = $3 WHERE state = 'queued' AND job_key = \
             (SELECT jobs.job_key FROM jobs JOIN (",
            crate::queue::queue_order!(),
            ") AS line ON line.job_key = jobs.job_key WHERE jobs.state = 'queued' \
             ORDER BY line.place LIMIT 1",
            $lock,
            ") RETURNING ",
            crate::job::columns!()
        )
    };
}
pub(crate) use {claim_with, queue_order};

impl Store {
    /// Puts a job in the queue, unless it is there already or too many wait.
    pub async fn insert(&self, job: &NewJob, bounds: Bounds) -> Result<Inserted, StoreError> {
        let mut transaction = self.lock_queue().await?;
        if let Some(idempotency) = &job.idempotency {
            match idempotency.find(&mut transaction, job.created_at).await? {
                Before::Nothing => {}
                Before::Same(row) => return Ok(Inserted::Before(row)),
                Before::Other => return Ok(Inserted::Conflict),
            }
        }
        if !put(&mut transaction, job, bounds).await? {
            let refused = which_bound(&mut transaction, &job.owner, bounds).await?;
            return Ok(Inserted::Refused(refused));
        }
        if let Some(idempotency) = &job.idempotency {
            idempotency.note(&mut transaction, job).await?;
        }
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    /// Puts a failed job whose picture is still there back in the queue, with all its tries;
    /// [`MAX_RETRIES`] times at most. Its deadline stays.
    pub async fn retry(
        &self,
        key: &JobKey,
        changes: &Changes,
        now: UnixMillis,
        bounds: Bounds,
    ) -> Result<Retried, StoreError> {
        let mut transaction = self.lock_queue().await?;
        let found = sqlx::query(
            "SELECT owner FROM jobs WHERE job_key = $1 AND state = 'failed' \
             AND picture IS NOT NULL AND destroyed_at IS NULL AND expires_at > $2 \
             AND retries < $3",
        )
        .bind(key.text())
        .bind(now.0)
        .bind(MAX_RETRIES)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(found) = found else {
            return Ok(Retried::Impossible);
        };
        let queued = sqlx::query(
            "UPDATE jobs SET state = 'queued', tries = 0, retries = retries + 1, stage = NULL, \
             percent = 0, failure = NULL, notices = '', stage_millis = '', ended_at = NULL, \
             tier = COALESCE($5, tier), shaper = COALESCE($6, shaper), \
             keep_background = COALESCE($7, keep_background) \
             WHERE job_key = $1 AND state = 'failed' AND picture IS NOT NULL \
             AND destroyed_at IS NULL \
             AND (SELECT COUNT(*) FROM jobs WHERE state = 'queued') < $2 \
             AND (SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND owner = $3) < $4",
        )
        .bind(key.text())
        .bind(number(bounds.total))
        .bind(found.try_get::<String, _>("owner")?)
        .bind(number(bounds.per_owner))
        .bind(changes.tier.as_deref())
        .bind(changes.shaper.as_deref())
        .bind(changes.keep_background.map(i64::from))
        .execute(&mut *transaction)
        .await?;
        if queued.rows_affected() == 0 {
            let owner = Owner::new(found.try_get::<String, _>("owner")?);
            let refused = which_bound(&mut transaction, &owner, bounds).await?;
            return Ok(Retried::Refused(refused));
        }
        transaction.commit().await?;
        Ok(Retried::Queued)
    }

    /// The jobs that wait at `now`, next one first: the order in which they would be taken if
    /// workers took all of them now.
    pub async fn queue(&self, now: UnixMillis) -> Result<Vec<JobKey>, StoreError> {
        let waiting = self.waiting(now).await?.into_iter();
        Ok(waiting.map(|job| job.key).collect())
    }

    /// The same with what is to be done for each.
    pub async fn waiting(&self, now: UnixMillis) -> Result<Vec<Waiting>, StoreError> {
        sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM jobs JOIN (SELECT job_key AS waiting_key, place FROM (",
            queue_order!(),
            ") AS line) AS places ON places.waiting_key = jobs.job_key ORDER BY place"
        ))
        .bind(now.0)
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(|row| {
            let JobRow { key, options, .. } = job_row(row)?;
            Ok(Waiting { key, options })
        })
        .collect()
    }

    /// How many jobs are ahead of that one at `now`, 0 for the next one; `None`: it doesn't wait.
    pub async fn jobs_ahead(
        &self,
        key: &JobKey,
        now: UnixMillis,
    ) -> Result<Option<u64>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT place FROM (",
            queue_order!(),
            ") AS line WHERE job_key = $2"
        ))
        .bind(now.0)
        .bind(key.text())
        .fetch_optional(self.pool())
        .await?;
        let place = row.map(|row| row.try_get::<i64, _>("place")).transpose()?;
        Ok(place.map(|place| u64::try_from(place - 1).unwrap_or(0)))
    }

    /// Takes the next job that is not due at `now`: it now runs, and is its taker's for
    /// [`LEASE_SECS`].
    ///
    /// `worker` is a fresh random id: it names this taking, not the process, so that somebody who
    /// took the same job before doesn't pass for the present one.
    pub async fn claim(&self, now: UnixMillis, worker: Id) -> Result<Option<Claimed>, StoreError> {
        let until = now.plus_secs(LEASE_SECS);
        let mut transaction = self.lock_queue().await?;
        let taken = sqlx::query(self.dialect.claim())
            .bind(now.0)
            .bind(worker.to_string())
            .bind(until.0)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(taken) = taken else { return Ok(None) };
        let row = job_row(&taken)?;
        give_turn(&mut transaction, &row.owner, now).await?;
        transaction.commit().await?;
        let lease = Lease {
            key: row.key.clone(),
            worker,
        };
        Ok(Some(Claimed { lease, row }))
    }
}

/// The bounds are part of the statement. Whether the job is in now.
async fn put(
    transaction: &mut Transaction<'static, Any>,
    job: &NewJob,
    bounds: Bounds,
) -> Result<bool, StoreError> {
    let options = &job.options;
    let inserted = sqlx::query(
        "INSERT INTO jobs (job_key, state, tries, owner, tier, shaper, seed, faces, texture_px, \
         topology, symmetry, size_metres, ground, print, keep_background, picture, notices, \
         stage_millis, lifetime_secs, delete_after_download, created_at, expires_at, tool, views) \
         SELECT $1, 'queued', 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', \
         $15, $16, $17, $18, $21, $22 \
         WHERE (SELECT COUNT(*) FROM jobs WHERE state = 'queued') < $19 \
         AND (SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND owner = $2) < $20",
    )
    .bind(job.key.text())
    .bind(job.owner.text())
    .bind(&options.tier)
    .bind(&options.shaper)
    .bind(options.seed.cast_signed())
    .bind(options.faces.map(i64::from))
    .bind(options.texture_px.map(i64::from))
    .bind(&options.topology)
    .bind(&options.symmetry)
    .bind(options.size_metres.map(|size| size.to_string()))
    .bind(&options.ground)
    .bind(i64::from(options.print))
    .bind(i64::from(options.keep_background))
    .bind(job.picture.to_string())
    .bind(job.lifetime_secs)
    .bind(i64::from(job.delete_after_download))
    .bind(job.created_at.0)
    .bind(job.expires_at.0)
    .bind(number(bounds.total))
    .bind(number(bounds.per_owner))
    .bind(options.tool.as_deref())
    .bind(i64::from(job.views))
    .execute(&mut **transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

async fn which_bound(
    transaction: &mut Transaction<'static, Any>,
    owner: &Owner,
    bounds: Bounds,
) -> Result<Refused, StoreError> {
    let row: AnyRow =
        sqlx::query("SELECT COUNT(*) AS waiting FROM jobs WHERE state = 'queued' AND owner = $1")
            .bind(owner.text())
            .fetch_one(&mut **transaction)
            .await?;
    let is_own = row.try_get::<i64, _>("waiting")? >= number(bounds.per_owner);
    Ok(if is_own {
        Refused::OwnerFull
    } else {
        Refused::TotalFull
    })
}

/// The owner's last turn is this one. Under the queue's lock no two get the same number.
async fn give_turn(
    transaction: &mut Transaction<'static, Any>,
    owner: &Owner,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO owners (owner, turn, served_at) \
         SELECT $1, COALESCE(MAX(turn), 0) + 1, $2 FROM owners WHERE true \
         ON CONFLICT (owner) DO UPDATE SET turn = excluded.turn, served_at = excluded.served_at",
    )
    .bind(owner.text())
    .bind(now.0)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
