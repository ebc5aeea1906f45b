//! Laying a model over the truth: the pose of an unseen side can't be known to the degree, and a
//! small turn should not be punished like a wrong shape.

use glam::{DMat3, DMat4, DQuat, DVec3, DVec4, EulerRot, Quat, Vec3};
use mesh::Model;

use crate::cloud::{Closeness, Cloud};

/// Points of each side that the alignment looks at.
const POINTS: usize = 2000;
const ROUNDS: usize = 25;
/// Share of the pairs that count: the rest are parts that have no counterpart.
const TRIM: f64 = 0.92;
/// A model is at most this much too large or too small, in total.
const SCALE: [f64; 2] = [0.9, 1.1];
/// Pitch and yaw to start from, degrees.
const STARTS: [[f32; 2]; 5] = [
    [0.0, 0.0],
    [15.0, 0.0],
    [-15.0, 0.0],
    [0.0, 15.0],
    [0.0, -15.0],
];
/// A turn by one degree has to make the distance smaller by this share.
const TURN_PRICE: f64 = 0.001;
/// Below this change of the mean squared distance, as a share, nothing more will happen.
const SETTLED: f64 = 1e-5;

/// Rotate, scale, move.
#[derive(Clone, Copy, Debug)]
pub struct Similarity {
    /// First.
    pub rotation: Quat,
    /// Second.
    pub scale: f32,
    /// Last.
    pub translation: Vec3,
}

impl Similarity {
    /// Changes nothing.
    pub const IDENTITY: Self = Self {
        rotation: Quat::IDENTITY,
        scale: 1.0,
        translation: Vec3::ZERO,
    };

    /// Where a point goes.
    pub fn point(&self, point: Vec3) -> Vec3 {
        self.rotation * point * self.scale + self.translation
    }

    /// Where a point came from.
    fn origin(&self, point: Vec3) -> Vec3 {
        self.rotation.conjugate() * (point - self.translation) / self.scale
    }

    /// The whole model, moved.
    pub fn model(&self, model: &Model) -> Model {
        Model {
            positions: model.positions.iter().map(|&p| self.point(p)).collect(),
            normals: model.normals.iter().map(|&n| self.rotation * n).collect(),
            ..model.clone()
        }
    }

    /// Degrees between before and after.
    pub fn turn_deg(&self) -> f32 {
        Quat::IDENTITY.angle_between(self.rotation).to_degrees()
    }
}

/// The best of leaving the model as it is and of aligning it from several starts, by chamfer
/// distance; and how close it then is. What looks the same from all sides, like an orange, must
/// not be turned for nothing, or its colours would be compared in the wrong places.
pub fn best(model: &Cloud, truth: &Cloud) -> (Similarity, Closeness) {
    let unaligned = (Similarity::IDENTITY, Closeness::between(model, truth));
    if model.points.is_empty() || truth.points.is_empty() {
        return unaligned;
    }
    let (few_model, few_truth) = (model.first(POINTS), truth.first(POINTS));
    let candidates = STARTS.map(|[pitch, yaw]| {
        let [pitch, yaw] = [pitch, yaw].map(f32::to_radians);
        let rotation = Quat::from_euler(EulerRot::YXZ, yaw, pitch, 0.0);
        let start = Similarity {
            rotation,
            ..Similarity::IDENTITY
        };
        let by = icp(&few_model, &few_truth, start);
        (by, Closeness::between(&few_model.moved(&by), &few_truth))
    });
    let price = |(by, close): &(Similarity, Closeness)| {
        close.cd * (1.0 + TURN_PRICE * f64::from(by.turn_deg()))
    };
    // The few points tell which start was best; all points tell whether it was worth it.
    candidates
        .into_iter()
        .min_by(|a, b| price(a).total_cmp(&price(b)))
        .map(|(by, _)| (by, Closeness::between(&model.moved(&by), truth)))
        .filter(|aligned| price(aligned) < price(&unaligned))
        .unwrap_or(unaligned)
}

/// Iterative closest points in both directions, trimmed, with one scale (Besl and McKay 1992;
/// Chetverikov et al. 2002). Each round solves for the whole motion, so nothing accumulates.
pub fn icp(model: &Cloud, truth: &Cloud, start: Similarity) -> Similarity {
    let mut by = start;
    let mut last = f64::INFINITY;
    for _ in 0..ROUNDS {
        let mut pairs = Vec::with_capacity(model.points.len() + truth.points.len());
        for &point in &model.points {
            let (index, distance) = truth.nearest(by.point(point));
            pairs.push((distance, point, truth.points[index]));
        }
        // Seen from the model's own frame, so that its tree is built once.
        for &point in &truth.points {
            let (index, distance) = model.nearest(by.origin(point));
            pairs.push((distance * by.scale, model.points[index], point));
        }
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        pairs.truncate((pairs.len() as f64 * TRIM) as usize);
        let error = pairs
            .iter()
            .map(|pair| f64::from(pair.0).powi(2))
            .sum::<f64>();
        if (last - error).abs() <= SETTLED * error {
            break;
        }
        last = error;
        by = fit(&pairs);
    }
    by
}

