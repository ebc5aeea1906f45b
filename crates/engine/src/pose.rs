//! From the camera's frame to the world: upright, front to +Z, standing on y = 0, in metres.

use glam::{Quat, Vec2, Vec3};
use mesh::repair::flatten_base;
use mesh::{Model, Surface, measure};

use crate::view::View;
use crate::{Ground, Options};

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
/// What is lower than this share of the longest side above the ground is pressed onto it.
const PRESSED_SHARE: f32 = 0.015;

/// Share of the height that is cut off for printing.
const CUT_SHARE: f32 = 0.012;

/// The camera that took the front picture, in the finished model's world.
#[derive(Clone, Copy, Debug)]
pub struct PhotoCamera {
    view: View,
    rotation: Quat,
    origin: Vec3,
    scale: f32,
}

impl PhotoCamera {
    /// A point of the finished model in the camera's frame: x right, y up, z towards the camera, in
    /// half widths of the square cut around the object.
    pub fn camera_from_world(&self, world: Vec3) -> Vec3 {
        self.rotation.inverse() * (world / self.scale + self.origin)
    }

    /// Where a point of the finished model appears in the square cut around the object: x right, y
    /// down, 0–1.
    pub fn project(&self, world: Vec3) -> Vec2 {
        self.view.project(self.camera_from_world(world))
    }
}

/// How the camera's frame lies in the world.
pub struct Pose {
    /// Turns up into +Y by the smallest rotation, so that the front stays in front.
    rotation: Quat,
    /// Whether the object stands on a base.
    has_base: bool,
}

impl Pose {
    /// The pose of a surface for which `up` (camera's frame) was guessed. What has a base stands on
    /// it.
    pub fn of(surface: &Surface, up: Vec3) -> Self {
        let base = base(surface, up);
        Self {
            rotation: Quat::from_rotation_arc(base.unwrap_or(up), Vec3::Y),
            has_base: base.is_some(),
        }
    }

    /// Presses the base flat: what is lowest comes to lie in one plane, what is higher moves less
    /// and less. Nothing happens where there is no base.
    pub fn press(&self, surface: &mut Surface) {
        if !self.has_base {
            return;
        }
        let up = self.rotation.inverse() * Vec3::Y;
        let (low, high) = measure::bounds(&self.turned(&surface.positions));
        let band = PRESSED_SHARE * (high - low).max_element();
        for position in &mut surface.positions {
            let above = position.dot(up) - low.y;
            let height = above / band;
            if height < 1.0 {
                let wanted = above * height * height * (3.0 - 2.0 * height);
                *position += up * (wanted - above);
            }
        }
    }

    /// Turns, scales, centres and grounds a model; the answer is where the front's camera is then.
    pub fn stand(&self, model: &mut Model, view: View, options: &Options) -> PhotoCamera {
        model.positions = self.turned(&model.positions);
        model.normals = self.turned(&model.normals);
        for tangent in &mut model.tangents {
            *tangent = (self.rotation * tangent.truncate()).extend(tangent.w);
        }
        let (low, high) = measure::bounds(&model.positions);
        let longest = (high - low).max_element().max(f32::MIN_POSITIVE);
        let scale = options.size_metres.unwrap_or(LONGEST_SIDE_METRES) / longest;
        let middle = 0.5 * (low + high);
        let origin = match options.ground {
            Ground::Flat | Ground::Lowest => middle.with_y(low.y),
            Ground::Centre => middle,
        };
        for position in &mut model.positions {
            *position = (*position - origin) * scale;
        }
        PhotoCamera {
            view,
            rotation: self.rotation,
            origin,
            scale,
        }
    }

    /// Cuts the lowest part off, so that a printer's first layer is flat and holds; nothing happens
    /// where the rest would not be closed.
    pub fn cut_base(&self, surface: &mut Surface) {
        let mut turned = Surface {
            positions: self.turned(&surface.positions),
            triangles: surface.triangles.clone(),
        };
        if flatten_base(&mut turned, CUT_SHARE).is_some() {
            let back = self.rotation.inverse();
            surface.positions = turned.positions.into_iter().map(|p| back * p).collect();
            surface.triangles = turned.triangles;
        }
    }

