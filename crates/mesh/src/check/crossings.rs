//! Faces of a surface that run through each other, or lie on one another.
//!
//! On which side of a plane a corner lies is decided exactly, so flat parts and shared corners
//! give no false alarms. Two faces cross where they have a stretch in common (not just a point)
//! that is inside at least one of them; faces in one plane, where they have area in common.

use std::ops::ControlFlow;

use glam::{DVec2, DVec3};
use rayon::prelude::*;

use crate::Surface;
use crate::bvh::Bvh;
use crate::soup::corners;

/// Leaves of the hierarchy looked at side by side; after each such batch it's asked whether enough was
/// found.
const BATCH: usize = 2_048;
/// At most so many neighbours are compared with a leaf: heaps of copies would never end.
const NEIGHBOURS: usize = 8_000;
/// And at most so many crossings reported of it.
const PER_LEAF: usize = 1_024;
/// What is common to two faces counts from this share of their size on, beyond rounding of the
/// single precision that positions have.
const COMMON: f64 = 1e-6;

/// Pairs of faces that cross, ascending.
pub(crate) struct Crossings {
    pub pairs: Vec<[u32; 2]>,
    /// There may be more: the search ended early.
    pub is_capped: bool,
}

/// Finds pairs of crossing faces, about `cap` at most. Equal positions must be one vertex.
pub(crate) fn crossings(surface: &Surface, bvh: &Bvh, cap: usize) -> Crossings {
    let mut found = Crossings {
        pairs: Vec::new(),
        is_capped: false,
    };
    let leaves = bvh.leaves();
    let mut left = leaves.len();
    for batch in leaves.chunks(BATCH) {
        let rows: Vec<(Vec<[u32; 2]>, bool)> = batch
            .par_iter()
            .map(|&leaf| crossed_in(surface, bvh, leaf))
            .collect();
        for (pairs, is_capped) in rows {
            found.pairs.extend(pairs);
            found.is_capped |= is_capped;
        }
        left -= batch.len();
        if found.pairs.len() >= cap {
            found.is_capped |= left > 0 || found.pairs.len() > cap;
            found.pairs.truncate(cap);
            break;
        }
    }
    found.pairs.sort_unstable();
    found
}

fn crossed_in(surface: &Surface, bvh: &Bvh, leaf: u32) -> (Vec<[u32; 2]>, bool) {
    let mut pairs = Vec::new();
    let mut seen = 0;
    let mut is_capped = false;
    bvh.touching(leaf, |face, other| {
        seen += 1;
        is_capped = seen > NEIGHBOURS || pairs.len() >= PER_LEAF;
        if is_capped {
            return ControlFlow::Break(());
        }
        if cross(surface, face, other) {
            pairs.push([face, other]);
        }
        ControlFlow::Continue(())
    });
    (pairs, is_capped)
}

/// Whether two faces cross.
pub(crate) fn cross(surface: &Surface, one: u32, other: u32) -> bool {
    let [s, t] = [one, other].map(|face| surface.triangles[face as usize]);
    let shared = s.iter().filter(|vertex| t.contains(vertex)).count();
    if shared == 3 {
        return false; // A duplicate, which is counted elsewhere.
    }
    let [p, q] = [one, other].map(|face| corners(surface, face).map(|v| v.as_dvec3()));
    // A corner that both have is in both planes.
    let side = |plane: &Plane, face: [u32; 3], vertex: u32, point: DVec3| {
        if face.contains(&vertex) {
            0.0
        } else {
            plane.side(point)
        }
    };
    let plane = Plane::of(p);
    let of_q: [f64; 3] = std::array::from_fn(|i| side(&plane, s, t[i], q[i]));
    if separated(of_q) {
        return false;
    }
    if of_q == [0.0; 3] {
        return flat_overlap(p, q);
    }
    if shared == 2 {
        return false;
    }
    if !straddles(of_q) && of_q.iter().filter(|&&side| side == 0.0).count() < 2 {
        return false; // A point in common at most.
    }
    let plane = Plane::of(q);
    let of_p: [f64; 3] = std::array::from_fn(|i| side(&plane, t, s[i], p[i]));
    if separated(of_p) || !(straddles(of_p) || straddles(of_q)) {
        return false;
    }
    match (stretch(p, of_p), stretch(q, of_q)) {
        (Some(first), Some(second)) => common_length(first, second),
        _ => false,
    }
}

/// Rounding in [`Plane::side`], at most, as a share of what is added up (Shewchuk, "Adaptive precision
/// floating-point arithmetic and fast robust geometric predicates", 1997, has 7 and a little).
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// The plane of a triangle.
struct Plane {
    corners: [DVec3; 3],
    normal: DVec3,
    /// The normal's parts, without their signs.
    most: DVec3,
}

