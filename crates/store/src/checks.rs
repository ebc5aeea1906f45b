//! What this installation last found out about its own promises, for its public status page.

use domain::UnixMillis;
use sqlx::Row;

use crate::{Store, StoreError};

/// The last run of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which promise it looks at, such as `nothing_readable_after_deadline`.
    pub name: String,
    /// When it last ran.
    pub ran_at: UnixMillis,
    /// Whether the promise held.
    pub passed: bool,
    /// How many things it looked at.
    pub looked_at: u64,
}

impl Store {
    /// Keeps the result of a check in place of its last one.
    pub async fn note_check(&self, check: &Check) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO checks (name, ran_at, passed, looked_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, \
             passed = excluded.passed, looked_at = excluded.looked_at",
        )
        .bind(&check.name)
        .bind(check.ran_at.0)
        .bind(i64::from(check.passed))
        .bind(i64::try_from(check.looked_at).unwrap_or(i64::MAX))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Every check's last result, by name.
    pub async fn checks(&self) -> Result<Vec<Check>, StoreError> {
        let rows = sqlx::query("SELECT name, ran_at, passed, looked_at FROM checks ORDER BY name")
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Check {
                    name: row.try_get("name")?,
                    ran_at: UnixMillis(row.try_get("ran_at")?),
                    passed: row.try_get::<i64, _>("passed")? != 0,
                    looked_at: u64::try_from(row.try_get::<i64, _>("looked_at")?).unwrap_or(0),
                })
            })
            .collect()
    }
}
