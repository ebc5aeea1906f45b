//! The cross field and the lattice field: which way quads run and where their corners lie
//! ("Instant Field-Aligned Meshes", sections 4 and 5).

use glam::Vec3;
use rayon::prelude::*;

use super::frame::{Frame, matching_directions, matching_points, nearest_point, tangent};
use super::hierarchy::Level;

/// Sweeps on every level, for each field.
const SWEEPS: usize = 6;
/// Vertices per parallel task; fewer are not worth handing over.
const TASK: usize = 512;

/// A frame for every vertex of the finest level. `spacing` is the lattice's, in the surface's
/// unit; each frame's origin is its lattice point nearest to the vertex.
pub(super) fn frames(levels: &[Level], spacing: f32) -> Vec<Frame> {
    let mut frames: Vec<Vec<Frame>> = levels.iter().map(start).collect();
    descend(levels, &mut frames, turned, |frame, parent| Frame {
        direction: tangent(parent.direction, frame.normal),
        ..frame
    });
    let shift = |frame: Frame, around: &[Weighted]| shifted(frame, around, spacing);
    descend(levels, &mut frames, shift, |frame, parent| Frame {
        origin: flattened(parent.origin, &frame),
        ..frame
    });
    frames.swap_remove(0)
}

/// Crosses that stand upright, since most objects do, and lattices through the vertices.
fn start(level: &Level) -> Vec<Frame> {
    let frame = |(&position, &normal): (&Vec3, &Vec3)| Frame {
        position,
        normal,
        direction: tangent(Vec3::Y, normal),
        origin: position,
    };
    level
        .positions
        .iter()
        .zip(&level.normals)
        .map(frame)
        .collect()
}

/// A neighbour and how much it counts.
type Weighted<'a> = (&'a Frame, f32);

/// Improves the coarsest level first; every finer one starts from what its parents found.
fn descend(
    levels: &[Level],
    frames: &mut [Vec<Frame>],
    improved: impl Fn(Frame, &[Weighted]) -> Frame + Sync,
    inherited: impl Fn(Frame, &Frame) -> Frame + Sync,
) {
    for (depth, level) in levels.iter().enumerate().rev() {
        let (fine, coarse) = frames.split_at_mut(depth + 1);
        let fine = &mut fine[depth];
        if let Some(coarse) = coarse.first() {
            for (frame, &parent) in fine.iter_mut().zip(&level.parents) {
                *frame = inherited(*frame, &coarse[parent as usize]);
            }
        }
        for _ in 0..SWEEPS {
            for group in &level.groups {
                let vertices = group.par_iter().with_min_len(TASK);
                let changed: Vec<Frame> = vertices
                    .map(|&vertex| {
                        let edges = level.edges(vertex).iter();
                        let around = edges.map(|&(to, weight)| (&fine[to as usize], weight));
                        improved(fine[vertex as usize], &around.collect::<Vec<Weighted>>())
                    })
                    .collect();
                for (&vertex, frame) in group.iter().zip(changed) {
                    fine[vertex as usize] = frame;
                }
            }
        }
    }
}

/// Turns the cross towards the mean of its neighbours'.
fn turned(mut frame: Frame, around: &[Weighted]) -> Frame {
    let mut total = 0.0;
    for &(other, weight) in around {
        let (ours, theirs) = matching_directions(&frame, other);
        frame.direction = tangent(ours * total + theirs * weight, frame.normal);
        total += weight;
    }
    frame
}

/// Moves the lattice towards the mean of its neighbours'.
fn shifted(mut frame: Frame, around: &[Weighted], spacing: f32) -> Frame {
    let mut total = 0.0;
    for &(other, weight) in around {
        let points = matching_points(&frame, other, spacing);
        let mean = (points.ours * total + points.theirs * weight) / (total + weight);
        frame.origin = flattened(mean, &frame);
        total += weight;
    }
    frame.origin = nearest_point(&frame, spacing);
    frame
}

/// The point moved straight into the frame's tangent plane.
fn flattened(point: Vec3, frame: &Frame) -> Vec3 {
    point - frame.normal.dot(point - frame.position) * frame.normal
}
