//! How long runs take here: what the time left is guessed from.

use domain::{Id, UnixMillis};
use sqlx::{Any, Row, Transaction};

use crate::{Store, StoreError};

/// Enough for a median that one odd picture doesn't move, few enough to follow a change of machine
/// or version within a day.
const KEPT_RUNS: i64 = 50;

impl Store {
    /// The median duration, milliseconds, of the last runs of that tier and engine that ended with a
    /// model; `None`: there was none.
    pub async fn usual_run_millis(
        &self,
        tier: &str,
        shaper: &str,
    ) -> Result<Option<u64>, StoreError> {
        let rows =
            sqlx::query("SELECT millis FROM runs WHERE tier = $1 AND shaper = $2 ORDER BY millis")
                .bind(tier)
                .bind(shaper)
                .fetch_all(self.pool())
                .await?;
        let millis: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get("millis")).collect();
        Ok(median(&millis?))
    }
}

/// Of sorted numbers; the lower one of the two in the middle.
fn median(sorted: &[i64]) -> Option<u64> {
    let middle = sorted.len().checked_sub(1)? / 2;
    u64::try_from(sorted[middle]).ok()
}

/// Adds a run and forgets those that are too many.
pub(crate) async fn note(
    transaction: &mut Transaction<'static, Any>,
    tier: &str,
    shaper: &str,
    millis: u64,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO runs (run, tier, shaper, millis, ended_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(Id::random().to_string())
    .bind(tier)
    .bind(shaper)
    .bind(i64::try_from(millis).unwrap_or(i64::MAX))
    .bind(now.0)
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "DELETE FROM runs WHERE tier = $1 AND shaper = $2 AND run NOT IN (SELECT run FROM runs \
         WHERE tier = $1 AND shaper = $2 ORDER BY ended_at DESC, run DESC LIMIT $3)",
    )
    .bind(tier)
    .bind(shaper)
    .bind(KEPT_RUNS)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
