//! A network that knows the answer: what is measured is everything after the network.

use engine::{EngineError, Guess, ShapeModel, Tell, Volume};
use glam::Vec3;
use imaging::{Frame, Picture, Plane};
use rayon::prelude::*;

use crate::shapes::{HALF_FOV_TAN, Shape, colour, point, window};

/// Depths that the volume spans.
const RANGE: [f32; 2] = [-1.1, 1.1];
/// Pixels per side of the depth layers.
const LAYER_SIDE: usize = 384;

/// The picture of a shape, cut out, `side` pixels wide.
pub fn picture(shape: &Shape, side: usize) -> Picture {
    const SUBPIXELS: usize = 3;
    let rgba = (0..side * side)
        .into_par_iter()
        .flat_map_iter(|i| {
            let (x, y) = (i % side, i / side);
            let fine = |k: usize| (x * SUBPIXELS + k % SUBPIXELS, y * SUBPIXELS + k / SUBPIXELS);
            let covered = (0..SUBPIXELS * SUBPIXELS)
                .filter(|&k| {
                    let (x, y) = fine(k);
                    shape.depth(window(x, y, side * SUBPIXELS), 1.0).is_some()
                })
                .count();
            let [r, g, b] = colour(window(x, y, side)).map(|c| (c * 255.0 + 0.5) as u8);
            [r, g, b, (covered * 255 / (SUBPIXELS * SUBPIXELS)) as u8]
        })
        .collect();
    Picture::new(side as u32, side as u32, rgba)
}

/// Answers for one shape.
pub struct Known {
    front: Plane<1>,
    back: Plane<1>,
    logits: Vec<f32>,
    samples: usize,
}

impl Known {
    /// Samples the shape at `samples`³ places.
    pub fn of(shape: &Shape, samples: usize) -> Self {
        let layer = |step: f32| {
            let depths = (0..LAYER_SIDE * LAYER_SIDE).into_par_iter().map(|i| {
                let at = window(i % LAYER_SIDE, i / LAYER_SIDE, LAYER_SIDE);
                [shape.depth(at, step).unwrap_or(0.0)]
            });
            Plane {
                width: LAYER_SIDE,
                height: LAYER_SIDE,
                data: depths.collect(),
            }
        };
        let step = (RANGE[1] - RANGE[0]) / samples as f32;
        let logits = (0..samples * samples * samples)
            .into_par_iter()
            .map(|i| {
                let (x, y, k) = (i % samples, i / samples % samples, i / samples / samples);
                let t = RANGE[0] + (k as f32 + 0.5) * step;
                2.0 * (shape.inside(point(window(x, y, samples), t)) / step).clamp(-8.0, 8.0)
            })
            .collect();
        Self {
            front: layer(1.0),
            back: layer(-1.0),
            logits,
            samples,
        }
    }
}

impl ShapeModel for Known {
    fn name(&self) -> &'static str {
        "known"
    }

    fn input_side(&self) -> usize {
        192
    }

    fn guess(&self, _frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        Ok(Guess {
            front: self.front.clone(),
            back: self.back.clone(),
            back_colour: None,
            volume: Some(Volume {
                side: self.samples,
                depths: self.samples,
                range: RANGE,
                logits: self.logits.clone(),
                exact: true,
            }),
            mirror: None,
            up: Vec3::Y,
            half_fov_tan: HALF_FOV_TAN,
        })
    }
}
