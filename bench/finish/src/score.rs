//! How close a model comes to the shape it was made from, and to its picture.

use glam::{Vec2, Vec3};
use imaging::Picture;
use mesh::raster::{Clip, rasterize};
use mesh::{Surface, Texture, measure};

use crate::shapes::{HALF_FOV_TAN, Shape};

/// Pixels per side of the re-rendered picture.
const SIDE: usize = 512;
/// Pixels at the outline that are left out: there one program's half pixel is another's background.
const RIM: usize = 3;

/// The square of the picture, in its pixels, that a camera's frame spans.
#[derive(Clone, Copy)]
pub struct Cut {
    pub corner: [f32; 2],
    pub side: f32,
}

/// A textured model in the camera's frame.
pub struct Textured {
    pub surface: Surface,
    pub uvs: Vec<Vec2>,
    pub texture: Texture,
    pub cut: Cut,
}

/// What is wrong with a model.
pub struct Score {
    /// Mean distance of points on the model to the shape, in thousandths of its longest side.
    pub distance: f64,
    /// Difference between the picture and the model seen from the picture's camera, unlit.
    pub psnr_db: f64,
    pub closed: bool,
    pub faces: usize,
}

impl Score {
    pub fn of(model: &Textured, shape: &Shape, picture: &Picture) -> Self {
        let welded = mesh::Model {
            positions: model.surface.positions.clone(),
            triangles: model.surface.triangles.clone(),
            ..mesh::Model::default()
        };
        Self {
            distance: distance(&model.surface, shape),
            psnr_db: psnr(model, picture),
            closed: measure::Topology::of(&welded.surface()).is_closed_manifold(),
            faces: model.surface.triangles.len(),
        }
    }
}

/// Area-weighted mean over the faces' middles and corners.
fn distance(surface: &Surface, shape: &Shape) -> f64 {
    let (low, high) = measure::bounds(&surface.positions);
    let (mut sum, mut total) = (0.0, 0.0);
    for triangle in &surface.triangles {
        let [a, b, c] = triangle.map(|v| surface.positions[v as usize]);
        let area = f64::from((b - a).cross(c - a).length());
        let places = [
            (a + b + c) / 3.0,
            (a + b) / 2.0,
            (b + c) / 2.0,
            (c + a) / 2.0,
        ];
        let mean: f64 = places
            .iter()
            .map(|&p| f64::from(shape.inside(p).abs()))
            .sum::<f64>()
            / 4.0;
        sum += area * mean;
        total += area;
    }
    1000.0 * sum / total / f64::from((high - low).max_element())
}

fn psnr(model: &Textured, picture: &Picture) -> f64 {
    let scale = SIDE as f32 / picture.width as f32;
    let picture = picture.clone().shrink_to(SIDE as u32);
    let seen = seen(model, scale);
    let inside = |x: usize, y: usize| {
        (y - RIM..=y + RIM)
            .all(|y| (x - RIM..=x + RIM).all(|x| picture.rgba[(y * SIDE + x) * 4 + 3] == 255))
    };
    let (mut squares, mut count) = (0.0, 0);
    for y in RIM..SIDE - RIM {
        for x in (RIM..SIDE - RIM).filter(|&x| inside(x, y)) {
            let at = y * SIDE + x;
            let rgb = seen[at].unwrap_or([127.0; 3]);
            for (own, true_byte) in rgb.iter().zip(&picture.rgba[at * 4..at * 4 + 3]) {
                squares += f64::from(own - f32::from(*true_byte)).powi(2);
                count += 1;
            }
        }
    }
    10.0 * (255.0_f64.powi(2) * f64::from(count) / squares).log10()
}

