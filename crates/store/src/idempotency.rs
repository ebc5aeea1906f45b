//! A request that comes twice makes one job.

use domain::UnixMillis;
use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use crate::job::{columns, hexadecimal, job_row};
use crate::{Inserted, JobRow, NewJob, Owner, Store, StoreError};

/// A key may be used anew after a day: whoever repeats a request does it within minutes, and nobody
/// should have to remember a key for ever.
pub(crate) const KEY_SECS: i64 = 24 * 60 * 60;

/// What makes a second request the same as the first: digests of its owner's key and of itself.
///
/// The first job's id can't be read from its row. Whoever derives ids from a secret, the key and the
/// moment of creation finds it again, since the row keeps that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    key: String,
    request: String,
}

/// What is known of a key.
pub(crate) enum Before {
    Nothing,
    Same(Box<JobRow>),
    Other,
}

/// Each part with its length, so that no other parts run together to the same text.
fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hexadecimal(&digest.finalize())
}

impl Store {
    /// What [`Self::insert`] would answer to a request because of an earlier one; `None`: there was
    /// none.
    pub async fn asked_before(
        &self,
        idempotency: &Idempotency,
        now: UnixMillis,
    ) -> Result<Option<Inserted>, StoreError> {
        let mut transaction = self.pool().begin().await?;
        Ok(match idempotency.find(&mut transaction, now).await? {
            Before::Nothing => None,
            Before::Same(row) => Some(Inserted::Before(row)),
            Before::Other => Some(Inserted::Conflict),
        })
    }
}

impl Idempotency {
    /// `key` as the owner sent it; `request` is what stands for everything that must be the same. It
    /// is kept for a day, so it must not be content or a plain digest of content.
    pub fn of(owner: &Owner, key: &str, request: &[&[u8]]) -> Self {
        Self {
            key: digest(&[owner.as_bytes(), key.as_bytes()]),
            request: digest(request),
        }
    }

    pub(crate) async fn find(
        &self,
        transaction: &mut Transaction<'static, Any>,
        now: UnixMillis,
    ) -> Result<Before, StoreError> {
        let known = sqlx::query(
            "SELECT request_digest, job_key FROM idempotency_keys \
             WHERE key_digest = $1 AND created_at > $2",
        )
        .bind(&self.key)
        .bind(now.plus_secs(-KEY_SECS).0)
        .fetch_optional(&mut **transaction)
        .await?;
        let Some(known) = known else {
            return Ok(Before::Nothing);
        };
        if known.try_get::<String, _>("request_digest")? != self.request {
            return Ok(Before::Other);
        }
        let row = sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE job_key = $1"
        ))
        .bind(known.try_get::<String, _>("job_key")?)
        .fetch_optional(&mut **transaction)
        .await?;
        // A tombstone may be forgotten before the key is, should a clock have been wrong.
        Ok(match row {
            Some(row) => Before::Same(Box::new(job_row(&row)?)),
            None => Before::Nothing,
        })
    }

    pub(crate) async fn note(
        &self,
        transaction: &mut Transaction<'static, Any>,
        job: &NewJob,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO idempotency_keys (key_digest, request_digest, job_key, created_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (key_digest) DO UPDATE SET \
             request_digest = excluded.request_digest, job_key = excluded.job_key, \
             created_at = excluded.created_at",
        )
        .bind(&self.key)
        .bind(&self.request)
        .bind(job.key.text())
        .bind(job.created_at.0)
        .execute(&mut **transaction)
        .await?;
        Ok(())
    }
}
