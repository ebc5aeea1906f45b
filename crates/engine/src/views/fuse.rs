//! All views vote on one field in the world.
//!
//! Curless and Levoy, "A volumetric method for building complex models from range images",
//! SIGGRAPH 1996, with two additions: outlines carve, and what nobody saw is left to the views'
//! guesses. A view's vote counts most beside the surface it saw, and there as much as the surface
//! faced it.

use glam::Vec3;
use mesh::isosurface::Field;
use rayon::prelude::*;

use super::evidence::{Evidence, Reading};
use super::{Placement, Viewpoint};
use crate::field::ViewField;

/// Votes are distances, cut off at this many half window widths of the front.
const CUT_OFF: f32 = 0.08;
/// Weight of being outside an outline.
const CARVE: f32 = 2.0;
/// The same where the view from the other side sees the object: one of the mattes is wrong.
const DOUBTFUL_CARVE: f32 = 0.5;
/// Weight of a guess that there is something behind what was seen.
const GUESS: f32 = 0.12;
/// Weight of a guess where it ends, doubted: less, because outlines and the other views say that
/// already.
const GUESSED_END: f32 = 0.05;
/// The same if there is a view from that side.
const HEARSAY: f32 = 0.02;
/// Weight of a surface seen at a grazing angle.
const GRAZING: f32 = 0.02;
/// Half the width of the rim within which a ray may or may not meet the object, in half window
/// widths of the front.
const RIM: f32 = 0.012;
/// Samples between those that are looked at first.
const STRIDE: usize = 3;
/// Room around the object, in cells.
const ROOM: f32 = 3.0;

/// What a view's guess that there is nothing behind what it saw is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emptiness {
    /// As much as a guess that there is something, from whoever knows hollows: cups are hollow.
    Believed,
    /// Less: where guesses of thin parts disagree on their places, nothing would be left of them.
    Doubted,
}

/// A view that knows where it stands.
pub(crate) struct Witness<'a> {
    pub from: Viewpoint,
    pub evidence: Evidence,
    /// Its network's guess as a field over its own rays.
    pub field: &'a ViewField,
    /// The guess is of every place, not only of where rays leave the object.
    pub knows_hollows: bool,
    /// From its frame to the world.
    pub placement: Placement,
}

/// A field over a box in the world.
pub(crate) struct WorldField {
    /// Samples; positive inside.
    pub field: Field,
    /// The first sample.
    pub origin: Vec3,
    /// From one sample to the next.
    pub cell: f32,
}

/// Fuses all views on a grid whose longest side has `samples` samples.
pub(crate) fn fuse(witnesses: &[Witness], emptiness: Emptiness, samples: usize) -> WorldField {
    let (low, high) = bounds(witnesses);
    let cell = (high - low).max_element() / (samples as f32 - 1.0 - 2.0 * ROOM);
    let origin = low - ROOM * cell;
    let size = ((high - low) / cell + 2.0 * ROOM).to_array();
    let size = size.map(|length| (length.ceil() as usize + 1).min(samples));
    let at = |[x, y, z]: [usize; 3]| origin + cell * Vec3::new(x as f32, y as f32, z as f32);
    let values = sampled(size, cell, |place| verdict(witnesses, emptiness, at(place)));
    WorldField {
        field: Field { size, values },
        origin,
        cell,
    }
}

/// Samples `f`, whose values change at most as much as places do, on a grid: everywhere near its
/// zeros, and elsewhere
/// only on every [`STRIDE`]th sample.
fn sampled(size: [usize; 3], cell: f32, f: impl Fn([usize; 3]) -> f32 + Sync) -> Vec<f32> {
    let [nx, ny, nz] = size;
    let [cx, cy, cz] = size.map(|n| n.div_ceil(STRIDE) + 1);
    let coarse: Vec<f32> = (0..cx * cy * cz)
        .into_par_iter()
        .map(|i| f([i % cx, i / cx % cy, i / cx / cy].map(|c| c * STRIDE)))
        .collect();
    let far = STRIDE as f32 * cell;
    let fine = |[x, y, z]: [usize; 3]| {
        let corner = ((z / STRIDE) * cy + y / STRIDE) * cx + x / STRIDE;
        let corners: [f32; 8] = std::array::from_fn(|c| {
            coarse[corner + (c & 1) + (c >> 1 & 1) * cx + (c >> 2) * cx * cy]
        });
        let nearest = corners
            .iter()
            .fold(f32::INFINITY, |near, c| near.min(c.abs()));
        let alike = corners
            .iter()
            .all(|c| c.is_sign_positive() == corners[0].is_sign_positive());
        if alike && nearest > far {
            // Only the sign matters here.
            corners[0]
        } else {
            f([x, y, z])
        }
    };
    (0..ny * nz)
        .into_par_iter()
        .flat_map_iter(|i| (0..nx).map(move |x| [x, i % ny, i / ny]).map(&fine))
        .collect()
}

