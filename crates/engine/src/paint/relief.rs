//! What the simplified surface lost comes back as a normal map.

use glam::{Mat3, Vec3};
use mesh::bvh::Bvh;
use mesh::{Model, Surface, measure};

use super::bake::Spot;

/// The fine surface lies at most this share of the longest side away from the simplified one.
const REACH: f32 = 0.02;
/// A fine normal that differs more than this (cosine) belongs to another side of something thin.
const SAME_SIDE: f32 = 0.3;

/// The fine surface, ready to be asked for its normals.
pub(super) struct Relief {
    bvh: Bvh,
    triangles: Vec<[u32; 3]>,
    normals: Vec<Vec3>,
    reach: f32,
}

impl Relief {
    /// Prepares the fine surface.
    pub(super) fn of(fine: &Surface) -> Self {
        let (low, high) = measure::bounds(&fine.positions);
        Self {
            bvh: Bvh::of(fine),
            triangles: fine.triangles.clone(),
            normals: measure::vertex_normals(fine),
            reach: REACH * (high - low).max_element(),
        }
    }

    /// The fine surface's normal, with what `tilt(point, normal)` adds to it, in the simplified
    /// one's tangent space; stored as a colour.
    pub(super) fn texel(
        &self,
        spot: &Spot,
        model: &Model,
        tilt: impl Fn(Vec3, Vec3) -> Vec3,
    ) -> [f32; 3] {
        let point = spot.mix(&model.positions);
        let normal = spot.mix(&model.normals).normalize_or(Vec3::Z);
        let fine = self.normal(point, normal).unwrap_or(normal);
        let fine = (fine + tilt(point, fine)).normalize_or(normal);
        let tangent = spot.mix(&model.tangents);
        let along = tangent.truncate();
        let along =
            (along - normal * normal.dot(along)).normalize_or(normal.any_orthonormal_vector());
        let across = normal.cross(along) * tangent.w.signum();
        let detail = Mat3::from_cols(along, across, normal).transpose() * fine;
        (detail * 0.5 + 0.5).to_array()
    }

    /// Normal of the fine surface straight above or below a point of the simplified one.
    fn normal(&self, point: Vec3, normal: Vec3) -> Option<Vec3> {
        let below = self.bvh.ray(point, -normal, 0.0..self.reach);
        let nearer = below.map_or(self.reach, |hit| hit.distance);
        let above = self.bvh.ray(point, normal, 0.0..nearer);
        above.into_iter().chain(below).find_map(|hit| {
            let [a, b, c] = self.triangles[hit.face as usize].map(|v| self.normals[v as usize]);
            let fine = a * hit.weights.x + b * hit.weights.y + c * hit.weights.z;
            let fine = fine.try_normalize()?;
            (fine.dot(normal) > SAME_SIDE).then_some(fine)
        })
    }
}
