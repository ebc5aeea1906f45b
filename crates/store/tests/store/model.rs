//! Random operations, compared after each with a list in memory that follows the rules to the
//! letter: who is next is found by looking at every owner, one turn at a time.

use domain::{Id, JobState, LEASE_SECS, MAX_RETRIES, MAX_TRIES, UnixMillis};
use proptest::prelude::*;

use crate::common::{Database, NOW, done, failed, new_job};
use store::{Bounds, Changes, Inserted, JobKey, Lease, Owner, Refused, Retried};

const OWNERS: [&str; 4] = ["a", "b", "c", "d"];
const BOUNDS: Bounds = Bounds {
    total: 9,
    per_owner: 4,
};

/// Numbers choose a job or a lease, counted from the oldest, modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    Insert(usize),
    Claim,
    Finish(usize, bool),
    Requeue(usize, bool),
    Heartbeat(usize),
    Cancel(usize),
    Retry(usize),
    Destroy(usize),
    Wait(i64),
    TakeBack,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..1000_usize;
    let step = prop_oneof![
        6 => (0..OWNERS.len()).prop_map(Step::Insert),
        5 => Just(Step::Claim),
        2 => (which.clone(), any::<bool>()).prop_map(|(n, well)| Step::Finish(n, well)),
        1 => (which.clone(), any::<bool>()).prop_map(|(n, counts)| Step::Requeue(n, counts)),
        1 => which.clone().prop_map(Step::Heartbeat),
        1 => which.clone().prop_map(Step::Cancel),
        2 => which.clone().prop_map(Step::Retry),
        1 => which.prop_map(Step::Destroy),
        1 => (-30..90_i64).prop_map(Step::Wait),
        2 => Just(Step::TakeBack),
    ];
    proptest::collection::vec(step, 1..60)
}

#[derive(Clone)]
struct Job {
    key: JobKey,
    owner: &'static str,
    created_at: UnixMillis,
    state: JobState,
    tries: i64,
    retries: i64,
    lease: Option<(Lease, UnixMillis)>,
    is_destroyed: bool,
}

#[derive(Clone)]
struct Model {
    now: UnixMillis,
    jobs: Vec<Job>,
    /// Every lease that was ever given.
    leases: Vec<Lease>,
    /// Owners in the order of their turns.
    turns: Vec<&'static str>,
}

impl Model {
    fn waiting(&self, owner: Option<&str>) -> usize {
        let waits = |job: &&Job| job.state == JobState::Queued;
        let theirs = |job: &&Job| owner.is_none_or(|owner| owner == job.owner);
        self.jobs.iter().filter(waits).filter(theirs).count()
    }

    fn refusal(&self, owner: &str) -> Option<Refused> {
        if self.waiting(Some(owner)) >= BOUNDS.per_owner {
            Some(Refused::OwnerFull)
        } else if self.waiting(None) >= BOUNDS.total {
            Some(Refused::TotalFull)
        } else {
            None
        }
    }

    fn next(&self) -> Option<usize> {
        let running = |owner| {
            let theirs = self.jobs.iter().filter(move |job| job.owner == owner);
            theirs.filter(|job| job.state == JobState::Running).count()
        };
        let turn = |owner| self.turns.iter().rposition(|served| *served == owner);
        (0..self.jobs.len())
            .filter(|&n| {
                let job = &self.jobs[n];
                job.state == JobState::Queued && job.created_at.plus_secs(3600) > self.now
            })
            .min_by_key(|&n| {
                let job = &self.jobs[n];
                let owner = job.owner;
                (running(owner), turn(owner), job.created_at, job.key.clone())
            })
    }

    fn take(&mut self, n: usize, worker: Id) {
        let job = &mut self.jobs[n];
        let lease = Lease {
            key: job.key.clone(),
            worker,
        };
        job.state = JobState::Running;
        job.tries += 1;
        job.lease = Some((lease.clone(), self.now.plus_secs(LEASE_SECS)));
        self.leases.push(lease);
        self.turns.push(job.owner);
    }

    /// All that wait, as they would be taken one after the other.
    fn queue(&self) -> Vec<JobKey> {
        let mut ahead = self.clone();
        let mut order = Vec::new();
        while let Some(n) = ahead.next() {
            order.push(ahead.jobs[n].key.clone());
            ahead.take(n, Id::random());
        }
        order
    }

    fn holder(&mut self, lease: &Lease) -> Option<&mut Job> {
        let is_held = |job: &&mut Job| job.lease.as_ref().is_some_and(|(held, _)| held == lease);
        self.jobs.iter_mut().find(is_held)
    }

    fn take_back(&mut self) -> Vec<JobKey> {
        let mut back = Vec::new();
        for job in &mut self.jobs {
            let Some((_, until)) = &mut job.lease else {
                continue;
            };
            *until = (*until).min(self.now.plus_secs(LEASE_SECS));
            if *until <= self.now {
                job.lease = None;
                job.state = match job.tries < MAX_TRIES {
                    true => JobState::Queued,
                    false => JobState::Failed,
                };
                back.push(job.key.clone());
            }
        }
        back.sort();
        back
    }
}

