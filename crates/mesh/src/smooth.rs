//! Smoothing that does not shrink (Taubin, "A signal processing approach to fair surface design",
//! SIGGRAPH 1995), and spares edges if it is told to.

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;
use crate::measure::vertex_normals;

/// Step towards the neighbours' mean, and the slightly larger step back that undoes the shrinking.
const FORWARD: f32 = 0.5;
const BACKWARD: f32 = -0.52;
/// Neighbours whose unit normals lie further apart than about this pull no more: half a radian.
const EDGE: f32 = 0.5;

/// Runs `rounds` forward and backward steps over all vertices.
pub fn taubin(surface: &mut Surface, rounds: usize) {
    let neighbours = Neighbours::of(surface);
    neighbours.smooth(&mut surface.positions, rounds);
}

/// The same, but across an edge vertices hardly pull: noise goes, edges and creases stay. Which is which is
/// seen on a copy that was smoothed already (Jones, Durand and Desbrun, "Non-iterative,
/// feature-preserving mesh smoothing", SIGGRAPH 2003).
pub fn taubin_along_edges(surface: &mut Surface, rounds: usize) {
    let mut neighbours = Neighbours::of(surface);
    let mut calm = Surface {
        positions: surface.positions.clone(),
        triangles: std::mem::take(&mut surface.triangles),
    };
    neighbours.smooth(&mut calm.positions, rounds.div_ceil(2));
    neighbours.weigh(&vertex_normals(&calm));
    surface.triangles = calm.triangles;
    neighbours.smooth(&mut surface.positions, rounds);
}

/// The vertices around each vertex and how much each pulls, as lists with offsets.
struct Neighbours {
    starts: Vec<u32>,
    list: Vec<u32>,
    weights: Vec<f32>,
}

impl Neighbours {
    /// On a closed surface each neighbour is met once as the second corner of a triangle.
    fn of(surface: &Surface) -> Self {
        let mut starts = vec![0; surface.positions.len() + 1];
        let ordered_edges = || {
            surface
                .triangles
                .iter()
                .flat_map(|&[a, b, c]| [(a, b), (b, c), (c, a)])
        };
        for (from, _) in ordered_edges() {
            starts[from as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut fill = starts.clone();
        let mut list = vec![0; surface.triangles.len() * 3];
        for (from, to) in ordered_edges() {
            list[fill[from as usize] as usize] = to;
            fill[from as usize] += 1;
        }
        let weights = vec![1.0; list.len()];
        Self {
            starts,
            list,
            weights,
        }
    }

    fn around(&self, vertex: usize) -> std::ops::Range<usize> {
        self.starts[vertex] as usize..self.starts[vertex + 1] as usize
    }

    /// Lets neighbours pull by how much they face the same way.
    fn weigh(&mut self, normals: &[Vec3]) {
        let (starts, list) = (&self.starts, &self.list);
        let weights = (0..normals.len()).into_par_iter().flat_map_iter(|vertex| {
            let around = &list[starts[vertex] as usize..starts[vertex + 1] as usize];
            around.iter().map(move |&other| {
                let apart = normals[vertex].distance_squared(normals[other as usize]);
                (-apart / (2.0 * EDGE * EDGE)).exp()
            })
        });
        self.weights = weights.collect();
    }

    fn smooth(&self, positions: &mut Vec<Vec3>, rounds: usize) {
        for _ in 0..rounds {
            for factor in [FORWARD, BACKWARD] {
                let from = &*positions;
                let moved = (0..from.len())
                    .into_par_iter()
                    .map(|v| match self.mean(v, from) {
                        Some(mean) => from[v].lerp(mean, factor),
                        None => from[v],
                    });
                *positions = moved.collect();
            }
        }
    }

    fn mean(&self, vertex: usize, positions: &[Vec3]) -> Option<Vec3> {
        let around = self.around(vertex);
        let weights = &self.weights[around.clone()];
        let pulls = self.list[around].iter().zip(weights);
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
