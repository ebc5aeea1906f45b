//! Signed statements that something was destroyed. They outlive the job's tombstone.

use domain::{Id, UnixMillis};
use sqlx::Row;

use crate::{JobKey, Store, StoreError};

/// How long a receipt can be fetched: thirty days, long enough to be asked for with a month's
/// paperwork. Whoever needs it longer keeps their copy, which stays verifiable without us.
pub const RECEIPT_SECS: i64 = 30 * 24 * 60 * 60;

/// A receipt as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What was destroyed.
    pub object: Id,
    /// The job it belonged to.
    pub job: JobKey,
    /// What it was, such as `picture` or `model`.
    pub kind: String,
    /// When its key was destroyed.
    pub deleted_at: UnixMillis,
    /// The statement with its signature.
    pub signed_text: String,
}

impl Store {
    /// Keeps a receipt. An object is destroyed once: a second receipt for it changes nothing.
    pub async fn keep_receipt(&self, receipt: &Receipt) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO receipts (object_id, job_key, kind, deleted_at, signed_text) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (object_id) DO NOTHING",
        )
        .bind(receipt.object.to_string())
        .bind(receipt.job.text())
        .bind(&receipt.kind)
        .bind(receipt.deleted_at.0)
        .bind(&receipt.signed_text)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The receipts of a job, in the order of destruction.
    pub async fn receipts(&self, job: &JobKey) -> Result<Vec<Receipt>, StoreError> {
        let rows = sqlx::query(
            "SELECT object_id, kind, deleted_at, signed_text FROM receipts WHERE job_key = $1 \
             ORDER BY deleted_at, object_id",
        )
        .bind(job.text())
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| {
                let object: String = row.try_get("object_id")?;
                Ok(Receipt {
                    object: object
                        .parse()
                        .map_err(|_| StoreError::Unknown("object id"))?,
                    job: job.clone(),
                    kind: row.try_get("kind")?,
                    deleted_at: UnixMillis(row.try_get("deleted_at")?),
                    signed_text: row.try_get("signed_text")?,
                })
            })
            .collect()
    }
}
