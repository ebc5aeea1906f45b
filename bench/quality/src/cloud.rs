//! Points on surfaces and the distances between them.

use glam::Vec3;
use kiddo::SquaredEuclidean;
use kiddo::immutable::float::kdtree::ImmutableKdTree;
use mesh::Model;
use serde::Serialize;

use crate::align::Similarity;

/// Points spread evenly over a surface, in random order.
pub struct Cloud {
    /// Where.
    pub points: Vec<Vec3>,
    /// Unit normals of the triangles they lie on.
    pub normals: Vec<Vec3>,
    tree: ImmutableKdTree<f32, u32, 3, 32>,
}

impl Cloud {
    /// `count` points, as many per area everywhere. None on a model without area.
    pub fn sample(model: &Model, count: usize, seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let corners = |triangle: [u32; 3]| triangle.map(|v| model.positions[v as usize]);
        let mut total = 0.0_f64;
        let area_up_to: Vec<f64> = model
            .triangles
            .iter()
            .map(|&triangle| {
                let [a, b, c] = corners(triangle);
                total += f64::from((b - a).cross(c - a).length());
                total
            })
            .collect();
        let count = if total > 0.0 { count } else { 0 };
        let (points, normals) = (0..count)
            .map(|_| {
                let at = random.f64() * total;
                let index = area_up_to.partition_point(|&area| area <= at);
                let [a, b, c] = corners(model.triangles[index.min(area_up_to.len() - 1)]);
                // Even over the triangle: Osada et al., "Shape distributions", 2002.
                let (root, along) = (random.f32().sqrt(), random.f32());
                let point = a * (1.0 - root) + b * (root * (1.0 - along)) + c * (root * along);
                (point, (b - a).cross(c - a).normalize_or(Vec3::Y))
            })
            .unzip();
        Self::of(points, normals)
    }

    fn of(points: Vec<Vec3>, normals: Vec<Vec3>) -> Self {
        let rows: Vec<[f32; 3]> = points.iter().map(|p| p.to_array()).collect();
        Self {
            tree: ImmutableKdTree::new_from_slice(&rows),
            points,
            normals,
        }
    }

    /// The first points: a smaller sample of the same surface.
    pub fn first(&self, count: usize) -> Self {
        let count = count.min(self.points.len());
        Self::of(
            self.points[..count].to_vec(),
            self.normals[..count].to_vec(),
        )
    }

    /// The same points, moved.
    pub fn moved(&self, by: &Similarity) -> Self {
        Self::of(
            self.points.iter().map(|&p| by.point(p)).collect(),
            self.normals.iter().map(|&n| by.rotation * n).collect(),
        )
    }

    /// Index of the nearest point and the distance to it.
    pub fn nearest(&self, point: Vec3) -> (usize, f32) {
        let found = self.tree.nearest_one::<SquaredEuclidean>(&point.to_array());
        (found.item as usize, found.distance.sqrt())
    }
}

/// How close two surfaces are. Lengths are shares of the truth's longest side.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Closeness {
    /// Chamfer distance: mean distance to the nearest point, mean of both directions.
    pub cd: f64,
    /// F-score within 0.02: harmonic mean of the shares of points that have the other side near.
    pub f02: f64,
    /// F-score within 0.05.
    pub f05: f64,
    /// F-score within 0.1.
    pub f10: f64,
    /// Mean |cosine| between the normals of nearest points, mean of both directions.
    pub normals: f64,
}

impl Closeness {
    /// What a missing model gets: as far away as half its own length, and nothing else.
    pub const NONE: Self = Self {
        cd: 0.5,
        f02: 0.0,
        f05: 0.0,
        f10: 0.0,
        normals: 0.0,
    };

    /// Of two clouds, in either order.
    pub fn between(a: &Cloud, b: &Cloud) -> Self {
        if a.points.is_empty() || b.points.is_empty() {
            return Self::NONE;
        }
        let (there, back) = (OneWay::from(a, b), OneWay::from(b, a));
        let f = |i: usize| {
            let (p, r) = (there.within[i], back.within[i]);
            2.0 * p * r / (p + r).max(1e-9)
        };
        Self {
            cd: 0.5 * (there.distance + back.distance),
            f02: f(0),
            f05: f(1),
            f10: f(2),
            normals: 0.5 * (there.normals + back.normals),
        }
    }
}

/// Means over the points of one side.
struct OneWay {
    distance: f64,
    within: [f64; 3],
    normals: f64,
}

impl OneWay {
    fn from(a: &Cloud, b: &Cloud) -> Self {
        let mut sum = Self {
            distance: 0.0,
            within: [0.0; 3],
            normals: 0.0,
        };
        let share = 1.0 / a.points.len() as f64;
        for (&point, &normal) in a.points.iter().zip(&a.normals) {
            let (index, distance) = b.nearest(point);
            sum.distance += share * f64::from(distance);
            for (within, limit) in sum.within.iter_mut().zip([0.02, 0.05, 0.1]) {
                *within += if distance < limit { share } else { 0.0 };
            }
            sum.normals += share * f64::from(normal.dot(b.normals[index]).abs());
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipsoid::ellipsoid;

    #[test]
    fn a_sphere_is_close_to_itself() {
        let sphere = ellipsoid(Vec3::splat(0.5));
        let (a, b) = (
            Cloud::sample(&sphere, 10_000, 1),
            Cloud::sample(&sphere, 10_000, 2),
        );
        let close = Closeness::between(&a, &b);
        // Random points at density ρ are 1 / (2 √ρ) apart on average.
        let expected = 0.5 / (10_000.0 / std::f64::consts::PI).sqrt();
        assert!((close.cd - expected).abs() < 0.1 * expected, "{close:?}");
        assert!(close.f05 > 0.999 && close.normals > 0.99);
    }

    #[test]
    fn a_shifted_plane_is_as_far_away_as_it_was_shifted() {
        // A thin, wide disc: nearly all nearest points lie straight across.
        let disc = ellipsoid(Vec3::new(0.5, 0.001, 0.5));
        let a = Cloud::sample(&disc, 10_000, 1);
        let up = Similarity {
            translation: Vec3::Y * 0.04,
            ..Similarity::IDENTITY
        };
        let close = Closeness::between(&a.moved(&up), &a);
        assert!((close.cd - 0.039).abs() < 0.002, "{close:?}");
        assert!(close.f02 < 0.01 && close.f05 > 0.99);
    }

    #[test]
    fn nothing_is_far_from_everything() {
        let sphere = ellipsoid(Vec3::splat(0.5));
        let nothing = Model {
            triangles: Vec::new(),
            ..sphere.clone()
        };
        let close = Closeness::between(
            &Cloud::sample(&nothing, 9, 1),
            &Cloud::sample(&sphere, 9, 1),
        );
        assert!(close.cd > 0.4 && close.f10 < 1e-9);
    }
}
