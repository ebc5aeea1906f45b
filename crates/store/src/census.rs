//! How many jobs there are and how late anything is, for whoever watches the service.

use domain::{JobState, UnixMillis};
use sqlx::Row;

use crate::{Store, StoreError};

/// The jobs at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// Those that are not destroyed, by where they stand.
    pub jobs: [(JobState, u64); JobState::ALL.len()],
    /// Since when the oldest of those that wait has been waiting.
    pub waiting_since: Option<UnixMillis>,
    /// Since when the oldest of those that must be gone should have been.
    pub overdue_since: Option<UnixMillis>,
}

impl Store {
    /// Counts the jobs as they are at `now`.
    pub async fn census(&self, now: UnixMillis) -> Result<Census, StoreError> {
        let counted = sqlx::query(
            "SELECT state, COUNT(*) AS jobs FROM jobs WHERE destroyed_at IS NULL GROUP BY state",
        )
        .fetch_all(self.pool())
        .await?;
        let mut jobs = JobState::ALL.map(|state| (state, 0));
        for row in &counted {
            let name: String = row.try_get("state")?;
            let state = JobState::from_name(&name).ok_or(StoreError::Unknown("state"))?;
            for (_, count) in jobs.iter_mut().filter(|(known, _)| *known == state) {
                *count = u64::try_from(row.try_get::<i64, _>("jobs")?).unwrap_or(0);
            }
        }
        let moments = sqlx::query(
            "SELECT \
             (SELECT MIN(created_at) FROM jobs WHERE state = 'queued') AS waiting_since, \
             (SELECT MIN(expires_at) FROM jobs WHERE destroyed_at IS NULL AND expires_at <= $1) \
             AS expired_at, \
             (SELECT MIN(destroyed_at) FROM jobs WHERE picture IS NOT NULL OR model IS NOT NULL \
             OR preview IS NOT NULL) AS half_destroyed_at",
        )
        .bind(now.0)
        .fetch_one(self.pool())
        .await?;
        let moment = |column| -> Result<_, StoreError> {
            Ok(moments.try_get::<Option<i64>, _>(column)?.map(UnixMillis))
        };
        let overdue = [moment("expired_at")?, moment("half_destroyed_at")?];
        Ok(Census {
            jobs,
            waiting_since: moment("waiting_since")?,
            overdue_since: overdue.into_iter().flatten().min(),
        })
    }
}