/// The picture, what the camera sees of the model, and four times the difference, side by side:
/// width, height, RGBA.
pub fn sheet(model: &Textured, picture: &Picture) -> (u32, u32, Vec<u8>) {
    let scale = SIDE as f32 / picture.width as f32;
    let picture = picture.clone().shrink_to(SIDE as u32);
    let seen = seen(model, scale);
    let mut rgba = Vec::with_capacity(SIDE * SIDE * 12);
    for row in 0..SIDE {
        let pixels = |panel: usize| {
            let (picture, seen) = (&picture, &seen);
            (row * SIDE..(row + 1) * SIDE).flat_map(move |at| {
                let there = &picture.rgba[at * 4..at * 4 + 3];
                let ours = seen[at].unwrap_or([127.0; 3]);
                let byte = move |i: usize| match panel {
                    0 => there[i],
                    1 => ours[i] as u8,
                    _ => (4.0 * (ours[i] - f32::from(there[i])) + 127.0).clamp(0.0, 255.0) as u8,
                };
                [byte(0), byte(1), byte(2), 255]
            })
        };
        (0..3).for_each(|panel| rgba.extend(pixels(panel)));
    }
    (3 * SIDE as u32, SIDE as u32, rgba)
}

/// What the camera sees, 3 × 3 samples per pixel, as bytes; `scale` pixels for each of the picture's.
fn seen(model: &Textured, scale: f32) -> Vec<Option<[f32; 3]>> {
    const FINE: usize = 3;
    let side = (SIDE * FINE) as u32;
    let clip = Clip {
        x: 0..side,
        y: 0..side,
    };
    let mut nearest = vec![0.0_f32; (side * side) as usize];
    let mut colours = vec![None; (side * side) as usize];
    for triangle in &model.surface.triangles {
        let vertices = triangle.map(|v| v as usize);
        let corners = vertices.map(|v| model.surface.positions[v]);
        let scales = corners.map(|p| (1.0 - p.z * HALF_FOV_TAN).max(1e-3));
        let inverse = Vec3::from_array(scales.map(|s| 1.0 / s));
        let pixel = |k: usize| {
            let window = corners[k].truncate() / scales[k];
            let at = Vec2::new(0.5 + 0.5 * window.x, 0.5 - 0.5 * window.y);
            (Vec2::from(model.cut.corner) + at * model.cut.side) * scale * FINE as f32
        };
        rasterize([pixel(0), pixel(1), pixel(2)], &clip, |x, y, weights| {
            let at = (y * side + x) as usize;
            let there = inverse.dot(weights);
            if there > nearest[at] {
                nearest[at] = there;
                let w = weights * inverse / there;
                let [a, b, c] = vertices.map(|v| model.uvs[v]);
                colours[at] = Some(texel(&model.texture, a * w.x + b * w.y + c * w.z));
            }
        });
    }
    (0..SIDE * SIDE)
        .map(|i| {
            let (x, y) = (i % SIDE * FINE, i / SIDE * FINE);
            let fine = (0..FINE * FINE)
                .filter_map(|k| colours[(y + k / FINE) * side as usize + x + k % FINE]);
            let (sum, count) = fine.fold(([0.0_f32; 3], 0), |(sum, n), c: [f32; 3]| {
                ([sum[0] + c[0], sum[1] + c[1], sum[2] + c[2]], n + 1)
            });
            (count > 0).then(|| sum.map(|s| s / count as f32))
        })
        .collect()
}

/// Bilinear.
fn texel(texture: &Texture, uv: Vec2) -> [f32; 3] {
    let size = Vec2::new(texture.width as f32, texture.height as f32);
    let at = (uv * size - 0.5).clamp(Vec2::ZERO, size - 1.0);
    let (x, y) = (at.x as usize, at.y as usize);
    let next = |c: usize, n: u32| (c + 1).min(n as usize - 1);
    let (nx, ny) = (next(x, texture.width), next(y, texture.height));
    let byte = |x: usize, y: usize, i: usize| {
        f32::from(texture.rgb[(y * texture.width as usize + x) * 3 + i])
    };
    let (fx, fy) = (at.x.fract(), at.y.fract());
    [0, 1, 2].map(|i| {
        let top = byte(x, y, i) * (1.0 - fx) + byte(nx, y, i) * fx;
        let bottom = byte(x, ny, i) * (1.0 - fx) + byte(nx, ny, i) * fx;
        top * (1.0 - fy) + bottom * fy
    })
}
