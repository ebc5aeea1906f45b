//! A job as the database knows it.

use std::fmt;

use domain::{Id, JobState, UnixMillis};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::{Idempotency, StoreError};

/// Every column of a job, by name: a newer version may add some while this one still runs.
macro_rules! columns {
    () => {
        "job_key, state, stage, percent, tries, retries, owner, tool, tier, shaper, seed, faces, texture_px, \
         topology, symmetry, size_metres, ground, print, keep_background, picture, model, preview, \
         failure, notices, stage_millis, lifetime_secs, delete_after_download, downloads, \
         first_download_at, last_download_at, ceiling_at, lease_until, created_at, ended_at, \
         expires_at, destroyed_at, views"
    };
}
pub(crate) use columns;

/// The digest of a job's id. The id opens the job; this only finds its row, so that whoever reads
/// the database can open nothing. Ids are 128 random bits: nobody finds one by trying.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKey(String);

impl JobKey {
    /// The key of the job with that id.
    pub fn of(id: Id) -> Self {
        Self(hexadecimal(&Sha256::digest(id.to_bytes())))
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

/// Whose job it is, as an opaque text that says nothing about them: a keyed digest of an account or
/// an address, chosen by the caller. Jobs of one owner wait for each other.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(String);

impl Owner {
    /// The owner of that name.
    pub fn new(opaque: impl Into<String>) -> Self {
        Self(opaque.into())
    }

    /// The text, to be digested with something else.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text itself.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.0.chars().take(8).collect();
        write!(f, "Owner({start}…)")
    }
}

/// What the caller asked for, in the database's words.
#[derive(Clone, Debug, PartialEq)]
pub struct JobOptions {
    /// Name of the tool that makes a picture; `None`: a model is made, as all below says.
    pub tool: Option<String>,
    /// Name of the tier.
    pub tier: String,
    /// Name of the engine.
    pub shaper: String,
    /// Seed.
    pub seed: u64,
    /// Faces aimed at.
    pub faces: Option<u32>,
    /// Texture side in pixels.
    pub texture_px: Option<u32>,
    /// Name of what the faces are.
    pub topology: String,
    /// Name of the way in which both sides are made alike.
    pub symmetry: String,
    /// Length of the longest side, metres.
    pub size_metres: Option<f32>,
    /// Name of where the model lies.
    pub ground: String,
    /// Give it a flat base to print on.
    pub print: bool,
    /// Leave the background in.
    pub keep_background: bool,
}

/// A job to put in the queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its key.
    pub key: JobKey,
    /// Whose it is.
    pub owner: Owner,
    /// What makes a second request the same as this one.
    pub idempotency: Option<Idempotency>,
    /// What to do.
    pub options: JobOptions,
    /// The sealed picture.
    pub picture: Id,
    /// How many views of the object are in it.
    pub views: u32,
    /// How long each of its objects may be kept, seconds.
    pub lifetime_secs: i64,
    /// Destroy it once it was downloaded.
    pub delete_after_download: bool,
    /// Now.
    pub created_at: UnixMillis,
    /// The picture's deadline.
    pub expires_at: UnixMillis,
}

