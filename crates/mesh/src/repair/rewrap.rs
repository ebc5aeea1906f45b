//! The last resort: a new surface around whatever the old one encloses, sampled on a grid.

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;
use crate::bvh::{Bvh, Winding};
use crate::components::keep_large;
use crate::isosurface::{Field, isosurface};
use crate::measure::bounds;
use crate::soup::weld;

/// Samples per side of a block that is looked at as a whole first.
const BLOCK: usize = 4;
/// Distances are known up to this many cells.
const BAND: f32 = 2.5;
/// How fast the field changes where the old surface has a hole, in cells per winding number.
const ACROSS_HOLES: f32 = 8.0;
/// A winding number this far from a half is not near a hole, so that no place nearby is on another
/// side without a surface in between.
const CLEAR: f32 = 0.35;
/// Nothing is between two places if the surface is so many times further from one than the other is.
const SAME_SIDE: f32 = 1.05;
/// Pieces smaller than this share of the largest are crumbs of the sampling.
const CRUMB: f64 = 1e-4;
/// New vertices are drawn onto the old surface from this many cells away.
const PULL: f32 = 0.6;
/// Faces may not tilt further than this (cosine) in doing so.
const TILT: f32 = 0.3;

/// Wraps `surface`, `cells` along its longest side. Closed and manifold; empty if nothing is
/// enclosed. Gaps are bridged, crossing pieces become one, details below a cell are lost.
pub(super) fn rewrap(surface: &Surface, cells: usize) -> Surface {
    let (low, high) = bounds(&surface.positions);
    let cell = (high - low).max_element() / cells as f32;
    if !(cell > 0.0 && cell.is_finite()) {
        return Surface::default();
    }
    // Not where flat sides of models are wont to be, or samples would lie exactly on them.
    let origin = low - (3.0 + Vec3::new(0.37, 0.41, 0.47)) * cell;
    let size = ((high - low) / cell)
        .to_array()
        .map(|n| (n.ceil() as usize + 8).next_multiple_of(BLOCK));
    let bvh = Bvh::of(surface);
    let values = field(&bvh, origin, cell, size);
    let mut wrapped = isosurface(&Field { size, values });
    wrapped
        .positions
        .iter_mut()
        .for_each(|p| *p = origin + *p * cell);
    let mut wrapped = keep_large(&wrapped, CRUMB);
    pull(&mut wrapped, &bvh, PULL * cell);
    wrapped
}

/// Signed distance, as far as it matters.
fn field(bvh: &Bvh, origin: Vec3, cell: f32, size: [usize; 3]) -> Vec<f32> {
    let winding = Winding::of(bvh);
    let [nx, ny, nz] = size;
    let place =
        |x: usize, y: usize, z: usize| origin + Vec3::new(x as f32, y as f32, z as f32) * cell;
    let half = (BLOCK - 1) as f32 / 2.0;
    let radius = half * 3.0_f32.sqrt() * cell;
    let one_block = |bx: usize, by: usize, bz: usize| -> [f32; BLOCK * BLOCK * BLOCK] {
        let middle = place(bx, by, bz) + half * cell;
        let around = winding.at(middle) - 0.5;
        let nearest = bvh.nearest(middle, radius + BAND * cell);
        let is_clear = around.abs() > CLEAR;
        if nearest.is_none() && is_clear {
            return [BAND.copysign(around); BLOCK * BLOCK * BLOCK];
        }
        let is_whole = is_clear && nearest.is_none_or(|near| near.distance > SAME_SIDE * radius);
        let mut looked_at = [None; BLOCK * BLOCK * BLOCK];
        std::array::from_fn(|i| {
            let [x, y, z] = [i % BLOCK, i / BLOCK % BLOCK, i / BLOCK / BLOCK];
            let point = place(bx + x, by + y, bz + z);
            let distance = bvh
                .nearest(point, BAND * cell)
                .map_or(BAND, |near| near.distance / cell);
            // A neighbour on the same side of the surface tells as well.
            let mut told = [(x, 1), (y, BLOCK), (z, BLOCK * BLOCK)]
                .into_iter()
                .filter(|&(at, _)| at > 0 && distance > SAME_SIDE)
                .filter_map(|(_, step)| looked_at[i - step])
                .filter(|inside: &f32| inside.abs() > CLEAR);
            let inside = if is_whole {
                around
            } else if let Some(inside) = told.next() {
                inside
            } else {
                let inside = winding.at(point) - 0.5;
                looked_at[i] = Some(inside);
                inside
            };
            distance.min(ACROSS_HOLES * inside.abs()).copysign(inside)
        })
    };
    let mut values = vec![0.0; nx * ny * nz];
    values
        .par_chunks_mut(nx * ny * BLOCK)
        .enumerate()
        .for_each(|(layer, slab)| {
            for by in (0..ny).step_by(BLOCK) {
                for bx in (0..nx).step_by(BLOCK) {
                    let block = one_block(bx, by, layer * BLOCK);
                    for (i, value) in block.into_iter().enumerate() {
                        let (x, y, z) = (bx + i % BLOCK, by + i / BLOCK % BLOCK, i / BLOCK / BLOCK);
                        slab[(z * ny + y) * nx + x] = value;
                    }
                }
            }
        });
    values
}

/// Moves vertices onto the old surface, but no face over.
fn pull(surface: &mut Surface, bvh: &Bvh, within: f32) {
    let before = surface.positions.clone();
    surface.positions = before
        .par_iter()
        .map(|&p| bvh.nearest(p, within).map_or(p, |near| near.point))
        .collect();
    let normal = |positions: &[Vec3], t: &[u32; 3]| {
        let [a, b, c] = t.map(|v| positions[v as usize]);
        (b - a).cross(c - a)
    };
    // Undoing one move can spoil a neighbour's face: a few rounds, then everything is undone.
    for round in 0..8 {
        let (ids, merged) = weld(&surface.positions);
        let mut users = vec![0; merged.len()];
        ids.iter().for_each(|&id| users[id as usize] += 1);
        let is_shared = |vertex: u32| users[ids[vertex as usize] as usize] > 1;
        let spoiled: Vec<[u32; 3]> = surface
            .triangles
            .par_iter()
            .filter(|t| {
                let (old, new) = (normal(&before, t), normal(&surface.positions, t));
                let is_small = new.length() < 0.02 * old.length();
                is_small
                    || t.iter().any(|&v| is_shared(v))
                    || old.dot(new) < TILT * old.length() * new.length()
            })
            .copied()
            .collect();
        if spoiled.is_empty() {
            return;
        }
        for vertex in spoiled.into_flattened() {
            surface.positions[vertex as usize] = before[vertex as usize];
        }
        if round == 7 {
            surface.positions.clone_from(&before);
        }
    }
}
