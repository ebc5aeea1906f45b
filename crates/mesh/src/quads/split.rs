//! Every base face into quads around its centre (the connectivity of Catmull and Clark's
//! subdivision, 1978), laid onto the source and evened out there.

use std::collections::HashMap;

use glam::Vec3;

use super::cells::Draft;
use super::halfedge::{Buckets, NONE};
use super::pair::Face;
use super::source::{Foot, Source};

/// Sweeps of evening out.
const SWEEPS: usize = 6;
/// Sweeps of pulling apart what is folded.
const UNTANGLING: usize = 30;
/// Sines of corners: from here on a quad is as good as a square,
const GOOD: f32 = 0.6;
/// below this it is pulled apart,
const POOR: f32 = 0.15;
/// and below this it is folded.
const STRAIGHT: f32 = 1e-3;

/// Quads on the source.
pub(super) struct Sheet {
    pub feet: Vec<Foot>,
    pub quads: Vec<[u32; 4]>,
    /// The draft's vertex that is the first corner of each quad.
    bases: Vec<u32>,
}

/// Cuts each face of `n` corners into `n` quads. Only vertices that faces use are kept.
pub(super) fn split(draft: &Draft, faces: &[Face], source: &Source) -> Sheet {
    let mut feet: Vec<Foot> = Vec::new();
    let mut corner_ids = vec![NONE; draft.feet.len()];
    let mut edge_ids = HashMap::new();
    let mut quads = Vec::with_capacity(faces.len() * 4);
    let mut bases = Vec::with_capacity(faces.len() * 4);
    for face in faces {
        let corners = &face[..if face[3] == NONE { 3 } else { 4 }];
        let foot = |v: u32| draft.feet[v as usize];
        let count = corners.len();
        let mut ids = [[0; 2]; 4];
        for (k, &v) in corners.iter().enumerate() {
            if corner_ids[v as usize] == NONE {
                corner_ids[v as usize] = feet.len() as u32;
                feet.push(foot(v));
            }
            let w = corners[(k + 1) % count];
            let middle = *edge_ids.entry((v.min(w), v.max(w))).or_insert_with(|| {
                feet.push(between(source, &[foot(v.min(w)), foot(v.max(w))]));
                feet.len() as u32 - 1
            });
            ids[k] = [corner_ids[v as usize], middle];
        }
        let around: Vec<Foot> = corners.iter().map(|&v| foot(v)).collect();
        let centre = feet.len() as u32;
        feet.push(between(source, &around));
        bases.extend(corners);
        for k in 0..count {
            quads.push([
                ids[k][0],
                ids[k][1],
                centre,
                ids[(k + count - 1) % count][1],
            ]);
        }
    }
    Sheet { feet, quads, bases }
}

/// The foot of the mean position, walked to from each of the given feet.
fn between(source: &Source, feet: &[Foot]) -> Foot {
    let mean = feet.iter().map(|foot| foot.position).sum::<Vec3>() / feet.len() as f32;
    let found = feet.iter().map(|foot| source.foot(mean, foot.anchor));
    let distance = |foot: &Foot| foot.position.distance_squared(mean);
    found
        .min_by(|p, q| distance(p).total_cmp(&distance(q)))
        .unwrap_or(feet[0])
}

