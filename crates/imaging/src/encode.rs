//! Back to a file: only pixels, no metadata.

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::{Matte, Picture};

/// Of 100: differences are hard to see, at a quarter of the size that 100 would have.
const JPEG_QUALITY: u8 = 92;
/// WebP keeps sizes in 14 bits.
const WEBP_SIDE: u32 = 16_383;

/// A format that pictures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Lossless.
    Png,
    /// Lossless too, and smaller.
    WebP,
    /// Small, lossy and opaque.
    Jpeg,
}

/// A picture that the format can't hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// There are transparent pixels.
    #[error("JPEG can't be transparent: write a .png or .webp, or put a background behind it")]
    Transparent,
    /// Too many pixels on a side.
    #[error("WebP has at most {WEBP_SIDE} pixels on a side: write a .png")]
    TooLong,
}

impl PictureFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Png, Self::WebP, Self::Jpeg];

    /// Lower-case name, which is the usual ending of files as well.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// What to serve it as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// What a path's ending says.
    pub fn from_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "jpeg" => Some(Self::Jpeg),
            ending => Self::ALL.into_iter().find(|format| format.name() == ending),
        }
    }
}

/// Encodes a picture. Nothing of the file that it came from is left but its pixels.
///
/// # Errors
/// [`EncodeError`] if the format can't hold it.
pub fn encode(picture: &Picture, format: PictureFormat) -> Result<Vec<u8>, EncodeError> {
    match format {
        PictureFormat::Png => Ok(encode_png(picture)),
        PictureFormat::WebP if picture.width.max(picture.height) > WEBP_SIDE => {
            Err(EncodeError::TooLong)
        }
        PictureFormat::WebP => {
            let mut webp = Vec::new();
            write(WebPEncoder::new_lossless(&mut webp), picture);
            Ok(webp)
        }
        PictureFormat::Jpeg if !picture.is_opaque() => Err(EncodeError::Transparent),
        PictureFormat::Jpeg => {
            let mut jpeg = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY);
            write(encoder, picture);
            Ok(jpeg)
        }
    }
}

/// Encodes as PNG: RGBA, or RGB where every pixel is opaque. Nothing of the file that the picture
/// came from is left but its pixels.
pub fn encode_png(picture: &Picture) -> Vec<u8> {
    let mut png = Vec::new();
    write(png_encoder(&mut png), picture);
    png
}

/// Encodes a matte as a grey PNG, white where the object is.
pub fn encode_matte(matte: &Matte) -> Vec<u8> {
    let mut png = Vec::new();
    let (width, height) = (matte.width, matte.height);
    png_encoder(&mut png)
        .write_image(&matte.alpha, width, height, ExtendedColorType::L8)
        .expect("PNG into memory can't fail");
    png
}

fn png_encoder(png: &mut Vec<u8>) -> PngEncoder<&mut Vec<u8>> {
    PngEncoder::new_with_quality(png, CompressionType::Fast, FilterType::Adaptive)
}

/// RGBA, or RGB where every pixel is opaque.
fn write(encoder: impl ImageEncoder, picture: &Picture) {
    let (width, height) = (picture.width, picture.height);
    let written = if picture.is_opaque() {
        let rgb: Vec<u8> = picture
            .rgba
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect();
        encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8)
    } else {
        encoder.write_image(&picture.rgba, width, height, ExtendedColorType::Rgba8)
    };
    // The buffer's length is `Picture`'s invariant, sizes were looked at, and a `Vec` takes every
    // write.
    written.expect("a picture into memory can't fail");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, decode};

    #[test]
    fn every_format_is_read_back_and_says_what_it_can_not_hold() {
        let half_clear = (0..32 * 32).flat_map(|i| [200, 90, 40, (i % 32 * 8) as u8]);
        let half_clear = Picture::new(32, 32, half_clear.collect());
        let opaque = Picture::new(32, 32, [200, 90, 40, 255].repeat(32 * 32));
        for format in PictureFormat::ALL {
            let bytes = encode(&opaque, format).unwrap();
            let back = decode(&bytes, &Limits::default()).unwrap();
            let close = back
                .rgba
                .iter()
                .zip(&opaque.rgba)
                .all(|(a, b)| a.abs_diff(*b) <= 2);
            assert!(close, "{format:?}");
            match encode(&half_clear, format) {
                Ok(bytes) => assert_eq!(decode(&bytes, &Limits::default()).unwrap(), half_clear),
                Err(error) => assert_eq!(
                    (format, error),
                    (PictureFormat::Jpeg, EncodeError::Transparent)
                ),
            }
        }
        let long = Picture::new(WEBP_SIDE + 1, 1, vec![255; (WEBP_SIDE as usize + 1) * 4]);
        assert_eq!(
            encode(&long, PictureFormat::WebP),
            Err(EncodeError::TooLong)
        );
    }

    #[test]
    fn endings_name_formats_in_any_case() {
        for (path, format) in [
            ("a.PNG", Some(PictureFormat::Png)),
            ("b/c.jpeg", Some(PictureFormat::Jpeg)),
            ("d.webp", Some(PictureFormat::WebP)),
            ("e.gif", None),
            ("png", None),
        ] {
            assert_eq!(PictureFormat::from_path(Path::new(path)), format, "{path}");
        }
    }
}
