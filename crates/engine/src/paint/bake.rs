//! Filling the texture: every texel asks for the colour of its surface point.

use glam::{USizeVec2, Vec2, Vec3};
use mesh::raster::{Clip, rasterize};
use mesh::{Model, Texture};
use rayon::prelude::*;

/// Rows that one task fills.
const BAND: usize = 32;

/// The place on the surface that a texel shows.
pub(super) struct Spot {
    /// The triangle's vertices in the model.
    pub vertices: [usize; 3],
    /// Barycentric coordinates.
    pub weights: Vec3,
}

impl Spot {
    /// A vertex attribute at this place.
    pub(super) fn mix<T>(&self, attribute: &[T]) -> T
    where
        T: Copy + std::ops::Mul<f32, Output = T> + std::ops::Add<Output = T>,
    {
        let [a, b, c] = self.vertices.map(|v| attribute[v]);
        a * self.weights.x + b * self.weights.y + c * self.weights.z
    }
}

/// Bakes `texel` into a square texture; islands are continued by `gutter` texels, the rest gets the
/// mean.
pub(super) fn bake(
    model: &Model,
    size: u32,
    gutter: u32,
    texel: impl Fn(&Spot) -> [f32; 3] + Sync,
) -> Texture {
    let texel = |spot: &Spot| texel(spot).map(|c| (c * 255.0 + 0.5) as u8);
    let width = size as usize;
    let mut texels = vec![None; width * width];
    let places: Vec<Vec2> = model.uvs.iter().map(|&uv| uv * size as f32).collect();
    let triangles = by_band(model, &places, width);
    texels
        .par_chunks_mut(width * BAND)
        .zip(&triangles)
        .enumerate()
        .for_each(|(band, (rows, triangles))| {
            let first = band * BAND;
            let clip = Clip {
                x: 0..size,
                y: first as u32..(first + rows.len() / width) as u32,
            };
            for &triangle in triangles {
                let vertices = model.triangles[triangle as usize].map(|v| v as usize);
                rasterize(vertices.map(|v| places[v]), &clip, |x, y, weights| {
                    let spot = Spot { vertices, weights };
                    rows[(y as usize - first) * width + x as usize] = Some(texel(&spot));
                });
            }
        });
    // Islands smaller than a texel may miss every texel's centre.
    for triangle in &model.triangles {
        let vertices = triangle.map(|v| v as usize);
        for (corner, weights) in [Vec3::X, Vec3::Y, Vec3::Z].into_iter().enumerate() {
            let at = places[vertices[corner]].as_usizevec2();
            let at = at.min(USizeVec2::splat(width - 1));
            let empty = &mut texels[at.y * width + at.x];
            if empty.is_none() {
                *empty = Some(texel(&Spot { vertices, weights }));
            }
        }
    }
    for _ in 0..gutter {
        texels = grown(&texels, width);
    }
    let rest = mean(&texels);
    let rgb = texels
        .into_iter()
        .flat_map(|texel| texel.unwrap_or(rest))
        .collect();
    Texture {
        width: size,
        height: size,
        rgb,
    }
}

/// The triangles that may touch each band of rows, in order.
fn by_band(model: &Model, places: &[Vec2], width: usize) -> Vec<Vec<u32>> {
    let mut bands = vec![Vec::new(); width.div_ceil(BAND)];
    for (face, triangle) in model.triangles.iter().enumerate() {
        let rows = triangle.map(|v| places[v as usize].y.clamp(0.0, width as f32 - 1.0) as usize);
        let (low, high) = (
            rows.into_iter().min().unwrap_or(0),
            rows.into_iter().max().unwrap_or(0),
        );
        for band in &mut bands[low / BAND..=high / BAND] {
            band.push(face as u32);
        }
    }
    bands
}

/// Every empty texel beside filled ones takes their mean.
fn grown(texels: &[Option<[u8; 3]>], width: usize) -> Vec<Option<[u8; 3]>> {
    (0..texels.len())
        .into_par_iter()
        .map(|at| {
            if texels[at].is_some() {
                return texels[at];
            }
            let (x, y) = (at % width, at / width);
            let mut sum = [0_u32; 3];
            let mut count = 0;
            for ny in y.saturating_sub(1)..(y + 2).min(width) {
                for nx in x.saturating_sub(1)..(x + 2).min(width) {
                    if let Some(rgb) = texels[ny * width + nx] {
                        count += 1;
                        (0..3).for_each(|i| sum[i] += u32::from(rgb[i]));
                    }
                }
            }
            (count > 0).then(|| sum.map(|s| ((s + count / 2) / count) as u8))
        })
        .collect()
}

fn mean(texels: &[Option<[u8; 3]>]) -> [u8; 3] {
    let mut sum = [0_u64; 3];
    let mut count = 0_u64;
    for rgb in texels.iter().flatten() {
        count += 1;
        (0..3).for_each(|i| sum[i] += u64::from(rgb[i]));
    }
    sum.map(|s| (s / count.max(1)) as u8)
}
