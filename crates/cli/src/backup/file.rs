//! A backup as a file: lines of text that anybody can read.
//!
//! ```text
//! ai3dgen-backup 1
//! {"by":"ai3dgen 0.1.0","made_at":"2026-11-27T10:15:00Z","signing_key":"64 hex digits"}
//! {"table":"checks","columns":["name","ran_at","passed","looked_at"],"rows":1}
//! ["verify_deletion",1790000000000,1,4711]
//! sha256 64 hex digits, of everything before this line
//! ```

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::TableRows;
use vault::SigningSeed;
use zeroize::Zeroizing;

const LABEL: &str = "ai3dgen-backup ";
/// The newest format that this version reads, and the one that it writes.
const VERSION: u32 = 1;
const SUM_LABEL: &str = "sha256 ";

/// What a backup holds.
pub struct Backup {
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The key that signs the installation's receipts.
    pub signing_seed: SigningSeed,
    /// Rows, table by table.
    pub tables: Vec<TableRows>,
}

/// Why a file is no backup that can be restored.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("it is no backup of ai3dgen; `ai3dgen backup FILE` makes one")]
    NoBackup,
    #[error("it was made by a newer ai3dgen (format {0}); restore it with that version")]
    Newer(u32),
    #[error("it is damaged or cut off: its checksum is another; take another backup")]
    Damaged,
}

impl Backup {
    /// The file's text. It holds the signing key.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(format!("{LABEL}{VERSION}\n"));
        let seed = self.signing_seed.to_text();
        add_line(
            &mut text,
            &json!({ "by": crate::GENERATOR, "made_at": self.made_at, "signing_key": *seed }),
        );
        for TableRows {
            table,
            columns,
            rows,
        } in &self.tables
        {
            let head = json!({ "table": table, "columns": columns, "rows": rows.len() });
            add_line(&mut text, &head);
            for row in rows {
                add_line(&mut text, &Value::from(row.as_slice()));
            }
        }
        let sum = sum_of(&text);
        text.push_str(&format!("{SUM_LABEL}{sum}\n"));
        text
    }

    /// # Errors
    /// It is none, of a newer format, or not as it was written.
    pub fn from_text(text: &str) -> Result<Self, FormatError> {
        let (label, _) = text.split_once('\n').ok_or(FormatError::NoBackup)?;
        let version = label.strip_prefix(LABEL).ok_or(FormatError::NoBackup)?;
        match version.parse() {
            Ok(VERSION) => {}
            Ok(newer) => return Err(FormatError::Newer(newer)),
            Err(_) => return Err(FormatError::NoBackup),
        }
        let (body, sum) = text.rsplit_once(SUM_LABEL).ok_or(FormatError::Damaged)?;
        if sum.trim_end() != sum_of(body) {
            return Err(FormatError::Damaged);
        }
        parse(body).ok_or(FormatError::Damaged)
    }
}

/// `None` for what no version of this format writes.
fn parse(body: &str) -> Option<Backup> {
    let mut lines = body.lines().skip(1).map(serde_json::from_str::<Value>);
    let head = lines.next()?.ok()?;
    let mut tables = Vec::new();
    while let Some(table) = lines.next() {
        let table = table.ok()?;
        let columns = table["columns"].as_array()?.iter();
        let columns = columns.map(|name| name.as_str().map(str::to_owned));
        let count = usize::try_from(table["rows"].as_u64()?).ok()?;
        let rows = lines.by_ref().take(count).map(|row| match row.ok()? {
            Value::Array(row) => Some(row),
            _ => None,
        });
        let rows: Vec<_> = rows.collect::<Option<_>>()?;
        if rows.len() != count {
            return None;
        }
        tables.push(TableRows {
            table: table["table"].as_str()?.to_owned(),
            columns: columns.collect::<Option<_>>()?,
            rows,
        });
    }
    Some(Backup {
        made_at: head["made_at"].as_str()?.to_owned(),
        signing_seed: SigningSeed::from_text(head["signing_key"].as_str()?)?,
        tables,
    })
}

fn add_line(text: &mut String, line: &Value) {
    text.push_str(&line.to_string());
    text.push('\n');
}

fn sum_of(text: &str) -> String {
    let sum = Sha256::digest(text);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup() -> Backup {
        Backup {
            made_at: "2026-11-27T10:15:00Z".into(),
            signing_seed: SigningSeed::from_text(&"5a".repeat(32)).unwrap(),
            tables: vec![
                TableRows {
                    table: "receipts".into(),
                    columns: vec!["object_id".into(), "deleted_at".into()],
                    // What looks like the end of the file is not taken for it.
                    rows: vec![vec!["a \"quoted\"\nsha256 00\n".into(), i64::MIN.into()]],
                },
                TableRows {
                    table: "runs".into(),
                    columns: vec!["run".into()],
                    rows: Vec::new(),
                },
            ],
        }
    }

    #[test]
    fn a_backup_reads_back_as_it_was() {
        let text = backup().to_text();
        let read = Backup::from_text(&text).unwrap();
        assert_eq!(read.tables, backup().tables);
        assert_eq!(read.made_at, backup().made_at);
        let key = read.signing_seed.public_key();
        assert_eq!(key, backup().signing_seed.public_key());
    }

    #[test]
    fn a_changed_or_shortened_backup_is_not_believed() {
        let text = backup().to_text();
        for place in LABEL.len() + 2..text.len() - 1 {
            let mut changed = text.as_bytes().to_vec();
            changed[place] ^= 1;
            let read = Backup::from_text(std::str::from_utf8(&changed).unwrap());
            assert_eq!(read.err(), Some(FormatError::Damaged), "byte {place}");
            let read = Backup::from_text(&text[..place]);
            assert_eq!(read.err(), Some(FormatError::Damaged), "cut at {place}");
        }
    }

    #[test]
    fn other_files_and_newer_formats_are_told_apart() {
        for text in ["", "\n", "PK\n", "ai3dgen-backup\n", "ai3dgen-backup x\n"] {
            assert_eq!(Backup::from_text(text).err(), Some(FormatError::NoBackup));
        }
        let newer = backup().to_text().replacen("-backup 1", "-backup 2", 1);
        assert_eq!(Backup::from_text(&newer).err(), Some(FormatError::Newer(2)));
    }
}
