//! One picture and its life, top to bottom: admit, seal, job, engine, artifact, download, destroyed.
//!
//! The modules follow that line. [`Lifecycle`] is the whole of it for one installation: a data
//! folder with a [`vault`] (content, sealed) and a [`store`] (jobs, no content), and a [`Workshop`].
//!
//! Invariants:
//! - Content is in memory, or sealed in the vault; there is no third place.
//! - Every object has its deadline from the moment it is sealed; reads ask for it, so nothing
//!   depends on the reaper being on time.
//! - The job's row decides races: whoever changes its state owns what follows, everyone else
//!   destroys what they made.
//! - Every step may run again after a crash and ends the same.

// The line. (A blank line keeps the formatter from sorting it.)

mod submit; // in, or refused

mod admit; // a picture within bounds, encoded anew

mod repeat; // once, however often it is sent

mod seal; // into the vault, with its deadline

mod shelf; // a picture that comes before its job

mod job; // the row, and what its owner sees of it

mod work; // the workshop, one job at a time

mod retry; // once more, if it failed

mod artifact; // what it made, into the vault

mod download; // and out again, until its deadline

mod keys; // whoever was given one sees what was made with it

mod keep; // how long it stays: downloads, and what its owner asks for

mod derived; // what is made of it on demand: other formats, a report about printing

mod destroy; // key, bytes, row: on request, on time, after a crash

mod receipts; // and the proof of it

mod oversight; // whether that was on time

pub mod checks; // and whether all of it is as promised

mod figures; // in numbers

// What the line stands on.

mod live; // what changes too often for the database

mod error;
mod estimate; // when a model is likely to be there
mod failure;
mod open;
mod progress;
mod view;
mod workshop; // where the work is done

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use domain::{CEILING_SECS, Id};
use formats::Format;
use imaging::PictureFormat;
use store::{DatabaseUrl, Exclusive, JobKey, Store};
use tokio::sync::{Mutex, Notify, Semaphore, watch};
use vault::{Reason, Vault};

use estimate::History;
use live::LiveJobs;
use shelf::Shelf;

pub use download::Reader;
pub use error::{OpenError, ReadError, RetryError, StorageError, SubmitError};
pub use estimate::{Estimate, TimeLeft};
pub use failure::Failure;
pub use figures::{Figures, Snapshot};
pub use keys::{Cursor, MalformedCursor, Page};
pub use oversight::{ALARM_LAG_SECS, ALARM_SILENCE_SECS, Punctuality};
pub use retry::Again;
pub use shelf::Shelved;
pub use store::{ApiKey, Check};
pub use view::{Artifact, Download, Findings, JobView, Task, Wishes};
pub use worker::{Backdrop, Bench, Bundle, Recipe, Role};
pub use workshop::{InProcess, Workshop};

/// Where things are kept and how many.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder; created if missing.
    pub data_dir: PathBuf,
    /// A PostgreSQL database instead of an SQLite file in the data folder.
    pub database: Option<DatabaseUrl>,
    /// Longest accepted upload in bytes.
    pub max_upload_bytes: usize,
    /// Jobs that may wait at a time.
    pub max_queued_jobs: usize,
    /// Jobs of one owner that may wait at a time.
    pub max_queued_per_owner: usize,
    /// How long after it was made downloads may extend a result's life, seconds;
    /// [`CEILING_SECS`] at most.
    pub ceiling_secs: u32,
    /// Keep keys in memory only, so that a restart forgets all content.
    pub ephemeral: bool,
}

impl Config {
    /// The usual limits: 32 MiB per upload, 32 waiting jobs, 8 of one owner.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            database: None,
            max_upload_bytes: 32 << 20,
            max_queued_jobs: 32,
            max_queued_per_owner: 8,
            ceiling_secs: CEILING_SECS,
            ephemeral: false,
        }
    }
}

/// The whole path of every picture of one installation. Share it in an [`Arc`].
pub struct Lifecycle {
    config: Config,
    workshop: Arc<dyn Workshop>,
    vault: Arc<Vault>,
    store: Store,
    /// Nobody else serves from that database.
    exclusive: Exclusive,
    live: Arc<LiveJobs>,
    /// Pictures without a job yet.
    shelf: Shelf,
    /// Wakes the worker.
    queued: Notify,
    /// Bounds how many uploads are decoded, and so held in memory as pixels, at a time.
    admissions: Semaphore,
    /// Held while a deadline is moved, so that vault and row agree about it.
    lives: Mutex<()>,
    /// Bounds how many finished models are unpacked, and so held in memory, at a time.
    derivations: Arc<Semaphore>,
    /// How long runs take here.
    history: History,
    figures: Figures,
    /// When the reaper last got through.
    last_pass: AtomicI64,
    /// What a check of the promises could not explain the last time.
    suspects: std::sync::Mutex<HashSet<Id>>,
}

impl Lifecycle {
    /// Longest accepted upload in bytes, so that a longer one can be refused while it arrives.
    pub fn max_upload_bytes(&self) -> usize {
        self.config.max_upload_bytes
    }

