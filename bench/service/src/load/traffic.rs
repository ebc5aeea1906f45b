//! Those who use the server.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{Report, locked};
use crate::http::{Reply, Request};
use crate::pictures;

/// Between two questions.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// Jobs that wait or run all the time: one of each owner.
const JOBS: usize = 4;
const POLL: Duration = Duration::from_millis(100);
/// All streams are open by then.
const OPEN_LIMIT: Duration = Duration::from_secs(60);
/// So many are opened at a time: a server's queue of new connections is finite.
const OPENING: usize = 64;

/// One round's visitors.
pub struct Traffic {
    shared: Arc<Shared>,
    report: Arc<Mutex<Report>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    address: String,
    /// Paths of jobs that wait or run.
    jobs: Mutex<Vec<String>>,
    open: AtomicUsize,
    events: AtomicUsize,
    visitors: AtomicUsize,
    ended: AtomicBool,
}

impl Traffic {
    pub fn new(address: &str, report: &Arc<Mutex<Report>>) -> Self {
        let shared = Shared {
            address: address.to_owned(),
            jobs: Mutex::default(),
            open: AtomicUsize::new(0),
            events: AtomicUsize::new(0),
            visitors: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        };
        Self {
            shared: Arc::new(shared),
            report: report.clone(),
            tasks: Mutex::default(),
        }
    }

    /// Has jobs made from now on, and so many streams watch them.
    pub async fn begin(&self, streams: usize) -> Result<()> {
        let feeding = feed(self.shared.clone(), self.report.clone());
        locked(&self.tasks).push(tokio::spawn(feeding));
        while locked(&self.shared.jobs).is_empty() {
            sleep(POLL).await;
        }
        let began = Instant::now();
        for number in 0..streams {
            let watching = watch(self.shared.clone(), number, self.report.clone());
            locked(&self.tasks).push(tokio::spawn(watching));
            while number.saturating_sub(self.shared.open.load(Ordering::SeqCst)) > OPENING {
                if began.elapsed() > OPEN_LIMIT {
                    bail!("{number} streams don't open in {OPEN_LIMIT:?}");
                }
                sleep(Duration::from_millis(1)).await;
            }
        }
        Ok(())
    }

    /// Asks for the page and for a job's state, in turns.
    pub async fn ask(&self, when: &'static str, time: Duration) {
        let mut tick = interval(ASK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let began = Instant::now();
        for number in 0.. {
            tick.tick().await;
            if began.elapsed() > time {
                return;
            }
            let job = self.shared.some_job(number);
            let (what, path) = match job.filter(|_| number % 2 == 1) {
                Some(job) => ("state", job),
                None => ("page", "/".to_owned()),
            };
            let asked = Instant::now();
            let reply = Request::get(&path).send(&self.shared.address).await;
            let mut report = locked(&self.report);
            report
                .times
                .entry((when, what))
                .or_default()
                .add(asked.elapsed());
            report.answered(what, &reply);
        }
    }

    /// After `delay`, that many pictures at one moment, each from somebody else.
    pub async fn upload_at_once(&self, count: usize, delay: Duration) {
        sleep(delay).await;
        let picture: Arc<[u8]> = pictures::ball(512).into();
        let uploads = (0..count).map(|_| {
            let (shared, picture) = (self.shared.clone(), picture.clone());
            tokio::spawn(async move { shared.upload("base", &picture).await })
        });
        let uploads: Vec<_> = uploads.collect();
        for upload in uploads {
            if let Ok(reply) = upload.await {
                locked(&self.report).answered("upload, 100 at once", &reply);
            }
        }
    }

    /// Everybody leaves; how many streams were open, and the events that they told.
    pub async fn end(self) -> (usize, usize) {
        let open = self.shared.open.load(Ordering::SeqCst);
        self.shared.ended.store(true, Ordering::SeqCst);
        for task in locked(&self.tasks).drain(..) {
            task.abort();
        }
        let jobs = std::mem::take(&mut *locked(&self.shared.jobs));
        for job in jobs {
            let request = Request {
                method: "DELETE",
                path: &job,
                ..Request::default()
            };
            let gone = request.send(&self.shared.address).await;
            locked(&self.report).answered("delete", &gone);
        }
        (open, self.shared.events.load(Ordering::SeqCst))
    }
}

impl Shared {
    fn some_job(&self, number: usize) -> Option<String> {
        let jobs = locked(&self.jobs);
        jobs.get(number % jobs.len().max(1)).cloned()
    }

    async fn upload(&self, tier: &str, picture: &[u8]) -> std::io::Result<Reply> {
        let number = self.visitors.fetch_add(1, Ordering::SeqCst);
        let [high, low] = [number / 256, number % 256];
        let request = Request {
            method: "POST",
            path: &format!("/jobs?tier={tier}&engine=inflate"),
            headers: format!("X-Forwarded-For: 10.0.{high}.{low}\r\n"),
            body: picture,
        };
        request.send(&self.address).await
    }
}

/// Keeps some jobs waiting and running.
async fn feed(shared: Arc<Shared>, report: Arc<Mutex<Report>>) {
    let picture = pictures::ball(256);
    while !shared.ended.load(Ordering::SeqCst) {
        let mut alive = Vec::new();
        let jobs = locked(&shared.jobs).clone();
        for job in jobs {
            let reply = Request::get(&job).send(&shared.address).await;
            let view = reply.map(|reply| reply.json()).unwrap_or_default();
            if matches!(view["state"].as_str(), Some("queued" | "running")) {
                alive.push(job);
            }
        }
        while alive.len() < JOBS {
            let reply = shared.upload("ultra", &picture).await;
            locked(&report).answered("upload", &reply);
            let view = reply.map(|reply| reply.json()).unwrap_or_default();
            match view["links"]["self"].as_str() {
                Some(job) => alive.push(job.to_owned()),
                None => break,
            }
        }
        *locked(&shared.jobs) = alive;
        sleep(POLL * 5).await;
    }
}

/// Watches one job after the other, to its end.
async fn watch(shared: Arc<Shared>, number: usize, report: Arc<Mutex<Report>>) {
    loop {
        let Some(job) = shared.some_job(number) else {
            sleep(POLL).await;
            continue;
        };
        let path = format!("{job}/events");
        let mut stream = match Request::get(&path).connect(&shared.address).await {
            Ok(stream) => stream,
            Err(error) => {
                locked(&report).fail(format!("stream: {error}"));
                sleep(POLL).await;
                continue;
            }
        };
        let mut is_open = false;
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            if !is_open {
                is_open = true;
                shared.open.fetch_add(1, Ordering::SeqCst);
            }
            let told = buffer[..read]
                .windows(10)
                .filter(|ten| ten == b"event: job");
            shared.events.fetch_add(told.count(), Ordering::SeqCst);
        }
        if is_open {
            shared.open.fetch_sub(1, Ordering::SeqCst);
        }
        // The list is a moment old: the same job may be offered again.
        sleep(POLL).await;
    }
}
