//! Fewer triangles, the same shape, still closed.

use glam::Vec3;
use meshopt::{SimplifyOptions, SimplifyVertex};

use crate::Surface;
use crate::bvh::Bvh;
use crate::check::crossings::crossings;
use crate::components::retain;
use crate::measure::{Topology, bounds};

/// How often the simplifier is asked again with the trouble spots locked.
const ATTEMPTS: usize = 8;
/// How many of these attempts may be for faces that cross alone.
const UNTANGLING: usize = 3;
/// So many pairs of crossing faces aren't the simplifier's: the surface came with them.
const MOST_CROSSINGS: usize = 100;
/// How many times fewer triangles each step has, where one step isn't enough.
const STEP: usize = 3;
/// How often the last of them is tried.
const LAST_STEPS: usize = 3;
/// Triangles must be at least this high, as a share of the surface's longest side.
const THINNEST: f32 = 2e-6;

/// Reduces a closed surface to about `target` triangles (never fewer than 4, never more than it
/// had), by quadric error collapse; what is left moves to where its quadric is least, because a
/// surface through points of a round one lies inside it (Garland and Heckbert, "Surface
/// simplification using quadric error metrics", SIGGRAPH 1997).
///
/// The collapse can pinch thin parts so that an edge gets more than two triangles, or a vertex more
/// than one fan of them; such places keep more triangles, because closed matters more than small. Faces that
/// cross get more, too, but a surface that comes with some may keep some.
pub fn simplify(surface: &Surface, target: usize) -> Surface {
    let target = target.max(4);
    if surface.triangles.len() <= target {
        return surface.clone();
    }
    let (fewest_crossings, least) = at_once(surface, target);
    if is_about(least.triangles.len(), target) {
        return least;
    }
    // What had to be kept was kept as fine as it came: it comes coarser after some steps on the way.
    let goals = std::iter::successors(Some(STEP * target), |goal| Some(STEP * goal));
    let goals: Vec<usize> = goals
        .take_while(|&goal| goal < surface.triangles.len())
        .collect();
    let (mut crossings, mut coarse) = (0, surface.clone());
    for goal in goals.into_iter().rev().chain([target; LAST_STEPS]) {
        if coarse.triangles.len() > goal {
            (crossings, coarse) = at_once(&coarse, goal);
        }
    }
    let is_better = crossings <= fewest_crossings && coarse.triangles.len() < least.triangles.len();
    if is_better { coarse } else { least }
}

/// Whether so many triangles are about as many as were asked for: not more than a twentieth on top.
pub fn is_about(triangles: usize, target: usize) -> bool {
    triangles <= target + target / 20
}

/// Does it in one step, or gives the surface back; with how many pairs of faces cross, if it is not that. Around
/// places that are no longer sound everything is locked as it came, and the collapse repeated.
fn at_once(surface: &Surface, target: usize) -> (usize, Surface) {
    let positions: Vec<[f32; 3]> = surface.positions.iter().map(|p| p.to_array()).collect();
    let mut locks = vec![SimplifyVertex::None; positions.len()];
    let mut closed: Vec<(usize, Surface)> = Vec::new();
    for _ in 0..ATTEMPTS {
        // What is locked comes on top, or the rest would have to pay for it.
        let is_kept =
            |t: &&[u32; 3]| (t.iter()).any(|&v| locks[v as usize] == SimplifyVertex::Lock);
        let kept = surface.triangles.iter().filter(is_kept).count();
        let mut positions = positions.clone();
        let mut indices = surface.triangles.as_flattened().to_vec();
        let left = meshopt::simplify_with_update(
            &mut indices,
            &mut positions,
            &mut [],
            &[],
            0,
            Some(&locks),
            3 * (target + kept).min(surface.triangles.len()),
            f32::MAX,
            SimplifyOptions::RegularizeLight,
            None,
        );
        let candidate = Surface {
            positions: positions.into_iter().map(Vec3::from).collect(),
            triangles: indices[..left].as_chunks::<3>().0.to_vec(),
        };
        let mut spots = Topology::trouble(&candidate);
        spots.extend(slivers(&candidate).flatten());
        if spots.is_empty() {
            let found = crossings(&candidate, &Bvh::of(&candidate), MOST_CROSSINGS);
            closed.push((found.pairs.len(), compacted(&candidate)));
            if found.pairs.is_empty() || found.is_capped || closed.len() > UNTANGLING {
                break;
            }
            let faces = found.pairs.as_flattened().iter();
            spots.extend(faces.flat_map(|&face| candidate.triangles[face as usize]));
        }
        spots.sort_unstable();
        spots.dedup();
        let reach = 0.5 * longest_edge_at(&candidate, &spots);
        let spots: Vec<Vec3> = spots
            .iter()
            .map(|&v| surface.positions[v as usize])
            .collect();
        for (lock, position) in locks.iter_mut().zip(&surface.positions) {
            let near = |spot: &Vec3| spot.distance_squared(*position) < reach * reach;
            if spots.iter().any(near) {
                *lock = SimplifyVertex::Lock;
            }
        }
    }
    let least_crossing = closed.into_iter().min_by_key(|(crossings, _)| *crossings);
    least_crossing.unwrap_or_else(|| (0, surface.clone()))
}

