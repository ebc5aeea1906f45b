//! One triangle and one ray, one triangle and one point.

use glam::{DVec3, Vec3};

/// A ray turned so that it runs along +z: what all triangles along it share (Woop, Benthin and
/// Wald, "Watertight ray/triangle intersection", 2013). In double precision, so that the sign of an
/// edge is right wherever the paper would have to ask twice.
pub(crate) struct Shear {
    origin: DVec3,
    /// Which axes play x, y and z; z is where the direction is longest.
    axes: [usize; 3],
    /// x per z, y per z, one per z.
    slope: DVec3,
}

impl Shear {
    /// `None` for rays without direction and ones that are not finite.
    pub(crate) fn along(origin: Vec3, direction: Vec3) -> Option<Self> {
        let z = direction.abs().max_position();
        let axes = [(z + 1) % 3, (z + 2) % 3, z];
        let [x, y, z] = axes.map(|axis| f64::from(direction[axis]));
        let is_ray = direction.is_finite() && origin.is_finite() && z != 0.0;
        is_ray.then(|| Self {
            origin: origin.as_dvec3(),
            axes,
            slope: DVec3::new(x / z, y / z, 1.0 / z),
        })
    }

    /// How far along the triangle is met, and the barycentric coordinates there.
    pub(crate) fn meet(&self, corners: &[Vec3; 3]) -> Option<(f32, Vec3)> {
        let [a, b, c] = corners.map(|corner| {
            let p = corner.as_dvec3() - self.origin;
            let [x, y, z] = self.axes.map(|axis| p[axis]);
            DVec3::new(x - self.slope.x * z, y - self.slope.y * z, self.slope.z * z)
        });
        // Swapping the two ends of an edge only changes the sign, exactly: no ray slips through.
        let edge = |p: DVec3, q: DVec3| p.x * q.y - p.y * q.x;
        let weights = DVec3::new(edge(b, c), edge(c, a), edge(a, b));
        if weights.min_element() < 0.0 && weights.max_element() > 0.0 {
            return None;
        }
        let sum = weights.element_sum();
        if sum == 0.0 {
            return None;
        }
        let weights = weights / sum;
        let distance = weights.dot(DVec3::new(a.z, b.z, c.z));
        Some((distance as f32, weights.as_vec3()))
    }
}

/// The point of a triangle closest to `point`, and its barycentric coordinates. Triangles without
/// area are as good as their edges.
pub(crate) fn closest(point: Vec3, &[a, b, c]: &[Vec3; 3]) -> (Vec3, Vec3) {
    let (ab, ac, ap) = (b - a, c - a, point - a);
    let normal = ab.cross(ac);
    let squared = normal.length_squared();
    let weight_b = ap.cross(ac).dot(normal) / squared;
    let weight_c = ab.cross(ap).dot(normal) / squared;
    // False for NaN too, which is what no area gives.
    if weight_b >= 0.0 && weight_c >= 0.0 && weight_b + weight_c <= 1.0 {
        let weights = Vec3::new(1.0 - weight_b - weight_c, weight_b, weight_c);
        return (a + ab * weight_b + ac * weight_c, weights);
    }
    let corners = [a, b, c];
    let mut best = (a, Vec3::X, f32::INFINITY);
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
        let (start, along) = (corners[from], corners[to] - corners[from]);
        let t = (point - start).dot(along) / along.length_squared();
        let t = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) };
        let place = start + along * t;
        let squared = place.distance_squared(point);
        if squared < best.2 {
            let mut weights = Vec3::ZERO;
            weights[from] = 1.0 - t;
            weights[to] = t;
            best = (place, weights, squared);
        }
    }
    (best.0, best.1)
}