/// One step in both, and whether both say the same.
async fn step(db: &Database, model: &mut Model, step: &Step) {
    let store = &db.store;
    let now = model.now;
    match *step {
        Step::Insert(n) => {
            let owner = OWNERS[n];
            let job = new_job(owner, now);
            let expected = model.refusal(owner);
            let inserted = store.insert(&job, BOUNDS).await.unwrap();
            assert_eq!(inserted, expected.map_or(Inserted::New, Inserted::Refused));
            if expected.is_none() {
                model.jobs.push(Job {
                    key: job.key,
                    owner,
                    created_at: now,
                    state: JobState::Queued,
                    tries: 0,
                    retries: 0,
                    lease: None,
                    is_destroyed: false,
                });
            }
        }
        Step::Claim => {
            let worker = Id::random();
            let next = model.next();
            let claimed = store.claim(now, worker).await.unwrap();
            let expected = next.map(|n| model.jobs[n].key.clone());
            assert_eq!(claimed.map(|claimed| claimed.row.key), expected);
            if let Some(n) = next {
                model.take(n, worker);
            }
        }
        Step::Finish(n, well) if !model.leases.is_empty() => {
            let lease = model.leases[n % model.leases.len()].clone();
            let outcome = if well { done() } else { failed() };
            let finished = store.finish(&lease, &outcome, now).await.unwrap();
            let holder = model.holder(&lease);
            assert_eq!(finished, holder.is_some());
            if let Some(job) = holder {
                job.lease = None;
                job.state = if well {
                    JobState::Done
                } else {
                    JobState::Failed
                };
            }
        }
        Step::Requeue(n, counts) if !model.leases.is_empty() => {
            let lease = model.leases[n % model.leases.len()].clone();
            let requeued = store.requeue(&lease, counts).await.unwrap();
            let holder = model.holder(&lease);
            assert_eq!(requeued, holder.is_some());
            if let Some(job) = holder {
                job.lease = None;
                job.state = JobState::Queued;
                job.tries -= i64::from(!counts);
            }
        }
        Step::Heartbeat(n) if !model.leases.is_empty() => {
            let lease = model.leases[n % model.leases.len()].clone();
            let kept = store.heartbeat(&lease, now, None, 0).await.unwrap();
            let holder = model.holder(&lease);
            assert_eq!(kept, holder.is_some());
            if let Some(job) = holder {
                job.lease = Some((lease, now.plus_secs(LEASE_SECS)));
            }
        }
        Step::Cancel(n) if !model.jobs.is_empty() => {
            let n = n % model.jobs.len();
            let job = &mut model.jobs[n];
            let cancelled = store.cancel(&job.key).await.unwrap();
            assert_eq!(cancelled, !job.state.is_final());
            if cancelled {
                job.state = JobState::Cancelled;
                job.lease = None;
            }
        }
        Step::Retry(n) if !model.jobs.is_empty() => {
            let n = n % model.jobs.len();
            let job = model.jobs[n].clone();
            let is_possible = job.state == JobState::Failed
                && !job.is_destroyed
                && job.retries < MAX_RETRIES
                && job.created_at.plus_secs(3600) > now;
            let expected = match model.refusal(job.owner) {
                _ if !is_possible => Retried::Impossible,
                Some(refused) => Retried::Refused(refused),
                None => Retried::Queued,
            };
            let changes = Changes::default();
            let retried = store.retry(&job.key, &changes, now, BOUNDS).await.unwrap();
            assert_eq!(retried, expected);
            if retried == Retried::Queued {
                model.jobs[n].state = JobState::Queued;
                model.jobs[n].tries = 0;
                model.jobs[n].retries += 1;
            }
        }
        Step::Destroy(n) if !model.jobs.is_empty() => {
            let n = n % model.jobs.len();
            let job = &mut model.jobs[n];
            store.entomb(&job.key, now).await.unwrap().unwrap();
            if !job.state.is_final() {
                job.state = JobState::Cancelled;
            }
            job.lease = None;
            job.is_destroyed = true;
        }
        Step::Wait(secs) => model.now = now.plus_secs(secs),
        Step::TakeBack => {
            let back = store.expired_leases(now).await.unwrap();
            let mut back: Vec<_> = back.into_iter().map(|row| row.key).collect();
            back.sort();
            assert_eq!(back, model.take_back());
        }
        // There is no such job or lease yet.
        _ => {}
    }
}

async fn compare(db: &Database, model: &Model) {
    assert_eq!(db.store.queue(model.now).await.unwrap(), model.queue());
    for job in &model.jobs {
        let row = db.row(&job.key).await;
        assert_eq!(row.owner, Owner::new(job.owner));
        assert_eq!((row.state, row.tries), (job.state, job.tries));
        let until = job.lease.as_ref().map(|(_, until)| *until);
        assert_eq!(row.lease_until, until);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_operations_end_as_the_rules_say(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Database::sqlite().await;
            let mut model = Model {
                now: NOW,
                jobs: Vec::new(),
                leases: Vec::new(),
                turns: Vec::new(),
            };
            for one in &steps {
                step(&db, &mut model, one).await;
                compare(&db, &model).await;
            }
        });
    }
}
