//! Closing holes: the triangulation of the border with the least area (Barequet and Sharir,
//! "Filling gaps in the boundary of a polyhedron", 1995), refined and smoothed where the hole is large
//! (after Liepa, "Filling holes in meshes", 2003).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use glam::Vec3;

use super::patch::refine;
use crate::Surface;
use crate::soup::{edges, sides};

/// The least area is searched for among all triangulations of at most so many corners (time grows
/// with the third power); from larger holes ears are cut until they are this small.
const EXACT: usize = 96;
/// Holes with at least so many corners get vertices of their own.
const REFINED: usize = 8;

/// Closes every hole of a surface that is manifold along its edges and at its vertices. Returns
/// how many holes there were.
pub(super) fn fill(surface: &mut Surface) -> usize {
    let loops = borders(surface);
    let mut on_border = vec![false; surface.positions.len()];
    loops
        .iter()
        .flatten()
        .for_each(|&vertex| on_border[vertex as usize] = true);
    // A new edge may not be one that exists, or that would get four faces.
    let mut taken: HashSet<[u32; 2]> = surface
        .triangles
        .iter()
        .flat_map(|&[a, b, c]| [[a, b], [b, c], [c, a]])
        .filter(|edge| edge.iter().all(|&v| on_border[v as usize]))
        .map(sorted)
        .collect();
    for ring in &loops {
        let patch = cover(&surface.positions, ring, &taken);
        for &[a, b, c] in patch.iter().flatten() {
            taken.extend([[a, b], [b, c], [c, a]].map(sorted));
        }
        match patch {
            Some(patch) if ring.len() >= REFINED => refine(surface, ring, patch),
            Some(patch) => surface.triangles.extend(patch),
            None => fan(surface, ring),
        }
    }
    loops.len()
}

pub(super) fn sorted([a, b]: [u32; 2]) -> [u32; 2] {
    [a.min(b), a.max(b)]
}

/// The holes' borders, walked as the faces that close them will.
fn borders(surface: &Surface) -> Vec<Vec<u32>> {
    let mut next = vec![u32::MAX; surface.positions.len()];
    let sides = sides(&surface.triangles);
    for edge in edges(&sides).filter(|edge| edge.len() == 1) {
        let [low, high] = edge[0].ends;
        let (from, to) = if edge[0].up { (low, high) } else { (high, low) };
        next[to as usize] = from;
    }
    let mut loops = Vec::new();
    for start in 0..next.len() {
        let mut ring = Vec::new();
        let mut vertex = start as u32;
        while next[vertex as usize] != u32::MAX {
            ring.push(vertex);
            vertex = std::mem::replace(&mut next[vertex as usize], u32::MAX);
        }
        if ring.len() >= 3 {
            loops.push(ring);
        }
    }
    loops
}

/// Triangles over a ring; `None` where only existing edges would do.
fn cover(positions: &[Vec3], ring: &[u32], taken: &HashSet<[u32; 2]>) -> Option<Vec<[u32; 3]>> {
    let (mut triangles, rest) = ears(positions, ring, taken)?;
    triangles.extend(least_area(positions, &rest, taken)?);
    Some(triangles)
}

