//! Silhouette inflation: no network, the outline is blown up like a balloon. The fallback, and the
//! yardstick that every network has to beat.

use glam::Vec3;
use imaging::{Frame, Plane};

use crate::EngineError;
use crate::model::{Guess, ShapeModel, Tell};

/// The usual field of view, 32°.
const HALF_FOV_TAN: f32 = 0.286_745_4;

/// Half as deep as a sphere would be: most things are flatter than their outline is wide.
const DEPTH: f32 = 0.8;

/// Depth from the distance to the outline.
pub struct Inflate;

impl ShapeModel for Inflate {
    fn name(&self) -> &'static str {
        "inflate"
    }

    fn input_side(&self) -> usize {
        128
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let side = frame.alpha.width;
        let distance = distance_inside(&frame.alpha).map(|d| [d[0] * 2.0 / side as f32]);
        let radius = distance.data.iter().map(|d| d[0]).fold(0.0, f32::max);
        // A quarter circle over the distance to the outline, flat in the middle.
        let height =
            distance.map(|d| [DEPTH * (radius * radius - (radius - d[0]).powi(2)).max(0.0).sqrt()]);
        Ok(Guess {
            mirror: None,
            front: height.map(|h| [-h[0]]),
            back: height,
            back_colour: None,
            volume: None,
            up: Vec3::Y,
            half_fov_tan: HALF_FOV_TAN,
        })
    }
}

/// Distance in pixels from each pixel inside the silhouette to the nearest one outside, 0 outside
/// (two passes of a 3-4 chamfer: Borgefors, "Distance transformations in digital images", 1986).
fn distance_inside(alpha: &Plane<1>) -> Plane<1> {
    let (width, height) = (alpha.width, alpha.height);
    let mut distance = alpha.map(|a| [if a[0] >= 0.5 { 1e6 } else { 0.0_f32 }]);
    let (near, diagonal) = (1.0, 4.0 / 3.0);
    let mut relax = |x: usize, y: usize, steps: [(isize, isize, f32); 4]| {
        for (dx, dy, cost) in steps {
            let (nx, ny) = (x as isize + dx, y as isize + dy);
            let inside = (0..width as isize).contains(&nx) && (0..height as isize).contains(&ny);
            let there = if inside {
                distance[(nx as usize, ny as usize)][0]
            } else {
                0.0
            };
            let here = &mut distance[(x, y)][0];
            *here = here.min(there + cost);
        }
    };
    for y in 0..height {
        for x in 0..width {
            relax(
                x,
                y,
                [
                    (-1, 0, near),
                    (0, -1, near),
                    (-1, -1, diagonal),
                    (1, -1, diagonal),
                ],
            );
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            relax(
                x,
                y,
                [
                    (1, 0, near),
                    (0, 1, near),
                    (1, 1, diagonal),
                    (-1, 1, diagonal),
                ],
            );
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    #[test]
    fn a_disc_becomes_a_symmetric_lens() {
        let inside = |x: usize, y: usize| {
            let (dx, dy) = (x as f32 - 63.5, y as f32 - 63.5);
            if dx.hypot(dy) < 50.0 { 1.0 } else { 0.0 }
        };
        let frame = Frame {
            colour: Plane::filled(128, 128, [0.5; 3]),
            alpha: Plane::from_fn(128, 128, |x, y| [inside(x, y)]),
        };
        let guess = Inflate
            .guess(&frame, 0, &mut |_| ControlFlow::Continue(()))
            .unwrap();
        let depth = guess.back[(64, 64)][0] - guess.front[(64, 64)][0];
        assert!((depth - 2.0 * DEPTH * 50.0 / 64.0).abs() < 0.1, "{depth}");
        assert_eq!(guess.back[(2, 2)][0], guess.front[(2, 2)][0]);
    }
}
