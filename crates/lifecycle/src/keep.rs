//! How long a job's content stays: longer after a download, shorter when its owner asks.

use domain::{Deadline, Id, UnixMillis};
use store::{JobKey, JobRow};
use tokio::task::spawn_blocking;
use vault::{Reason, Terms, Vault, VaultError};

use crate::{JobView, Lifecycle, ReadError, StorageError};

impl Lifecycle {
    /// The last byte of the model was given out. Its life begins anew, up to its ceiling, or ends
    /// now if its owner wanted that.
    ///
    /// # Errors
    /// [`ReadError::Gone`] if it was destroyed meanwhile; otherwise its deadline stays as it was.
    pub async fn downloaded(&self, id: Id) -> Result<(), ReadError> {
        let _turn = self.lives.lock().await;
        let row = self.readable_row(id).await?;
        if row.delete_after_download {
            return Ok(self.bury(&row.key, Reason::Downloaded).await?);
        }
        let deadline = self.change(&row, Vault::downloaded).await?;
        let Some(deadline) = deadline else {
            return Err(ReadError::Gone);
        };
        // The vault first: should this server end here, the row's deadline is the earlier one.
        let now = self.vault.now();
        let noted = self.store.note_download(&row.key, now, deadline.moment());
        noted.await?;
        Ok(())
    }

    /// Its owner wants all of it kept no longer than `secs` from now, nor from a later download, or
    /// no longer than until the next download. Never makes it longer.
    ///
    /// # Errors
    /// [`ReadError::Gone`] if it is destroyed.
    pub async fn shorten(
        &self,
        id: Id,
        secs: Option<u32>,
        delete_after_download: bool,
    ) -> Result<JobView, ReadError> {
        let turn = self.lives.lock().await;
        let key = JobKey::of(id);
        self.readable_row(id).await?;
        let now = self.vault.now();
        let latest = secs.map(|secs| (i64::from(secs), now.plus_secs(secs.into())));
        // The row first: what a job that runs now will make has the row's lifetime.
        let shortened = self.store.shorten(&key, latest, delete_after_download);
        let row = shortened.await?.ok_or(ReadError::Gone)?;
        if let Some(secs) = secs {
            self.change(&row, move |vault, object| vault.shorten(object, secs))
                .await?;
        }
        drop(turn);
        let row = self.readable_row(id).await?;
        self.live.tell(&key, |view| {
            view.expires_at = row.expires_at;
            view.delete_after_download = row.delete_after_download;
        });
        Ok(self.view(id, &row).await?)
    }

    /// What was made while its owner shortened its life has the shorter one, too.
    pub(crate) async fn shorten_results(&self, key: &JobKey, began_with_secs: i64) {
        let shortened = async {
            let row = self.store.job(key).await?;
            let row = row.filter(|row| row.lifetime_secs < began_with_secs);
            if let Some(row) = row
                && let Ok(secs) = u32::try_from(row.lifetime_secs)
            {
                self.change(&row, move |vault, object| vault.shorten(object, secs))
                    .await?;
            }
            Ok::<(), StorageError>(())
        };
        if let Err(error) = shortened.await {
            // The row has the deadline all the same, and the reaper follows it.
            tracing::warn!(%error, "a shorter life could not be noted in the vault");
        }
    }

    /// Changes the deadline of each of a job's objects; answers the earliest, `None` if there is
    /// none left.
    async fn change(
        &self,
        row: &JobRow,
        change: impl Fn(&Vault, Id) -> Result<Option<Terms>, VaultError> + Send + 'static,
    ) -> Result<Option<Deadline>, StorageError> {
        let vault = self.vault.clone();
        let objects: Vec<Id> = row.objects().collect();
        let deadlines = spawn_blocking(move || {
            let mut earliest: Option<UnixMillis> = None;
            for object in objects {
                let moment = match change(&vault, object) {
                    Ok(Some(terms)) => terms.deadline().moment(),
                    Ok(None) | Err(VaultError::NotFound | VaultError::Expired) => continue,
                    Err(error) => return Err(error),
                };
                earliest = Some(earliest.map_or(moment, |earlier| earlier.min(moment)));
            }
            Ok(earliest.map(Deadline::at))
        });
        Ok(deadlines.await??)
    }
}
