//! What the camera sees: the first surface along every ray of the finished mesh.

use glam::Vec3;
use imaging::Plane;
use mesh::Surface;
use mesh::raster::{Clip, rasterize};

use super::smoothstep;
use crate::view::View;

/// Rays per side.
const SIDE: u32 = 512;
/// A point this far (in half window widths) behind the first surface may still be that surface:
/// triangles are flat and rays are few.
const TOLERANCE: f32 = 0.015;

pub(super) struct Sight {
    view: View,
    /// 1 / [`View::scale`] of the first surface, 0 where there is none.
    nearest: Plane<1>,
    /// Unit normal of the first surface, zero where there is none.
    normal: Plane<3>,
}

impl Sight {
    /// Looks at a surface with its vertex normals.
    pub(super) fn of(surface: &Surface, normals: &[Vec3], view: View) -> Self {
        let mut normal = Plane::filled(SIDE as usize, SIDE as usize, [0.0; 3]);
        let mut nearest = Plane::filled(SIDE as usize, SIDE as usize, [0.0]);
        let clip = Clip {
            x: 0..SIDE,
            y: 0..SIDE,
        };
        for triangle in &surface.triangles {
            let corners = triangle.map(|v| surface.positions[v as usize]);
            let inverse = Vec3::from_array(corners.map(|p| 1.0 / view.scale(p)));
            let pixels = corners.map(|p| view.project(p) * SIDE as f32);
            rasterize(pixels, &clip, |x, y, weights| {
                let pixel = &mut nearest[(x as usize, y as usize)][0];
                let there = inverse.dot(weights);
                if there > *pixel {
                    *pixel = there;
                    let [a, b, c] = triangle.map(|v| normals[v as usize]);
                    let mixed = a * weights.x + b * weights.y + c * weights.z;
                    normal[(x as usize, y as usize)] = mixed.normalize_or_zero().to_array();
                }
            });
        }
        Self {
            view,
            nearest,
            normal,
        }
    }

    /// Unit normal of the first surface at `(u, v)` in 0–1 across the picture; zero beside it.
    pub(super) fn normal(&self, u: f32, v: f32) -> Vec3 {
        Vec3::from_array(self.normal.sample(u, v)).normalize_or_zero()
    }

    /// How far behind the first surface on its ray a point lies, 0 for the first surface itself.
    pub(super) fn depth_behind(&self, point: Vec3) -> f32 {
        let at = self.view.project(point) * SIDE as f32;
        let pixel = |c: f32| (c.max(0.0) as usize).min(SIDE as usize - 1);
        let nearest = self.nearest[(pixel(at.x), pixel(at.y))][0];
        if nearest <= 0.0 {
            return 0.0;
        }
        ((self.view.scale(point) - 1.0 / nearest) / self.view.half_fov_tan).max(0.0)
    }

    /// 1 for the first surface, 0 for what lies behind it; steep surfaces get more tolerance.
    pub(super) fn visibility(&self, behind: f32, facing: f32) -> f32 {
        let slope = (1.0 - facing * facing).max(0.0).sqrt() / facing.max(0.05);
        let tolerance = TOLERANCE + slope * 2.0 * 2.0 / SIDE as f32;
        1.0 - smoothstep(tolerance, 2.0 * tolerance, behind)
    }
}
