//! What the API costs a program: a job's whole way beside the engine's own time, and how many states
//! are told in a second.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::http::{Kept, Request};
use crate::pictures;
use crate::server::Program;
use crate::stats::Times;

/// What is asked of the server.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Jobs, one after the other.
    pub jobs: usize,
    /// Connections that ask for a state at a time.
    pub connections: usize,
    /// How long they do.
    pub time: Duration,
}

const POLL: Duration = Duration::from_millis(2);
/// Jobs before the first that counts: buffers, the database's pages and the worker's are warm then.
const WARM_UP: usize = 5;
/// The smallest that the engine makes, so that the machine is not busy with it.
const JOB: &str = "/api/v1/jobs?tier=base&engine=inflate&faces=500&texture=64";

const ABOVE_P50: Duration = Duration::from_millis(20);
const ABOVE_P99: Duration = Duration::from_millis(60);
const STATES_PER_SEC: f64 = 2000.0;
const STATE_P99: Duration = Duration::from_millis(20);

/// What was measured.
#[derive(Debug, Default)]
pub struct Report {
    create: Times,
    download: Times,
    engine: Times,
    /// All of a job's way but the engine's own time.
    above: Times,
    state: Times,
    states_per_sec: f64,
}

/// Measures both.
///
/// # Errors
/// The server can't be started or reached, or doesn't answer as it should.
pub async fn run(binary: &Path, plan: Plan) -> Result<Report> {
    let program = Program::new(binary, &[])?;
    let server = program.start().await?;
    let mut kept = Kept::open(&server.address).await?;
    let picture = pictures::ball(256);
    let mut report = Report::default();
    for _ in 0..WARM_UP {
        Report::default().one_job(&mut kept, &picture).await?;
    }
    let mut last = String::new();
    for _ in 0..plan.jobs {
        last = report.one_job(&mut kept, &picture).await?;
    }
    let mut askers = JoinSet::new();
    let began = Instant::now();
    for _ in 0..plan.connections {
        askers.spawn(ask(server.address.clone(), last.clone(), plan.time));
    }
    while let Some(times) = askers.join_next().await {
        report.state.append(times??);
    }
    report.states_per_sec = report.state.count() as f64 / began.elapsed().as_secs_f64();
    Ok(report)
}

/// Asks for one state after the other.
async fn ask(address: String, job: String, time: Duration) -> Result<Times> {
    let mut kept = Kept::open(&address).await?;
    let mut times = Times::default();
    let until = Instant::now() + time;
    while Instant::now() < until {
        let asked = Instant::now();
        let reply = kept.send(&Request::get(&job)).await?;
        times.add(asked.elapsed());
        ensure!(reply.status == 200, "a state is answered {}", reply.status);
    }
    Ok(times)
}

impl Report {
    /// A picture's way to a downloaded model; the answer is the path of its state.
    async fn one_job(&mut self, kept: &mut Kept, picture: &[u8]) -> Result<String> {
        let began = Instant::now();
        let create = Request {
            method: "POST",
            path: JOB,
            body: picture,
            ..Request::default()
        };
        let made = kept.send(&create).await?;
        ensure!(made.status == 201, "a job is answered {}", made.status);
        self.create.add(began.elapsed());
        let id = made.json()["id"].as_str().unwrap_or_default().to_owned();
        let state = format!("/api/v1/jobs/{id}");
        let done = loop {
            let view = kept.send(&Request::get(&state)).await?.json();
            match view["state"].as_str() {
                Some("done") => break view,
                Some("queued" | "running") => sleep(POLL).await,
                other => anyhow::bail!("a job is {other:?}"),
            }
        };
        let asked = Instant::now();
        let path = format!("/jobs/{id}/model.glb");
        let model = kept.send(&Request::get(&path)).await?;
        ensure!(model.body.starts_with(b"glTF"), "that is no model");
        let ended = Instant::now();
        self.download.add(ended - asked);
        let stages = done["stage_millis"].as_object().into_iter().flatten();
        let millis = stages.filter_map(|(_, millis)| millis.as_u64()).sum();
        let engine = Duration::from_millis(millis);
        self.engine.add(engine);
        self.above.add((ended - began).saturating_sub(engine));
        Ok(state)
    }

    /// What is not as it should be.
    pub fn misses(&self) -> Vec<String> {
        let mut misses = Vec::new();
        for (what, times, percent, aim) in [
            ("a job beside the engine", &self.above, 50, ABOVE_P50),
            ("a job beside the engine", &self.above, 99, ABOVE_P99),
            ("a state", &self.state, 99, STATE_P99),
        ] {
            let took = times.percentile(percent);
            if took > aim {
                misses.push(format!("p{percent} of {what} is {:.1} ms", millis(took)));
            }
        }
        if self.states_per_sec < STATES_PER_SEC {
            misses.push(format!("{:.0} states a second", self.states_per_sec));
        }
        misses
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | times | p50 ms | p99 ms | longest ms |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for (what, times) in [
            ("create", &self.create),
            ("the engine's own time", &self.engine),
            ("download", &self.download),
            ("a job's whole way above the engine's time", &self.above),
            ("state", &self.state),
        ] {
            let [p50, p99, longest] =
                [50, 99, 100].map(|percent| millis(times.percentile(percent)));
            let count = times.count();
            writeln!(
                f,
                "| {what} | {count} | {p50:.1} | {p99:.1} | {longest:.1} |"
            )?;
        }
        writeln!(f, "\n{:.0} states a second.", self.states_per_sec)?;
        for miss in self.misses() {
            writeln!(f, "\nMISSED: {miss}")?;
        }
        Ok(())
    }
}
