//! Light: a soft studio that stays with the camera, so that every side is equally well lit.

use glam::{Mat3, Vec3};

use super::Shading;

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
    pub(super) fn of(shading: Shading, world_from_view: Mat3) -> Self {
        Self {
            key: world_from_view * KEY_DIRECTION.normalize(),
            fill: world_from_view * FILL_DIRECTION.normalize(),
            rig: match shading {
                Shading::Clay => BARE,
                Shading::Textured | Shading::Normals => TEXTURED,
            },
        }
    }

    /// Light that a surface with this unit normal (world space) gets.
    pub(super) fn on(&self, normal: Vec3) -> f32 {
        self.shaded(normal, 1.0)
    }

    /// The same where only a share of the surroundings is in sight.
    pub(super) fn shaded(&self, normal: Vec3, occlusion: f32) -> f32 {
        let rig = &self.rig;
        let upward = 0.5 + 0.5 * normal.y;
        rig.key * wrapped(normal.dot(self.key))
            + rig.fill * wrapped(normal.dot(self.fill))
            + (rig.ground + (rig.sky - rig.ground) * upward) * occlusion
    }

    /// What the key light adds by reflection, beyond what a surface of middling roughness would:
    /// the studio's lamps are large, so only shiny surfaces show them. GGX with Schlick's Fresnel
    /// term for plastics (Walter et al. 2007; Schlick 1994).
    pub(super) fn gloss(&self, normal: Vec3, towards_eye: Vec3, roughness: f32) -> f32 {
        const F0: f32 = 0.04;
        let half = (self.key + towards_eye).normalize_or(normal);
        let (n_h, n_v, n_l) = (
            normal.dot(half).max(0.0),
            normal.dot(towards_eye).max(1e-3),
            normal.dot(self.key),
        );
        if n_l <= 0.0 {
            return 0.0;
        }
        let alpha = (roughness * roughness).max(0.02);
        let spread = n_h * n_h * (alpha * alpha - 1.0) + 1.0;
        let distribution = alpha * alpha / (spread * spread);
        let fresnel = F0 + (1.0 - F0) * (1.0 - half.dot(towards_eye).clamp(0.0, 1.0)).powi(5);
        let masking = 1.0 / (n_v.max(n_l) * 4.0);
        (self.rig.key * distribution * fresnel * masking * n_l).min(1.0)
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
