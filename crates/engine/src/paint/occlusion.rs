//! How much of its surroundings each point of the surface sees (ambient occlusion).

use glam::{Mat3, Vec3};
use mesh::bvh::Bvh;
use mesh::{Surface, measure};
use rayon::prelude::*;

/// Rays per vertex.
const RAYS: usize = 48;
/// What is farther away than this share of the longest side hides nothing: light gets in between.
const REACH: f32 = 0.35;
/// Rays start this share of the longest side above the surface.
const CLEAR: f32 = 2e-3;

/// 1 in the open to 0 in a closed hole, for every vertex.
pub(super) fn occlusion(surface: &Surface, normals: &[Vec3]) -> Vec<f32> {
    let (low, high) = measure::bounds(&surface.positions);
    let longest = (high - low).max_element();
    let bvh = Bvh::of(surface);
    let directions = directions();
    surface
        .positions
        .par_iter()
        .zip(normals)
        .map(|(&position, &normal)| {
            let (u, v) = normal.any_orthonormal_pair();
            let frame = Mat3::from_cols(u, v, normal);
            let origin = position + normal * (CLEAR * longest);
            let hidden: f32 = directions
                .iter()
                .filter_map(|&direction| bvh.ray(origin, frame * direction, 0.0..REACH * longest))
                .map(|hit| 1.0 - hit.distance / (REACH * longest))
                .sum();
            1.0 - hidden / RAYS as f32
        })
        .collect()
}

/// Directions around +Z, the denser the steeper (cosine-weighted), along a spiral of golden angles.
fn directions() -> Vec<Vec3> {
    const GOLDEN_ANGLE: f32 = 2.399_963;
    (0..RAYS)
        .map(|i| {
            let squared = (i as f32 + 0.5) / RAYS as f32;
            let (sin, cos) = (i as f32 * GOLDEN_ANGLE).sin_cos();
            let radius = squared.sqrt();
            Vec3::new(radius * cos, radius * sin, (1.0 - squared).sqrt())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_sees_everything_and_the_floor_beside_a_wall_half() {
        let open = Surface::cuboid(Vec3::ZERO, Vec3::ONE);
        let normals: Vec<Vec3> = (open.positions.iter())
            .map(|p| (p - Vec3::splat(0.5)).normalize())
            .collect();
        assert!(occlusion(&open, &normals).iter().all(|&seen| seen == 1.0));

        // A tall wall right behind a point of the floor hides half of a half-space's light.
        let mut wall = Surface::cuboid(Vec3::new(-50.0, 0.0, -1.0), Vec3::new(50.0, 100.0, -1e-3));
        wall.positions.push(Vec3::ZERO);
        let mut normals = vec![Vec3::Y; 8];
        normals.push(Vec3::Y);
        let seen = occlusion(&wall, &normals)[8];
        assert!((0.45..0.6).contains(&seen), "{seen}");
    }
}
