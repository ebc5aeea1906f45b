//! Where the scene stands in front of the camera.
//!
//! TripoSR isn't told which camera took the picture and makes the object in about the size and place
//! that its usual camera would explain. The photograph is going to be laid over the result, so
//! that has to be better than about: the camera is moved until the scene's outline covers the
//! picture's as well as it can.

use std::ops::ControlFlow;

use glam::Vec2;
use imaging::Plane;
use rayon::prelude::*;

use super::lattice::Occupied;
use super::{CUT_SIDE, PICTURE_SIDE, rays};
use crate::EngineError;
use crate::model::Tell;
use crate::view::View;

/// The reference's camera: distance from the scene's middle, tangent of half its field of view.
const DISTANCE: f32 = 1.9;
const HALF_FOV_TAN: f32 = 0.363_970_24;
/// Rays per side of the outlines that are compared.
const SIDE: usize = 96;
/// Steps of the search, as shares of the window's size.
const STEPS: [f32; 6] = [0.16, 0.08, 0.04, 0.02, 0.01, 0.005];
/// Rounds with the same step.
const ROUNDS: usize = 4;
/// How much smaller and larger than usual the scene may be, how far off the axis in usual half
/// windows, and how much narrower and wider the field of view.
const SCALES: [f32; 2] = [0.6, 1.6];
const LARGEST_SHIFT: f32 = 0.4;
const FOVS: [f32; 2] = [0.6, 1.5];
/// The camera stays outside the scene.
const NEAREST: f32 = 1.2;
/// Outlines say little about the field of view: it changes only where they say it clearly, and only
/// once size and place are nearly found, in whose stead it would change.
const FOV_GAIN: f32 = 0.01;
const FOV_STEP: f32 = 0.04;

/// A camera that looks along −x of the scene.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    /// Half the width of the picture's window at depth 0, in the scene's units.
    pub(super) scale: f32,
    /// Where its axis passes, in y and z of the scene.
    pub(super) middle: [f32; 2],
    /// Tangent of half the field of view.
    pub(super) half_fov_tan: f32,
}

/// The best camera, and how well outlines overlap there: intersection over union.
pub(super) struct Registered {
    pub(super) placement: Placement,
    pub(super) overlap: f32,
}

impl Placement {
    /// The reference's camera, whose picture goes a little beyond our cut.
    pub(super) fn usual() -> Self {
        let half_fov_tan = HALF_FOV_TAN * CUT_SIDE as f32 / PICTURE_SIDE as f32;
        Self {
            scale: DISTANCE * half_fov_tan,
            middle: [0.0; 2],
            half_fov_tan,
        }
    }

    /// The scene's point at depth `t` on the ray through `window`: its x is towards the viewer, its
    /// y to the right, its z up.
    pub(super) fn point(&self, window: Vec2, t: f32) -> [f32; 3] {
        let view = View {
            half_fov_tan: self.half_fov_tan,
        };
        let point = view.point(window, t) * self.scale;
        [point.z, point.x + self.middle[0], point.y + self.middle[1]]
    }

    /// The neighbours at some step, and what the overlap has to gain for each.
    fn changes(self, step: f32) -> impl Iterator<Item = (Self, f32)> {
        let usual = Self::usual();
        let sides = move |change: fn(Self, f32) -> Self, gain| {
            [step, -step].map(|step| (change(self, step), gain))
        };
        let scale = |of: Self, step: f32| Self {
            scale: of.scale * (1.0 + step),
            ..of
        };
        let right = |of: Self, step: f32| Self {
            middle: [of.middle[0] + step * of.scale, of.middle[1]],
            ..of
        };
        let up = |of: Self, step: f32| Self {
            middle: [of.middle[0], of.middle[1] + step * of.scale],
            ..of
        };
        let fov = |of: Self, step: f32| Self {
            half_fov_tan: of.half_fov_tan * (1.0 + 2.0 * step),
            ..of
        };
        let all = [
            sides(scale, 0.0),
            sides(right, 0.0),
            sides(up, 0.0),
            sides(fov, FOV_GAIN),
        ];
        let within = |value: f32, [least, most]: [f32; 2]| (least..=most).contains(&value);
        all.into_iter().flatten().filter(move |(at, _)| {
            (step <= FOV_STEP || at.half_fov_tan == self.half_fov_tan)
                && within(at.scale / usual.scale, SCALES)
                && within(at.half_fov_tan / usual.half_fov_tan, FOVS)
                && at.scale / at.half_fov_tan >= NEAREST
                && (at.middle.iter()).all(|off| off.abs() <= LARGEST_SHIFT * usual.scale)
        })
    }
}

/// Moves the camera, in smaller and smaller steps, until no step makes the outlines overlap more.
///
/// # Errors
/// [`EngineError::Cancelled`].
pub(super) fn register(
    occupied: &Occupied,
    alpha: &Plane<1>,
    tell: &mut Tell<'_>,
) -> Result<Registered, EngineError> {
    let outline = outline(alpha);
    let overlap = |placement: &Placement| overlap(occupied, placement, &outline);
    let placement = Placement::usual();
    let mut best = Registered {
        overlap: overlap(&placement),
        placement,
    };
    for (nth, step) in STEPS.into_iter().enumerate() {
        for round in 0..ROUNDS {
            let before = best.overlap;
            for (placement, gain) in best.placement.changes(step) {
                let overlap = overlap(&placement);
                if overlap > best.overlap + gain {
                    best = Registered { placement, overlap };
                }
            }
            let done = (nth * ROUNDS + round + 1) as f32 / (STEPS.len() * ROUNDS) as f32;
            if tell(done) == ControlFlow::Break(()) {
                return Err(EngineError::Cancelled);
            }
            if best.overlap <= before {
                break;
            }
        }
    }
    Ok(best)
}

/// The picture's outline on a grid of [`SIDE`] rays.
fn outline(alpha: &Plane<1>) -> Vec<bool> {
    let mut alpha = alpha.clone();
    while alpha.width >= 2 * SIDE {
        alpha = alpha.halved();
    }
    let alpha = alpha.resized(SIDE, SIDE);
    alpha.data.iter().map(|alpha| alpha[0] >= 0.5).collect()
}

fn overlap(occupied: &Occupied, placement: &Placement, outline: &[bool]) -> f32 {
    let (both, either) = outline
        .par_iter()
        .enumerate()
        .map(|(i, &there)| {
            // The ray widens towards −x, which is away from the camera.
            let window = rays::window(i, SIDE).to_array();
            let at_zero = [0, 1].map(|i| placement.middle[i] + window[i] * placement.scale);
            let by = window.map(|along| -along * placement.half_fov_tan);
            let hit = occupied.hit(at_zero, by);
            (u32::from(hit && there), u32::from(hit || there))
        })
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    both as f32 / either.max(1) as f32
}
