//! Something erased: the hole is filled with pieces of what is around it.
//!
//! Every patch that touches the hole looks for the most similar patch outside (PatchMatch: Barnes,
//! Shechtman, Finkelstein and Goldman, SIGGRAPH 2009); every pixel in the hole becomes a mixture of
//! what the patches over it found; both are repeated, from coarse to fine (Wexler, Shechtman and
//! Irani, "Space-Time Completion of Video", PAMI 29, 2007). Nothing is invented: what isn't somewhere
//! else in the picture can't come.

mod level;
mod search;
mod vote;

use crate::network::Tell;
use crate::{Mask, MaskError, Picture};
use level::Level;
use search::Matches;
use vote::Blend;

/// Side of a patch and half of it, in pixels.
const PATCH: usize = 7;
const REACH: usize = PATCH / 2;
/// What is looked at around the hole: so many times its longer side, but at least so many pixels.
const AROUND: f32 = 1.5;
const LEAST_AROUND: u32 = 128;
/// The coarsest level's shorter side has at least so many pixels: room for patches beside the hole.
const COARSEST: usize = 4 * PATCH;
/// Rounds of searching and mixing on the coarsest level, and how many fewer on each finer one:
/// what is right there is hardly moved any more.
const MOST_ROUNDS: usize = 14;
const FEWER_ROUNDS: usize = 3;
const LEAST_ROUNDS: usize = 3;

/// Why a hole could not be filled. Carries no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The mask is of no use.
    #[error(transparent)]
    Mask(#[from] MaskError),
    /// Everything is so near to the hole that no patch lies outside.
    #[error("the mask leaves nothing to fill from: mark less of the picture")]
    NothingLeft,
    /// The caller answered `Break`.
    #[error("cancelled")]
    Cancelled,
}

/// The picture with what is marked filled from what is around. The same picture, mask and seed give
/// the same bytes.
///
/// # Errors
/// [`FillError`].
pub fn fill(
    picture: &Picture,
    mask: &Mask,
    seed: u64,
    tell: &mut Tell<'_>,
) -> Result<Picture, FillError> {
    mask.check(picture)?;
    let [corner, size] = surroundings(mask);
    let levels = pyramid(Level::of(picture, mask, corner, size));
    let filled = filled(levels, seed, tell)?;
    let mut result = picture.clone();
    for (y, row) in filled.pixels.chunks_exact(filled.width).enumerate() {
        let from = (corner[1] as usize + y) * picture.width as usize + corner[0] as usize;
        let to = &mut result.rgba[from * 4..][..row.len() * 4];
        to.copy_from_slice(row.as_flattened());
    }
    Ok(result)
}

/// The part of the picture that is looked at: left and top, columns and rows.
fn surroundings(mask: &Mask) -> [[u32; 2]; 2] {
    let (mut from, mut to) = ([u32::MAX; 2], [0; 2]);
    for (at, _) in mask
        .marked
        .iter()
        .enumerate()
        .filter(|(_, marked)| **marked)
    {
        let place = [at as u32 % mask.width, at as u32 / mask.width];
        for i in 0..2 {
            from[i] = from[i].min(place[i]);
            to[i] = to[i].max(place[i] + 1);
        }
    }
    let longer = (to[0] - from[0]).max(to[1] - from[1]);
    let around = ((longer as f32 * AROUND) as u32).max(LEAST_AROUND);
    let all = [mask.width, mask.height];
    let corner = [0, 1].map(|i| from[i].saturating_sub(around));
    let size = [0, 1].map(|i| (to[i] + around).min(all[i]) - corner[i]);
    [corner, size]
}

/// Ever coarser levels, finest first, as long as the hole is wide and there is something beside it.
fn pyramid(finest: Level) -> Vec<Level> {
    let mut levels = vec![finest];
    while let Some(level) = levels.last() {
        if level.width.min(level.height) < 2 * COARSEST || level.depth() <= REACH {
            break;
        }
        let coarser = level.halved();
        if coarser.sources().is_empty() {
            break;
        }
        levels.push(coarser);
    }
    levels
}

/// The finest level, filled.
fn filled(levels: Vec<Level>, seed: u64, tell: &mut Tell<'_>) -> Result<Level, FillError> {
    let last = levels.len() - 1;
    let rounds = |depth: usize| {
        (MOST_ROUNDS.saturating_sub(FEWER_ROUNDS * (last - depth))).max(LEAST_ROUNDS)
    };
    let costs: Vec<usize> = (levels.iter().enumerate())
        .map(|(depth, level)| rounds(depth) * level.hole_size())
        .collect();
    let all: usize = costs.iter().sum();
    let mut done = 0;
    let mut coarser: Option<Matches> = None;
    for (depth, mut level) in levels.into_iter().enumerate().rev() {
        let mut matches = match &coarser {
            Some(coarser) => Matches::refined(&level, coarser, seed)?,
            None => {
                level.guess();
                Matches::random(&level, seed)?
            }
        };
        if coarser.is_some() {
            vote::vote(&mut level, &matches, Blend::Mean);
        }
        let rounds = rounds(depth);
        for round in 0..rounds {
            if tell(done as f32 / all as f32).is_break() {
                return Err(FillError::Cancelled);
            }
            matches.improve(&level, round);
            let blend = match depth == 0 && round + 1 == rounds {
                true => Blend::Best,
                false => Blend::Mean,
            };
            vote::vote(&mut level, &matches, blend);
            done += costs[depth] / rounds;
        }
        if depth == 0 {
            return Ok(level);
        }
        coarser = Some(matches);
    }
    unreachable!("there is a finest level, and it is the last")
}

#[cfg(test)]
mod tests;
