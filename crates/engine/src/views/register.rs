//! How the views stand to each other.
//!
//! Nobody photographs an object from exactly four sides at the same distance and height. What is
//! known roughly (azimuth from the name of the view, elevation from its up direction, size and
//! height from its vertical extent) is refined until the views contradict each other least: no
//! view's surface may lie outside another's outline or in front of what another saw, and where two
//! see the same surface it has to be at the same place. Bad parts of a guess count no more than
//! any contradiction does, so they can't pull good ones away.

use glam::{Quat, Vec3};
use rayon::prelude::*;

use super::Placement;
use super::evidence::{Evidence, Sample};

/// Points taken from each of a view's surfaces.
const SAMPLES: usize = 320;
/// Contradictions larger than this, in half window widths of the front, count in full; the search
/// goes from coarse to fine.
const TOLERANCES: [f32; 3] = [0.2, 0.1, 0.06];
/// The last surface is a guess.
const GUESSED: f32 = 0.25;
/// How far from the nominal place each of azimuth, elevation (radians), size (logarithm), and
/// shift along x, y and z may be.
const REACH: [f32; 6] = [0.27, 0.35, 0.25, 0.6, 0.3, 0.6];
/// First steps of the search, in the same order.
const STEPS: [f32; 6] = [0.07, 0.07, 0.05, 0.08, 0.05, 0.08];
/// Halvings of those steps.
const HALVINGS: i32 = 4;
/// What being at the end of the reach costs, against the mean contradiction of a pair of views.
const PRIOR: f32 = 0.15;
/// A surface that one view saw should have been seen by another, if it faces that one's camera by
/// this cosine.
const LEAST_SHARED: f32 = 0.4;
/// A view that contradicts the others more than this on average is of something else.
const WORST_AGREEMENT: f32 = 0.25;

/// Finds the place of every view, starting from its nominal one; the first is the front, which
/// stays where it is. `None` for a view that doesn't belong to the others.
pub(super) fn register(views: &[(Placement, Evidence)]) -> Vec<Option<Placement>> {
    let total = views.len();
    let mut kept: Vec<usize> = (0..total).collect();
    loop {
        let views: Vec<_> = kept.iter().map(|&i| &views[i]).collect();
        let bundle = Bundle::of(&views);
        let found = bundle.search();
        let worst = (1..kept.len())
            .map(|i| (i, bundle.contradiction(i, &found)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((i, contradiction)) if contradiction > WORST_AGREEMENT => kept.remove(i),
            _ => {
                let mut placements = vec![None; total];
                for (&i, placement) in kept.iter().zip(found) {
                    placements[i] = Some(placement);
                }
                return placements;
            }
        };
    }
}

struct Member<'a> {
    evidence: &'a Evidence,
    samples: Vec<Sample>,
    /// Where it should be.
    nominal: Placement,
}

impl Member<'_> {
    fn placed(&self, change: &[f32; 6]) -> Placement {
        Placement {
            rotation: Quat::from_rotation_y(change[0])
                * self.nominal.rotation
                * Quat::from_rotation_x(change[1]),
            scale: self.nominal.scale * change[2].exp(),
            shift: self.nominal.shift + Vec3::from_slice(&change[3..]),
        }
    }
}

struct Bundle<'a> {
    members: Vec<Member<'a>>,
}

