//! Smoothing that does not shrink (Taubin, "A signal processing approach to fair surface design",
//! SIGGRAPH 1995), and spares edges if it is told to.

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;
use crate::measure::vertex_normals;
use crate::neighbours::Neighbours;

/// Step towards the neighbours' mean, and the slightly larger step back that undoes the shrinking.
const FORWARD: f32 = 0.5;
const BACKWARD: f32 = -0.52;
/// Neighbours whose unit normals lie further apart than about this pull no more: half a radian.
const EDGE: f32 = 0.5;

/// Runs `rounds` forward and backward steps over all vertices.
pub fn taubin(surface: &mut Surface, rounds: usize) {
    Springs::alike(Neighbours::of(surface)).relax(&mut surface.positions, rounds);
}

/// The same, but across an edge vertices hardly pull: noise goes, edges and creases stay. Which is which is
/// seen on a copy that was smoothed already (Jones, Durand and Desbrun, "Non-iterative,
/// feature-preserving mesh smoothing", SIGGRAPH 2003).
pub fn taubin_along_edges(surface: &mut Surface, rounds: usize) {
    let mut springs = Springs::alike(Neighbours::of(surface));
    let rough = surface.positions.clone();
    springs.relax(&mut surface.positions, rounds.div_ceil(2));
    springs.loosen(&vertex_normals(surface));
    surface.positions = rough;
    springs.relax(&mut surface.positions, rounds);
}

/// Neighbours, and how much each pulls.
struct Springs {
    neighbours: Neighbours,
    weights: Vec<f32>,
}

impl Springs {
    fn alike(neighbours: Neighbours) -> Self {
        Self {
            weights: vec![1.0; neighbours.all().len()],
            neighbours,
        }
    }

    /// Lets neighbours pull by how much they face the same way.
    fn loosen(&mut self, normals: &[Vec3]) {
        let neighbours = &self.neighbours;
        let weights = (0..normals.len()).into_par_iter().flat_map_iter(|vertex| {
            neighbours.around(vertex).iter().map(move |&other| {
                let apart = normals[vertex].distance_squared(normals[other as usize]);
                (-apart / (2.0 * EDGE * EDGE)).exp()
            })
        });
        self.weights = weights.collect();
    }

    fn relax(&self, positions: &mut Vec<Vec3>, rounds: usize) {
        for _ in 0..rounds {
            for factor in [FORWARD, BACKWARD] {
                let from = &*positions;
                let moved = (0..from.len()).into_par_iter().map(|v| {
                    let mean = self.mean(v, from);
                    mean.map_or(from[v], |mean| from[v].lerp(mean, factor))
                });
                *positions = moved.collect();
            }
        }
    }

    fn mean(&self, vertex: usize, positions: &[Vec3]) -> Option<Vec3> {
        let weights = &self.weights[self.neighbours.range(vertex)];
        let pulls = self.neighbours.around(vertex).iter().zip(weights);
        let (sum, total) = pulls.fold((Vec3::ZERO, 0.0), |(sum, total), (&v, &weight)| {
            (sum + weight * positions[v as usize], total + weight)
        });
        (total > f32::MIN_POSITIVE).then(|| sum / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::measure::signed_volume;

    #[test]
    fn a_rough_box_becomes_flat_and_keeps_its_edges() {
        let n = 48;
        let middle = Vec3::splat(23.5);
        // A box turned a little, so that its sides are stairs' neighbours.
        let turn = glam::Quat::from_euler(glam::EulerRot::XYZ, 0.3, 0.4, 0.1);
        let inside = |p: Vec3| {
            let beyond = (turn * (p - middle)).abs() - Vec3::new(14.0, 12.0, 10.0);
            -(beyond.max(Vec3::ZERO).length() + beyond.max_element().min(0.0))
        };
        let rough = |i: usize| (i.wrapping_mul(2_654_435_761) >> 16 & 255) as f32 / 255.0 - 0.5;
        let values = (0..n * n * n).map(|i| {
            let p = Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32);
            inside(p) + 0.5 * rough(i)
        });
        let surface = isosurface(&Field {
            size: [n, n, n],
            values: values.collect(),
        });
        let off = |smooth: fn(&mut Surface, usize)| {
            let mut surface = Surface {
                positions: surface.positions.clone(),
                triangles: surface.triangles.clone(),
            };
            smooth(&mut surface, 9);
            let sum: f32 = surface.positions.iter().map(|&p| inside(p).abs()).sum();
            sum / surface.positions.len() as f32
        };
        let (rough, plain, spared) = (off(|_, _| ()), off(taubin), off(taubin_along_edges));
        assert!(plain < 0.7 * rough, "{plain} of {rough}");
        assert!(spared < 0.9 * plain, "{spared} against {plain}");
    }

    #[test]
    fn bumps_flatten_and_the_volume_stays() {
        let n = 40;
        let radius = |p: Vec3| (p - Vec3::splat(19.5)).length();
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| 14.0 - radius(p) + 0.4 * ((p.x * 2.5).sin() + (p.y * 2.5).sin()))
            .collect();
        let mut surface = isosurface(&Field {
            size: [n, n, n],
            values,
        });
        let spread = |s: &Surface| {
            let mean =
                s.positions.iter().map(|&p| radius(p)).sum::<f32>() / s.positions.len() as f32;
            s.positions
                .iter()
                .map(|&p| (radius(p) - mean).powi(2))
                .sum::<f32>()
        };
        let (bumps, volume) = (spread(&surface), signed_volume(&surface));
        taubin(&mut surface, 8);
        assert!(
            spread(&surface) < 0.5 * bumps,
            "{} of {bumps}",
            spread(&surface)
        );
        assert!((signed_volume(&surface) / volume - 1.0).abs() < 0.02);
    }
}
