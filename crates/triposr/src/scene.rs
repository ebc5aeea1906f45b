//! The finished scene: ask any point for its density and colour.

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::error::Result;
use crate::kernels::decoder::{BATCH, Decoder, Planes};
use crate::progress::Watch;

/// Points of one task: a few milliseconds.
const TASK: usize = 32 * BATCH;

/// A field of density and colour in the cube from −radius to radius.
///
/// Coordinates are the reference's: right-handed, **x towards the viewer of the picture, y to the
/// picture's right, z up**. The reference's camera for the picture's own view is at (1.9, 0, 0),
/// looks at the origin and has a vertical field of view of 40°: at the origin it sees from −0.69
/// to 0.69. TripoSR was trained with cameras that it isn't told of, so a picture's true distance
/// and field of view may be others; the object comes out as if they were near these.
///
/// The surface is where the density is [`Scene::ISO`]; it is denser inside.
pub struct Scene {
    decoder: Arc<Decoder>,
    planes: Planes,
    radius: f32,
    density_bias: f32,
    pub(crate) samples_per_ray: usize,
}

/// What a point holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Above zero; above [`Scene::ISO`] inside the object.
    pub density: f32,
    /// sRGB, 0–1.
    pub colour: [f32; 3],
}

impl Scene {
    /// Density at the surface.
    pub const ISO: f32 = 25.0;

    pub(crate) fn new(config: &Config, decoder: Arc<Decoder>, planes: &[f32]) -> Self {
        let plane = planes.len() / 3;
        let planes = [0, 1, 2].map(|at| &planes[at * plane..(at + 1) * plane]);
        let planes = decoder.project(planes, 2 * config.plane_size);
        let Config {
            radius,
            density_bias,
            samples_per_ray,
            ..
        } = *config;
        Self {
            decoder,
            planes,
            radius,
            density_bias,
            samples_per_ray,
        }
    }

    /// Half the side of the cube that the scene fills.
    pub fn radius(&self) -> f32 {
        self.radius
    }

    /// Density and colour at each point; outside the cube, what the decoder makes of nothing.
    pub fn query(&self, points: &[[f32; 3]]) -> Vec<Sample> {
        let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
        let raw = self.raw(points).into_iter();
        raw.map(|[density, colour @ ..]| Sample {
            density: (density + self.density_bias).exp(),
            colour: colour.map(sigmoid),
        })
        .collect()
    }

    /// The decoder's four outputs at each point, before their activations.
    pub(crate) fn raw(&self, points: &[[f32; 3]]) -> Vec<[f32; 4]> {
        let mut out = vec![[0.0; 4]; points.len()];
        let tasks = out.par_chunks_mut(TASK).zip(points.par_chunks(TASK));
        tasks.for_each(|(out, points)| {
            let points: Vec<_> = points
                .iter()
                .map(|point| point.map(|x| x / self.radius))
                .collect();
            self.decoder.decode(&self.planes, &points, out);
        });
        out
    }

    /// Logarithm of the density for each of `out`; `point` gives the place of the n-th of them in
    /// units of the radius.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub(crate) fn logits(
        &self,
        out: &mut [f32],
        point: impl Fn(usize) -> [f32; 3] + Sync,
        watch: &Watch,
    ) -> Result<()> {
        out.par_chunks_mut(TASK)
            .enumerate()
            .try_for_each(|(task, out)| {
                let points = (task * TASK..).take(out.len()).map(&point);
                let points: Vec<_> = points.collect();
                let mut raw = vec![[0.0; 4]; points.len()];
                self.decoder.decode(&self.planes, &points, &mut raw);
                for (out, raw) in out.iter_mut().zip(&raw) {
                    *out = raw[0] + self.density_bias;
                }
                watch.advance(self.decoder.work(points.len()))
            })
    }

    /// Texels per side of a plane.
    pub(crate) fn texels(&self) -> usize {
        self.planes.side
    }

    /// Multiplications for so many points.
    pub(crate) fn work(&self, points: usize) -> u64 {
        self.decoder.work(points) as u64
    }
}
