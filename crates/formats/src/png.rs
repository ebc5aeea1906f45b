//! PNG bytes from pixels: fast, lossless, the same bytes for the same pixels.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

/// The pixels and the size don't fit together, or the size is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {width}×{height} picture can't be made of {bytes} bytes")]
pub struct PixelCount {
    /// Columns asked for.
    pub width: u32,
    /// Rows asked for.
    pub height: u32,
    /// Bytes given.
    pub bytes: usize,
}

/// PNG of 8-bit sRGB pixels, `width × height × 3` bytes, rows top to bottom.
///
/// # Errors
/// [`PixelCount`] if `rgb` has another length or the picture has no pixels.
pub fn encode_rgb(width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, PixelCount> {
    encode(width, height, rgb, ExtendedColorType::Rgb8, 3)
}

/// PNG of 8-bit sRGB pixels with straight alpha, `width × height × 4` bytes.
///
/// # Errors
/// [`PixelCount`] if `rgba` has another length or the picture has no pixels.
pub fn encode_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, PixelCount> {
    encode(width, height, rgba, ExtendedColorType::Rgba8, 4)
}

fn encode(
    width: u32,
    height: u32,
    pixels: &[u8],
    color: ExtendedColorType,
    channels: u8,
) -> Result<Vec<u8>, PixelCount> {
    let wrong = PixelCount {
        width,
        height,
        bytes: pixels.len(),
    };
    let expected = u128::from(width) * u128::from(height) * u128::from(channels);
    if expected == 0 || expected != pixels.len() as u128 {
        return Err(wrong);
    }
    let mut bytes = Vec::with_capacity(pixels.len() / 2);
    // A person waits for this file: `Fast` is within a few percent of the size of the slow
    // setting on photographic textures, at a tenth of the time.
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(pixels, width, height, color)
        .map_err(|_| wrong)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_survive_encoding() {
        let rgba: Vec<u8> = (0..5 * 3 * 4).map(|byte| (byte * 37 % 251) as u8).collect();
        let bytes = encode_rgba(5, 3, &rgba).unwrap();
        let read = image::load_from_memory(&bytes).unwrap().into_rgba8();
        assert_eq!(read.dimensions(), (5, 3));
        assert_eq!(read.into_raw(), rgba);
    }

    #[test]
    fn a_wrong_byte_count_is_refused() {
        assert!(encode_rgb(2, 2, &[0; 11]).is_err());
        assert!(encode_rgb(0, 2, &[]).is_err());
        assert!(encode_rgb(u32::MAX, u32::MAX, &[0; 12]).is_err());
    }
}
