//! What a PostgreSQL database tells, in the table of what was looked at.

use store::{Store, StoreError};

use super::places::Looked;
use super::search::Searcher;

/// Every table's rows as text, and how many tables the account may not read.
///
/// # Errors
/// The database can't be read.
pub async fn look(store: &Store, searcher: &Searcher) -> Result<(Looked, usize), StoreError> {
    let text = store.text().await?;
    let mut looked = Looked {
        name: "database, every row as text".into(),
        files: text.tables.len(),
        bytes: 0,
        traces: Vec::new(),
    };
    for (table, rows) in &text.tables {
        let found = searcher.look(rows.as_bytes());
        looked.bytes += found.bytes;
        let traces = searcher.describe(&found).into_iter();
        looked
            .traces
            .extend(traces.map(|trace| format!("{trace} in table {table}")));
    }
    Ok((looked, text.unreadable.len()))
}
