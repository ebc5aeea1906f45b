//! The way in: one picture, or several of one object, becomes one job, or is refused.

use domain::Lifetime;
use store::{Bounds, Inserted, JobKey, NewJob, Owner, Refused};
use tokio::task::spawn_blocking;
use worker::{Bundle, Recipe, Role};

use crate::repeat::Repeatable;
use crate::seal::Unclaimed;
use crate::{
    JobView, Lifecycle, StorageError, SubmitError, Task, TimeLeft, Wishes, admit, job, seal,
};

/// When to come again to a full queue of a server that has run nothing yet.
const RETRY_AFTER_SECS: u32 = 10;

impl Lifecycle {
    /// Takes a picture, or several views of one object, or what a tool needs: admit, seal, job. The id in the answer is
    /// the capability for all below.
    ///
    /// Dropping the future leaves no content behind; at most a row whose turn ends at once, because
    /// its picture is gone.
    pub async fn submit(
        &self,
        uploads: impl Into<Bundle>,
        wishes: impl Into<Wishes>,
    ) -> Result<JobView, SubmitError> {
        let Wishes {
            task,
            lifetime,
            owner,
            idempotency_key,
        } = wishes.into();
        let mut uploads = uploads.into();
        let limit_bytes = self.config.max_upload_bytes;
        if uploads.content_len() > limit_bytes {
            return Err(SubmitError::TooLarge { limit_bytes });
        }
        let (options, largest_side) = match task {
            Task::Model(options) => (job::to_row(&options), engine::PICTURE_PX),
            // A tool gives the picture back, so it keeps its size.
            Task::Tool(recipe) => {
                if matches!(recipe, Recipe::Erase { .. }) && uploads.get(Role::Mask).is_none() {
                    return Err(SubmitError::NoMask);
                }
                uploads.insert(Role::Recipe, recipe.to_bytes());
                (job::to_row_of_tool(recipe.tool()), u32::MAX)
            }
        };
        let views = uploads.views();
        let owner = Owner::new(owner);
        let mut request = None;
        if let Some(key) = idempotency_key {
            let (owner, options) = (owner.clone(), options.clone());
            let vault = self.vault.clone();
            let digested = spawn_blocking(move || {
                let request = Repeatable::new(&vault, owner, key, &options, lifetime, &uploads);
                (uploads, request)
            });
            let digested = digested.await?;
            uploads = digested.0;
            if let Some(job) = self.made_before(&digested.1).await? {
                return Ok(job);
            }
            request = Some(digested.1);
        }
        // Both are asked again when the job is inserted; here it saves the work of admission.
        if self.store.queue(self.vault.now()).await?.len() >= self.config.max_queued_jobs {
            return Err(self.queue_full());
        }
        let picture = self.take_in(uploads, largest_side, lifetime).await?;
        let id = self.new_id(request.as_ref(), picture.created());
        let job = NewJob {
            key: JobKey::of(id),
            owner,
            idempotency: request.as_ref().map(Repeatable::digests),
            options,
            picture: picture.id(),
            views,
            lifetime_secs: lifetime.secs().into(),
            delete_after_download: lifetime.ends_with_first_download(),
            created_at: picture.created(),
            expires_at: picture.deadline().moment(),
        };
        match (self.store.insert(&job, self.bounds()).await?, &request) {
            (Inserted::New, _) => {}
            (Inserted::Refused(Refused::OwnerFull), _) => return Err(self.owner_full()),
            (Inserted::Refused(Refused::TotalFull), _) => return Err(self.queue_full()),
            // The same request overtook this one, whose picture is destroyed here.
            (Inserted::Before(row), Some(request)) => return self.first(request, &row).await,
            (Inserted::Before(_) | Inserted::Conflict, _) => return Err(SubmitError::KeyReused),
        }
        picture.keep();
        self.queued.notify_one();
        let row = self.store.job(&job.key).await?;
        let row = row.ok_or(StorageError::Interrupted)?;
        Ok(self.view(id, &row).await?)
    }

    /// Admits pictures, each `largest_side` pixels long at most, and seals them.
    pub(crate) async fn take_in(
        &self,
        uploads: Bundle,
        largest_side: u32,
        lifetime: Lifetime,
    ) -> Result<Unclaimed, SubmitError> {
        let _turn = self.admissions.acquire().await;
        let (workshop, vault) = (self.workshop.clone(), self.vault.clone());
        let figures = self.figures.clone();
        let sealed = spawn_blocking(move || {
            let pictures = admit::admit(&*workshop, &figures, uploads, largest_side)?;
            Ok::<_, SubmitError>(seal::seal_pictures(vault, &pictures, lifetime)?)
        });
        sealed.await?
    }

    pub(crate) fn queue_full(&self) -> SubmitError {
        SubmitError::QueueFull {
            retry_after_secs: self.likely_secs(),
        }
    }

    fn owner_full(&self) -> SubmitError {
        SubmitError::OwnerFull {
            limit: self.config.max_queued_per_owner,
            retry_after_secs: self.likely_secs(),
        }
    }

    /// How many jobs may wait.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds {
            total: self.config.max_queued_jobs,
            per_owner: self.config.max_queued_per_owner,
        }
    }

    /// When a place in the queue is likely to be free, seconds: when the run at work ends.
    pub(crate) fn likely_secs(&self) -> u32 {
        let running = self.live.running().flatten();
        let secs = match running.map(|run| run.left(self.vault.now())) {
            Some(TimeLeft::Secs(secs)) => Some(secs),
            Some(TimeLeft::LongerThanUsual) | None => {
                let millis = self.history.of_any();
                millis.map(|millis| u32::try_from(millis.div_ceil(1000)).unwrap_or(u32::MAX))
            }
        };
        secs.unwrap_or(RETRY_AFTER_SECS).clamp(1, 600)
    }
}
