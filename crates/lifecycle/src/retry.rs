//! A failed job once more, as long as its picture is there.

use domain::{Id, JobState};
use engine::{Shaper, Tier};
use store::{Changes, Refused, Retried};

use crate::{JobView, Lifecycle, RetryError};

/// What to do otherwise than before; `None`: the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Again {
    /// Another tier.
    pub tier: Option<Tier>,
    /// Another engine.
    pub shaper: Option<Shaper>,
    /// Whether to leave the background in.
    pub keep_background: Option<bool>,
}

impl Lifecycle {
    /// Has a failed job tried again. One that waits or runs again already, or still, stays as it
    /// is: of two who ask, one is heard and both are told. Its deadline stays.
    ///
    /// # Errors
    /// [`RetryError::Impossible`] unless the job's view says that it can be.
    pub async fn retry(&self, id: Id, again: Again) -> Result<JobView, RetryError> {
        let row = self.readable_row(id).await?;
        let changes = Changes {
            tier: again.tier.map(|tier| tier.name().into()),
            shaper: again.shaper.map(|shaper| shaper.name().into()),
            keep_background: again.keep_background,
        };
        let now = self.vault.now();
        let retried = self.store.retry(&row.key, &changes, now, self.bounds());
        let retry_after_secs = self.likely_secs();
        match retried.await? {
            Retried::Queued => self.queued.notify_one(),
            Retried::Impossible => {
                let row = self.readable_row(id).await?;
                if !matches!(row.state, JobState::Queued | JobState::Running) {
                    return Err(RetryError::Impossible);
                }
            }
            Retried::Refused(Refused::TotalFull) => {
                return Err(RetryError::QueueFull { retry_after_secs });
            }
            Retried::Refused(Refused::OwnerFull) => {
                let limit = self.config.max_queued_per_owner;
                return Err(RetryError::OwnerFull {
                    limit,
                    retry_after_secs,
                });
            }
        }
        self.announce_queue().await;
        Ok(self.job(id).await?)
    }
}
