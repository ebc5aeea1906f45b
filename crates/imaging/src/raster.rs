//! The formats that the `image` crate decodes: everything but AVIF.

use std::error::Error;
use std::io::{Cursor, ErrorKind};

use image::error::LimitErrorKind;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use crate::colour_profile::convert_to_srgb;
use crate::{DecodeError, Limits, MediaKind, Picture};

/// What a decoder may hold before the size is known. PNG inflates its colour profile while it
/// reads the header; real profiles have a few kilobytes, those of printers a few megabytes.
const MAX_METADATA_BYTES: u64 = 16 << 20;

/// Decodes anything but AVIF. `kind` is what the content was recognised as.
pub(crate) fn decode(
    bytes: &[u8],
    kind: MediaKind,
    limits: &Limits,
) -> Result<Picture, DecodeError> {
    let name = kind.name();
    if kind == MediaKind::Jpeg && !jpeg_has_its_end(bytes) {
        return Err(DecodeError::Truncated { format: name });
    }
    let fault = |error: ImageError| describe(error, name, limits);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(kind));
    reader.limits(bounds(MAX_METADATA_BYTES));
    let mut decoder = reader.into_decoder().map_err(fault)?;

    let (width, height) = decoder.dimensions();
    let bytes_per_pixel = u64::from(decoder.color_type().bytes_per_pixel());
    limits.check_size(width, height, bytes_per_pixel)?;
    decoder
        .set_limits(bounds(limits.max_decoded_bytes))
        .map_err(fault)?;

    // Damaged metadata is no reason to refuse good pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();

    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    image.apply_orientation(orientation);
    let mut rgba = image.into_rgba8();
    if let Some(profile) = profile {
        convert_to_srgb(&mut rgba, &profile);
    }
    let (width, height) = rgba.dimensions();
    Ok(Picture::new(width, height, rgba.into_raw()))
}

fn bounds(max_alloc: u64) -> image::Limits {
    let mut bounds = image::Limits::no_limits();
    bounds.max_alloc = Some(max_alloc);
    bounds
}

fn image_format(kind: MediaKind) -> ImageFormat {
    match kind {
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::WebP => ImageFormat::WebP,
        MediaKind::Gif => ImageFormat::Gif,
        MediaKind::Bmp => ImageFormat::Bmp,
        MediaKind::Tiff => ImageFormat::Tiff,
        MediaKind::Avif => ImageFormat::Avif,
    }
}

/// Whether the entropy-coded data is followed by an end-of-image marker (ITU-T T.81 B.1.1).
///
/// The decoder pads a truncated file with grey and reports success, so a half-uploaded photograph
/// would become a model of half an object. Thumbnails inside metadata segments have markers of
/// their own: those segments are skipped by their lengths.
fn jpeg_has_its_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[first, marker, high, low]) = bytes.get(at..at + 4) {
        match (first, marker) {
            // Fill bytes before a marker.
            (0xff, 0xff) => at += 1,
            // Start of scan: from here on a marker is an 0xff followed by neither 0 nor RSTn.
            (0xff, 0xda) => return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]),
            (0xff, _) => at += 2 + usize::from(u16::from_be_bytes([high, low])),
            // Garbage between segments: the decoder will say what it makes of it.
            _ => return true,
        }
    }
    false
}

/// Puts a decoder's error into the user's words. The decoder's own text is dropped on purpose:
/// it may quote the file.
fn describe(error: ImageError, format: &'static str, limits: &Limits) -> DecodeError {
    match &error {
        ImageError::Limits(limit) if limit.kind() == LimitErrorKind::InsufficientMemory => {
            DecodeError::TooMuchMemory {
                limit: limits.max_decoded_bytes,
            }
        }
        ImageError::Unsupported(_) => DecodeError::Unsupported {
            format: format!("{format} with this encoding"),
        },
        _ if is_cut_off(&error) => DecodeError::Truncated { format },
        _ => DecodeError::Corrupt { format },
    }
}

/// Whether the reason, however deeply wrapped, is the end of the file.
fn is_cut_off(error: &ImageError) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(io) = current.downcast_ref::<std::io::Error>()
            && io.kind() == ErrorKind::UnexpectedEof
        {
            return true;
        }
        cause = current.source();
    }
    false
}
