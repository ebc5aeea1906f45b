//! Every pixel in the hole becomes what the patches over it say.

use rayon::prelude::*;

use super::level::Level;
use super::search::Matches;
use super::{PATCH, REACH};

/// A patch's word counts less the further its centre lies inside the hole: by this factor a step.
const CONFIDENCE: f32 = 1.3;
/// Steps after which it counts no less: weights stay well above what a float can tell from zero.
const DEEPEST: i32 = 100;
/// The least that a patch's likeness counts: where no patch is alike, all count a little.
const LEAST: f32 = 1e-6;
/// Share of patches that differ less than what "similar" means.
const TYPICAL: f32 = 0.75;

/// How the patches' words become a pixel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blend {
    /// The weighted mean: smooth, for finding the right patches.
    Mean,
    /// Those that weigh most: sharp, for the end.
    Best,
}

/// Fills the hole anew.
pub(super) fn vote(level: &mut Level, matches: &Matches, blend: Blend) {
    let typical = typical(matches);
    let sharpness = match blend {
        Blend::Mean => 0.5,
        Blend::Best => 2.0,
    };
    let weights: Vec<f32> = (level.targets.iter().zip(&matches.all))
        .map(|(&target, found)| {
            let depth = i32::from(level.steps[target as usize]).min(DEEPEST);
            let unlike = found.difference as f32 / typical;
            CONFIDENCE.powi(-depth) * (-sharpness * unlike).exp().max(LEAST)
        })
        .collect();
    let holes: Vec<usize> = (0..level.hole.len()).filter(|&at| level.hole[at]).collect();
    let known: &Level = level;
    let filled: Vec<[u8; 4]> = (holes.par_iter())
        .map(|&at| mixture(known, matches, &weights, at))
        .collect();
    for (at, pixel) in holes.into_iter().zip(filled) {
        level.pixels[at] = pixel;
    }
}

fn mixture(level: &Level, matches: &Matches, weights: &[f32], at: usize) -> [u8; 4] {
    let (x, y) = (at % level.width, at / level.width);
    let mut sum = [0.0; 4];
    let mut total = 0.0;
    // From the patch whose last pixel this is to the one whose first it is.
    for down in 0..PATCH {
        for right in 0..PATCH {
            let (Some(column), Some(row)) = (
                (x + right).checked_sub(REACH),
                (y + down).checked_sub(REACH),
            ) else {
                continue;
            };
            if column >= level.width || row >= level.height {
                continue;
            }
            let centre = row * level.width + column;
            let slot = level.slots[centre] as usize;
            let Some(found) = matches.all.get(slot) else {
                continue;
            };
            // As far from the match as this pixel is from the patch's centre.
            let source = found.source as usize + at - centre;
            let weight = weights[slot];
            total += weight;
            for (sum, &value) in sum.iter_mut().zip(&level.pixels[source]) {
                *sum += weight * f32::from(value);
            }
        }
    }
    if total > 0.0 {
        sum.map(|value| (value / total + 0.5) as u8)
    } else {
        level.pixels[at]
    }
}

/// What most differences stay below, at least 1.
fn typical(matches: &Matches) -> f32 {
    let mut differences: Vec<u32> = matches.all.iter().map(|found| found.difference).collect();
    let place = (differences.len() as f32 * TYPICAL) as usize;
    let place = place.min(differences.len() - 1);
    let (_, &mut typical, _) = differences.select_nth_unstable(place);
    typical.max(1) as f32
}