    fn turned(&self, vectors: &[Vec3]) -> Vec<Vec3> {
        vectors.iter().map(|&v| self.rotation * v).collect()
    }
}

/// What the surface's base says about up: opposite to where the faces at its foot look on average.
/// `None` where the foot is no base: a ball, an animal's paws, a rocking chair.
fn base(surface: &Surface, up: Vec3) -> Option<Vec3> {
    let (low, high) = measure::bounds(&surface.positions);
    let heights = || surface.positions.iter().map(|p| p.dot(up));
    let lowest = heights().fold(f32::MAX, f32::min);
    let limit = lowest + BASE_BAND * (high - low).max_element();
    let (u, v) = up.any_orthonormal_pair();
    let width = |axis: Vec3| {
        let along = || surface.positions.iter().map(|p| p.dot(axis));
        along().fold(f32::MIN, f32::max) - along().fold(f32::MAX, f32::min)
    };
    let mut sum = Vec3::ZERO;
    for triangle in &surface.triangles {
        let [a, b, c] = triangle.map(|i| surface.positions[i as usize]);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A box from the origin to `size`, seen by a camera that is pitched by `pitch` radians.
    fn tilted_box(size: Vec3, pitch: f32) -> Surface {
        let body = Surface::cuboid(Vec3::ZERO, size);
        let pitched = |&p: &Vec3| Quat::from_rotation_x(pitch) * p;
        Surface {
            positions: body.positions.iter().map(pitched).collect(),
            triangles: body.triangles,
        }
    }

    fn stood_up(mut surface: Surface, up: Vec3, options: &Options) -> Model {
        let pose = Pose::of(&surface, up);
        pose.press(&mut surface);
        let mut model = Model {
            normals: vec![Vec3::Y; surface.positions.len()],
            positions: surface.positions,
            triangles: surface.triangles,
            ..Model::default()
        };
        pose.stand(&mut model, View { half_fov_tan: 0.2 }, options);
        model
    }

    #[test]
    fn the_result_stands_on_the_ground_centred_and_as_long_as_asked() {
        let up = Quat::from_rotation_x(0.4) * Vec3::Y;
        for (size_metres, longest) in [(None, 1.0), (Some(0.08), 0.08)] {
            let options = Options {
                size_metres,
                ..Options::default()
            };
            let model = stood_up(tilted_box(Vec3::new(3.0, 5.0, 2.0), 0.4), up, &options);
            let (low, high) = measure::bounds(&model.positions);
            assert!(low.y.abs() < 1e-6);
            assert!((low.x + high.x).abs() < 1e-6 && (low.z + high.z).abs() < 1e-6);
            assert!(((high - low).max_element() - longest).abs() < 1e-6);
            assert!((model.normals[0].length() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_centred_model_has_its_middle_at_the_origin() {
        let options = Options {
            ground: Ground::Centre,
            ..Options::default()
        };
        let model = stood_up(tilted_box(Vec3::ONE, 0.0), Vec3::Y, &options);
        let (low, high) = measure::bounds(&model.positions);
        assert!((low + high).length() < 1e-6);
    }

    #[test]
    fn a_base_corrects_a_wrong_idea_of_up() {
        let body = tilted_box(Vec3::new(3.0, 5.0, 2.0), 0.4);
        let up = Quat::from_rotation_x(0.4 - 0.12) * Vec3::Y;
        let model = stood_up(body, up, &Options::default());
        let on_ground = model.positions.iter().filter(|p| p.y < 1e-4).count();
        assert_eq!(on_ground, 4, "{:?}", model.positions);
    }

    #[test]
    fn a_corner_is_no_base() {
        let up = Vec3::ONE.normalize();
        let model = stood_up(tilted_box(Vec3::ONE, 0.0), up, &Options::default());
        let on_ground = model.positions.iter().filter(|p| p.y < 1e-4).count();
        assert_eq!(on_ground, 1);
    }
}
