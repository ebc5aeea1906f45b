//! The plainest guess there is: an ellipsoid with the silhouette's width and height, as deep as
//! their geometric mean, with the picture on its front and, mirrored, on its back.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};
use image::RgbaImage;
use mesh::{Material, Model, Texture};

/// Bands from pole to pole, and segments around.
const BANDS: u32 = 48;
const SEGMENTS: u32 = 96;

/// The guess for a cut-out picture; an empty model if nothing in it is opaque.
pub fn from_picture(picture: &RgbaImage) -> Model {
    let opaque: Vec<(u32, u32, [u8; 4])> = picture
        .enumerate_pixels()
        .filter(|(.., pixel)| pixel.0[3] > 127)
        .map(|(x, y, pixel)| (x, y, pixel.0))
        .collect();
    let low = opaque.iter().fold(Vec2::MAX, |low, &(x, y, _)| {
        low.min(Vec2::new(x as f32, y as f32))
    });
    let high = opaque.iter().fold(Vec2::ZERO, |high, &(x, y, _)| {
        high.max(Vec2::new(x as f32 + 1.0, y as f32 + 1.0))
    });
    let mut model = if opaque.is_empty() {
        Model {
            triangles: Vec::new(),
            ..ellipsoid(Vec3::ONE)
        }
    } else {
        let radii = 0.5 * (high - low);
        ellipsoid(radii.extend((radii.x * radii.y).sqrt()))
    };
    // Where the box is wider than the object there is no colour: the mean is the plainest guess.
    let mean: [u8; 3] = std::array::from_fn(|channel| {
        let sum: u64 = opaque.iter().map(|pixel| u64::from(pixel.2[channel])).sum();
        (sum / (opaque.len() as u64).max(1)) as u8
    });
    let colour = |pixel: &image::Rgba<u8>| {
        let [r, g, b, alpha] = pixel.0;
        if alpha > 127 { [r, g, b] } else { mean }
    };
    model.material = Material::textured(Texture {
        width: picture.width(),
        height: picture.height(),
        rgb: picture.pixels().flat_map(colour).collect(),
    });
    let (middle, size) = (
        0.5 * (low + high),
        Vec2::new(picture.width() as f32, picture.height() as f32),
    );
    let at = |p: &Vec3| (middle + Vec2::new(p.x, -p.y)) / size;
    model.uvs = model.positions.iter().map(at).collect();
    model
}

/// A closed grey ellipsoid around the origin.
pub fn ellipsoid(radii: Vec3) -> Model {
    let unit: Vec<Vec3> = (0..=BANDS)
        .flat_map(|band| (0..SEGMENTS).map(move |segment| (band, segment)))
        .map(|(band, segment)| {
            let (sin_polar, cos_polar) = (PI * band as f32 / BANDS as f32).sin_cos();
            let (sin, cos) = (TAU * segment as f32 / SEGMENTS as f32).sin_cos();
            // Exact at the poles, so that equal points merge.
            let ring = if band == 0 || band == BANDS {
                0.0
            } else {
                sin_polar
            };
            Vec3::new(ring * sin, cos_polar, ring * cos)
        })
        .collect();
    let vertex = |band: u32, segment: u32| band * SEGMENTS + segment % SEGMENTS;
    let triangles = (0..BANDS)
        .flat_map(|band| (0..SEGMENTS).map(move |segment| (band, segment)))
        .flat_map(|(band, segment)| {
            let [a, b] = [vertex(band, segment), vertex(band, segment + 1)];
            let [c, d] = [vertex(band + 1, segment), vertex(band + 1, segment + 1)];
            [[a, c, d], [a, d, b]]
        })
        .collect();
    Model {
        normals: unit
            .iter()
            .map(|p| (*p / radii).normalize_or(Vec3::Y))
            .collect(),
        positions: unit.iter().map(|&p| p * radii).collect(),
        uvs: vec![Vec2::ZERO; unit.len()],
        triangles,
        material: Material::textured(Texture {
            width: 1,
            height: 1,
            rgb: vec![128; 3],
        }),
        ..Model::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_volume_of_an_ellipsoid_and_faces_outwards() {
        let volume = mesh::measure::signed_volume(&ellipsoid(Vec3::new(0.5, 0.3, 0.2)).surface());
        let exact = 4.0 / 3.0 * std::f64::consts::PI * 0.5 * 0.3 * 0.2;
        assert!((volume - exact).abs() < 0.01 * exact, "{volume} of {exact}");
    }

    #[test]
    fn it_has_the_proportions_of_the_silhouette() {
        let picture = RgbaImage::from_fn(100, 100, |x, y| {
            let inside = (20..60).contains(&x) && (10..90).contains(&y);
            image::Rgba([200, 10, 10, if inside { 255 } else { 0 }])
        });
        let (low, high) = mesh::measure::bounds(&from_picture(&picture).positions);
        assert!((high - low).abs_diff_eq(Vec3::new(40.0, 80.0, 3200.0_f32.sqrt()), 0.2));
    }
}
