//! Contact sheets: what the figures mean to the eye.

use std::path::Path;

use anyhow::Result;
use image::{RgbImage, RgbaImage, imageops};
use mesh::Model;

use crate::camera::{Camera, Light};
use crate::object;
use crate::render::{Shading, picture};

/// Side of a tile in pixels: 26 rows stay below 2.5 MB.
const TILE: u32 = 96;
/// What is behind everything.
const PAPER: [u8; 3] = mesh::raster::View::PAPER;

/// One row: the picture; the model from 0°, 45°, 90°, 180° and 270°, then 45° in clay; the truth
/// from 45°, 90° and 180°. The model is shown as it came, not aligned.
pub fn row(photo: &RgbaImage, model: &Model, truth: &Model) -> RgbImage {
    use Shading::{Clay, Textured};
    let model = &object::normalised(model, 0.0);
    let views = [
        (model, Textured, 0.0),
        (model, Textured, 45.0),
        (model, Textured, 90.0),
        (model, Textured, 180.0),
        (model, Textured, 270.0),
        (model, Clay, 45.0),
        (truth, Textured, 45.0),
        (truth, Textured, 90.0),
        (truth, Textured, 180.0),
    ];
    let radius = object::radius(model).max(object::radius(truth));
    let fitted = imageops::resize(photo, TILE, TILE, imageops::FilterType::Triangle);
    let tiles = std::iter::once(fitted).chain(views.map(|(model, shading, azimuth_deg)| {
        let light = if shading == Clay {
            Light::STRONG
        } else {
            Light::EVEN
        };
        let camera = Camera::around(radius, azimuth_deg, 15.0, 0.0, 28.0);
        picture(model, &camera, &light, shading, TILE)
    }));
    let mut row = RgbImage::new(TILE * (1 + views.len() as u32), TILE);
    for (column, tile) in (0..).zip(tiles) {
        imageops::replace(&mut row, &on_paper(&tile), column * i64::from(TILE), 0);
    }
    row
}

fn on_paper(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let mix = |colour, paper| ((colour * alpha + u32::from(paper) * (255 - alpha)) / 255) as u8;
        image::Rgb([mix(r, PAPER[0]), mix(g, PAPER[1]), mix(b, PAPER[2])])
    })
}

/// Lays rows under each other into one file.
///
/// # Errors
/// The file can't be written.
pub fn save(rows: &[RgbImage], to: &Path) -> Result<()> {
    let width = rows.iter().map(RgbImage::width).max().unwrap_or(0);
    let mut sheet = RgbImage::new(width, rows.iter().map(RgbImage::height).sum());
    let mut top = 0;
    for row in rows {
        imageops::replace(&mut sheet, row, 0, top);
        top += i64::from(row.height());
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    sheet.save(to)?;
    Ok(())
}
