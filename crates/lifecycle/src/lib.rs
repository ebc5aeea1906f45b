//! One picture and its life, top to bottom: admit, seal, job, engine, artifact, download, destroyed.

mod error;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use domain::{Clock, Id};
use tokio::sync::watch;

pub use error::{OpenError, ReadError, StorageError, SubmitError};
pub use view::{Artifact, Download, JobView};

/// Where things are kept and how many.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder; created if missing.
    pub data_dir: PathBuf,
    /// Longest accepted upload in bytes.
    pub max_upload_bytes: usize,
    /// Jobs that may wait at a time.
    pub max_queued_jobs: usize,
}

impl Config {
    /// The usual limits: 32 MiB per upload, 32 waiting jobs.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            max_upload_bytes: 32 << 20,
            max_queued_jobs: 32,
        }
    }
}

/// The whole path of every picture of one installation. Share it in an [`Arc`].
pub struct Lifecycle {
    config: Config,
}

impl Lifecycle {
    /// Opens the data folder, creating it if needed; destroys what is past its deadline and puts
    /// interrupted jobs back in the queue.
    pub async fn open(
        config: Config,
        _engine: Arc<engine::Engine>,
        _clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, OpenError> {
        Ok(Arc::new(Self { config }))
    }

    /// Longest accepted upload in bytes, so that a longer one can be refused while it arrives.
    pub fn max_upload_bytes(&self) -> usize {
        self.config.max_upload_bytes
    }

    /// Takes a picture: admit, seal, job. The id in the answer is the capability for all below.
    pub async fn submit(
        &self,
        upload: Vec<u8>,
        _options: engine::Options,
    ) -> Result<JobView, SubmitError> {
        let limit_bytes = self.config.max_upload_bytes;
        if upload.len() > limit_bytes {
            return Err(SubmitError::TooLarge { limit_bytes });
        }
        Err(StorageError::Other("not connected yet".into()).into())
    }

    /// The job as it is now.
    pub async fn job(&self, _id: Id) -> Result<JobView, ReadError> {
        Err(ReadError::NotFound)
    }

    /// The job live: a value at once, then one after each change. The channel closes when the job
    /// is final or destroyed; its last value has the final state.
    pub async fn watch(&self, _id: Id) -> Result<watch::Receiver<JobView>, ReadError> {
        Err(ReadError::NotFound)
    }

    /// Opens an artifact of a finished job.
    pub async fn download(&self, _id: Id, _artifact: Artifact) -> Result<Download, ReadError> {
        Err(ReadError::NotFound)
    }

    /// Stops a job that waits or runs; a final one stays as it is. The picture is destroyed.
    pub async fn cancel(&self, _id: Id) -> Result<JobView, ReadError> {
        Err(ReadError::NotFound)
    }

    /// Destroys everything of a job now: keys first, bytes next. Stops it if it runs.
    pub async fn destroy(&self, _id: Id) -> Result<(), ReadError> {
        Err(ReadError::NotFound)
    }

    /// Runs jobs, one at a time, and the reaper until `shutdown` resolves; then puts the running
    /// job back in the queue and returns.
    pub async fn run(self: Arc<Self>, shutdown: impl Future<Output = ()> + Send) {
        shutdown.await;
    }

    /// Whether the vault and the database answer.
    pub async fn healthy(&self) -> bool {
        true
    }
}
