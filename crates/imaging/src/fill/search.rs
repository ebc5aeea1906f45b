//! PatchMatch: for every patch over the hole, the most similar one outside.
//!
//! Every pass computes all matches from those of the pass before, so that the result is the same for
//! any number of threads: neighbours' matches are tried at distances that shrink from pass to pass,
//! and then random places in shrinking windows around the best.

use rayon::prelude::*;

use super::level::Level;
use super::{FillError, REACH};

/// Distances at which neighbours are asked in the passes of one round.
const PASSES: [isize; 4] = [8, 3, 1, 1];
/// Random places around the best are tried in windows down to this reach, in pixels.
const SMALLEST_WINDOW: f32 = 1.0;
/// From each window to the next.
const SHRINK: f32 = 0.4;

/// Where a patch is copied from, and how much it differs.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub source: u32,
    pub difference: u32,
}

/// A match for every target of a level.
pub(super) struct Matches {
    pub all: Vec<Match>,
    /// What is needed of the level to go from it to the next finer one.
    width: usize,
    height: usize,
    slots: Vec<u32>,
    seed: u64,
}

impl Matches {
    /// Random matches.
    ///
    /// # Errors
    /// [`FillError::NothingLeft`] if there is no source.
    pub(super) fn random(level: &Level, seed: u64) -> Result<Self, FillError> {
        Self::begun(level, seed, |_, any| any)
    }

    /// The matches of the level with half as many pixels, carried over.
    ///
    /// # Errors
    /// [`FillError::NothingLeft`] if there is no source.
    pub(super) fn refined(level: &Level, coarse: &Self, seed: u64) -> Result<Self, FillError> {
        let (width, height) = (level.width, level.height);
        Self::begun(level, seed, |target, any| {
            let (x, y) = (target as usize % width, target as usize / width);
            let inside = |at: usize, all: usize| at.clamp(REACH, all - 1 - REACH);
            let column = inside(x / 2, coarse.width);
            let row = inside(y / 2, coarse.height);
            let slot = coarse.slots[row * coarse.width + column];
            let Some(found) = coarse.all.get(slot as usize) else {
                return any;
            };
            let source = found.source as usize;
            let (from_x, from_y) = (source % coarse.width, source / coarse.width);
            let column = inside(2 * from_x + x % 2, width);
            let row = inside(2 * from_y + y % 2, height);
            let source = row * width + column;
            if level.is_source[source] {
                source as u32
            } else {
                any
            }
        })
    }

    /// `choose` gets a target and a random source.
    fn begun(
        level: &Level,
        seed: u64,
        choose: impl Fn(u32, u32) -> u32,
    ) -> Result<Self, FillError> {
        let sources = level.sources();
        if sources.is_empty() || level.targets.is_empty() {
            return Err(FillError::NothingLeft);
        }
        // Levels differ in size, so each draws other numbers.
        let seed = mixed(seed ^ (level.width * level.height) as u64);
        let chosen = level.targets.iter().map(|&target| {
            let any = mixed(seed ^ u64::from(target)) % sources.len() as u64;
            Match {
                source: choose(target, sources[any as usize]),
                difference: u32::MAX,
            }
        });
        Ok(Self {
            all: chosen.collect(),
            width: level.width,
            height: level.height,
            slots: level.slots.clone(),
            seed,
        })
    }

    /// A round of looking for better ones. The hole may have been filled anew since the last.
    pub(super) fn improve(&mut self, level: &Level, round: usize) {
        let mut matches: Vec<Match> = (level.targets.par_iter().zip(&self.all))
            .map(|(&target, &Match { source, .. })| Match {
                source,
                difference: level.difference(target as usize, source as usize, u32::MAX),
            })
            .collect();
        for (pass, step) in PASSES.into_iter().enumerate() {
            let seed = mixed(self.seed ^ ((round * PASSES.len() + pass + 1) as u64) << 32);
            matches = (level.targets.par_iter().zip(&matches))
                .map(|(&target, &known)| {
                    let mut best = known;
                    let mut attempt = |source: usize| {
                        if !level.is_source[source] {
                            return;
                        }
                        let target = target as usize;
                        let difference = level.difference(target, source, best.difference);
                        if difference < best.difference {
                            best = Match {
                                source: source as u32,
                                difference,
                            };
                        }
                    };
                    let here = Place::of(target, level);
                    for (dx, dy) in [(-step, 0), (step, 0), (0, -step), (0, step)] {
                        let neighbour = here.moved(dx, dy, level).map(|at| level.slots[at]);
                        let found = neighbour.and_then(|slot| matches.get(slot as usize));
                        let beside = found.map(|found| Place::of(found.source, level));
                        if let Some(at) = beside.and_then(|at| at.moved(-dx, -dy, level)) {
                            attempt(at);
                        }
                    }
                    around(
                        known.source,
                        level,
                        mixed(seed ^ u64::from(target)),
                        attempt,
                    );
                    best
                })
                .collect();
        }
        self.all = matches;
    }
}

/// Random places around one, in ever smaller windows.
fn around(source: u32, level: &Level, seed: u64, mut attempt: impl FnMut(usize)) {
    let centre = Place::of(source, level);
    let mut window = level.width.max(level.height) as f32;
    let mut random = seed;
    while window >= SMALLEST_WINDOW {
        random = mixed(random);
        let within = |bits: u32| (bits as f32 / u32::MAX as f32 * 2.0 - 1.0) * window;
        let (dx, dy) = (within(random as u32), within((random >> 32) as u32));
        if let Some(at) = centre.moved(dx.round() as isize, dy.round() as isize, level) {
            attempt(at);
        }
        window *= SHRINK;
    }
}

#[derive(Clone, Copy)]
struct Place {
    x: isize,
    y: isize,
}

impl Place {
    fn of(at: u32, level: &Level) -> Self {
        Self {
            x: (at as usize % level.width) as isize,
            y: (at as usize / level.width) as isize,
        }
    }

    /// The pixel so far away, if there is one.
    fn moved(self, dx: isize, dy: isize, level: &Level) -> Option<usize> {
        let (x, y) = (self.x + dx, self.y + dy);
        let inside = x >= 0 && y >= 0 && x < level.width as isize && y < level.height as isize;
        inside.then(|| y as usize * level.width + x as usize)
    }
}

/// A number that looks random and depends on nothing but the one that goes in (splitmix64: Steele,
/// Lea and Flood, OOPSLA 2014).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
