//! Back to a file: only pixels, no metadata.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::Picture;

/// Encodes as PNG: RGBA, or RGB where every pixel is opaque. Nothing of the file that the picture
/// came from is left but its pixels.
pub fn encode_png(picture: &Picture) -> Vec<u8> {
    let opaque = picture.rgba.iter().skip(3).step_by(4).all(|&a| a == 255);
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
    let (width, height) = (picture.width, picture.height);
    let written = if opaque {
        let rgb: Vec<u8> = picture
            .rgba
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect();
        encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8)
    } else {
        encoder.write_image(&picture.rgba, width, height, ExtendedColorType::Rgba8)
    };
    // The buffer's length is `Picture`'s invariant and a `Vec` takes every write.
    written.expect("PNG into memory can't fail");
    png
}