/// Triangles so thin that rounding (of a later scaling, of another program's units) could flatten
/// them.
fn slivers(surface: &Surface) -> impl Iterator<Item = [u32; 3]> {
    let (low, high) = bounds(&surface.positions);
    let thinnest = THINNEST * (high - low).max_element();
    surface.triangles.iter().copied().filter(move |t| {
        let [a, b, c] = t.map(|v| surface.positions[v as usize]);
        let longest = a.distance(b).max(b.distance(c)).max(c.distance(a));
        (b - a).cross(c - a).length() < thinnest * longest
    })
}

/// How far a collapse around these vertices can have reached.
fn longest_edge_at(surface: &Surface, vertices: &[u32]) -> f32 {
    let at = |v: u32| surface.positions[v as usize];
    let touching = surface
        .triangles
        .iter()
        .filter(|t| t.iter().any(|v| vertices.binary_search(v).is_ok()));
    touching
        .flat_map(|&[a, b, c]| {
            [
                at(a).distance(at(b)),
                at(b).distance(at(c)),
                at(c).distance(at(a)),
            ]
        })
        .fold(0.0, f32::max)
}

/// Drops the vertices that no triangle uses.
fn compacted(surface: &Surface) -> Surface {
    let mut used = vec![false; surface.positions.len()];
    for &vertex in surface.triangles.as_flattened() {
        used[vertex as usize] = true;
    }
    retain(surface, |vertex| used[vertex as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::measure::signed_volume;

    /// In the middle of a lattice of so many samples along each side.
    fn ball(n: usize, radius: f32) -> Surface {
        let middle = Vec3::splat((n - 1) as f32 / 2.0);
        isosurface(&Field {
            size: [n, n, n],
            values: (0..n * n * n)
                .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
                .map(|p| radius - p.distance(middle))
                .collect(),
        })
    }

    #[test]
    fn what_comes_crossed_takes_no_longer() {
        let ball = ball(96, 44.0);
        let took = |apart: f32| {
            let mut heap = Surface::default();
            for nth in 0..4 {
                let first = heap.positions.len() as u32;
                let moved = ball.positions.iter().map(|p| p + apart * nth as f32);
                heap.positions.extend(moved);
                let triangles = ball.triangles.iter();
                (heap.triangles).extend(triangles.map(|t| t.map(|vertex| vertex + first)));
            }
            let begun = std::time::Instant::now();
            assert!(simplify(&heap, 20_000).triangles.len() <= 20_000);
            begun.elapsed()
        };
        let (crossed, clean) = (took(10.0), took(100.0));
        assert!(crossed < 3 * clean, "{crossed:?}, not {clean:?}");
    }

    #[test]
    fn none_at_all_is_as_few_as_there_can_be() {
        let least = simplify(&ball(16, 5.0), 0);
        assert!(Topology::of(&least).is_closed_manifold());
        assert!(least.triangles.len() < 20, "{}", least.triangles.len());
    }

    #[test]
    fn a_torus_with_a_thin_spoke_stays_closed_and_keeps_its_volume() {
        let n = 64;
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| p - Vec3::splat(31.5))
            .map(|p| {
                let ring = 5.0 - ((p.truncate().length() - 22.0).powi(2) + p.z * p.z).sqrt();
                let spoke = 1.2 - (p.y * p.y + p.z * p.z).sqrt();
                ring.max(if p.x.abs() < 22.0 { spoke } else { -1.0 })
            })
            .collect();
        let fine = isosurface(&Field {
            size: [n, n, n],
            values,
        });
        for target in [200, 500, 2_000, 8_000] {
            let coarse = simplify(&fine, target);
            assert!(Topology::of(&coarse).is_closed_manifold());
            let count = coarse.triangles.len();
            // The spoke takes some of its own.
            assert!(is_about(count, target.max(280)), "{count} for {target}");
            let ratio = signed_volume(&coarse) / signed_volume(&fine);
            assert!(
                (ratio - 1.0).abs() < if target < 1000 { 0.2 } else { 0.02 },
                "{ratio}"
            );
        }
    }
}
