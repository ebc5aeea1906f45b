//! The camera the picture was taken with, in its own frame: where a field sample or a surface
//! point appears in the picture, and back.

use glam::{Vec2, Vec3};

/// A square window at depth 0 from −1 to 1 both ways, seen from `1 / half_fov_tan` in front.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Tangent of half the field of view.
    pub half_fov_tan: f32,
}

impl View {
    /// The point at depth `t` on the ray through `window` (x right, y up, −1…1).
    pub fn point(self, window: Vec2, t: f32) -> Vec3 {
        (window * (1.0 + t * self.half_fov_tan)).extend(-t)
    }

    /// Where a point appears: x right, y **down**, 0–1 across the picture.
    pub fn project(self, point: Vec3) -> Vec2 {
        let window = point.truncate() / self.scale(point);
        Vec2::new(0.5 + 0.5 * window.x, 0.5 - 0.5 * window.y)
    }

    /// How much wider the cone of view is at this point than at depth 0; also a linear measure of
    /// depth: 1 at depth 0, 0 at the camera.
    pub fn scale(self, point: Vec3) -> f32 {
        (1.0 - point.z * self.half_fov_tan).max(1e-3)
    }

    /// Unit vector from a point to the camera.
    pub fn towards(self, point: Vec3) -> Vec3 {
        (Vec3::Z / self.half_fov_tan - point).normalize_or(Vec3::Z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_appears_where_its_ray_came_from() {
        let view = View { half_fov_tan: 0.3 };
        for t in [-0.8, 0.0, 1.5] {
            let there = view.project(view.point(Vec2::new(0.5, -0.25), t));
            assert!(there.distance(Vec2::new(0.75, 0.625)) < 1e-6);
        }
    }
}
