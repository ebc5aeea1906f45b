//! Which faces lie together on one flat island.

use std::collections::HashMap;

use glam::{Vec2, Vec3};

use super::Side;
use crate::Surface;
use crate::raster::{Clip, rasterize};

/// A face moves to its neighbours' side only if it faces that side at least this much.
const LEAST_FACING: f32 = 0.15;
/// Rounds of letting neighbours decide.
const ROUNDS: usize = 4;
/// The grid on which overlaps are looked for has this many cells across the largest island.
const OVERLAP_GRID: f32 = 768.0;
/// How often overlapping faces are moved to islands of their own.
const SPLITS: u32 = 6;

/// An island: faces and where their corners lie on the sheet.
pub(super) struct Chart {
    pub faces: Vec<u32>,
    /// Corners of each face on the sheet, already scaled by the side's density.
    pub sheet: Vec<[Vec2; 3]>,
    /// Smallest coordinates on the sheet.
    pub low: Vec2,
    high: Vec2,
}

impl Chart {
    fn new(faces: Vec<u32>, surface: &Surface, side: &Side) -> Self {
        let sheet: Vec<[Vec2; 3]> = faces
            .iter()
            .map(|&face| {
                surface.triangles[face as usize]
                    .map(|v| (side.flatten)(surface.positions[v as usize]) * side.density)
            })
            .collect();
        let corners = || sheet.iter().flatten();
        let low = corners().fold(Vec2::INFINITY, |low, &p| low.min(p));
        let high = corners().fold(Vec2::NEG_INFINITY, |high, &p| high.max(p));
        Self {
            faces,
            sheet,
            low,
            high,
        }
    }

    /// Width and height on the sheet.
    pub(super) fn extent(&self) -> Vec2 {
        self.high - self.low
    }
}

/// Cuts the surface into islands, each flattened along one side without overlaps. The first
/// `2 * quads` faces stay together in pairs.
pub(super) fn charts(surface: &Surface, quads: usize, sides: &[Side]) -> Vec<Chart> {
    let neighbours = face_neighbours(surface);
    let side_of = nearest_sides(surface, quads, sides, &neighbours);
    // A face taken out of an island because it overlapped gets a new colour, so that it can't
    // rejoin the island it came from.
    let mut colour = vec![0_u32; side_of.len()];
    let mut split = 0;
    loop {
        let charts: Vec<(Chart, &Side)> = islands(&side_of, &colour, &neighbours)
            .into_iter()
            .map(|faces| {
                let side = &sides[side_of[faces[0] as usize]];
                (Chart::new(faces, surface, side), side)
            })
            .collect();
        let widest = charts
            .iter()
            .map(|(chart, _)| chart.extent().max_element())
            .fold(0.0, f32::max);
        let cells = OVERLAP_GRID / widest.max(f32::MIN_POSITIVE);
        let ejected: Vec<u32> = if split < SPLITS {
            charts
                .iter()
                .flat_map(|(chart, side)| overlapping(chart, surface, side, cells))
                .collect()
        } else {
            Vec::new()
        };
        if ejected.is_empty() {
            return charts.into_iter().map(|(chart, _)| chart).collect();
        }
        split += 1;
        for face in ejected {
            colour[face as usize] = split;
            colour[other_half(face as usize, quads)] = split;
        }
    }
}

/// The up to three faces across each face's edges; `u32::MAX` for none.
fn face_neighbours(surface: &Surface) -> Vec<[u32; 3]> {
    let mut open = HashMap::with_capacity(surface.triangles.len() * 2);
    let mut neighbours = vec![[u32::MAX; 3]; surface.triangles.len()];
    for (face, &[a, b, c]) in surface.triangles.iter().enumerate() {
        for (k, (from, to)) in [(a, b), (b, c), (c, a)].into_iter().enumerate() {
            if let Some((other, other_k)) = open.remove(&(to, from)) {
                neighbours[face][k] = other;
                neighbours[other as usize][other_k] = face as u32;
            } else {
                open.insert((from, to), (face as u32, k));
            }
        }
    }
    neighbours
}

/// The face that must stay with this one; itself if none.
fn other_half(face: usize, quads: usize) -> usize {
    if face < 2 * quads { face ^ 1 } else { face }
}

