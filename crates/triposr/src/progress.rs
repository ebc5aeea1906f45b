//! How far the work is, told to the caller on the caller's own thread, and how it is stopped.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::error::{Error, Result};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The vision transformer turns the picture into tokens.
    Picture,
    /// The triplane transformer turns them into planes.
    Planes,
    /// Density is looked up on a lattice.
    Grid,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Picture, Self::Planes, Self::Grid];
}

/// A step forward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of what was asked for is done, 0–1: a scene is both stages of the network.
    pub fraction: f32,
}

/// Receives every step; answering `Break` cancels.
pub type Tell<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// What parallel work reports to, and asks whether it should go on.
pub(crate) struct Watch {
    /// An index into [`Stage::ALL`].
    stage: AtomicUsize,
    stopped: AtomicBool,
    done: AtomicU64,
    total: u64,
    listener: Option<Sender<Progress>>,
}

impl Watch {
    /// For work that nobody watches.
    pub(crate) fn nobody() -> Self {
        Self::new(Stage::Picture, 1, None)
    }

    fn new(stage: Stage, total: u64, listener: Option<Sender<Progress>>) -> Self {
        let (stopped, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let stage = AtomicUsize::new(stage as usize);
        Self {
            stage,
            stopped,
            done,
            total,
            listener,
        }
    }

    /// What comes now belongs to this stage.
    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.store(stage as usize, Ordering::Relaxed);
    }

    /// Notes that so many multiplications are done.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if the caller wants no more.
    pub(crate) fn advance(&self, work: usize) -> Result<()> {
        let done = self.done.fetch_add(work as u64, Ordering::Relaxed) + work as u64;
        if let Some(listener) = &self.listener {
            let fraction = (done as f64 / self.total as f64).min(1.0) as f32;
            // Nobody listens any more once the caller has cancelled.
            let stage = Stage::ALL[self.stage.load(Ordering::Relaxed)];
            let _ = listener.send(Progress { stage, fraction });
        }
        if self.stopped.load(Ordering::Relaxed) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Does `work` on another thread while this one tells the caller how far it is: the caller's
/// closure needn't be `Send`.
pub(crate) fn watched<T: Send>(
    stage: Stage,
    total: u64,
    tell: &mut Tell<'_>,
    work: impl FnOnce(&Watch) -> Result<T> + Send,
) -> Result<T> {
    let (listener, steps) = mpsc::channel();
    let watch = Arc::new(Watch::new(stage, total.max(1), Some(listener)));
    let stopper = Arc::downgrade(&watch);
    thread::scope(|scope| {
        // The watch, and with it the sender, is dropped when the work ends; that ends the loop.
        let worker = scope.spawn(move || work(&watch));
        let cancelled = steps.into_iter().any(|step| tell(step).is_break());
        if cancelled && let Some(watch) = stopper.upgrade() {
            watch.stopped.store(true, Ordering::Relaxed);
        }
        let result = worker
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if cancelled {
            Err(Error::Cancelled)
        } else {
            result
        }
    })
}
