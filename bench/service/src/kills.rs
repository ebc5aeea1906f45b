//! `kill -9` of the real server at random moments, and what is there after each restart.
//!
//! Visitors hand pictures in, wait, download and delete. The server is killed while one of them is
//! in the middle of something; it is started again, everything comes to its end, and then what was
//! promised is compared with what is there.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::time::{sleep, timeout};

use crate::random::Random;
use crate::server::{self, Program, Server};

use ledger::{Ledger, Phase};

mod check;
mod ledger;
mod visitor;

/// Visitors at a time: one is served and two wait, or something is deleted meanwhile.
const VISITORS: u64 = 3;
/// A phase that nobody enters within this time isn't reached.
const PHASE_LIMIT: Duration = Duration::from_secs(60);
/// Workers end with their server, within this time.
const WORKERS_LIMIT: Duration = Duration::from_secs(2);

/// What was looked at and what was wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// Kills by what was under way.
    pub kills: BTreeMap<&'static str, u32>,
    /// Things looked at, by promise.
    pub looked_at: BTreeMap<&'static str, u64>,
    /// What was not as promised.
    pub violations: Vec<String>,
    /// From the start of the process to its first answer, and how many starts.
    pub restarts: (Duration, u32),
}

impl Report {
    /// Notes that a promise was looked at, and whether it was kept.
    pub fn note(&mut self, promise: &'static str, kept: bool, what: impl FnOnce() -> String) {
        *self.looked_at.entry(promise).or_default() += 1;
        if !kept {
            self.violations.push(format!("{promise}: {}", what()));
        }
    }
}

/// Kills the server so many times.
///
/// # Errors
/// It can't be started, or a job comes to no end.
pub async fn run(binary: &Path, kills: u32, seed: u64) -> Result<Report> {
    let program = Program::new(binary, &[])?;
    let mut random = Random::new(seed);
    let mut report = Report::default();
    let ledger = Arc::new(Ledger::default());
    let mut server = program.start().await?;
    for number in 0..kills {
        let phase = Phase::ALL[number as usize % Phase::ALL.len()];
        kill_during(phase, server, &ledger, &mut random, &mut report).await?;
        let began = Instant::now();
        server = program.start().await?;
        report.restarts.0 += began.elapsed();
        report.restarts.1 += 1;
        check::everything(&program, &server.address, &ledger, &mut report).await?;
        if (number + 1) % 20 == 0 {
            let wrong = report.violations.len();
            eprintln!("{} of {kills} kills, {wrong} violations", number + 1);
        }
    }
    check::the_end(&program, &server.address, &ledger, &mut report).await?;
    Ok(report)
}

/// Has visitors come, and kills the server when one of them has been in that phase for a random part
/// of the time that it takes.
async fn kill_during(
    phase: Phase,
    server: Server,
    ledger: &Arc<Ledger>,
    random: &mut Random,
    report: &mut Report,
) -> Result<()> {
    let visitors: Vec<_> = (0..VISITORS)
        .map(|_| {
            let visitor = visitor::Visitor {
                address: server.address.clone(),
                ledger: ledger.clone(),
                random: Random::new(random.next_u64()),
            };
            tokio::spawn(visitor.come_and_go())
        })
        .collect();
    if timeout(PHASE_LIMIT, ledger.entered(phase)).await.is_err() {
        bail!("nobody comes to {phase}");
    }
    sleep(random.part_of(ledger.usual(phase), 0.0, 1.0)).await;
    for under_way in ledger.under_way() {
        *report.kills.entry(under_way.name()).or_default() += 1;
    }
    let workers = server::children_of(server.pid());
    server.kill().await?;
    for visitor in visitors {
        visitor.await?;
    }
    ledger.nothing_is_under_way();
    let began = Instant::now();
    while workers.iter().any(|&pid| server::lives(pid)) && began.elapsed() < WORKERS_LIMIT {
        sleep(Duration::from_millis(5)).await;
    }
    for pid in workers {
        report.note("workers end with their server", !server::lives(pid), || {
            format!("a worker lives on after {WORKERS_LIMIT:?}")
        });
    }
    Ok(())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.looked_at.keys().map(|name| name.len()).max();
        let width = width.unwrap_or(0);
        writeln!(f, "under way when the server was killed:")?;
        for (phase, count) in &self.kills {
            writeln!(f, "  {phase:<10} {count:>5}")?;
        }
        let (time, starts) = self.restarts;
        let millis = time.as_millis() / u128::from(starts.max(1));
        writeln!(f, "restart to first answer: {millis} ms on average\n")?;
        writeln!(
            f,
            "{:<width$}  {:>9}  {:>10}",
            "PROMISE", "LOOKED AT", "VIOLATIONS"
        )?;
        for (promise, looked_at) in &self.looked_at {
            let of_it = |violation: &&String| violation.starts_with(promise);
            let wrong = self.violations.iter().filter(of_it).count();
            writeln!(f, "{promise:<width$}  {looked_at:>9}  {wrong:>10}")?;
        }
        for violation in &self.violations {
            writeln!(f, "VIOLATION  {violation}")?;
        }
        Ok(())
    }
}