/// The side each face is flattened along: the one it faces most, then evened out so that islands
/// don't fray.
fn nearest_sides(
    surface: &Surface,
    quads: usize,
    sides: &[Side],
    neighbours: &[[u32; 3]],
) -> Vec<usize> {
    let face_facing = |face: usize, side: usize| {
        let [a, b, c] = surface.triangles[face].map(|v| surface.positions[v as usize]);
        let normal = (b - a).cross(c - a).try_normalize().unwrap_or(Vec3::Z);
        (sides[side].facing)((a + b + c) / 3.0, normal)
    };
    // A quad faces a side as much as that half does which faces it less: neither may be mirrored.
    let facing = |face: usize, side: usize| match other_half(face, quads) {
        other if other == face => face_facing(face, side),
        other => face_facing(face, side).min(face_facing(other, side)),
    };
    let mut side_of: Vec<usize> = (0..surface.triangles.len())
        .map(|face| {
            let score = |side: usize| {
                let facing = facing(face, side);
                if facing > LEAST_FACING {
                    facing + sides[side].bonus
                } else {
                    facing
                }
            };
            (0..sides.len())
                .max_by(|&p, &q| score(p).total_cmp(&score(q)))
                .unwrap_or(0)
        })
        .collect();
    for _ in 0..ROUNDS {
        let before = side_of.clone();
        for face in 0..side_of.len() {
            let other = other_half(face, quads);
            if other < face {
                continue;
            }
            let halves = [face, other];
            let around = halves[..if other == face { 1 } else { 2 }].iter();
            let outer: Vec<usize> = around
                .flat_map(|&half| neighbours[half])
                .map(|next| next as usize)
                .filter(|next| !halves.contains(next))
                .filter_map(|next| before.get(next).copied())
                .collect();
            let edges = if other == face { 3 } else { 4 };
            let votes = |side: usize| outer.iter().filter(|&&wish| wish == side).count();
            let majority = outer.iter().copied().find(|&side| 2 * votes(side) > edges);
            if let Some(side) = majority
                && side != before[face]
                && facing(face, side) > LEAST_FACING
            {
                side_of[face] = side;
                side_of[other] = side;
            }
        }
    }
    side_of
}

/// Connected faces of equal side and colour, in order of their first face.
fn islands(side_of: &[usize], colour: &[u32], neighbours: &[[u32; 3]]) -> Vec<Vec<u32>> {
    let mut seen = vec![false; side_of.len()];
    let mut islands = Vec::new();
    for start in 0..side_of.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut faces = vec![start as u32];
        let mut at = 0;
        while let Some(&face) = faces.get(at) {
            at += 1;
            let face = face as usize;
            for &next in &neighbours[face] {
                let same = |next: usize| {
                    !seen[next] && side_of[next] == side_of[face] && colour[next] == colour[face]
                };
                if next != u32::MAX && same(next as usize) {
                    seen[next as usize] = true;
                    faces.push(next);
                }
            }
        }
        islands.push(faces);
    }
    islands
}

/// The faces of an island that lie on the sheet behind nearer ones of the same island, looked at on
/// a grid of `cells` per unit of the sheet.
fn overlapping(chart: &Chart, surface: &Surface, side: &Side, cells: f32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..chart.faces.len()).collect();
    let nearness: Vec<f32> = chart
        .faces
        .iter()
        .map(|&face| {
            let corners = surface.triangles[face as usize].map(|v| surface.positions[v as usize]);
            (side.nearness)((corners[0] + corners[1] + corners[2]) / 3.0)
        })
        .collect();
    order.sort_by(|&p, &q| nearness[q].total_cmp(&nearness[p]));
    let extent = chart.extent();
    let (width, height) = ((extent.x * cells) as u32 + 2, (extent.y * cells) as u32 + 2);
    let clip = Clip {
        x: 0..width,
        y: 0..height,
    };
    let mut taken = vec![false; width as usize * height as usize];
    let mut behind = Vec::new();
    for at in order {
        let corners = chart.sheet[at].map(|p| (p - chart.low) * cells + 0.5);
        let (mut covered, mut shared) = (0, 0);
        rasterize(corners, &clip, |x, y, _| {
            covered += 1;
            shared += u32::from(taken[(y * width + x) as usize]);
        });
        if shared > 0 {
            behind.push(chart.faces[at]);
        } else if covered > 0 {
            rasterize(corners, &clip, |x, y, _| {
                taken[(y * width + x) as usize] = true
            });
        }
    }
    behind
}