    /// Jobs of one owner that may wait at a time.
    pub fn max_waiting_of_one(&self) -> usize {
        self.config.max_queued_per_owner
    }

    /// The job as it is now.
    pub async fn job(&self, id: Id) -> Result<JobView, ReadError> {
        let row = self.readable_row(id).await?;
        Ok(self.view(id, &row).await?)
    }

    /// The job live: a value at once, then one after each change. The channel closes when the job
    /// is final or destroyed; its last value has the final state.
    pub async fn watch(&self, id: Id) -> Result<watch::Receiver<JobView>, ReadError> {
        let row = self.readable_row(id).await?;
        let view = self.view(id, &row).await?;
        if view.state.is_final() {
            return Ok(watch::channel(view).1);
        }
        let receiver = self.live.subscribe(&row.key, view);
        // The job may have ended after its row was read and before anyone listened.
        if let Some(row) = self.store.job(&row.key).await?
            && row.state.is_final()
        {
            self.live.end(&row);
        }
        Ok(receiver)
    }

    /// Opens an artifact of a finished job, all of it at once. Never counts as a download by itself.
    pub async fn download(&self, id: Id, artifact: Artifact) -> Result<Download, ReadError> {
        let row = self.readable_row(id).await?;
        download::open(self.vault.clone(), &row, artifact).await
    }

    /// Opens an artifact of a finished job for reading in parts.
    pub async fn reader(&self, id: Id, artifact: Artifact) -> Result<Reader, ReadError> {
        let row = self.readable_row(id).await?;
        download::reader(self.vault.clone(), &row, artifact).await
    }

    /// Whether a job's content may be read at this moment.
    ///
    /// # Errors
    /// If not, with the reason.
    pub async fn still_readable(&self, id: Id) -> Result<(), ReadError> {
        self.readable_row(id).await.map(drop)
    }

    /// The model of a finished job in that format, its longest side `longest_side` metres; `None`:
    /// as it is. Made in memory from the sealed one, and kept nowhere.
    ///
    /// # Errors
    /// As [`Self::download`], and [`ReadError::Busy`] if many ask at a time.
    pub async fn export(
        &self,
        id: Id,
        format: Format,
        longest_side: Option<f32>,
    ) -> Result<Download, ReadError> {
        if format == Format::Glb && longest_side.is_none() {
            return self.download(id, Artifact::Model).await;
        }
        derived::export(self, id, format, longest_side).await
    }

    /// The picture that a tool made, in that format; as JPEG, which can't be transparent, on white. Made
    /// in memory from the sealed one, and kept nowhere.
    ///
    /// # Errors
    /// As [`Self::export`], and [`ReadError::TooLong`].
    pub async fn picture(&self, id: Id, format: PictureFormat) -> Result<Download, ReadError> {
        match format {
            PictureFormat::Png => self.download(id, Artifact::Edited).await,
            format => derived::picture(self, id, format).await,
        }
    }

    /// Whether the model of a finished job can be printed with its longest side `longest_side`
    /// metres. Found out anew each time, and kept nowhere.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub async fn report(&self, id: Id, longest_side: f32) -> Result<Findings, ReadError> {
        derived::report(self, id, longest_side).await
    }

    /// A PNG that shows where the findings of [`Self::report`] are.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub async fn report_picture(&self, id: Id, longest_side: f32) -> Result<Download, ReadError> {
        derived::report_picture(self, id, longest_side).await
    }

    /// Stops a job that waits or runs; a final one stays as it is. The picture is destroyed.
    pub async fn cancel(&self, id: Id) -> Result<JobView, ReadError> {
        let row = self.readable_row(id).await?;
        if self.store.cancel(&row.key).await? {
            self.live.halt(&row.key);
            let shredded = self
                .shred_picture(&row.key, row.picture, Reason::Asked)
                .await;
            self.announce_end(&row.key).await?;
            shredded?;
        }
        self.job(id).await
    }

    /// Destroys everything of a job now: keys first, bytes next. Stops it if it runs.
    ///
    /// # Errors
    /// [`ReadError::Gone`] if that was done before.
    pub async fn destroy(&self, id: Id) -> Result<(), ReadError> {
        let key = JobKey::of(id);
        let row = self.store.job(&key).await?.ok_or(ReadError::NotFound)?;
        let was_gone = row.destroyed_at.is_some();
        self.bury(&key, Reason::Asked).await?;
        if was_gone {
            return Err(ReadError::Gone);
        }
        Ok(())
    }

    /// Runs jobs, one at a time, and the reaper until `shutdown` resolves; then puts the running
    /// job back in the queue and returns.
    ///
    /// # Errors
    /// Another server took the database while it was away from here: this one has stopped.
    pub async fn run(
        self: Arc<Self>,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), StorageError> {
        let (stop, stopping) = watch::channel(false);
        let (.., ended) = tokio::join!(
            self.work(stopping.clone()),
            self.reap_on_time(stopping),
            async {
                let ended = tokio::select! {
                    () = shutdown => Ok(()),
                    lost = self.exclusive.lost() => Err(lost.into()),
                };
                stop.send_replace(true);
                ended
            },
        );
        ended
    }
}
