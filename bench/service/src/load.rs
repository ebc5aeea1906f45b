//! One server with a thousand watchers, a hundred uploads at once and a job that runs: how long pages
//! and states take, and what it costs in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::time::sleep;

use crate::http::Reply;
use crate::server::{Program, Server};
use crate::stats::Times;

use traffic::Traffic;

mod traffic;

/// What is asked of the server.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Progress streams at a time.
    pub streams: usize,
    /// Uploads that begin at one moment.
    pub uploads: usize,
    /// How long pages and states are asked for, in each round.
    pub round: Duration,
}

const LONGEST_P99: Duration = Duration::from_millis(50);
const ROUNDS: [&str; 4] = ["first round", "second round", "third round", "fourth round"];
/// The last round needs no more memory than the one before, but for what allocators do. (The first
/// finds every buffer small.)
const MEMORY_NOISE: f64 = 1.05;
/// So long after a round its memory should be given back.
const REST: Duration = Duration::from_secs(5);
const SAMPLE_EVERY: Duration = Duration::from_millis(200);

/// Memory of the server and of its workers, KiB.
pub type Memory = (u64, u64);

/// What was measured.
#[derive(Debug, Default)]
pub struct Report {
    times: BTreeMap<(&'static str, &'static str), Times>,
    statuses: BTreeMap<(&'static str, u16), usize>,
    failures: BTreeMap<String, usize>,
    memory: Vec<(String, Memory)>,
    peaks: Vec<Memory>,
    streams: Vec<(usize, usize)>,
}

/// Runs four rounds of it.
///
/// # Errors
/// The server can't be started or reached.
pub async fn run(binary: &Path, plan: Plan) -> Result<Report> {
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files)?;
    // Everybody is somebody else, as behind a proxy.
    let program = Program::new(binary, &["--trust-proxy"])?;
    let server = program.start().await?;
    let report = Arc::new(Mutex::new(Report::default()));
    sleep(Duration::from_secs(2)).await;
    note_memory(&report, "start", &server);
    let idle = Traffic::new(&server.address, &report);
    idle.ask("at rest", plan.round / 3).await;
    for round in ROUNDS {
        let traffic = Traffic::new(&server.address, &report);
        traffic.begin(plan.streams).await?;
        let (_, _, peak) = tokio::join!(
            traffic.ask(round, plan.round),
            traffic.upload_at_once(plan.uploads, plan.round / 3),
            peak(&server, plan.round),
        );
        let seen = traffic.end().await;
        locked(&report).peaks.push(peak);
        locked(&report).streams.push(seen);
        sleep(REST).await;
        note_memory(&report, &format!("after the {round}"), &server);
    }
    let report = std::mem::take(&mut *locked(&report));
    Ok(report)
}

async fn peak(server: &Server, time: Duration) -> Memory {
    let mut peak = (0, 0);
    for _ in 0..time.as_millis() / SAMPLE_EVERY.as_millis() {
        let (own, workers) = server.resident_kib();
        peak = (peak.0.max(own), peak.1.max(workers));
        sleep(SAMPLE_EVERY).await;
    }
    peak
}

fn note_memory(report: &Mutex<Report>, when: &str, server: &Server) {
    let memory = server.resident_kib();
    locked(report).memory.push((when.into(), memory));
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Report {
    fn answered(&mut self, what: &'static str, reply: &std::io::Result<Reply>) {
        match reply {
            Ok(reply) => {
                *self.statuses.entry((what, reply.status)).or_default() += 1;
                let patient = matches!(reply.status, 429 | 503);
                let fine = reply.status < 400 || (patient && reply.header("retry-after").is_some());
                if !fine {
                    self.fail(format!("{what} answers {}", reply.status));
                }
            }
            Err(error) => self.fail(format!("{what}: {error}")),
        }
    }

    fn fail(&mut self, what: String) {
        *self.failures.entry(what).or_default() += 1;
    }

    /// What is not as it should be.
    pub fn misses(&self) -> Vec<String> {
        let failures = self.failures.iter();
        let mut misses: Vec<_> = failures
            .map(|(what, n)| format!("{what}, {n} times"))
            .collect();
        for ((when, what), times) in &self.times {
            let p99 = times.percentile(99);
            if p99 > LONGEST_P99 {
                misses.push(format!(
                    "p99 of {what} in the {when} is {} ms",
                    p99.as_millis()
                ));
            }
        }
        if let [.., (before, _), (last, _)] = self.peaks[..]
            && last as f64 > before as f64 * MEMORY_NOISE
        {
            misses.push(format!(
                "the last round took {last} KiB, the one before {before} KiB"
            ));
        }
        misses
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        let mib = |kib: u64| kib as f64 / 1024.0;
        writeln!(
            f,
            "| when | what | requests | p50 ms | p99 ms | longest ms |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for ((when, what), times) in &self.times {
            let [p50, p99, longest] =
                [50, 99, 100].map(|percent| millis(times.percentile(percent)));
            let count = times.count();
            writeln!(
                f,
                "| {when} | {what} | {count} | {p50:.1} | {p99:.1} | {longest:.1} |"
            )?;
        }
        writeln!(f, "\n| memory, MiB | server | workers |\n|---|---|---|")?;
        let peaks = ROUNDS.iter().map(|round| format!("peak of the {round}"));
        let peaks = peaks.zip(self.peaks.iter().copied());
        for (when, (own, workers)) in self.memory.iter().cloned().chain(peaks) {
            writeln!(f, "| {when} | {:.1} | {:.1} |", mib(own), mib(workers))?;
        }
        writeln!(f, "\n| what | status | answers |\n|---|---|---|")?;
        for ((what, status), count) in &self.statuses {
            writeln!(f, "| {what} | {status} | {count} |")?;
        }
        for (open, events) in &self.streams {
            writeln!(
                f,
                "\n{open} streams were open at the end of a round; they told {events} events."
            )?;
        }
        for miss in self.misses() {
            writeln!(f, "\nMISSED: {miss}")?;
        }
        Ok(())
    }
}