impl<'a> Bundle<'a> {
    /// Gives the boxes around all views the front's height and centre.
    fn of(views: &[&'a (Placement, Evidence)]) -> Self {
        let mut members: Vec<Member> = views
            .iter()
            .map(|(nominal, evidence)| Member {
                samples: evidence.samples(SAMPLES),
                nominal: *nominal,
                evidence,
            })
            .collect();
        let (low, high) = members[0].bounds();
        for member in &mut members[1..] {
            let (its_low, its_high) = member.bounds();
            let height = (its_high.y - its_low.y).max(f32::MIN_POSITIVE);
            member.nominal.scale = (high.y - low.y) / height;
            member.nominal.shift = 0.5 * (low + high - (its_low + its_high) * member.nominal.scale);
        }
        Self { members }
    }

    /// Goes to the neighbouring place of each view that contradicts the others least, in ever
    /// smaller steps.
    fn search(&self) -> Vec<Placement> {
        let mut changes = vec![[0.0; 6]; self.members.len()];
        let mut placements: Vec<Placement> = self.placed(&changes);
        for tolerance in TOLERANCES {
            let mut halvings = 0;
            while halvings <= HALVINGS {
                let mut moved = false;
                for i in 0..self.members.len() {
                    let cost = |change: &[f32; 6]| {
                        let mut placements = placements.clone();
                        placements[i] = self.members[i].placed(change);
                        self.conflict(i, &placements, tolerance) + prior(change)
                    };
                    let now = cost(&changes[i]);
                    let best = self
                        .neighbours(i, &changes[i], 0.5_f32.powi(halvings))
                        .into_par_iter()
                        .map(|change| (cost(&change), change))
                        .collect::<Vec<_>>()
                        .into_iter()
                        .min_by(|a, b| a.0.total_cmp(&b.0));
                    if let Some((least, change)) = best
                        && least < now - 1e-5
                    {
                        changes[i] = change;
                        placements[i] = self.members[i].placed(&change);
                        moved = true;
                    }
                }
                halvings += i32::from(!moved);
            }
        }
        placements
    }

    fn placed(&self, changes: &[[f32; 6]]) -> Vec<Placement> {
        let pairs = self.members.iter().zip(changes);
        pairs
            .map(|(member, change)| member.placed(change))
            .collect()
    }

    /// The places one step away, within reach. The front may only tilt: it is what the others are
    /// placed against.
    fn neighbours(&self, i: usize, change: &[f32; 6], step: f32) -> Vec<[f32; 6]> {
        let free = if i == 0 { 1..2 } else { 0..6 };
        free.flat_map(|k| [-1.0, 1.0].map(|sign| (k, sign)))
            .map(|(k, sign)| {
                let mut change = *change;
                change[k] += sign * step * STEPS[k];
                change
            })
            .filter(|change| change.iter().zip(REACH).all(|(c, reach)| c.abs() <= reach))
            .collect()
    }

    /// How much a view and the others contradict each other in the end: 0 not at all, 1 fully.
    fn contradiction(&self, i: usize, placements: &[Placement]) -> f32 {
        let others = (self.members.len() - 1) as f32;
        self.conflict(i, placements, TOLERANCES[1]) / (2.0 * others)
    }

    /// The sum over all others of what they hold against this view, and it against them.
    fn conflict(&self, i: usize, placements: &[Placement], tolerance: f32) -> f32 {
        (0..self.members.len())
            .filter(|&j| j != i)
            .map(|j| {
                self.one_way(i, j, placements, tolerance)
                    + self.one_way(j, i, placements, tolerance)
            })
            .sum()
    }

    /// What view `j` holds against the surfaces of view `i`, 0–1.
    fn one_way(&self, i: usize, j: usize, placements: &[Placement], tolerance: f32) -> f32 {
        let judge = &self.members[j].evidence;
        let place = placements[i].seen_by(&placements[j]);
        let unit = placements[j].scale;
        let (mut sum, mut total) = (0.0, 0.0);
        for sample in &self.members[i].samples {
            let point = place.outward(sample.point);
            let reading = judge.at(point);
            let seen = sample.normal != Vec3::ZERO;
            let shared = if seen {
                (place.rotation * sample.normal).dot(judge.view.towards(point))
            } else {
                0.0
            };
            let off = if reading.inside < 0.0 {
                -reading.inside
            } else if reading.behind < 0.0 {
                -reading.behind * reading.facing
            } else if shared > LEAST_SHARED {
                reading.behind * reading.facing
            } else {
                0.0
            };
            let weight = if seen { 1.0 } else { GUESSED };
            let off = (off * unit / tolerance).powi(2);
            sum += weight * off / (1.0 + off);
            total += weight;
        }
        sum / f32::max(total, 1.0)
    }
}

impl Member<'_> {
    /// The box around the view's surfaces, upright and turned to its nominal azimuth.
    fn bounds(&self) -> (Vec3, Vec3) {
        let nominal = self.placed(&[0.0; 6]);
        let points = self.samples.iter().map(|s| nominal.outward(s.point));
        points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| {
            (low.min(p), high.max(p))
        })
    }
}

fn prior(change: &[f32; 6]) -> f32 {
    let parts = change
        .iter()
        .zip(REACH)
        .map(|(c, reach)| (c / reach).powi(2));
    PRIOR * parts.sum::<f32>()
}
