//! A job as the database knows it.

use std::fmt;

use domain::{Id, JobState, UnixMillis};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::StoreError;

/// The digest of a job's id. The id opens the job; this only finds its row, so that whoever reads
/// the database can open nothing. Ids are 128 random bits: nobody finds one by trying.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKey(String);

impl JobKey {
    /// The key of the job with that id.
    pub fn of(id: Id) -> Self {
        let digest = Sha256::digest(id.to_bytes());
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JobKey({}…)", self.0.get(..8).unwrap_or_default())
    }
}

/// What the caller asked for, in the database's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobOptions {
    /// Name of the tier.
    pub tier: String,
    /// Name of the engine.
    pub shaper: String,
    /// Seed.
    pub seed: u64,
    /// Triangles aimed at.
    pub faces: Option<u32>,
    /// Texture side in pixels.
    pub texture_px: Option<u32>,
    /// Leave the background in.
    pub keep_background: bool,
}

/// A job to put in the queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its key.
    pub key: JobKey,
    /// What to do.
    pub options: JobOptions,
    /// The sealed picture.
    pub picture: Id,
    /// Now.
    pub created_at: UnixMillis,
    /// The picture's deadline.
    pub expires_at: UnixMillis,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its key.
    pub key: JobKey,
    /// Where it stands.
    pub state: JobState,
    /// The stage at which it ended early.
    pub stage: Option<String>,
    /// How often a worker took it.
    pub tries: i64,
    /// What to do.
    pub options: JobOptions,
    /// The sealed picture, until the job has ended.
    pub picture: Option<Id>,
    /// The sealed model.
    pub model: Option<Id>,
    /// The sealed preview.
    pub preview: Option<Id>,
    /// Code of the reason why it failed.
    pub failure: Option<String>,
    /// Names of remarks, some with `=number`, separated by commas.
    pub notices: String,
    /// `stage=milliseconds`, separated by commas.
    pub stage_millis: String,
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// When everything of it must be gone.
    pub expires_at: UnixMillis,
    /// When it was destroyed, if it was.
    pub destroyed_at: Option<UnixMillis>,
}

impl JobRow {
    /// Every object the row names.
    pub fn objects(&self) -> impl Iterator<Item = Id> + use<> {
        [self.picture, self.model, self.preview]
            .into_iter()
            .flatten()
    }
}

/// How a run ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Model and preview with their deadline; `None`: the job failed.
    pub artifacts: Option<(Id, Id, UnixMillis)>,
    /// Code of the reason why it failed.
    pub failure: Option<&'static str>,
    /// The stage at which it failed.
    pub stage: Option<&'static str>,
    /// Names of remarks, some with `=number`, separated by commas.
    pub notices: String,
    /// `stage=milliseconds`, separated by commas.
    pub stage_millis: String,
}

/// Reads the key from a row.
pub(crate) fn job_key(row: &AnyRow) -> Result<JobKey, StoreError> {
    Ok(JobKey(row.try_get("job_key")?))
}

/// Reads a row of `SELECT *`.
pub(crate) fn job_row(row: &AnyRow) -> Result<JobRow, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(JobRow {
        key: job_key(row)?,
        state: JobState::from_name(&state).ok_or(StoreError::Unknown("state"))?,
        stage: row.try_get("stage")?,
        tries: row.try_get("tries")?,
        options: JobOptions {
            tier: row.try_get("tier")?,
            shaper: row.try_get("shaper")?,
            seed: row.try_get::<i64, _>("seed")?.cast_unsigned(),
            faces: small(row, "faces")?,
            texture_px: small(row, "texture_px")?,
            keep_background: row.try_get::<i64, _>("keep_background")? != 0,
        },
        picture: object(row, "picture")?,
        model: object(row, "model")?,
        preview: object(row, "preview")?,
        failure: row.try_get("failure")?,
        notices: row.try_get("notices")?,
        stage_millis: row.try_get("stage_millis")?,
        created_at: UnixMillis(row.try_get("created_at")?),
        expires_at: UnixMillis(row.try_get("expires_at")?),
        destroyed_at: row
            .try_get::<Option<i64>, _>("destroyed_at")?
            .map(UnixMillis),
    })
}

fn object(row: &AnyRow, column: &str) -> Result<Option<Id>, StoreError> {
    row.try_get::<Option<String>, _>(column)?
        .map(|text| text.parse())
        .transpose()
        .map_err(|_| StoreError::Unknown("object id"))
}

fn small(row: &AnyRow, column: &str) -> Result<Option<u32>, StoreError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(u32::try_from)
        .transpose()
        .map_err(|_| StoreError::Unknown("option"))
}