/// What is to be done otherwise when a failed job is tried again; `None`: as before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Name of the tier.
    pub tier: Option<String>,
    /// Name of the engine.
    pub shaper: Option<String>,
    /// Leave the background in.
    pub keep_background: Option<bool>,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRow {
    /// Its key.
    pub key: JobKey,
    /// Where it stands.
    pub state: JobState,
    /// The stage at work, or the one at which it ended early.
    pub stage: Option<String>,
    /// How much of the present run is done, 0–100, as of its last heartbeat.
    pub percent: u8,
    /// How often a worker took it.
    pub tries: i64,
    /// How often its owner had it tried again.
    pub retries: i64,
    /// Whose it is.
    pub owner: Owner,
    /// What to do.
    pub options: JobOptions,
    /// The sealed picture, as long as it is needed.
    pub picture: Option<Id>,
    /// How many views of the object were in it.
    pub views: u32,
    /// The sealed model, or the picture that a tool made.
    pub model: Option<Id>,
    /// The sealed preview of it.
    pub preview: Option<Id>,
    /// Code of the reason why it failed.
    pub failure: Option<String>,
    /// Names of remarks, some with `=number`, separated by commas.
    pub notices: String,
    /// `stage=milliseconds`, separated by commas.
    pub stage_millis: String,
    /// How long each of its objects may be kept, seconds.
    pub lifetime_secs: i64,
    /// Destroy it once it was downloaded.
    pub delete_after_download: bool,
    /// How often it was downloaded.
    pub downloads: i64,
    /// When it was first downloaded.
    pub first_download_at: Option<UnixMillis>,
    /// When it was last downloaded.
    pub last_download_at: Option<UnixMillis>,
    /// No download moves the deadline beyond this; `None`: none moves it.
    pub ceiling_at: Option<UnixMillis>,
    /// Until when its worker has it, unless they ask for longer.
    pub lease_until: Option<UnixMillis>,
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// When its last run ended.
    pub ended_at: Option<UnixMillis>,
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
    /// No download moves the artifacts' deadline beyond this; `None`: none moves it.
    pub ceiling_at: Option<UnixMillis>,
    /// Code of the reason why it failed.
    pub failure: Option<&'static str>,
    /// The stage at which it failed.
    pub stage: Option<&'static str>,
    /// A failed job may be tried again, unless that was done too often.
    pub may_retry: bool,
    /// Names of remarks, some with `=number`, separated by commas.
    pub notices: String,
    /// `stage=milliseconds`, separated by commas.
    pub stage_millis: String,
    /// How long the run took, milliseconds, by a stopwatch; `None`: not measured.
    pub run_millis: Option<u64>,
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the key from a row.
pub(crate) fn job_key(row: &AnyRow) -> Result<JobKey, StoreError> {
    Ok(JobKey(row.try_get("job_key")?))
}

/// Reads a row of [`columns`].
pub(crate) fn job_row(row: &AnyRow) -> Result<JobRow, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(JobRow {
        key: job_key(row)?,
        state: JobState::from_name(&state).ok_or(StoreError::Unknown("state"))?,
        stage: row.try_get("stage")?,
        percent: u8::try_from(row.try_get::<i64, _>("percent")?)
            .map_err(|_| StoreError::Unknown("percentage"))?,
        tries: row.try_get("tries")?,
        retries: row.try_get("retries")?,
        owner: Owner(row.try_get("owner")?),
        options: job_options(row)?,
        picture: object(row, "picture")?,
        views: small(row, "views")?.unwrap_or(1),
        model: object(row, "model")?,
        preview: object(row, "preview")?,
        failure: row.try_get("failure")?,
        notices: row.try_get("notices")?,
        stage_millis: row.try_get("stage_millis")?,
        lifetime_secs: row.try_get("lifetime_secs")?,
        delete_after_download: flag(row, "delete_after_download")?,
        downloads: row.try_get("downloads")?,
        first_download_at: moment(row, "first_download_at")?,
        last_download_at: moment(row, "last_download_at")?,
        ceiling_at: moment(row, "ceiling_at")?,
        lease_until: moment(row, "lease_until")?,
        created_at: UnixMillis(row.try_get("created_at")?),
        ended_at: moment(row, "ended_at")?,
        expires_at: UnixMillis(row.try_get("expires_at")?),
        destroyed_at: moment(row, "destroyed_at")?,
    })
}

fn job_options(row: &AnyRow) -> Result<JobOptions, StoreError> {
    let size_metres: Option<String> = row.try_get("size_metres")?;
    Ok(JobOptions {
        tool: row.try_get("tool")?,
        tier: row.try_get("tier")?,
        shaper: row.try_get("shaper")?,
        seed: row.try_get::<i64, _>("seed")?.cast_unsigned(),
        faces: small(row, "faces")?,
        texture_px: small(row, "texture_px")?,
        topology: row.try_get("topology")?,
        symmetry: row.try_get("symmetry")?,
        size_metres: size_metres
            .map(|text| text.parse())
            .transpose()
            .map_err(|_| StoreError::Unknown("size"))?,
        ground: row.try_get("ground")?,
        print: flag(row, "print")?,
        keep_background: flag(row, "keep_background")?,
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

fn flag(row: &AnyRow, column: &str) -> Result<bool, StoreError> {
    Ok(row.try_get::<i64, _>(column)? != 0)
}

fn moment(row: &AnyRow, column: &str) -> Result<Option<UnixMillis>, StoreError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(UnixMillis))
}
