//! Key, bytes, row: on request, on time, and again after a crash.

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::Id;
use store::JobKey;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use vault::Reason;

use crate::job::SKEW_SECS;
use crate::work::told_to_stop;
use crate::{Lifecycle, StorageError};

/// A destroyed job answers "gone" for a day, then "not found".
const TOMBSTONE_SECS: i64 = 24 * 60 * 60;

/// The reaper sleeps until the next deadline, within these bounds: it looks at least this often,
/// so that a clock set forwards is noticed, and after a failure it doesn't spin.
const REAP_AT_LEAST_EVERY: Duration = Duration::from_secs(30);
const REAP_AT_MOST_EVERY: Duration = Duration::from_secs(1);

impl Lifecycle {
    /// Destroys what is due whenever something is, until `stopping` is true.
    pub(crate) async fn reap_on_time(&self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            if let Err(error) = self.reap().await {
                tracing::error!(%error, "what is due could not all be destroyed; trying again");
            }
            tokio::select! {
                () = sleep(self.until_next_deadline()) => {}
                () = told_to_stop(&mut stopping) => {}
            }
        }
    }

    /// One pass of the reaper: destroys all that is due now. [`Self::open`] and [`Self::run`] do
    /// this by themselves; calling it again does no harm.
    pub async fn reap(&self) -> Result<(), StorageError> {
        let vault = self.vault.clone();
        // Content first: for that the vault needs no database.
        let reaped = spawn_blocking(move || vault.reap()).await?;
        let now = self.vault.now();
        self.shelf.sweep(now);
        let due = self.store.due(now, now.plus_secs(SKEW_SECS)).await?;
        let mut buried = Ok(());
        for key in &due {
            // One that can't be destroyed must not keep the others.
            buried = self.bury(key, Reason::Expired).await.and(buried);
        }
        let taken_back = self.store.expired_leases(now).await?;
        self.see_to_taken_back(&taken_back).await?;
        let forgotten = self
            .store
            .forget_tombstones(now.plus_secs(-TOMBSTONE_SECS))
            .await?
            + self.store.forget_outdated(now).await?;
        if reaped.failed > 0 {
            tracing::error!(
                objects = reaped.failed,
                "objects could not be destroyed yet"
            );
        }
        if reaped.destroyed > 0 || !due.is_empty() || forgotten > 0 {
            let (objects, jobs) = (reaped.destroyed, due.len());
            tracing::info!(objects, jobs, forgotten, "destroyed what was due");
        }
        buried?;
        if reaped.failed == 0 {
            self.last_pass.store(now.0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Destroys everything of a job. First nobody may read it or add to it any more, then keys,
    /// then bytes, then what its row says of it; a crash in between leaves the rest to the next
    /// start.
    pub(crate) async fn bury(&self, key: &JobKey, reason: Reason) -> Result<(), StorageError> {
        let Some(row) = self.store.entomb(key, self.vault.now()).await? else {
            return Ok(());
        };
        self.live.halt(key);
        for object in row.objects() {
            self.shred(Some(object), reason).await?;
        }
        // While the row still names them: a crash here has it all done again.
        self.keep_receipts(key, row.objects()).await?;
        self.store.scrub(key).await?;
        self.live.end(&row);
        self.announce_queue().await;
        Ok(())
    }

    /// Destroys one object, if there is one.
    pub(crate) async fn shred(
        &self,
        object: Option<Id>,
        reason: Reason,
    ) -> Result<(), StorageError> {
        let Some(object) = object else { return Ok(()) };
        let vault = self.vault.clone();
        spawn_blocking(move || vault.shred(object, reason)).await??;
        Ok(())
    }

    fn until_next_deadline(&self) -> Duration {
        let now = self.vault.now();
        let millis = self.vault.next_deadline().map_or(i64::MAX, |deadline| {
            deadline.moment().0.saturating_sub(now.0)
        });
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
            .clamp(REAP_AT_MOST_EVERY, REAP_AT_LEAST_EVERY)
    }
}
