//! A patch over a large hole, made as fine as its surroundings and smooth.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use glam::Vec3;

use super::fill::sorted;
use crate::Surface;

/// Edges inside a patch are at most this much longer than those around it.
const COARSEST: f32 = 1.6;
/// Vertices that a patch may get, per corner of its border.
const VERTICES_PER_CORNER: usize = 40;
/// Rounds of moving new vertices to the middle of their neighbours.
const ROUNDS: usize = 30;

/// Adds the triangles of `patch`, which close `ring`, with long edges halved and smoothed.
pub(super) fn refine(surface: &mut Surface, ring: &[u32], patch: Vec<[u32; 3]>) {
    let at = |v: u32| surface.positions[v as usize];
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    let spacing = pairs.map(|(&a, &b)| at(a).distance(at(b))).sum::<f32>() / ring.len() as f32;
    let first_new = surface.positions.len() as u32;
    let triangles = halve(
        &mut surface.positions,
        patch,
        COARSEST * spacing,
        ring.len() * VERTICES_PER_CORNER,
    );
    smooth(&mut surface.positions, &triangles, first_new);
    surface.triangles.extend(triangles);
}

/// Halves inner edges longer than `longest`, the longest first.
fn halve(
    positions: &mut Vec<Vec3>,
    mut triangles: Vec<[u32; 3]>,
    longest: f32,
    most: usize,
) -> Vec<[u32; 3]> {
    let mut faces_at: BTreeMap<[u32; 2], Vec<usize>> = BTreeMap::new();
    let sides = |[a, b, c]: [u32; 3]| [[a, b], [b, c], [c, a]].map(sorted);
    for (face, &triangle) in triangles.iter().enumerate() {
        for edge in sides(triangle) {
            faces_at.entry(edge).or_default().push(face);
        }
    }
    let length = |positions: &[Vec3], [a, b]: [u32; 2]| {
        positions[a as usize]
            .distance(positions[b as usize])
            .to_bits()
    };
    let mut queue: BinaryHeap<_> = faces_at
        .keys()
        .map(|&edge| (length(positions, edge), Reverse(edge)))
        .collect();
    let limit = positions.len() + most;
    while let Some((bits, Reverse(edge))) = queue.pop() {
        if f32::from_bits(bits) <= longest || positions.len() >= limit {
            break;
        }
        // The border's own edges have one face here.
        let Some(&[one, other]) = faces_at.get(&edge).map(Vec::as_slice) else {
            continue;
        };
        // Beside a long border edge the halves would stay long, and thinner each time.
        let is_longest = |face: usize| {
            sides(triangles[face])
                .into_iter()
                .all(|side| length(positions, side) <= bits)
        };
        if !is_longest(one) || !is_longest(other) {
            continue;
        }
        let middle = positions.len() as u32;
        positions.push(positions[edge[0] as usize].midpoint(positions[edge[1] as usize]));
        faces_at.remove(&edge);
        for face in [one, other] {
            let old = triangles[face];
            let replaced = |v: u32| old.map(|w| if w == v { middle } else { w });
            let new_face = triangles.len();
            let (keeps_first, keeps_second) = (replaced(edge[1]), replaced(edge[0]));
            triangles[face] = keeps_first;
            triangles.push(keeps_second);
            // The side that went over to the new face.
            for side in sides(keeps_second) {
                let list = faces_at.entry(side).or_default();
                match list.iter_mut().find(|known| **known == face) {
                    Some(known) if !side.contains(&middle) => *known = new_face,
                    _ => list.push(new_face),
                }
            }
            for side in sides(keeps_first)
                .into_iter()
                .filter(|side| side.contains(&middle))
            {
                faces_at.entry(side).or_default().push(face);
            }
        }
        let mut around: Vec<u32> = [one, other].iter().flat_map(|&f| triangles[f]).collect();
        around.extend(edge);
        around.sort_unstable();
        around.dedup();
        for &end in around.iter().filter(|&&v| v != middle) {
            let side = sorted([end, middle]);
            queue.push((length(positions, side), Reverse(side)));
        }
    }
    triangles
}

/// The membrane between the vertices that were there before.
fn smooth(positions: &mut [Vec3], triangles: &[[u32; 3]], first_new: u32) {
    let count = positions.len() - first_new as usize;
    for _ in 0..ROUNDS {
        let mut sums = vec![(Vec3::ZERO, 0.0_f32); count];
        for &[a, b, c] in triangles {
            for (vertex, others) in [(a, b), (b, c), (c, a)] {
                if vertex >= first_new {
                    let (sum, number) = &mut sums[(vertex - first_new) as usize];
                    *sum += positions[others as usize];
                    *number += 1.0;
                }
            }
        }
        for (position, (sum, number)) in positions[first_new as usize..].iter_mut().zip(sums) {
            if number > 0.0 {
                *position = sum / number;
            }
        }
    }
}