/// Cuts ears, the shortest cuts first and what bulges outwards last, until few corners are left.
fn ears(
    positions: &[Vec3],
    ring: &[u32],
    taken: &HashSet<[u32; 2]>,
) -> Option<(Vec<[u32; 3]>, Vec<u32>)> {
    let n = ring.len();
    if n <= EXACT {
        return Some((Vec::new(), ring.to_vec()));
    }
    let at = |i: usize| positions[ring[i] as usize];
    let normal: Vec3 = (1..n - 1)
        .map(|i| (at(i) - at(0)).cross(at(i + 1) - at(0)))
        .sum();
    let (mut before, mut after): (Vec<usize>, Vec<usize>) = (
        (0..n).map(|i| (i + n - 1) % n).collect(),
        (0..n).map(|i| (i + 1) % n).collect(),
    );
    let key = |i: usize, before: &[usize], after: &[usize]| {
        let (a, b, c) = (at(before[i]), at(i), at(after[i]));
        let is_hollow = (b - a).cross(c - b).dot(normal) <= 0.0;
        // Lengths are not negative, so their bits sort like they do.
        (is_hollow, a.distance(c).to_bits())
    };
    let mut version = vec![0_u32; n];
    let mut queue: BinaryHeap<_> = (0..n)
        .map(|i| Reverse((key(i, &before, &after), i, 0_u32)))
        .collect();
    let mut cut = HashSet::new();
    let mut triangles = Vec::new();
    let mut left = n;
    let mut start = 0;
    while left > EXACT {
        let Reverse((_, i, stamp)) = queue.pop()?;
        if version[i] != stamp {
            continue;
        }
        let (a, c) = (before[i], after[i]);
        let chord = sorted([ring[a], ring[c]]);
        if taken.contains(&chord) || !cut.insert(chord) {
            continue;
        }
        triangles.push([ring[a], ring[i], ring[c]]);
        (after[a], before[c]) = (c, a);
        version[i] = u32::MAX;
        left -= 1;
        start = a;
        for end in [a, c] {
            version[end] += 1;
            queue.push(Reverse((key(end, &before, &after), end, version[end])));
        }
    }
    let mut rest = Vec::with_capacity(left);
    let mut i = start;
    for _ in 0..left {
        rest.push(ring[i]);
        i = after[i];
    }
    Some((triangles, rest))
}

/// The triangulation of least area among those without forbidden edges.
fn least_area(
    positions: &[Vec3],
    ring: &[u32],
    taken: &HashSet<[u32; 2]>,
) -> Option<Vec<[u32; 3]>> {
    let n = ring.len();
    let at = |i: usize| positions[ring[i] as usize].as_dvec3();
    let around: f64 = (0..n)
        .map(|i| at(i).distance_squared(at((i + 1) % n)))
        .sum();
    let cost = |i: usize, k: usize, j: usize| {
        let (a, b, c) = (at(i), at(k), at(j));
        let area = 0.5 * (b - a).cross(c - a).length();
        let edges = a.distance_squared(b) + b.distance_squared(c) + c.distance_squared(a);
        // Round triangles among equals, and hardly ever one without area.
        area + 1e-3 * edges
            + if area <= 1e-7 * edges {
                10.0 * around
            } else {
                0.0
            }
    };
    let is_allowed = |i: usize, j: usize| {
        j == i + 1 || (i == 0 && j == n - 1) || !taken.contains(&sorted([ring[i], ring[j]]))
    };
    let mut best = vec![(f64::INFINITY, usize::MAX); n * n];
    for i in 0..n - 1 {
        best[i * n + i + 1].0 = 0.0;
    }
    for span in 2..n {
        for i in 0..n - span {
            let j = i + span;
            if !is_allowed(i, j) {
                continue;
            }
            for k in i + 1..j {
                let halves = best[i * n + k].0 + best[k * n + j].0;
                if halves < best[i * n + j].0 {
                    let sum = halves + cost(i, k, j);
                    if sum < best[i * n + j].0 {
                        best[i * n + j] = (sum, k);
                    }
                }
            }
        }
    }
    if best[n - 1].0.is_infinite() {
        return None;
    }
    let mut triangles = Vec::with_capacity(n - 2);
    let mut open = vec![(0, n - 1)];
    while let Some((i, j)) = open.pop() {
        if j > i + 1 {
            let k = best[i * n + j].1;
            triangles.push([ring[i], ring[k], ring[j]]);
            open.extend([(i, k), (k, j)]);
        }
    }
    Some(triangles)
}

/// All corners joined to a new one in the middle: possible everywhere.
fn fan(surface: &mut Surface, ring: &[u32]) {
    let at = |v: u32| surface.positions[v as usize];
    let middle = ring.iter().map(|&v| at(v)).sum::<Vec3>() / ring.len() as f32;
    let centre = surface.positions.len() as u32;
    surface.positions.push(middle);
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    surface
        .triangles
        .extend(pairs.map(|(&a, &b)| [a, b, centre]));
}
