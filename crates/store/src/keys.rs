//! Keys that the operator gives to programs, and the jobs that were made with one.

use domain::{Id, UnixMillis};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::job::{columns, hexadecimal, job_row};
use crate::{JobKey, JobRow, Owner, Store, StoreError};

/// A key, without what opens anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The operator's word for it.
    pub name: String,
    /// Whose the jobs are that are made with it.
    pub owner: Owner,
    /// Names of what it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: UnixMillis,
}

/// A job with its id as it was sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its row.
    pub row: JobRow,
    /// Its id, sealed.
    pub sealed_id: String,
}

/// Where a list goes on: after the job of that creation and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When it was created.
    pub created_at: UnixMillis,
    /// Its key as text.
    pub key: String,
}

impl After {
    /// After that job.
    pub fn job(row: &JobRow) -> Self {
        Self {
            created_at: row.created_at,
            key: row.key.text().to_owned(),
        }
    }
}

/// Secrets are 128 random bits: their digest can't be undone by trying.
fn digest(secret: Id) -> String {
    hexadecimal(&Sha256::digest(secret.to_bytes()))
}

impl Store {
    /// Makes a key of that secret. `false`: there is one of that name.
    pub async fn create_key(&self, secret: Id, key: &ApiKey) -> Result<bool, StoreError> {
        let created = sqlx::query(
            "INSERT INTO api_keys (name, key_digest, owner, scopes, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING",
        )
        .bind(&key.name)
        .bind(digest(secret))
        .bind(key.owner.text())
        .bind(key.scopes.join(","))
        .bind(key.created_at.0)
        .execute(self.pool())
        .await?;
        Ok(created.rows_affected() == 1)
    }

    /// The key of that secret; `None`: there is none (any more).
    pub async fn key_of(&self, secret: Id) -> Result<Option<ApiKey>, StoreError> {
        sqlx::query("SELECT name, owner, scopes, created_at FROM api_keys WHERE key_digest = $1")
            .bind(digest(secret))
            .fetch_optional(self.pool())
            .await?
            .as_ref()
            .map(api_key)
            .transpose()
    }

    /// Every key, by name.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        sqlx::query("SELECT name, owner, scopes, created_at FROM api_keys ORDER BY name")
            .fetch_all(self.pool())
            .await?
            .iter()
            .map(api_key)
            .collect()
    }

    /// Forgets a key. Its jobs stay until their deadlines. `false`: there is none of that name.
    pub async fn revoke_key(&self, name: &str) -> Result<bool, StoreError> {
        let revoked = sqlx::query("DELETE FROM api_keys WHERE name = $1")
            .bind(name)
            .execute(self.pool())
            .await?;
        Ok(revoked.rows_affected() == 1)
    }

    /// Lists a job for whoever can open `sealed_id`. It is gone with the job.
    pub async fn list_job(&self, job: &JobKey, sealed_id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE jobs SET sealed_id = $2 WHERE job_key = $1 AND destroyed_at IS NULL")
            .bind(job.text())
            .bind(sealed_id)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// An owner's listed jobs that can be read at `now`, newest first, `most` of them.
    pub async fn listed_jobs(
        &self,
        owner: &Owner,
        now: UnixMillis,
        after: Option<&After>,
        most: u32,
    ) -> Result<Vec<Listed>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT sealed_id, ",
            columns!(),
            " FROM jobs WHERE owner = $1 AND sealed_id IS NOT NULL AND destroyed_at IS NULL \
             AND expires_at > $2 AND (created_at < $3 OR (created_at = $3 AND job_key < $4)) \
             ORDER BY created_at DESC, job_key DESC LIMIT $5"
        ))
        .bind(owner.text())
        .bind(now.0)
        .bind(after.map_or(i64::MAX, |after| after.created_at.0))
        .bind(after.map_or("", |after| &after.key))
        .bind(i64::from(most))
        .fetch_all(self.pool())
        .await?;
        let listed = |row: &AnyRow| {
            Ok(Listed {
                row: job_row(row)?,
                sealed_id: row.try_get("sealed_id")?,
            })
        };
        rows.iter().map(listed).collect()
    }

    /// How many jobs of an owner wait.
    pub async fn waiting_of(&self, owner: &Owner) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS waiting FROM jobs WHERE state = 'queued' AND owner = $1",
        )
        .bind(owner.text())
        .fetch_one(self.pool())
        .await?;
        Ok(row.try_get::<i64, _>("waiting")?.cast_unsigned())
    }
}

fn api_key(row: &AnyRow) -> Result<ApiKey, StoreError> {
    let scopes: String = row.try_get("scopes")?;
    Ok(ApiKey {
        name: row.try_get("name")?,
        owner: Owner::new(row.try_get::<String, _>("owner")?),
        scopes: scopes.split(',').map(str::to_owned).collect(),
        created_at: UnixMillis(row.try_get("created_at")?),
    })
}
