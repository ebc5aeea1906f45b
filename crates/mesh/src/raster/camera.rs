//! A perspective camera that looks at the middle of a sphere and shows all of it.

use glam::{Mat3, Vec2, Vec3};

/// Narrow, like a portrait lens: objects keep their proportions.
const FIELD_OF_VIEW_DEG: f32 = 28.0;

/// Free space around the bounding sphere, as a fraction of the picture's half side.
const MARGIN: f32 = 0.04;

pub(super) struct Camera {
    pub eye: Vec3,
    /// Rows: right, up, back.
    pub view_from_world: Mat3,
    /// Samples per unit of tangent.
    focal: f32,
    half: f32,
}

/// A vertex as the camera sees it.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Sample coordinates, x right, y down.
    pub at: Vec2,
    /// 1 / distance along the view direction; linear across a triangle on the screen.
    pub inverse_depth: f32,
}

impl Camera {
    /// Looks at a sphere from `azimuth_deg` and `elevation_deg`; the picture is `size` samples.
    pub(super) fn around(
        center: Vec3,
        radius: f32,
        azimuth_deg: f32,
        elevation_deg: f32,
        size: u32,
    ) -> Self {
        let (sin_azimuth, cos_azimuth) = azimuth_deg.to_radians().sin_cos();
        let (sin_elevation, cos_elevation) =
            elevation_deg.clamp(-89.0, 89.0).to_radians().sin_cos();
        let back = Vec3::new(
            sin_azimuth * cos_elevation,
            sin_elevation,
            cos_azimuth * cos_elevation,
        );
        let right = Vec3::new(cos_azimuth, 0.0, -sin_azimuth);
        let up = back.cross(right);
        let half_angle = (FIELD_OF_VIEW_DEG / 2.0).to_radians();
        // The sphere's outline touches the cone of view from inside.
        let distance = radius / half_angle.sin();
        let half = size as f32 / 2.0;
        Self {
            eye: center + back * distance,
            view_from_world: Mat3::from_cols(right, up, back).transpose(),
            focal: half * (1.0 - MARGIN) / half_angle.tan(),
            half,
        }
    }

    /// Where a point of the model appears. Points of the sphere are always in front.
    pub(super) fn see(&self, world: Vec3) -> Seen {
        let view = self.view_from_world * (world - self.eye);
        let inverse_depth = -1.0 / view.z;
        Seen {
            at: Vec2::new(
                self.half + self.focal * view.x * inverse_depth,
                self.half - self.focal * view.y * inverse_depth,
            ),
            inverse_depth,
        }
    }

    /// Direction in world space (not normalised) through a sample position.
    pub(super) fn ray(&self, at: Vec2) -> Vec3 {
        let view = Vec3::new(at.x - self.half, self.half - at.y, -self.focal);
        self.view_from_world.transpose() * view
    }
}
