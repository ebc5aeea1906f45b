//! Steps, one after the other, and the table at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How a step that didn't fail ended.
pub enum Outcome {
    /// It did its work.
    Passed,
    /// It couldn't be done here, and the table must say so.
    NotRun(&'static str),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Passed
    }
}

/// What has been done so far.
#[derive(Default)]
pub struct Report {
    lines: Vec<(&'static str, Duration, Result<Outcome>)>,
}

impl Report {
    /// Runs a step and goes on even if it fails: one run should show everything that is wrong.
    pub fn step<T: Into<Outcome>>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work().map(Into::into);
        if let Err(error) = &outcome {
            println!("{name}: {error:#}");
        }
        self.lines.push((name, start.elapsed(), outcome));
    }

    /// Prints the table; fails if a step did.
    pub fn finish(self) -> Result<()> {
        println!("\n{:<24} {:>8}  result", "step", "seconds");
        let mut failed = 0;
        for (name, time, outcome) in &self.lines {
            let result = match outcome {
                Ok(Outcome::Passed) => "ok".to_owned(),
                Ok(Outcome::NotRun(reason)) => format!("NOT RUN: {reason}"),
                Err(_) => "FAILED".to_owned(),
            };
            failed += usize::from(outcome.is_err());
            println!("{name:<24} {:>8.1}  {result}", time.as_secs_f64());
        }
        let passed = self
            .lines
            .iter()
            .filter(|line| matches!(line.2, Ok(Outcome::Passed)))
            .count();
        let verdict = if failed == 0 { "ok" } else { "FAILED" };
        println!("\nsteps result: {verdict}. {passed} passed; {failed} failed");
        if failed > 0 {
            bail!("{failed} of {} steps failed", self.lines.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_run_and_the_others_still_happen() {
        let mut report = Report::default();
        let mut later = false;
        report.step("first", || -> Result<()> { bail!("broken") });
        report.step("second", || {
            later = true;
            Ok(())
        });
        assert!(later);
        assert!(report.finish().is_err());
    }

    #[test]
    fn a_step_that_could_not_be_done_here_fails_nothing() {
        let mut report = Report::default();
        report.step("first", || Ok(Outcome::NotRun("no network")));
        assert!(report.finish().is_ok());
    }
}