/// The similarity that takes the first points of the pairs closest to the second (least squares).
/// Horn, "Closed-form solution of absolute orientation using unit quaternions", 1987.
fn fit(pairs: &[(f32, Vec3, Vec3)]) -> Similarity {
    let count = pairs.len().max(1) as f64;
    let mean = |of: fn(&(f32, Vec3, Vec3)) -> Vec3| {
        pairs.iter().map(|pair| of(pair).as_dvec3()).sum::<DVec3>() / count
    };
    let (from_mean, to_mean) = (mean(|pair| pair.1), mean(|pair| pair.2));
    let mut cross = DMat3::ZERO;
    let mut spread = 0.0;
    for (_, from, to) in pairs {
        let (from, to) = (from.as_dvec3() - from_mean, to.as_dvec3() - to_mean);
        cross += DMat3::from_cols(from * to.x, from * to.y, from * to.z);
        spread += from.length_squared();
    }
    let rotation = horn(cross);
    let turned: f64 = pairs
        .iter()
        .map(|(_, from, to)| {
            (rotation * (from.as_dvec3() - from_mean)).dot(to.as_dvec3() - to_mean)
        })
        .sum();
    let scale = (turned / spread.max(f64::MIN_POSITIVE)).clamp(SCALE[0], SCALE[1]);
    Similarity {
        rotation: rotation.as_quat(),
        scale: scale as f32,
        translation: (to_mean - rotation * from_mean * scale).as_vec3(),
    }
}

/// The rotation that maximises trace(R · S), S = Σ from · toᵀ: the eigenvector of Horn's matrix
/// with the largest eigenvalue, found by squaring the (shifted, hence positive) matrix.
fn horn(cross: DMat3) -> DQuat {
    let s = |row: usize, column: usize| cross.col(column)[row];
    let (x, y, z) = (s(1, 2) - s(2, 1), s(2, 0) - s(0, 2), s(0, 1) - s(1, 0));
    let (xy, xz, yz) = (s(0, 1) + s(1, 0), s(0, 2) + s(2, 0), s(1, 2) + s(2, 1));
    let (a, b, c) = (s(0, 0), s(1, 1), s(2, 2));
    let mut matrix = DMat4::from_cols(
        DVec4::new(a + b + c, x, y, z),
        DVec4::new(x, a - b - c, xy, xz),
        DVec4::new(y, xy, b - a - c, yz),
        DVec4::new(z, xz, yz, c - a - b),
    );
    let size = |matrix: &DMat4| {
        matrix
            .to_cols_array()
            .iter()
            .map(|v| v * v)
            .sum::<f64>()
            .sqrt()
    };
    matrix += DMat4::IDENTITY * size(&matrix).max(f64::MIN_POSITIVE);
    for _ in 0..24 {
        matrix = matrix * matrix;
        matrix *= 1.0 / size(&matrix);
    }
    let columns = [matrix.x_axis, matrix.y_axis, matrix.z_axis, matrix.w_axis];
    let longest = columns
        .into_iter()
        .max_by(|a, b| a.length_squared().total_cmp(&b.length_squared()));
    let [w, x, y, z] = longest.unwrap_or(DVec4::X).to_array();
    DQuat::from_xyzw(x, y, z, w).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipsoid::ellipsoid;

    #[test]
    fn a_small_motion_is_found_again() {
        let truth = ellipsoid(Vec3::new(0.5, 0.3, 0.2));
        let by = Similarity {
            rotation: Quat::from_euler(EulerRot::YXZ, 0.2, -0.15, 0.1),
            scale: 1.06,
            translation: Vec3::new(0.03, -0.02, 0.04),
        };
        let moved = Cloud::sample(&by.model(&truth), 10_000, 1);
        let (back, close) = best(&moved, &Cloud::sample(&truth, 10_000, 2));
        let there_and_back = |p: Vec3| back.point(by.point(p)).distance(p);
        assert!(close.cd < 0.008, "{close:?}");
        assert!(there_and_back(Vec3::X * 0.5) < 0.01 && there_and_back(Vec3::Z * 0.2) < 0.01);
        assert!((back.scale * by.scale - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_exact_motion_comes_from_exact_pairs() {
        let by = Similarity {
            rotation: Quat::from_euler(EulerRot::YXZ, 2.0, 0.7, -1.1),
            scale: 0.95,
            translation: Vec3::new(1.0, 2.0, 3.0),
        };
        let points = [
            Vec3::X,
            Vec3::Y * 2.0,
            Vec3::Z * 0.5,
            Vec3::ONE,
            Vec3::NEG_X,
        ];
        let fitted = fit(&points.map(|p| (0.0, p, by.point(p))));
        assert!(
            points
                .iter()
                .all(|&p| fitted.point(p).distance(by.point(p)) < 1e-5)
        );
    }

    #[test]
    fn what_lies_right_is_left_alone() {
        let sphere = ellipsoid(Vec3::splat(0.5));
        let (by, close) = best(
            &Cloud::sample(&sphere, 4000, 1),
            &Cloud::sample(&sphere, 4000, 1),
        );
        assert!(close.cd < 1e-6 && by.turn_deg() < 1e-3);
    }
}
