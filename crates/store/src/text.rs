//! All that a PostgreSQL database tells whoever may read it, as text: where `ai3dgen
//! verify-deletion` looks for traces. (SQLite's is a file, and is searched as one.)

use sqlx::{AssertSqlSafe, Row};

use crate::dialect::Dialect;
use crate::{Store, StoreError};

/// Everything with rows, ours or not, and what PostgreSQL itself keeps of rows and statements: the
/// planner's samples, the latest statements, large objects.
const TABLES: &str = "\
    SELECT quote_ident(spaces.nspname) || '.' || quote_ident(tables.relname) AS name, \
    CAST(has_table_privilege(tables.oid, 'SELECT') AS INT) AS readable \
    FROM pg_class AS tables JOIN pg_namespace AS spaces ON spaces.oid = tables.relnamespace \
    WHERE (tables.relkind IN ('r', 'p', 'm', 'f', 'v') \
    AND spaces.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')) \
    OR (spaces.nspname = 'pg_catalog' \
    AND tables.relname IN ('pg_stats', 'pg_stat_activity', 'pg_largeobject')) ORDER BY name";

/// What a database holds, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseText {
    /// Each table's name and rows.
    pub tables: Vec<(String, String)>,
    /// Tables whose rows this account may not read.
    pub unreadable: Vec<String>,
}

impl Store {
    /// Every row of every table, as PostgreSQL writes it. Nothing for SQLite.
    pub async fn text(&self) -> Result<DatabaseText, StoreError> {
        let mut text = DatabaseText::default();
        if self.dialect == Dialect::Sqlite {
            return Ok(text);
        }
        for table in sqlx::query(TABLES).fetch_all(self.pool()).await? {
            let name: String = table.try_get("name")?;
            if table.try_get::<i32, _>("readable")? == 0 {
                text.unreadable.push(name);
                continue;
            }
            // The name is quoted by PostgreSQL.
            let rows = format!("SELECT CAST(whole_row AS TEXT) AS line FROM {name} AS whole_row");
            let rows = sqlx::query(AssertSqlSafe(rows))
                .fetch_all(self.pool())
                .await?;
            let lines = rows.iter().map(|row| row.try_get::<String, _>("line"));
            let lines = lines.collect::<Result<Vec<_>, _>>()?.join("\n");
            text.tables.push((name, lines));
        }
        Ok(text)
    }
}
