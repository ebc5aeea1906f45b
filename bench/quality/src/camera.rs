//! The pinhole camera that takes the pictures, and the lights beside it.

use glam::{Mat3, Vec2, Vec3};

/// A camera that looks at the origin.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// Rows: right, up, back.
    pub view_from_world: Mat3,
    /// From the origin to the lens.
    distance: f32,
    half_fov_tan: f32,
}

impl Camera {
    /// Stands at `azimuth_deg` around +Y (0 looks at the side that faces +Z, 90 at the side that
    /// faces +X) and `elevation_deg` above the horizon, `roll_deg` clockwise about its own axis,
    /// and so far away that a sphere of `radius` around the origin just fits the field of view.
    pub fn around(
        radius: f32,
        azimuth_deg: f32,
        elevation_deg: f32,
        roll_deg: f32,
        fov_deg: f32,
    ) -> Self {
        let world_from_view = Mat3::from_rotation_y(azimuth_deg.to_radians())
            * Mat3::from_rotation_x(-elevation_deg.to_radians())
            * Mat3::from_rotation_z(-roll_deg.to_radians());
        let half_fov = 0.5 * fov_deg.to_radians();
        Self {
            view_from_world: world_from_view.transpose(),
            distance: radius / half_fov.sin(),
            half_fov_tan: half_fov.tan(),
        }
    }

    /// Where a point appears in a picture of `side` pixels (x right, y down), and 1 / its depth,
    /// which is linear across a triangle on the screen.
    pub fn see(&self, world: Vec3, side: u32) -> (Vec2, f32) {
        let view = self.view_from_world * world;
        let inverse_depth = 1.0 / (self.distance - view.z);
        let half = 0.5 * side as f32;
        let window = view.truncate() * inverse_depth / self.half_fov_tan;
        (
            Vec2::new(half + half * window.x, half - half * window.y),
            inverse_depth,
        )
    }
}

/// Light that stays with the camera.
#[derive(Clone, Copy, Debug)]
pub struct Light {
    /// Towards the lamp, camera space, unit length.
    pub direction: Vec3,
    /// What the lamp adds where it shines straight on.
    pub lamp: f32,
    /// What comes from everywhere.
    pub ambient: f32,
}

impl Light {
    /// Even light that shows colour: about 1 on a surface that faces the camera.
    pub const EVEN: Self = Self {
        direction: Vec3::new(-0.46, 0.62, 0.636),
        lamp: 0.45,
        ambient: 0.70,
    };
    /// Contrast that shows shape.
    pub const STRONG: Self = Self {
        direction: Vec3::new(-0.46, 0.62, 0.636),
        lamp: 1.10,
        ambient: 0.15,
    };

    /// Light on a surface with this unit normal in camera space.
    pub fn on(&self, normal: Vec3) -> f32 {
        self.ambient + self.lamp * normal.dot(self.direction).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_camera_stands_where_it_was_told_to() {
        let right_of = |azimuth, point: Vec3| {
            Camera::around(1.0, azimuth, 0.0, 0.0, 30.0)
                .see(point, 100)
                .0
                .x
                > 50.0
        };
        assert!(right_of(0.0, Vec3::X) && !right_of(180.0, Vec3::X));
        assert!(right_of(90.0, Vec3::NEG_Z), "from +X, −Z is to the right");
        let above = Camera::around(1.0, 0.0, 40.0, 0.0, 30.0);
        let (near, far) = (above.see(Vec3::Z, 100), above.see(Vec3::NEG_Z, 100));
        assert!(
            near.1 > far.1 && near.0.y > far.0.y,
            "the near end appears lower"
        );
    }
}
