//! Whether what must be gone is gone, seen by somebody else than the reaper.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::UnixMillis;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::work::told_to_stop;
use crate::{Lifecycle, StorageError};

/// What is overdue for longer than this is an alarm. The reaper comes within a second or two of
/// every deadline.
pub const ALARM_LAG_SECS: u64 = 30;
/// So is a reaper that didn't get through for longer than this. It comes every half minute.
pub const ALARM_SILENCE_SECS: u64 = 120;

/// How often it is looked for what is overdue.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often the installation checks its promises.
const CHECK_EVERY: Duration = Duration::from_secs(120);

/// How well the reaper keeps up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Punctuality {
    /// For how many seconds the oldest object or job that must be gone is overdue; 0 if none is.
    pub lag_secs: u64,
    /// How many seconds ago the reaper last got through.
    pub since_pass_secs: u64,
}

impl Punctuality {
    /// Whether somebody should look after it.
    pub fn is_alarming(self) -> bool {
        self.lag_secs > ALARM_LAG_SECS || self.since_pass_secs > ALARM_SILENCE_SECS
    }
}

impl Lifecycle {
    /// How well the reaper keeps up, asked of the vault, the database and the clock.
    ///
    /// # Errors
    /// The database doesn't answer.
    pub async fn punctuality(&self) -> Result<Punctuality, StorageError> {
        let now = self.vault.now();
        let overdue = self.store.census(now).await?.overdue_since;
        let since_pass_secs = secs_since(UnixMillis(self.last_pass.load(Ordering::Relaxed)), now);
        Ok(Punctuality {
            lag_secs: overdue
                .map_or(0, |since| secs_since(since, now))
                .max(self.vault.overdue_secs()),
            since_pass_secs,
        })
    }

    /// Looks at the reaper every few seconds and at all promises every few minutes, until
    /// `shutdown` resolves. Errors in the log are all that it does.
    pub async fn watch_over(self: Arc<Self>, shutdown: impl Future<Output = ()> + Send) {
        let (stop, mut stopping) = watch::channel(false);
        tokio::join!(
            async move {
                let (mut alarm, mut check_at) = (false, Instant::now());
                while !*stopping.borrow() {
                    alarm = self.sound(alarm).await;
                    if Instant::now() >= check_at {
                        if let Err(error) = self.check().await {
                            tracing::error!(%error, "the promises could not be checked");
                        }
                        check_at = Instant::now() + CHECK_EVERY;
                    }
                    tokio::select! {
                        () = sleep(LOOK_EVERY) => {}
                        () = told_to_stop(&mut stopping) => {}
                    }
                }
            },
            async move {
                shutdown.await;
                stop.send_replace(true);
            },
        );
    }

    /// Says when an alarm begins and when it is over; answers whether there is one.
    async fn sound(&self, before: bool) -> bool {
        let Ok(punctuality) = self.punctuality().await else {
            return before;
        };
        let Punctuality {
            lag_secs,
            since_pass_secs,
        } = punctuality;
        match (before, punctuality.is_alarming()) {
            (false, true) => tracing::error!(
                lag_secs,
                since_pass_secs,
                "what must be gone is overdue; nobody can read it, but its destruction fails: \
                 see the errors before this one"
            ),
            (true, false) => tracing::info!(lag_secs, "nothing is overdue any more"),
            _ => {}
        }
        punctuality.is_alarming()
    }
}

pub(crate) fn secs_since(moment: UnixMillis, now: UnixMillis) -> u64 {
    u64::try_from(now.0.saturating_sub(moment.0) / 1000).unwrap_or(0)
}
