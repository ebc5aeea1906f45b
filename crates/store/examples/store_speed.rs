//! How many jobs a second the queue takes in and gives out: `cargo run --release -p store --example
//! speed [JOBS]`. Both databases, each waiting for its disk, with one task and with eight.

// A benchmark talks to people.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::{Duration, Instant};

use domain::{Id, UnixMillis};
use scratch_postgres::Server;
use store::{Bounds, Inserted, JobKey, JobOptions, NewJob, Outcome, Owner, Store};
use tokio::task::JoinSet;

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);
const OWNERS: usize = 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let jobs = match std::env::args().nth(1) {
        Some(jobs) => jobs.parse()?,
        None => 2000,
    };
    println!("{jobs} jobs of {OWNERS} owners: all put in, all taken, all finished");
    println!("| database | tasks | inserts/s | claims/s | heartbeats/s | finishes/s |");
    println!("|---|---|---|---|---|---|");
    let server = Server::start_durable()?;
    for tasks in [1, 8] {
        let folder = tempfile::tempdir()?;
        let sqlite = Store::open(&folder.path().join("jobs.sqlite")).await?;
        measure("SQLite", &sqlite, tasks, jobs).await?;
        let postgres = Store::connect(&server.database()).await?;
        measure("PostgreSQL", &postgres, tasks, jobs).await?;
    }
    Ok(())
}

async fn measure(
    name: &str,
    store: &Store,
    tasks: usize,
    jobs: usize,
) -> Result<(), Box<dyn Error>> {
    let share = jobs / tasks;
    let inserted = timed(tasks, |task| insert(store.clone(), task * share, share)).await?;
    let claimed = timed(tasks, |_| claim(store.clone(), share)).await?;
    // Each task ends what it took.
    let leases: Vec<_> = claimed.1;
    let beaten = timed(tasks, |task| beat(store.clone(), leases[task].clone())).await?;
    let finished = timed(tasks, |task| finish(store.clone(), leases[task].clone())).await?;
    let rate = |duration: Duration| (share * tasks) as f64 / duration.as_secs_f64();
    println!(
        "| {name} | {tasks} | {:.0} | {:.0} | {:.0} | {:.0} |",
        rate(inserted.0),
        rate(claimed.0),
        rate(beaten.0),
        rate(finished.0),
    );
    Ok(())
}

/// Runs tasks at once; returns how long all of them took, and what each has to show.
async fn timed<T: Send + 'static, F>(
    tasks: usize,
    start: impl Fn(usize) -> F,
) -> Result<(Duration, Vec<T>), Box<dyn Error>>
where
    F: Future<Output = T> + Send + 'static,
{
    let started = Instant::now();
    let mut set = JoinSet::new();
    for task in 0..tasks {
        set.spawn(start(task));
    }
    let shown = set.join_all().await;
    Ok((started.elapsed(), shown))
}

async fn insert(store: Store, first: usize, count: usize) {
    let bounds = Bounds {
        total: usize::MAX,
        per_owner: usize::MAX,
    };
    for number in first..first + count {
        let inserted = store.insert(&job(number), bounds).await.expect("inserts");
        assert_eq!(inserted, Inserted::New);
    }
}

async fn claim(store: Store, count: usize) -> Vec<store::Lease> {
    let mut leases = Vec::with_capacity(count);
    for _ in 0..count {
        let claimed = store.claim(NOW, Id::random()).await.expect("claims");
        leases.push(claimed.expect("a job waits").lease);
    }
    leases
}

async fn beat(store: Store, leases: Vec<store::Lease>) {
    for lease in leases {
        let kept = store.heartbeat(&lease, NOW, Some("shape"), 50).await;
        assert!(kept.expect("beats"));
    }
}

async fn finish(store: Store, leases: Vec<store::Lease>) {
    for lease in leases {
        let outcome = Outcome {
            artifacts: Some((Id::random(), Id::random(), NOW.plus_secs(3600))),
            run_millis: Some(1000),
            ..Outcome::default()
        };
        let finished = store.finish(&lease, &outcome, NOW).await;
        assert!(finished.expect("finishes"));
    }
}

fn job(number: usize) -> NewJob {
    NewJob {
        key: JobKey::of(Id::random()),
        owner: Owner::new(format!("owner {}", number % OWNERS)),
        idempotency: None,
        options: JobOptions {
            tool: None,
            tier: "base".into(),
            shaper: "builtin".into(),
            seed: 0,
            faces: None,
            texture_px: None,
            topology: "triangle".into(),
            symmetry: "none".into(),
            size_metres: None,
            ground: "flat".into(),
            print: false,
            keep_background: false,
        },
        picture: Id::random(),
        views: 1,
        lifetime_secs: 3600,
        delete_after_download: false,
        created_at: UnixMillis(NOW.0 + number as i64),
        expires_at: NOW.plus_secs(3600),
    }
}
