//! Light: a soft studio that stays with the camera, so that every side is equally well lit.

use glam::{Mat3, Vec3};

use super::Material;

/// Towards the key light, in camera space (right, up, back): upper left, in front.
const KEY_DIRECTION: Vec3 = Vec3::new(-0.46, 0.62, 0.64);
/// Towards the fill light: lower right, further to the side.
const FILL_DIRECTION: Vec3 = Vec3::new(0.80, 0.05, 0.60);

/// Clay's albedo, linear.
const CLAY: Vec3 = Vec3::new(0.50, 0.485, 0.47);

/// How strong each part of the studio is.
struct Rig {
    key: f32,
    fill: f32,
    sky: f32,
    ground: f32,
}

/// Textures often carry light already: enough shade to read the shape, about 1 facing the camera.
const TEXTURED: Rig = Rig {
    key: 0.50,
    fill: 0.16,
    sky: 0.62,
    ground: 0.40,
};

/// Shape is all there is to see: more contrast.
const BARE: Rig = Rig {
    key: 1.10,
    fill: 0.14,
    sky: 0.26,
    ground: 0.06,
};

pub(super) struct Light {
    key: Vec3,
    fill: Vec3,
    rig: Rig,
}

impl Light {
    pub(super) fn of(material: Material, world_from_view: Mat3) -> Self {
        Self {
            key: world_from_view * KEY_DIRECTION.normalize(),
            fill: world_from_view * FILL_DIRECTION.normalize(),
            rig: match material {
                Material::Clay => BARE,
                Material::Textured | Material::Normals => TEXTURED,
            },
        }
    }

    /// Light that a surface with this unit normal (world space) gets.
    pub(super) fn on(&self, normal: Vec3) -> f32 {
        let rig = &self.rig;
        let upward = 0.5 + 0.5 * normal.y;
        rig.key * wrapped(normal.dot(self.key))
            + rig.fill * wrapped(normal.dot(self.fill))
            + rig.ground
            + (rig.sky - rig.ground) * upward
    }
}

/// A large soft light reaches a little past the edge where a point light would end.
fn wrapped(cosine: f32) -> f32 {
    const WRAP: f32 = 0.25;
    ((cosine + WRAP) / (1.0 + WRAP)).max(0.0)
}

/// Linear colour of clay in light.
pub(super) fn clay(light: f32) -> Vec3 {
    CLAY * light
}

/// A normal as a colour, in linear light such that its sRGB bytes are the usual encoding.
pub(super) fn normal_color(normal: Vec3) -> Vec3 {
    let byte = |c: f32| ((c * 0.5 + 0.5) * 255.0).round() as u8;
    super::mip::linear(normal.to_array().map(byte))
}
