//! Smoothing that does not shrink (Taubin, "A signal processing approach to fair surface design",
//! SIGGRAPH 1995).

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;

/// Step towards the neighbours' mean, and the slightly larger step back that undoes the shrinking.
const FORWARD: f32 = 0.5;
const BACKWARD: f32 = -0.52;

/// Runs `rounds` forward and backward steps over all vertices.
pub fn taubin(surface: &mut Surface, rounds: usize) {
    let neighbours = Neighbours::of(surface);
    for _ in 0..rounds {
        for factor in [FORWARD, BACKWARD] {
            let from = &surface.positions;
            surface.positions = (0..from.len())
                .into_par_iter()
                .map(|v| match neighbours.mean(v, from) {
                    Some(mean) => from[v].lerp(mean, factor),
                    None => from[v],
                })
                .collect();
        }
    }
}

/// The vertices around each vertex, as one list with offsets.
struct Neighbours {
    starts: Vec<u32>,
    list: Vec<u32>,
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
        Self { starts, list }
    }

    fn mean(&self, vertex: usize, positions: &[Vec3]) -> Option<Vec3> {
        let around = &self.list[self.starts[vertex] as usize..self.starts[vertex + 1] as usize];
        let sum: Vec3 = around.iter().map(|&v| positions[v as usize]).sum();
        (!around.is_empty()).then(|| sum / around.len() as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::measure::signed_volume;

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
