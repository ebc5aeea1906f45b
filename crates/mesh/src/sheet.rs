//! Contact sheets: many models at a glance, each beside the picture it was made from, so that a
//! person can judge a run.

pub(crate) mod font;

use rayon::prelude::*;

use crate::Model;
use crate::raster::{Image, Scene, Shading, View};

/// One line of a sheet.
pub struct Row<'a> {
    /// Written over the input picture. Letters, digits and a few signs; the rest shows as blanks.
    pub label: &'a str,
    /// What the model was made from, any size.
    pub picture: &'a Image,
    /// The model.
    pub model: &'a Model,
}

/// The views of a row, left to right, after the input picture: azimuth in degrees.
const VIEWS: [(Shading, f32); 7] = [
    (Shading::Textured, 0.0),
    (Shading::Textured, 45.0),
    (Shading::Textured, 90.0),
    (Shading::Textured, 180.0),
    (Shading::Clay, -45.0),
    (Shading::Clay, 45.0),
    (Shading::Clay, 90.0),
];

/// Tiles per row: the input picture and its views.
pub const COLUMNS: u32 = VIEWS.len() as u32 + 1;

const INK: [u8; 3] = [40, 42, 48];

/// Draws one row per model; every tile is `tile` pixels a side. No rows: an image without pixels.
pub fn contact_sheet(rows: &[Row], tile: u32) -> Image {
    let mut sheet = Image::filled(COLUMNS * tile, 0, [0; 4]);
    for row in rows {
        let strip = strip(row, tile);
        sheet.rgba.extend(strip.rgba);
        sheet.height += strip.height;
    }
    sheet
}

fn strip(row: &Row, tile: u32) -> Image {
    let scene = Scene::new(row.model);
    let mut tiles = vec![(fitted(row.picture, tile), row.label.to_owned())];
    tiles.extend(VIEWS.map(|(shading, azimuth_deg)| {
        let view = View::from_azimuth(azimuth_deg).with_shading(shading);
        (scene.render(&view, tile), format!("{azimuth_deg}"))
    }));
    let scale = (tile / 128).max(1);
    let mut strip = Image::filled(COLUMNS * tile, tile, [0; 4]);
    for (column, (mut image, label)) in (0..).zip(tiles) {
        font::write(&mut image, [2 * scale; 2], scale, INK, &label);
        for (y, line) in image.rgba.chunks_exact((tile * 4) as usize).enumerate() {
            let start = (y * COLUMNS as usize + column) * line.len();
            strip.rgba[start..start + line.len()].copy_from_slice(line);
        }
    }
    strip
}

/// The whole picture, centred on paper and scaled to fit a square; each pixel is the mean of
/// what it covers.
fn fitted(picture: &Image, tile: u32) -> Image {
    let [r, g, b] = View::PAPER;
    let mut out = Image::filled(tile, tile, [r, g, b, 255]);
    let longest = picture.width.max(picture.height);
    if longest == 0 || picture.width == 0 || picture.height == 0 {
        return out;
    }
    let scaled = |side: u32| {
        (u64::from(side) * u64::from(tile) / u64::from(longest)).clamp(1, tile.into()) as u32
    };
    let (width, height) = (scaled(picture.width), scaled(picture.height));
    let (left, top) = ((tile - width) / 2, (tile - height) / 2);
    out.rgba
        .par_chunks_mut((tile * 4) as usize)
        .skip(top as usize)
        .take(height as usize)
        .enumerate()
        .for_each(|(y, line)| {
            let rows = covered(y as u32, height, picture.height);
            let pixels = line.chunks_exact_mut(4).skip(left as usize);
            for (x, pixel) in (0..width).zip(pixels) {
                let columns = covered(x, width, picture.width);
                pixel.copy_from_slice(&mean_on_paper(picture, columns, rows.clone()));
            }
        });
    out
}

/// The source pixels that lie under pixel `at` of `len`; at least one.
fn covered(at: u32, len: u32, source: u32) -> std::ops::Range<u32> {
    let edge = |at: u32| (u64::from(at) * u64::from(source) / u64::from(len)) as u32;
    let start = edge(at).min(source - 1);
    start..edge(at + 1).max(start + 1)
}

fn mean_on_paper(
    picture: &Image,
    columns: std::ops::Range<u32>,
    rows: std::ops::Range<u32>,
) -> [u8; 4] {
    let count = columns.len() as u32 * rows.len() as u32;
    let mut sum = [0_u32; 3];
    for y in rows {
        for x in columns.clone() {
            let at = (y as usize * picture.width as usize + x as usize) * 4;
            let alpha = u32::from(picture.rgba[at + 3]);
            for (channel, sum) in sum.iter_mut().enumerate() {
                let (color, paper) = (picture.rgba[at + channel], View::PAPER[channel]);
                *sum += (u32::from(color) * alpha + u32::from(paper) * (255 - alpha)) / 255;
            }
        }
    }
    let [r, g, b] = sum.map(|sum| (sum / count) as u8);
    [r, g, b, 255]
}
