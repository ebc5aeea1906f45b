//! How long runs take here: what the time left is guessed from.

use domain::{Id, UnixMillis};
use sqlx::{Any, Row, Transaction};

use crate::{Store, StoreError};

/// Enough for a median that one odd picture doesn't move, few enough to follow a change of machine
/// or version within a day.
const KEPT_RUNS: i64 = 50;

/// One run that ended with a model or a tool's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Name of the tool; empty: it made a model.
    pub tool: String,
    /// Name of the tier.
    pub tier: String,
    /// Name of the engine.
    pub shaper: String,
    /// How long it took, milliseconds.
    pub millis: u64,
    /// `stage=milliseconds`, separated by commas; empty if that wasn't measured.
    pub stage_millis: String,
}

impl Store {
    /// The last fifty runs of each tool, tier and engine, in no order.
    pub async fn runs(&self) -> Result<Vec<Run>, StoreError> {
        let rows = sqlx::query("SELECT tool, tier, shaper, millis, stage_millis FROM runs")
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Run {
                    tool: row.try_get("tool")?,
                    tier: row.try_get("tier")?,
                    shaper: row.try_get("shaper")?,
                    millis: u64::try_from(row.try_get::<i64, _>("millis")?).unwrap_or(0),
                    stage_millis: row.try_get("stage_millis")?,
                })
            })
            .collect()
    }
}

/// Adds a run and forgets those that are too many.
pub(crate) async fn note(
    transaction: &mut Transaction<'static, Any>,
    run: &Run,
    now: UnixMillis,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO runs (run, tier, shaper, millis, stage_millis, ended_at, tool) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(Id::random().to_string())
    .bind(&run.tier)
    .bind(&run.shaper)
    .bind(i64::try_from(run.millis).unwrap_or(i64::MAX))
    .bind(&run.stage_millis)
    .bind(now.0)
    .bind(&run.tool)
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "DELETE FROM runs WHERE tier = $1 AND shaper = $2 AND tool = $4 AND run NOT IN (SELECT run FROM runs \
         WHERE tier = $1 AND shaper = $2 AND tool = $4 ORDER BY ended_at DESC, run DESC LIMIT $3)",
    )
    .bind(&run.tier)
    .bind(&run.shaper)
    .bind(KEPT_RUNS)
    .bind(&run.tool)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
