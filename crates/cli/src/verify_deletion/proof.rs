//! What was looked at, what came of it, and how that is told.

use std::fmt::Write as _;

use domain::{Clock, SystemClock};
use lifecycle::checks::VERIFY_DELETION;
use store::Check;

use super::places::Looked;

/// What was looked at and what came of it.
#[derive(Default)]
pub struct Proof {
    /// A search of each place, and when.
    pub searches: Vec<(&'static str, Looked)>,
    /// What else was checked, and whether it is as promised; `None`: it couldn't be.
    pub checks: Vec<(String, Option<bool>)>,
}

impl Proof {
    /// Whether nothing was found, and all is as promised.
    pub fn holds(&self) -> bool {
        let clean = self
            .searches
            .iter()
            .all(|(_, looked)| looked.traces.is_empty());
        clean && self.checks.iter().all(|(_, held)| *held != Some(false))
    }

    /// For the database.
    pub fn as_check(&self) -> Check {
        Check {
            // Where the status page finds it.
            name: VERIFY_DELETION.into(),
            ran_at: SystemClock.now(),
            passed: self.holds(),
            looked_at: self.searches.iter().map(|(_, looked)| looked.bytes).sum(),
        }
    }

    /// For people.
    pub fn table(&self) -> String {
        let name_of = |looked: &Looked| looked.name.chars().count();
        let widths = self.searches.iter().map(|(_, looked)| name_of(looked));
        let width = widths.max().unwrap_or(0).max("WHERE".len());
        let mut table = format!(
            "{:<width$}  {:<14}  {:>6}  {:>12}  TRACES\n",
            "WHERE", "WHEN", "FILES", "BYTES"
        );
        // Writing to a String can't fail.
        for (when, looked) in &self.searches {
            let Looked {
                name,
                files,
                bytes,
                traces,
            } = looked;
            let _ = writeln!(
                table,
                "{name:<width$}  {when:<14}  {files:>6}  {bytes:>12}  {}",
                traces.len()
            );
        }
        table.push('\n');
        for (said, held) in &self.checks {
            let verdict = match held {
                Some(true) => "ok",
                Some(false) => "FAILED",
                None => "NOT CHECKED",
            };
            let _ = writeln!(table, "{verdict:<11}  {said}");
        }
        for (when, looked) in &self.searches {
            for trace in &looked.traces {
                let _ = writeln!(table, "TRACE        {when}: {trace}");
            }
        }
        table
    }
}
