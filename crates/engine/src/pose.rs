//! From the camera's frame to the world: upright, front to +Z, standing on y = 0, in metres.

use glam::{Quat, Vec3};
use mesh::measure;

/// Nothing in one picture tells the real size, so the longest side becomes one metre.
const LONGEST_SIDE_METRES: f32 = 1.0;

/// Turns `up` (camera's frame) into +Y by the smallest rotation, so that the front stays in front,
/// then scales, centres and grounds.
pub fn stand_upright(positions: &mut [Vec3], normals: &mut [Vec3], up: Vec3) {
    let rotation = Quat::from_rotation_arc(up, Vec3::Y);
    for vector in positions.iter_mut().chain(normals.iter_mut()) {
        *vector = rotation * *vector;
    }
    let (low, high) = measure::bounds(positions);
    let scale = LONGEST_SIDE_METRES / (high - low).max_element().max(f32::MIN_POSITIVE);
    let middle = 0.5 * (low + high);
    let foot = Vec3::new(middle.x, low.y, middle.z);
    for position in positions {
        *position = (*position - foot) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_stands_on_the_ground_centred_and_one_metre_long() {
        let mut positions = vec![
            Vec3::new(3.0, 1.0, 1.0),
            Vec3::new(5.0, 5.0, 2.0),
            Vec3::new(4.0, 2.0, 0.0),
        ];
        let mut normals = vec![Vec3::Y; 3];
        stand_upright(&mut positions, &mut normals, Vec3::new(0.0, 0.8, 0.6));
        let (low, high) = measure::bounds(&positions);
        assert!(low.y.abs() < 1e-6);
        assert!((low.x + high.x).abs() < 1e-6 && (low.z + high.z).abs() < 1e-6);
        assert!(((high - low).max_element() - 1.0).abs() < 1e-6);
        assert!((normals[0].length() - 1.0).abs() < 1e-6);
    }
}
