//! The surface the quads must lie on: its nearest point and normal, found by walking.

use glam::Vec3;

use super::halfedge::Halfedges;

/// The surface that is being remeshed.
pub(super) struct Source<'a> {
    pub mesh: &'a Halfedges,
    pub positions: &'a [Vec3],
    pub normals: &'a [Vec3],
}

/// A point on the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Foot {
    pub position: Vec3,
    /// Unit normal, interpolated between vertices.
    pub normal: Vec3,
    /// A vertex of the source beside the point: where the next walk starts.
    pub anchor: u32,
}

impl Source<'_> {
    /// A vertex of the source as a foot.
    pub(super) fn vertex(&self, vertex: u32) -> Foot {
        Foot {
            position: self.positions[vertex as usize],
            normal: self.normals[vertex as usize],
            anchor: vertex,
        }
    }

    /// The point of the surface nearest to `point`, looked for downhill from `anchor`.
    ///
    /// Walking can't jump to the other side of a thin sheet, as the truly nearest point might.
    pub(super) fn foot(&self, point: Vec3, anchor: u32) -> Foot {
        let distance = |v: u32| self.positions[v as usize].distance_squared(point);
        let mut nearest = (distance(anchor), anchor);
        loop {
            let around = self.mesh.neighbours(nearest.1);
            let Some(better) = around
                .map(|v| (distance(v), v))
                .filter(|candidate| candidate.0 < nearest.0)
                .min_by(|p, q| p.0.total_cmp(&q.0))
            else {
                break;
            };
            nearest = better;
        }
        let mut best = self.vertex(nearest.1);
        let mut best_distance = nearest.0;
        for h in self.mesh.around(nearest.1) {
            let corners = [nearest.1, self.mesh.to(h), self.mesh.apex(h)];
            let weights = nearest_weights(corners.map(|v| self.positions[v as usize]), point);
            let blend = |of: &[Vec3]| -> Vec3 {
                corners
                    .iter()
                    .zip(weights)
                    .map(|(&v, w)| of[v as usize] * w)
                    .sum()
            };
            let position = blend(self.positions);
            if position.distance_squared(point) < best_distance {
                best_distance = position.distance_squared(point);
                best.position = position;
                best.normal = blend(self.normals).try_normalize().unwrap_or(best.normal);
            }
        }
        best
    }
}

/// Barycentric weights of the point of a triangle nearest to `p`.
fn nearest_weights([a, b, c]: [Vec3; 3], p: Vec3) -> [f32; 3] {
    let (ab, ac, ap) = (b - a, c - a, p - a);
    let normal = ab.cross(ac);
    let area = normal.length_squared();
    if area > 0.0 {
        let v = ap.cross(ac).dot(normal) / area;
        let w = ab.cross(ap).dot(normal) / area;
        if v >= 0.0 && w >= 0.0 && v + w <= 1.0 {
            return [1.0 - v - w, v, w];
        }
    }
    // Outside: on the nearest of the three sides.
    let along = |from: Vec3, to: Vec3| {
        let side = to - from;
        let t = (p - from).dot(side) / side.length_squared().max(f32::MIN_POSITIVE);
        let t = t.clamp(0.0, 1.0);
        (t, (from + t * side).distance_squared(p))
    };
    let (t, on_ab) = along(a, b);
    let mut best = (on_ab, [1.0 - t, t, 0.0]);
    let (t, on_bc) = along(b, c);
    if on_bc < best.0 {
        best = (on_bc, [0.0, 1.0 - t, t]);
    }
    let (t, on_ca) = along(c, a);
    if on_ca < best.0 {
        best = (on_ca, [t, 0.0, 1.0 - t]);
    }
    best.1
}
