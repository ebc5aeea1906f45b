//! Views of a scene, rendered as the reference does it: along rays, without a surface.

use crate::picture::Rgb;
use crate::scene::{Sample, Scene};

/// Where a view is seen from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// From the front (+x) towards +y, degrees.
    pub azimuth_deg: f32,
    /// Above the horizon, degrees.
    pub elevation_deg: f32,
    /// From the origin, which it looks at. The reference has 1.9.
    pub distance: f32,
    /// Vertical field of view, degrees. The reference has 40.
    pub fov_deg: f32,
}

impl Scene {
    /// A square view of `side` pixels on white.
    ///
    /// Each ray is cut to the cube and sampled evenly; a sample's opacity is that of the reference,
    /// which takes a step for the same share of every ray's length.
    pub fn view(&self, camera: Camera, side: usize) -> Rgb {
        let steps = self.samples_per_ray;
        let rays: Vec<_> = (0..side * side)
            .map(|at| camera.ray(at % side, at / side, side))
            .collect();
        let spans: Vec<_> = rays.iter().map(|ray| self.span(ray)).collect();
        let points = rays.iter().zip(&spans).flat_map(|(ray, span)| {
            (0..steps).map(move |step| {
                let part = (step as f32 + 0.5) / steps as f32;
                let along = span[0] * (1.0 - part) + span[1] * part;
                std::array::from_fn(|axis| ray.origin[axis] + along * ray.direction[axis])
            })
        });
        let samples = self.query(&points.collect::<Vec<_>>());
        let pixels = samples
            .chunks(steps)
            .zip(spans)
            .map(|(samples, [near, far])| {
                if far > near {
                    composited(samples)
                } else {
                    [1.0; 3]
                }
            });
        Rgb {
            width: side,
            height: side,
            pixels: pixels.collect(),
        }
    }

    /// Where a ray enters and leaves the cube; nothing between them if it misses.
    fn span(&self, ray: &Ray) -> [f32; 2] {
        // The reference's cube is a thousandth smaller, and what a ray sees of it not too little.
        let (radius, least) = (0.999 * self.radius(), 0.01);
        let (mut near, mut far) = (0.0f32, f32::INFINITY);
        for (origin, direction) in ray.origin.iter().zip(ray.direction) {
            let direction = if direction.abs() < 1e-6 {
                1e-6
            } else {
                direction
            };
            let ends = [-radius, radius].map(|wall| (wall - origin) / direction);
            near = near.max(ends[0].min(ends[1]));
            far = far.min(ends[0].max(ends[1]));
        }
        if far - near > least {
            [near, far]
        } else {
            [0.0; 2]
        }
    }
}

/// Front to back, then white.
fn composited(samples: &[Sample]) -> [f32; 3] {
    let mut seen = 1.0;
    let mut colour = [0.0; 3];
    for sample in samples {
        let opacity = 1.0 - (-sample.density / samples.len() as f32).exp();
        for (sum, channel) in colour.iter_mut().zip(sample.colour) {
            *sum += seen * opacity * channel;
        }
        seen *= 1.0 - opacity;
    }
    colour.map(|sum| sum + seen)
}

struct Ray {
    origin: [f32; 3],
    direction: [f32; 3],
}

impl Camera {
    /// The ray through the middle of a pixel; rows count from the top.
    fn ray(&self, x: usize, y: usize, side: usize) -> Ray {
        let (azimuth, elevation) = (
            self.azimuth_deg.to_radians(),
            self.elevation_deg.to_radians(),
        );
        let (sin_a, cos_a) = azimuth.sin_cos();
        let (sin_e, cos_e) = elevation.sin_cos();
        let back = [cos_e * cos_a, cos_e * sin_a, sin_e];
        let right = [-sin_a, cos_a, 0.0];
        let up = [-sin_e * cos_a, -sin_e * sin_a, cos_e];
        let half = (0.5 * self.fov_deg.to_radians()).tan();
        let [u, v] = [x, y].map(|at| ((2 * at + 1) as f32 / side as f32 - 1.0) * half);
        let towards: [f32; 3] = std::array::from_fn(|i| u * right[i] - v * up[i] - back[i]);
        let length = towards.iter().map(|x| x * x).sum::<f32>().sqrt();
        let (origin, direction) = (back.map(|x| x * self.distance), towards.map(|x| x / length));
        Ray { origin, direction }
    }
}