impl Plane {
    fn of(corners: [DVec3; 3]) -> Self {
        let [a, b, c] = corners;
        let (u, v) = (b - a, c - a);
        let (most_u, most_v) = (u.abs(), v.abs());
        let most = DVec3::new(
            most_u.y * most_v.z + most_u.z * most_v.y,
            most_u.z * most_v.x + most_u.x * most_v.z,
            most_u.x * most_v.y + most_u.y * most_v.x,
        );
        Self {
            corners,
            normal: v.cross(u),
            most,
        }
    }

    /// Which side a point lies on, exactly; the amount is six times a volume.
    fn side(&self, point: DVec3) -> f64 {
        let to = point - self.corners[0];
        let volume = self.normal.dot(to);
        if volume.abs() > ROUNDING * self.most.dot(to.abs()) {
            return volume;
        }
        let [a, b, c, d] =
            [self.corners[0], self.corners[1], self.corners[2], point].map(|p| robust::Coord3D {
                x: p.x,
                y: p.y,
                z: p.z,
            });
        robust::orient3d(a, b, c, d)
    }
}

fn separated(sides: [f64; 3]) -> bool {
    sides.iter().all(|&s| s > 0.0) || sides.iter().all(|&s| s < 0.0)
}

fn straddles(sides: [f64; 3]) -> bool {
    sides.iter().any(|&s| s > 0.0) && sides.iter().any(|&s| s < 0.0)
}

/// The part of a triangle that lies in the other's plane.
fn stretch(corners: [DVec3; 3], sides: [f64; 3]) -> Option<[DVec3; 2]> {
    let mut ends = Vec::with_capacity(4);
    for i in 0..3 {
        let j = (i + 1) % 3;
        if sides[i] == 0.0 {
            ends.push(corners[i]);
        }
        if sides[i] * sides[j] < 0.0 {
            let t = sides[i] / (sides[i] - sides[j]);
            ends.push(corners[i].lerp(corners[j], t));
        }
    }
    (ends.len() >= 2).then(|| [ends[0], ends[1]])
}

/// Whether two stretches of one line overlap.
fn common_length(first: [DVec3; 2], second: [DVec3; 2]) -> bool {
    let length = |s: [DVec3; 2]| s[0].distance(s[1]);
    let longer = if length(first) >= length(second) {
        first
    } else {
        second
    };
    let Some(along) = (longer[1] - longer[0]).try_normalize() else {
        return false;
    };
    let range = |s: [DVec3; 2]| {
        let [a, b] = s.map(|p| (p - longer[0]).dot(along));
        (a.min(b), a.max(b))
    };
    let ((a, b), (c, d)) = (range(first), range(second));
    let magnitude = longer[0]
        .abs()
        .max_element()
        .max(longer[1].abs().max_element());
    b.min(d) - a.max(c) > COMMON * length(longer) + 1e-9 * magnitude
}

/// Whether two triangles in one plane have area in common: one is clipped by the other's edges
/// (Sutherland and Hodgman, 1974).
fn flat_overlap(p: [DVec3; 3], q: [DVec3; 3]) -> bool {
    let normal = (p[1] - p[0]).cross(p[2] - p[0]);
    let (u, v) = match normal.abs().max_position() {
        0 => (DVec3::Y, DVec3::Z),
        1 => (DVec3::Z, DVec3::X),
        _ => (DVec3::X, DVec3::Y),
    };
    let flat = |corners: [DVec3; 3]| {
        let mut flat = corners.map(|c| DVec2::new((c - p[0]).dot(u), (c - p[0]).dot(v)));
        if (flat[1] - flat[0]).perp_dot(flat[2] - flat[0]) < 0.0 {
            flat.swap(1, 2);
        }
        flat
    };
    let (p, q) = (flat(p), flat(q));
    let mut ring = p.to_vec();
    for i in 0..3 {
        let (start, along) = (q[i], q[(i + 1) % 3] - q[i]);
        let height = |point: DVec2| along.perp_dot(point - start);
        let mut clipped = Vec::with_capacity(ring.len() + 2);
        for (k, &from) in ring.iter().enumerate() {
            let to = ring[(k + 1) % ring.len()];
            let (a, b) = (height(from), height(to));
            if a >= 0.0 {
                clipped.push(from);
            }
            if a * b < 0.0 {
                clipped.push(from.lerp(to, a / (a - b)));
            }
        }
        ring = clipped;
    }
    let area = |ring: &[DVec2]| -> f64 {
        (1..ring.len().max(2) - 1)
            .map(|i| (ring[i] - ring[0]).perp_dot(ring[i + 1] - ring[0]))
            .sum()
    };
    area(&ring) > COMMON * area(&p).min(area(&q))
}
