//! An endless supply of samples on standard output.
//!
//! Messages, little-endian: kind (u32: 0 solid, 1 sample), subject (u32), length (u64), bytes. A
//! subject's solid (`SIDE³` bytes, see [`Solid`]) comes before its first sample.

use std::io::{BufWriter, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, RwLock};

use anyhow::{Result, ensure};

use crate::look::Decals;
use crate::pack::Packed;
use crate::random::Random;
use crate::render::{self, Cameras, Subject};
use crate::smooth::add_normals;
use crate::solid::{self, Solid};

/// Samples made of a subject before another is drawn: its data stays in the cache.
const IN_A_ROW: usize = 3;
/// Subjects that must be ready before samples are made: the first ones must not be all alike.
const FIRST: usize = 64;

/// Procedural subjects together weigh at most as much as this many: more of them are more varied, not
/// more often drawn than what people modelled.
const PROCEDURAL: f32 = 4000.0;

/// What to make subjects of.
pub enum Source {
    /// From a packed file.
    Packed(Box<Packed>),
    /// From this seed.
    Procedural(u64),
}

/// What to stream.
pub struct Plan {
    /// Subjects in the order in which they get ready.
    pub sources: Vec<Source>,
    /// Where cameras stand.
    pub cameras: Cameras,
    /// Same seed, same samples, up to their order.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// Samples per subject, after which the stream ends; endless without.
    pub each: Option<usize>,
}

struct Ready {
    subjects: RwLock<Vec<(f32, Arc<Subject>)>>,
    decals: Decals,
    next: AtomicUsize,
    closed: AtomicBool,
}

/// Streams until the reader closes the pipe, or all samples are made.
///
/// # Errors
/// Nothing to stream.
pub fn stream(plan: &Plan) -> Result<()> {
    ensure!(!plan.sources.is_empty(), "there is nothing to render");
    let ready = Ready {
        subjects: RwLock::default(),
        decals: decals(&plan.sources),
        next: AtomicUsize::new(0),
        closed: AtomicBool::new(false),
    };
    let (sender, receiver) = sync_channel::<Vec<u8>>(plan.threads * 4);
    std::thread::scope(|scope| {
        for worker in 0..plan.threads {
            let (sender, ready) = (sender.clone(), &ready);
            scope.spawn(move || work(plan, ready, worker, &sender));
        }
        drop(sender);
        let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
        for message in receiver {
            if out.write_all(&message).is_err() {
                ready.closed.store(true, Ordering::Relaxed);
                break;
            }
        }
        if out.flush().is_err() {
            ready.closed.store(true, Ordering::Relaxed);
        }
    });
    Ok(())
}

/// Pictures from the packed objects, to print on others.
fn decals(sources: &[Source]) -> Decals {
    const LEAST_SIDE: u32 = 48;
    sources
        .iter()
        .filter_map(|source| match source {
            Source::Packed(packed) => packed.unpacked().ok(),
            Source::Procedural(_) => None,
        })
        .flat_map(|(object, _)| object.textures)
        .filter(|texture| texture.width.min(texture.height) >= LEAST_SIDE)
        .collect()
}

fn work(plan: &Plan, ready: &Ready, worker: usize, sender: &SyncSender<Vec<u8>>) {
    let mut random = Random::new(
        plan.seed
            .wrapping_mul(0x1000_0001)
            .wrapping_add(worker as u64),
    );
    let procedural = |source: &&Source| matches!(source, Source::Procedural(_));
    let share = PROCEDURAL / plan.sources.iter().filter(procedural).count() as f32;
    while !ready.closed.load(Ordering::Relaxed) {
        let waiting = ready.next.load(Ordering::Relaxed) < plan.sources.len();
        let count = ready.subjects.read().unwrap().len();
        let prepares = waiting && (plan.each.is_some() || count < FIRST || random.chance(0.6));
        if prepares {
            let index = ready.next.fetch_add(1, Ordering::Relaxed);
            let Some(source) = plan.sources.get(index) else {
                continue;
            };
            let Some((weight, subject)) = prepare(index as u32, source, share) else {
                continue;
            };
            let subject = Arc::new(subject);
            let grid = message(0, subject.id, &subject.solid.values);
            if sender.send(grid).is_err() {
                return;
            }
            if let Some(each) = plan.each {
                let mut own = Random::new(plan.seed ^ (index as u64) << 20);
                if !render_some(plan, ready, &subject, each, &mut own, sender) {
                    return;
                }
            } else {
                ready.subjects.write().unwrap().push((weight, subject));
            }
        } else if plan.each.is_some() {
            return;
        } else if count < FIRST.min(plan.sources.len()) {
            std::thread::sleep(std::time::Duration::from_millis(5));
            if !waiting && count == 0 {
                return;
            }
            if !waiting {
                let subject = drawn(ready, &mut random);
                if !render_some(plan, ready, &subject, IN_A_ROW, &mut random, sender) {
                    return;
                }
            }
        } else {
            let subject = drawn(ready, &mut random);
            if !render_some(plan, ready, &subject, IN_A_ROW, &mut random, sender) {
                return;
            }
        }
    }
}

/// A subject by weight: rejection needs no table that changes while subjects arrive.
fn drawn(ready: &Ready, random: &mut Random) -> Arc<Subject> {
    const HEAVIEST: f32 = 2.0;
    let subjects = ready.subjects.read().unwrap();
    loop {
        let (weight, subject) = &subjects[random.below(subjects.len())];
        if random.chance(weight / HEAVIEST) {
            return subject.clone();
        }
    }
}

fn prepare(id: u32, source: &Source, procedural: f32) -> Option<(f32, Subject)> {
    let (weight, mut object, solid) = match source {
        Source::Packed(packed) => {
            let (object, bits) = packed.unpacked().ok()?;
            (packed.weight, object, Solid::of_bits(&bits))
        }
        Source::Procedural(seed) => {
            let object = crate::procedural::object(*seed).object;
            let bits = solid::carve(&object);
            (procedural.min(1.0), object, Solid::of_bits(&bits))
        }
    };
    add_normals(&mut object);
    Some((weight, Subject::new(id, object, solid)))
}

/// False when nobody listens any more.
fn render_some(
    plan: &Plan,
    ready: &Ready,
    subject: &Subject,
    count: usize,
    random: &mut Random,
    sender: &SyncSender<Vec<u8>>,
) -> bool {
    let mut made = 0;
    for _ in 0..count * 5 {
        let mut bytes = header(1, subject.id, render::BYTES);
        bytes.reserve(render::BYTES);
        if !render::sample(subject, &ready.decals, &plan.cameras, random, &mut bytes) {
            continue;
        }
        debug_assert_eq!(bytes.len(), 16 + render::BYTES);
        if sender.send(bytes).is_err() {
            return false;
        }
        made += 1;
        if made == count {
            break;
        }
    }
    true
}

fn header(kind: u32, subject: u32, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 + length);
    bytes.extend(kind.to_le_bytes());
    bytes.extend(subject.to_le_bytes());
    bytes.extend((length as u64).to_le_bytes());
    bytes
}

fn message(kind: u32, subject: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = header(kind, subject, body.len());
    bytes.extend(body);
    bytes
}