impl Sheet {
    /// Moves vertices along the source towards the middle of their neighbours, then pulls apart
    /// what is still folded. No move makes a poor corner poorer.
    pub(super) fn relax(&mut self, source: &Source) {
        let corners: Vec<u32> = self.quads.as_flattened().to_vec();
        let places = Buckets::of(self.feet.len(), &corners);
        for _ in 0..SWEEPS {
            for vertex in 0..self.feet.len() as u32 {
                let places = places.get(vertex);
                let old = self.feet[vertex as usize];
                let before = self.worst_corner(places).min(GOOD);
                // Across the normal only, or tips and edges would be worn down.
                let step = self.middle(places) - old.position;
                let mut wish = old.position + step.reject_from_normalized(old.normal);
                for _ in 0..3 {
                    self.feet[vertex as usize] = source.foot(wish, old.anchor);
                    if self.worst_corner(places) >= before {
                        break;
                    }
                    self.feet[vertex as usize] = old;
                    wish = 0.5 * (wish + old.position);
                }
            }
        }
        let is_poor = |vertex: &u32| self.worst_corner(places.get(*vertex)) < POOR;
        let poor: Vec<u32> = (0..self.feet.len() as u32).filter(is_poor).collect();
        for _ in 0..UNTANGLING {
            for &vertex in &poor {
                if self.worst_corner(places.get(vertex)) < POOR {
                    self.untangle(vertex, places.get(vertex), source);
                }
            }
        }
    }

    /// Takes the best of a ring of places around the vertex.
    fn untangle(&mut self, vertex: u32, places: &[u32], source: &Source) {
        let old = self.feet[vertex as usize];
        let mut best = (self.worst_corner(places), old);
        let middle = self.middle(places);
        let reach = middle.distance(self.feet[self.ahead(places[0]) as usize].position);
        let right = old.normal.any_orthonormal_vector();
        let up = old.normal.cross(right);
        let mut wishes = vec![middle];
        for radius in [0.1, 0.3, 0.6] {
            for direction in 0..8 {
                let (sin, cos) = (direction as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
                wishes.push(old.position + radius * reach * (cos * right + sin * up));
            }
        }
        for wish in wishes {
            let foot = source.foot(wish, old.anchor);
            // Where the surface turns too sharply, between it and the flat face is better.
            for position in [foot.position, 0.5 * (foot.position + wish), wish] {
                self.feet[vertex as usize] = Foot { position, ..foot };
                let worst = self.worst_corner(places);
                if worst > best.0 {
                    best = (worst, self.feet[vertex as usize]);
                }
            }
        }
        self.feet[vertex as usize] = best.1;
    }

    /// The corner that follows a place in its quad.
    fn ahead(&self, place: u32) -> u32 {
        self.quads[place as usize / 4][(place as usize + 1) % 4]
    }

    /// The mean of a vertex's neighbours.
    fn middle(&self, places: &[u32]) -> Vec3 {
        let ahead = places
            .iter()
            .map(|&place| self.feet[self.ahead(place) as usize].position);
        ahead.sum::<Vec3>() / places.len() as f32
    }

    /// The least sine of the corners of the quads at these places.
    fn worst_corner(&self, places: &[u32]) -> f32 {
        let sines = places
            .iter()
            .map(|&place| self.least_sine(&self.quads[place as usize / 4]));
        sines.fold(1.0, f32::min)
    }

    /// The least sine of a quad's corners, seen along the source's normal over the quad:
    /// 1 for a square, 0 where a corner is straight, negative where it is folded over.
    pub(super) fn least_sine(&self, quad: &[u32; 4]) -> f32 {
        let corners = quad.map(|v| &self.feet[v as usize]);
        let up: Vec3 = corners
            .iter()
            .map(|foot| foot.normal)
            .sum::<Vec3>()
            .normalize_or_zero();
        let sine = |k: usize| {
            let at = |k: usize| corners[k % 4].position;
            let (ahead, back) = (at(k + 1) - at(k), at(k + 3) - at(k));
            let lengths = (ahead.length_squared() * back.length_squared()).sqrt();
            ahead.cross(back).dot(up) / lengths.max(f32::MIN_POSITIVE)
        };
        (0..4).map(sine).fold(1.0, f32::min)
    }

    /// The draft's vertices beside quads that have a corner folded over.
    pub(super) fn folded(&self) -> Vec<u32> {
        let quads = self.quads.iter().zip(&self.bases);
        let folded = quads.filter(|(quad, _)| self.least_sine(quad) < STRAIGHT);
        folded.map(|(_, &base)| base).collect()
    }
}
