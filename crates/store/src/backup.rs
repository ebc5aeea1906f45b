//! What a backup has, table by table: what an installation would miss, and nothing that is content,
//! leads to content or says whose it was.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use crate::{Store, StoreError};

/// A table of a backup. A test compares it with the table that the migrations make.
#[derive(Clone, Copy, Debug)]
pub struct BackedUp {
    /// Its name.
    pub table: &'static str,
    /// Its columns, the key first.
    pub columns: &'static [(&'static str, Column)],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// TEXT.
    Text,
    /// BIGINT.
    Number,
}

use Column::{Number, Text};

/// Backed up: what was destroyed, as signed; what the checks found; programs' keys, as digests; how long runs take.
#[rustfmt::skip]
pub const BACKED_UP: [BackedUp; 4] = [
    BackedUp { table: "receipts", columns: &[("object_id", Text), ("job_key", Text), ("kind", Text), ("deleted_at", Number), ("signed_text", Text)] },
    BackedUp { table: "checks", columns: &[("name", Text), ("ran_at", Number), ("passed", Number), ("looked_at", Number)] },
    BackedUp { table: "api_keys", columns: &[("name", Text), ("key_digest", Text), ("owner", Text), ("scopes", Text), ("created_at", Number)] },
    BackedUp { table: "runs", columns: &[("run", Text), ("tool", Text), ("tier", Text), ("shaper", Text), ("millis", Number), ("stage_millis", Text), ("ended_at", Number)] },
];

/// In no backup: jobs name content, and a restored one would promise what is gone; whose turn it was
/// and which request was which belong to jobs.
pub const NEVER_BACKED_UP: [&str; 3] = ["jobs", "owners", "idempotency_keys"];

/// Rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRows {
    /// Its name.
    pub table: String,
    /// Its columns' names.
    pub columns: Vec<String>,
    /// A text, a whole number or nothing for each column.
    pub rows: Vec<Vec<Value>>,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Its name.
    pub table: String,
    /// Rows that it has now.
    pub rows: usize,
    /// Rows that it had before.
    pub replaced: u64,
}

/// Rows that are restored once this is committed, and not if it is dropped.
#[derive(Debug)]
pub struct Restoring {
    transaction: Transaction<'static, Any>,
    restored: Vec<Restored>,
}

impl Store {
    /// Every row that a backup has, all of one moment, also while a server writes.
    pub async fn back_up(&self) -> Result<Vec<TableRows>, StoreError> {
        let mut transaction = self.pool().begin_with(self.dialect.snapshot()).await?;
        let mut tables = Vec::new();
        for BackedUp { table, columns } in BACKED_UP {
            let names: Vec<String> = columns.iter().map(|(name, _)| (*name).into()).collect();
            let listed = names.join(", ");
            let rows = format!("SELECT {listed} FROM {table} ORDER BY {}", names[0]);
            let rows = sqlx::query(AssertSqlSafe(rows))
                .fetch_all(&mut *transaction)
                .await?;
            let rows = rows.iter().map(|row| values(row, columns));
            tables.push(TableRows {
                table: table.into(),
                rows: rows.collect::<Result<_, _>>()?,
                columns: names,
            });
        }
        Ok(tables)
    }

    /// Puts rows from a backup into their tables; `replace`: in place of those that are there. Call
    /// it while no server runs.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] where rows would be lost, [`StoreError::NewerBackup`] for a table or
    /// column that this version doesn't know.
    pub async fn restore(
        &self,
        tables: &[TableRows],
        replace: bool,
    ) -> Result<Restoring, StoreError> {
        let mut transaction = self.lock_queue().await?;
        let mut restored = Vec::new();
        for TableRows {
            table,
            columns,
            rows,
        } in tables
        {
            let known = BACKED_UP.iter().find(|known| known.table == table);
            let known = known.ok_or_else(|| StoreError::NewerBackup(table.clone()))?;
            let columns = known.named(columns)?;
            let replaced = empty(&mut transaction, known.table).await?;
            if replaced > 0 && !replace {
                let table = known.table;
                return Err(StoreError::NotEmpty {
                    table,
                    rows: replaced,
                });
            }
            for row in rows {
                insert(&mut transaction, known.table, &columns, row).await?;
            }
            restored.push(Restored {
                table: table.clone(),
                rows: rows.len(),
                replaced,
            });
        }
        Ok(Restoring {
            transaction,
            restored,
        })
    }
}

impl Restoring {
    /// Makes it so; what became of each table.
    pub async fn commit(self) -> Result<Vec<Restored>, StoreError> {
        self.transaction.commit().await?;
        Ok(self.restored)
    }
}

impl BackedUp {
    /// Its columns of these names, in their order.
    fn named(&self, names: &[String]) -> Result<Vec<(&'static str, Column)>, StoreError> {
        let column = |name: &String| {
            self.columns
                .iter()
                .find(|(known, _)| known == name)
                .copied()
        };
        let unknown = |name: &String| StoreError::NewerBackup(format!("{}.{name}", self.table));
        let columns = names.iter();
        columns
            .map(|name| column(name).ok_or_else(|| unknown(name)))
            .collect()
    }
}

fn values(row: &AnyRow, columns: &[(&str, Column)]) -> Result<Vec<Value>, StoreError> {
    let value = |&(name, kind): &(&str, Column)| {
        Ok(match kind {
            Text => row.try_get::<Option<String>, _>(name)?.into(),
            Number => row.try_get::<Option<i64>, _>(name)?.into(),
        })
    };
    columns.iter().map(value).collect()
}

/// How many rows went.
async fn empty(
    transaction: &mut Transaction<'static, Any>,
    table: &'static str,
) -> Result<u64, StoreError> {
    let delete = sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}")));
    Ok(delete.execute(&mut **transaction).await?.rows_affected())
}

async fn insert(
    transaction: &mut Transaction<'static, Any>,
    table: &'static str,
    columns: &[(&'static str, Column)],
    row: &[Value],
) -> Result<(), StoreError> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=columns.len())
        .map(|place| format!("${place}"))
        .collect();
    let (names, places) = (names.join(", "), places.join(", "));
    let statement = format!("INSERT INTO {table} ({names}) VALUES ({places})");
    let mut insert = sqlx::query(AssertSqlSafe(statement));
    if row.len() != columns.len() {
        return Err(StoreError::Unknown("row"));
    }
    for ((_, kind), value) in columns.iter().zip(row) {
        insert = match (kind, value) {
            (Text, Value::Null) => insert.bind(None::<String>),
            (Text, Value::String(text)) => insert.bind(text.clone()),
            (Number, Value::Null) => insert.bind(None::<i64>),
            (Number, value) => insert.bind(value.as_i64().ok_or(StoreError::Unknown("number"))?),
            (Text, _) => return Err(StoreError::Unknown("text")),
        };
    }
    insert.execute(&mut **transaction).await?;
    Ok(())
}
