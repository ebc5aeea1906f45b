//! First steps: what is no face goes, what belongs together is joined.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::Surface;
use crate::bvh::Bvh;
use crate::soup::{Sets, corners, doubled_normal, edges, sides, weld};

/// Faces lower than this share of their longest edge are flat.
const FLAT: f64 = 1e-7;

/// What [`clean`] dropped.
#[derive(Default)]
pub(super) struct Cleaned {
    pub merged: usize,
    pub not_finite: usize,
    pub degenerate: usize,
    pub duplicate: usize,
}

/// Makes equal positions one vertex; drops faces that are not finite, flat or repeated.
pub(super) fn clean(surface: &Surface) -> (Surface, Cleaned) {
    let mut cleaned = Cleaned::default();
    let (ids, positions) = weld(&surface.positions);
    cleaned.merged = surface.positions.len() - positions.len();
    let welded = Surface {
        triangles: surface
            .triangles
            .iter()
            .map(|t| t.map(|v| ids[v as usize]))
            .collect(),
        positions,
    };
    let mut known = HashSet::with_capacity(welded.triangles.len());
    let mut triangles = Vec::with_capacity(welded.triangles.len());
    for (face, &triangle) in (0..).zip(&welded.triangles) {
        let mut sorted = triangle;
        sorted.sort_unstable();
        if !corners(&welded, face)
            .iter()
            .all(|corner| corner.is_finite())
        {
            cleaned.not_finite += 1;
        } else if is_flat(&welded, face) {
            cleaned.degenerate += 1;
        } else if !known.insert(sorted) {
            cleaned.duplicate += 1;
        } else {
            triangles.push(triangle);
        }
    }
    (
        compacted(Surface {
            positions: welded.positions,
            triangles,
        }),
        cleaned,
    )
}

pub(super) fn is_flat(surface: &Surface, face: u32) -> bool {
    let corners = corners(surface, face);
    let [a, b, c] = corners.map(|p| p.as_dvec3());
    let longest = (b - a)
        .length_squared()
        .max((c - b).length_squared())
        .max((a - c).length_squared());
    let doubled = doubled_normal(corners).length();
    // Twice: other programs ask in single precision.
    let [a, b, c] = corners;
    doubled.is_nan() || doubled <= FLAT * longest || (b - a).cross(c - a).length() <= 0.0
}

/// Without vertices that no face uses.
pub(super) fn compacted(surface: Surface) -> Surface {
    let mut used = vec![false; surface.positions.len()];
    for &vertex in surface.triangles.as_flattened() {
        used[vertex as usize] = true;
    }
    if used.iter().all(|&used| used) {
        return surface;
    }
    crate::components::retain(&surface, |vertex| used[vertex as usize])
}

/// Joins borders that lie on each other: vertices closer than `tolerance` (at most a quarter of
/// what border edges measure), and edges with vertices of others on them, which are split there. Only
/// borders are touched, so what is closed stays as it is. Returns how many vertices and edges.
pub(super) fn stitch(surface: &mut Surface, tolerance: f32) -> (usize, usize) {
    let merged = merge_borders(surface, tolerance);
    let mut split = 0;
    // A face is split along one edge a round.
    for _ in 0..3 {
        match split_at_junctions(surface, tolerance) {
            0 => break,
            count => split += count,
        }
    }
    (merged, split)
}

fn open_edges(surface: &Surface) -> Vec<crate::soup::Side> {
    let sides = sides(&surface.triangles);
    edges(&sides)
        .filter(|edge| edge.len() == 1)
        .map(|edge| edge[0])
        .collect()
}

fn border(open: &[crate::soup::Side]) -> Vec<u32> {
    let mut border: Vec<u32> = open.iter().flat_map(|side| side.ends).collect();
    border.sort_unstable();
    border.dedup();
    border
}

fn merge_borders(surface: &mut Surface, tolerance: f32) -> usize {
    let open = open_edges(surface);
    let border = border(&open);
    let at = |v: u32| surface.positions[v as usize];
    let mut lengths: Vec<f32> = open
        .iter()
        .map(|side| at(side.ends[0]).distance(at(side.ends[1])))
        .collect();
    lengths.sort_unstable_by(f32::total_cmp);
    let tolerance = lengths
        .get(lengths.len() / 2)
        .map_or(0.0, |l| tolerance.min(0.25 * l));
    let points = Bvh::of(&Surface {
        positions: surface.positions.clone(),
        triangles: border.iter().map(|&v| [v; 3]).collect(),
    });
    let mut sets = Sets::of(surface.positions.len());
    for &vertex in &border {
        let place = at(vertex);
        points.overlapping(place - tolerance, place + tolerance, |other| {
            let other = border[other as usize];
            if other > vertex && at(other).distance(place) <= tolerance {
                sets.join(vertex, other);
            }
            ControlFlow::Continue(())
        });
    }
    let joined = border.iter().filter(|&&v| sets.find(v) != v).count();
    if joined > 0 {
        for triangle in &mut surface.triangles {
            *triangle = triangle.map(|v| sets.find(v));
        }
    }
    joined
}

/// Splits border edges where another border's vertex lies on them: T-junctions.
fn split_at_junctions(surface: &mut Surface, tolerance: f32) -> usize {
    let open = open_edges(surface);
    let border = border(&open);
    let lines = Bvh::of(&Surface {
        positions: surface.positions.clone(),
        triangles: open
            .iter()
            .map(|side| [side.ends[0], side.ends[1], side.ends[1]])
            .collect(),
    });
    let at = |v: u32| surface.positions[v as usize];
    let mut met: Vec<(u32, f32, u32)> = Vec::new();
    for &vertex in &border {
        let place = at(vertex);
        lines.overlapping(place - tolerance, place + tolerance, |line| {
            let side = open[line as usize];
            let [a, b] = side.ends.map(at);
            let t = (place - a).dot(b - a) / a.distance_squared(b);
            let apart = tolerance.min(1e-3 * a.distance(b));
            let is_on_it = place.distance(a.lerp(b, t)) <= tolerance
                && (0.0..1.0).contains(&t)
                && place.distance(a) > apart
                && place.distance(b) > apart;
            if is_on_it && !surface.triangles[side.face as usize].contains(&vertex) {
                met.push((line, t, vertex));
            }
            ControlFlow::Continue(())
        });
    }
    met.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut touched = HashSet::new();
    let mut split = 0;
    for on_edge in met.chunk_by(|a, b| a.0 == b.0) {
        let side = open[on_edge[0].0 as usize];
        if !touched.insert(side.face) {
            continue;
        }
        let triangle = surface.triangles[side.face as usize];
        let [from, to, apex] = std::array::from_fn(|i| triangle[(side.edge as usize + i) % 3]);
        let mut points: Vec<u32> = on_edge.iter().map(|&(_, _, vertex)| vertex).collect();
        if !side.up {
            points.reverse();
        }
        points.insert(0, from);
        points.push(to);
        surface.triangles[side.face as usize] = [points[0], points[1], apex];
        surface
            .triangles
            .extend(points[1..].windows(2).map(|w| [w[0], w[1], apex]));
        split += 1;
    }
    split
}
