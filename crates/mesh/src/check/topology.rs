//! How the faces hang together: holes, crowded edges, pinched vertices, shells.

use std::collections::HashMap;

use super::{Marks, Report};
use crate::Surface;
use crate::soup::{Shells, Side, corners, doubled_normal, edges, fans, shells, sides, weld};

/// The usable part of a surface and what is known of it.
pub(super) struct Topology {
    /// Equal positions are one vertex; only faces with three different finite corners.
    pub welded: Surface,
    /// The input's number of each face.
    pub origin: Vec<u32>,
    pub shells: Shells,
    /// Edges whose two faces walk them in the same direction.
    pub disagreeing: usize,
    sides: Vec<Side>,
    not_finite: usize,
    collapsed: usize,
    duplicate: usize,
}

impl Topology {
    pub(super) fn of(surface: &Surface) -> Self {
        let (ids, positions) = weld(&surface.positions);
        let mut origin = Vec::new();
        let mut triangles = Vec::new();
        let (mut not_finite, mut collapsed) = (0, 0);
        for (face, triangle) in (0..).zip(&surface.triangles) {
            let [a, b, c] = triangle.map(|vertex| ids[vertex as usize]);
            if !corners(surface, face)
                .iter()
                .all(|corner| corner.is_finite())
            {
                not_finite += 1;
            } else if a == b || b == c || c == a {
                collapsed += 1;
            } else {
                origin.push(face);
                triangles.push([a, b, c]);
            }
        }
        let mut used = vec![false; positions.len()];
        for &vertex in triangles.as_flattened() {
            used[vertex as usize] = true;
        }
        let welded = crate::components::retain(
            &Surface {
                positions,
                triangles,
            },
            |v| used[v as usize],
        );
        let sides = sides(&welded.triangles);
        let mut joined = Vec::new();
        let mut is_open = vec![false; welded.triangles.len()];
        let mut disagreeing = 0;
        let repeats = repeats(&welded.triangles);
        for (face, original) in (0..).zip(&repeats) {
            // A repeated face belongs to the piece of the first.
            if let Some(original) = *original {
                let same = is_even(
                    welded.triangles[face as usize],
                    welded.triangles[original as usize],
                );
                joined.push((original, face, !same));
            }
        }
        let is_first = |side: &&Side| repeats[side.face as usize].is_none();
        for edge in edges(&sides) {
            let firsts: Vec<Side> = edge.iter().filter(is_first).copied().collect();
            match firsts.as_slice() {
                [one, other] => {
                    joined.push((one.face, other.face, one.up == other.up));
                    disagreeing += usize::from(one.up == other.up);
                }
                [only] => is_open[only.face as usize] = true,
                // An even crowd is closed in itself: two cubes that touch along an edge.
                crowd if crowd.len() % 2 == 1 => {
                    crowd
                        .iter()
                        .for_each(|side| is_open[side.face as usize] = true);
                }
                _ => {}
            }
        }
        let shells = shells(&welded, &joined, &is_open);
        let duplicate = repeats.iter().flatten().count();
        Self {
            duplicate,
            welded,
            origin,
            shells,
            disagreeing,
            sides,
            not_finite,
            collapsed,
        }
    }