/// The box around all surfaces that were seen.
fn bounds(witnesses: &[Witness]) -> (Vec3, Vec3) {
    const ENOUGH: usize = 2_000;
    let points = witnesses.iter().flat_map(|witness| {
        let samples = witness.evidence.samples(ENOUGH).into_iter();
        samples.map(|sample| witness.placement.outward(sample.point))
    });
    points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| {
        (low.min(p), high.max(p))
    })
}

/// The weighted mean of all votes at a point in the world: its distance to the surface.
fn verdict(witnesses: &[Witness], emptiness: Emptiness, point: Vec3) -> f32 {
    let mut heard = [const { None }; 4];
    for (heard, witness) in heard.iter_mut().zip(witnesses) {
        let mut reading = witness.evidence.at(witness.placement.inward(point));
        reading.inside *= witness.placement.scale;
        reading.behind *= witness.placement.scale;
        *heard = Some(reading);
    }
    let heard = || witnesses.iter().zip(heard.iter().flatten());
    let (mut sum, mut total) = (0.0, 0.0);
    let mut vote = |value: f32, weight: f32| {
        sum += weight * value.clamp(-CUT_OFF, CUT_OFF);
        total += weight;
    };
    for (witness, reading) in heard().filter(|(_, reading)| reading.in_sight) {
        let opposite = heard().find(|(other, _)| is_opposite(other.from, witness.from));
        // Whether the ray meets the object at all.
        let hit = ramp(reading.inside, -RIM, RIM);
        if hit < 1.0 {
            let doubt = opposite.map_or(0.0, |(_, other)| ramp(other.inside, 0.0, 0.5 * CUT_OFF));
            let carve = CARVE + (DOUBTFUL_CARVE - CARVE) * doubt;
            let far = ramp(-reading.inside, 0.0, 0.5 * CUT_OFF);
            vote(reading.inside, GUESS + (carve - GUESS) * far);
        }
        if hit > 0.0 {
            let behind = reading.behind * reading.facing;
            let near = 1.0 - ramp(behind, 0.0, CUT_OFF);
            vote(behind, (GRAZING + reading.facing.powi(2)) * near * hit);
            let guess = witness.field.guess(reading) * witness.placement.scale;
            let is_believed = emptiness == Emptiness::Believed && witness.knows_hollows;
            let weight = match opposite {
                _ if guess > 0.0 || is_believed => GUESS,
                None => GUESSED_END,
                Some(_) => HEARSAY,
            };
            vote(guess, hit * weight);
        }
    }
    sum / f32::max(total, f32::MIN_POSITIVE)
}

/// 0 up to `from`, 1 from `to` on, straight in between.
fn ramp(x: f32, from: f32, to: f32) -> f32 {
    ((x - from) / (to - from)).clamp(0.0, 1.0)
}

fn is_opposite(a: Viewpoint, b: Viewpoint) -> bool {
    (a.azimuth_deg() - b.azimuth_deg()).abs() == 180.0
}

impl ViewField {
    /// The field at a place in the picture, as a rough distance in half window widths.
    fn guess(&self, reading: &Reading) -> f32 {
        let [width, height, depths] = self.field.size;
        let step = (self.range[1] - self.range[0]) / depths as f32;
        let at = Vec3::new(
            reading.at.x * width as f32,
            reading.at.y * height as f32,
            (reading.depth - self.range[0]) / step,
        ) - 0.5;
        let last = Vec3::new(width as f32, height as f32, depths as f32) - 1.0;
        if at.z < -0.5 || at.z > last.z + 0.5 {
            return -1.0;
        }
        let at = at.clamp(Vec3::ZERO, last);
        let low = at.floor().min(last - 1.0).max(Vec3::ZERO);
        let between = at - low;
        let [x, y, z] = low.to_array().map(|c| c as usize);
        let value = |dx: usize, dy: usize, dz: usize| {
            let (x, y) = ((x + dx).min(width - 1), (y + dy).min(height - 1));
            self.field.values[((z + dz).min(depths - 1) * height + y) * width + x]
        };
        let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
        let row = |dy, dz| mix(value(0, dy, dz), value(1, dy, dz), between.x);
        let slice = |dz| mix(row(0, dz), row(1, dz), between.y);
        mix(slice(0), slice(1), between.z) * step
    }
}
