//! Filling the texture: every texel asks for the colour of its surface point.

use glam::Vec3;
use mesh::Texture;
use mesh::raster::{Clip, rasterize};
use mesh::unwrap::Unwrapped;
use rayon::prelude::*;

/// Rows that one task fills.
const BAND: usize = 32;

/// Bakes `colour(point, normal)` (sRGB, 0–1) into a square texture; islands are continued by
/// `gutter` texels, the rest gets the mean colour.
pub(super) fn bake(
    flat: &Unwrapped,
    positions: &[Vec3],
    normals: &[Vec3],
    size: u32,
    gutter: u32,
    colour: impl Fn(Vec3, Vec3) -> [f32; 3] + Sync,
) -> Texture {
    let width = size as usize;
    let mut texels = vec![None; width * width];
    let triangles = by_band(flat, width);
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
                let triangle = flat.triangles[triangle as usize].map(|v| v as usize);
                let [a, b, c] = triangle.map(|v| positions[v]);
                let [na, nb, nc] = triangle.map(|v| normals[v]);
                rasterize(triangle.map(|v| flat.texels[v]), &clip, |x, y, w| {
                    let point = a * w.x + b * w.y + c * w.z;
                    let normal = (na * w.x + nb * w.y + nc * w.z).normalize_or(na);
                    let rgb = bytes(colour(point, normal));
                    rows[(y as usize - first) * width + x as usize] = Some(rgb);
                });
            }
        });
    // Islands smaller than a texel may miss every texel's centre.
    for ((texel, &point), &normal) in flat.texels.iter().zip(positions).zip(normals) {
        let at = texel.as_usizevec2().min(glam::USizeVec2::splat(width - 1));
        let texel = &mut texels[at.y * width + at.x];
        if texel.is_none() {
            *texel = Some(bytes(colour(point, normal)));
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

fn bytes(colour: [f32; 3]) -> [u8; 3] {
    colour.map(|c| (c * 255.0 + 0.5) as u8)
}

/// The triangles that may touch each band of rows, in order.
fn by_band(flat: &Unwrapped, width: usize) -> Vec<Vec<u32>> {
    let mut bands = vec![Vec::new(); width.div_ceil(BAND)];
    for (face, triangle) in flat.triangles.iter().enumerate() {
        let rows =
            triangle.map(|v| flat.texels[v as usize].y.clamp(0.0, width as f32 - 1.0) as usize);
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