    /// Fills in the report's counts and marks the faces concerned.
    pub(super) fn describe(&self, report: &mut Report, scale: f32) {
        let mut is_odd = false;
        let mut mark =
            |face: u32, mark| report.marks[self.origin[face as usize] as usize].add(mark);
        let mut is_crowded = vec![false; self.welded.positions.len()];
        let mut open = Vec::new();
        for edge in edges(&self.sides) {
            is_odd |= edge.len() % 2 == 1;
            match edge {
                [only] => {
                    mark(only.face, Marks::HOLE);
                    open.push(only.ends);
                }
                [_, _] => {}
                crowd => {
                    report.crowded_edges += 1;
                    crowd
                        .iter()
                        .for_each(|side| mark(side.face, Marks::NON_MANIFOLD));
                    crowd[0]
                        .ends
                        .iter()
                        .for_each(|&v| is_crowded[v as usize] = true);
                }
            }
        }
        let pinched = self.pinched(&is_crowded);
        for (face, triangle) in (0..).zip(&self.welded.triangles) {
            if triangle.iter().any(|&vertex| pinched[vertex as usize]) {
                mark(face, Marks::NON_MANIFOLD);
            }
        }
        let flat = |&face: &u32| doubled_normal(corners(&self.welded, face)).length() <= 0.0;
        let count = self.welded.triangles.len() as u32;
        report.not_finite = self.not_finite;
        report.degenerate = self.collapsed + (0..count).filter(flat).count();
        report.duplicate = self.duplicate;
        report.pinched_vertices = pinched.iter().filter(|&&pinched| pinched).count();
        report.open_edges = open.len();
        report.holes = self
            .holes(&open)
            .into_iter()
            .map(|length| length * scale)
            .collect();
        report.watertight = count > 0 && !is_odd;
        report.manifold = report.crowded_edges == 0 && report.pinched_vertices == 0;
    }

    /// Vertices whose faces form more than one fan. Ends of crowded edges are known already.
    fn pinched(&self, is_crowded: &[bool]) -> Vec<bool> {
        let mut fans = fans(self.welded.triangles.len() * 3, &self.sides);
        let mut fan_of = vec![u32::MAX; self.welded.positions.len()];
        let mut pinched = vec![false; self.welded.positions.len()];
        for (corner, &vertex) in (0..).zip(self.welded.triangles.as_flattened()) {
            let fan = fans.find(corner);
            let known = &mut fan_of[vertex as usize];
            if *known == u32::MAX {
                *known = fan;
            }
            pinched[vertex as usize] |= *known != fan && !is_crowded[vertex as usize];
        }
        pinched
    }

    /// The lengths of the loops (or open chains) that single edges form, longest first.
    fn holes(&self, open: &[[u32; 2]]) -> Vec<f32> {
        let mut ends: Vec<(u32, u32)> = (0..)
            .zip(open)
            .flat_map(|(edge, &[a, b])| [(a, edge), (b, edge)])
            .collect();
        ends.sort_unstable();
        let mut used = vec![false; open.len()];
        let at = |vertex: u32| self.welded.positions[vertex as usize];
        let mut lengths = Vec::new();
        for start in 0..open.len() {
            if used[start] {
                continue;
            }
            let mut length = 0.0;
            let (mut edge, mut vertex) = (start, open[start][1]);
            loop {
                used[edge] = true;
                let [a, b] = open[edge];
                length += at(a).distance(at(b));
                let first = ends.partition_point(|&(v, _)| v < vertex);
                let next = ends[first..]
                    .iter()
                    .take_while(|&&(v, _)| v == vertex)
                    .find(|&&(_, edge)| !used[edge as usize]);
                // Where another hole touches, the walk ends once it is back at its start.
                match next {
                    Some(&(_, next)) if vertex != open[start][0] => {
                        edge = next as usize;
                        let [a, b] = open[edge];
                        vertex = if a == vertex { b } else { a };
                    }
                    _ => break,
                }
            }
            lengths.push(length);
        }
        lengths.sort_unstable_by(|a: &f32, b| b.total_cmp(a));
        lengths
    }
}

/// For each face that has the same corners as an earlier one, which that is.
fn repeats(triangles: &[[u32; 3]]) -> Vec<Option<u32>> {
    let mut known = HashMap::with_capacity(triangles.len());
    (0..)
        .zip(triangles)
        .map(|(face, &(mut sorted))| {
            sorted.sort_unstable();
            let first = *known.entry(sorted).or_insert(face);
            (first != face).then_some(first)
        })
        .collect()
}

/// Whether two faces with the same corners walk them in the same direction.
fn is_even(one: [u32; 3], other: [u32; 3]) -> bool {
    (0..3).any(|turn| std::array::from_fn(|i| other[(i + turn) % 3]) == one)
}
