//! Which cells of a grid lie inside a model.

use glam::{Vec2, Vec3};
use mesh::Model;
use mesh::raster::{Clip, rasterize};

/// Cells per side.
const SIDE: u32 = 64;
/// The grid reaches from minus to plus this: the longest side, 1, with room for an aligned model
/// that is a little larger and a little beside.
const REACH: f32 = 0.6;

/// One flag per cell.
pub struct Solid(Vec<bool>);

impl Solid {
    /// A cell is inside if most of the three lines through its centre, along the axes, say so by
    /// having crossed the surface an odd number of times. Lines that cross it an odd number of
    /// times in all have met a hole and say nothing.
    pub fn of(model: &Model) -> Self {
        let mut votes = vec![0_i8; (SIDE * SIDE * SIDE) as usize];
        for axis in 0..3 {
            vote(model, axis, &mut votes);
        }
        Self(votes.into_iter().map(|votes| votes > 0).collect())
    }

    /// Cells inside both, as a share of the cells inside either.
    pub fn iou(&self, other: &Self) -> f64 {
        let count = |of: fn(bool, bool) -> bool| {
            self.0
                .iter()
                .zip(&other.0)
                .filter(|&(&a, &b)| of(a, b))
                .count() as f64
        };
        count(|a, b| a && b) / count(|a, b| a || b).max(1.0)
    }
}

fn vote(model: &Model, axis: usize, votes: &mut [i8]) {
    let (across, down) = ((axis + 1) % 3, (axis + 2) % 3);
    let cells: Vec<Vec3> = model
        .positions
        .iter()
        .map(|&p| (p + REACH) * (SIDE as f32 / (2.0 * REACH)))
        .collect();
    let clip = Clip {
        x: 0..SIDE,
        y: 0..SIDE,
    };
    let mut crossings = vec![Vec::new(); (SIDE * SIDE) as usize];
    for triangle in &model.triangles {
        let corners = triangle.map(|v| cells[v as usize]);
        let heights = Vec3::from(corners.map(|p| p[axis]));
        let flat = corners.map(|p| Vec2::new(p[across], p[down]));
        rasterize(flat, &clip, |x, y, weights| {
            crossings[(y * SIDE + x) as usize].push(weights.dot(heights));
        });
    }
    for (line, crossings) in (0..).zip(&mut crossings) {
        if crossings.len() % 2 == 1 {
            continue;
        }
        crossings.sort_unstable_by(f32::total_cmp);
        for cell in 0..SIDE {
            let below = crossings.partition_point(|&at| at < cell as f32 + 0.5);
            let mut place = [0; 3];
            (place[axis], place[across], place[down]) = (cell, line % SIDE, line / SIDE);
            let index = (place[2] * SIDE + place[1]) * SIDE + place[0];
            votes[index as usize] += if below % 2 == 1 { 1 } else { -1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::Similarity;
    use mesh::Surface;

    use crate::ellipsoid::ellipsoid;

    fn cuboid(low: Vec3, high: Vec3) -> Model {
        let body = Surface::cuboid(low, high);
        Model {
            positions: body.positions,
            triangles: body.triangles,
            ..ellipsoid(Vec3::ONE)
        }
    }

    #[test]
    fn two_boxes_overlap_as_much_as_they_do() {
        let a = cuboid(Vec3::splat(-0.5), Vec3::splat(0.5));
        let b = cuboid(Vec3::splat(-0.5), Vec3::new(0.0, 0.5, 0.5));
        assert!((Solid::of(&a).iou(&Solid::of(&a)) - 1.0).abs() < 1e-9);
        assert!((Solid::of(&a).iou(&Solid::of(&b)) - 0.5).abs() < 0.03);
    }

    #[test]
    fn a_hole_does_not_spoil_the_solid() {
        let whole = ellipsoid(Vec3::splat(0.45));
        let mut holed = whole.clone();
        holed
            .triangles
            .retain(|t| whole.positions[t[0] as usize].y < 0.44);
        assert!(holed.triangles.len() < whole.triangles.len());
        assert!(Solid::of(&whole).iou(&Solid::of(&holed)) > 0.97);
    }

    #[test]
    fn shifted_apart_means_no_overlap() {
        let ball = ellipsoid(Vec3::splat(0.2));
        let by = Similarity {
            translation: Vec3::X * 0.4,
            ..Similarity::IDENTITY
        };
        assert!(Solid::of(&ball).iou(&Solid::of(&by.model(&ball))) < 0.01);
    }
}
