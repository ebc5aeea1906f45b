//! From the camera's frame to the world: upright, front to +Z, standing on y = 0, in metres.

use glam::{Quat, Vec3};
use mesh::{Model, measure};

/// Nothing in one picture tells the real size, so the longest side becomes one metre.
const LONGEST_SIDE_METRES: f32 = 1.0;

/// A base lies within this share of the longest side above the lowest point.
const BASE_BAND: f32 = 0.06;
/// Faces of a base are turned down at least this much (cosine).
const BASE_FACING: f32 = 0.85;
/// A base covers at least this share of the box around the model seen from below.
const BASE_SHARE: f32 = 0.12;
/// The network's idea of up is corrected by at most this angle (cosine of 10°).
const LARGEST_CORRECTION: f32 = 0.985;
/// What is lower than this share of a metre above the ground is pressed onto it.
const PRESSED_METRES: f32 = 0.015;

/// Turns `up` (camera's frame) into +Y by the smallest rotation, so that the front stays in front,
/// then scales, centres and grounds. A model with a base stands on it, flat.
pub fn stand_upright(model: &mut Model, up: Vec3) {
    let base = base(model, up);
    let rotation = Quat::from_rotation_arc(base.unwrap_or(up), Vec3::Y);
    for vector in model.positions.iter_mut().chain(model.normals.iter_mut()) {
        *vector = rotation * *vector;
    }
    let (low, high) = measure::bounds(&model.positions);
    let scale = LONGEST_SIDE_METRES / (high - low).max_element().max(f32::MIN_POSITIVE);
    let middle = 0.5 * (low + high);
    let foot = Vec3::new(middle.x, low.y, middle.z);
    for position in &mut model.positions {
        *position = (*position - foot) * scale;
    }
    if base.is_some() {
        press(model);
    }
}

/// What the model's base says about up: opposite to where the faces at its foot look on average.
/// `None` where the foot is no base: a ball, an animal's paws, a rocking chair.
fn base(model: &Model, up: Vec3) -> Option<Vec3> {
    let (low, high) = measure::bounds(&model.positions);
    let heights = || model.positions.iter().map(|p| p.dot(up));
    let lowest = heights().fold(f32::MAX, f32::min);
    let limit = lowest + BASE_BAND * (high - low).max_element();
    let (u, v) = up.any_orthonormal_pair();
    let width = |axis: Vec3| {
        let along = || model.positions.iter().map(|p| p.dot(axis));
        along().fold(f32::MIN, f32::max) - along().fold(f32::MAX, f32::min)
    };
    let mut sum = Vec3::ZERO;
    for triangle in &model.triangles {
        let [a, b, c] = triangle.map(|i| model.positions[i as usize]);
        let doubled = (b - a).cross(c - a);
        let is_low = (a + b + c).dot(up) / 3.0 < limit;
        if is_low && doubled.dot(up) < -BASE_FACING * doubled.length() {
            sum += doubled * 0.5;
        }
    }
    let corrected = -sum.normalize_or_zero();
    let is_base = sum.length() > BASE_SHARE * width(u) * width(v);
    (is_base && corrected.dot(up) > LARGEST_CORRECTION).then_some(corrected)
}

/// Presses the lowest part onto the ground; what is higher moves less and less.
fn press(model: &mut Model) {
    for (position, normal) in model.positions.iter_mut().zip(&mut model.normals) {
        let height = position.y / PRESSED_METRES;
        if height >= 1.0 {
            continue;
        }
        position.y *= height * height * (3.0 - 2.0 * height);
        if normal.y < -BASE_FACING {
            *normal = Vec3::NEG_Y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use glam::Vec2;
    use mesh::{Material, Surface, Texture};

    /// A box from the origin to `size`, seen by a camera that is pitched by `pitch` radians.
    fn tilted_box(size: Vec3, pitch: f32) -> Model {
        let body = Surface::cuboid(Vec3::ZERO, size);
        let pitched = |&p: &Vec3| Quat::from_rotation_x(pitch) * p;
        Model {
            positions: body.positions.iter().map(pitched).collect(),
            normals: vec![Vec3::Y; 8],
            uvs: vec![Vec2::ZERO; 8],
            triangles: body.triangles,
            material: Material::textured(Texture {
                width: 1,
                height: 1,
                rgb: vec![0; 3],
            }),
            ..Model::default()
        }
    }

    #[test]
    fn the_result_stands_on_the_ground_centred_and_one_metre_long() {
        let mut model = tilted_box(Vec3::new(3.0, 5.0, 2.0), 0.4);
        let up = Quat::from_rotation_x(0.4) * Vec3::Y;
        stand_upright(&mut model, up);
        let (low, high) = measure::bounds(&model.positions);
        assert!(low.y.abs() < 1e-6);
        assert!((low.x + high.x).abs() < 1e-6 && (low.z + high.z).abs() < 1e-6);
        assert!(((high - low).max_element() - 1.0).abs() < 1e-6);
        assert!((model.normals[0].length() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_base_corrects_a_wrong_idea_of_up() {
        let mut model = tilted_box(Vec3::new(3.0, 5.0, 2.0), 0.4);
        stand_upright(&mut model, Quat::from_rotation_x(0.4 - 0.12) * Vec3::Y);
        let on_ground = model.positions.iter().filter(|p| p.y < 1e-4).count();
        assert_eq!(on_ground, 4, "{:?}", model.positions);
    }

    #[test]
    fn a_corner_is_no_base() {
        let mut model = tilted_box(Vec3::ONE, 0.0);
        let up = Vec3::ONE.normalize();
        stand_upright(&mut model, up);
        let on_ground = model.positions.iter().filter(|p| p.y < 1e-4).count();
        assert_eq!(on_ground, 1);
    }
}
