//! AVIF: an AV1 key frame in a HEIF container (AV1 Image File Format 1.1, ISO/IEC 23008-12).

mod boxes;
mod container;
mod frame;
mod sequence;
mod to_rgb;

use image::metadata::Orientation;
use image::{DynamicImage, RgbaImage};

use self::boxes::Fault;
use self::container::{Container, ItemKind};
use self::frame::Frame;
use self::sequence::Sequence;
use self::to_rgb::ColourCoding;
use crate::colour_profile::{convert_display_p3_to_srgb, convert_to_srgb};
use crate::{DecodeError, Limits, Picture};

/// Code point of the Display P3 primaries (ITU-T H.273 table 2, SMPTE EG 432-1).
const PRIMARIES_P3: u8 = 12;

/// Decodes the primary item, with its alpha, upright.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    let container = Container::parse(bytes).map_err(describe)?;
    let primary = container.primary_item();
    match container.kind(primary) {
        Some(ItemKind::Av1) => {}
        Some(ItemKind::Grid) => return Err(unsupported("AVIF files made of tiles")),
        _ => return Err(DecodeError::Corrupt { format: "AVIF" }),
    }
    let properties = container.properties(primary).map_err(describe)?;
    // The container's own claim first; the sequence header, which the decoder believes, after it.
    if let Some((width, height)) = properties.size {
        limits.check_size(width, height, 4)?;
    }
    let (frame, sequence) = decode_item(&container, primary, limits)?;
    // A `colr` property, where there is one, has the last word (AVIF 1.1 section 2.3.1).
    let mut coding = ColourCoding {
        matrix: sequence.matrix,
        full_range: sequence.full_range,
    };
    let mut primaries = sequence.primaries;
    if let Some(nclx) = properties.nclx {
        coding = ColourCoding {
            matrix: nclx.matrix,
            full_range: nclx.full_range,
        };
        primaries = nclx.primaries;
    }
    let mut rgba = to_rgb::convert(&frame, coding)
        .ok_or_else(|| unsupported("AVIF with this colour matrix"))?;
    if let Some(alpha_item) = container.alpha_of(primary) {
        let (alpha, alpha_sequence) = decode_item(&container, alpha_item, limits)?;
        if (alpha.width, alpha.height) != (frame.width, frame.height) {
            return Err(DecodeError::Corrupt { format: "AVIF" });
        }
        to_rgb::set_alpha(&mut rgba, &alpha, alpha_sequence.full_range);
        if container.is_premultiplied(primary, alpha_item) {
            unpremultiply(&mut rgba);
        }
    }
    let rgba = RgbaImage::from_raw(frame.width, frame.height, rgba)
        .ok_or(DecodeError::Corrupt { format: "AVIF" })?;
    let mut image = DynamicImage::ImageRgba8(rgba);
    // MIAF 7.3.6.7: rotation first, then the mirror.
    image.apply_orientation(match properties.quarter_turns_anticlockwise {
        1 => Orientation::Rotate270,
        2 => Orientation::Rotate180,
        3 => Orientation::Rotate90,
        _ => Orientation::NoTransforms,
    });
    image.apply_orientation(match properties.mirror {
        Some(container::Mirror::TopBottom) => Orientation::FlipVertical,
        Some(container::Mirror::LeftRight) => Orientation::FlipHorizontal,
        None => Orientation::NoTransforms,
    });
    let mut rgba = image.into_rgba8();
    if let Some(profile) = properties.icc {
        convert_to_srgb(&mut rgba, profile);
    } else if primaries == PRIMARIES_P3 {
        convert_display_p3_to_srgb(&mut rgba);
    }
    let (width, height) = rgba.dimensions();
    Ok(Picture::new(width, height, rgba.into_raw()))
}

fn decode_item(
    container: &Container<'_>,
    item: u32,
    limits: &Limits,
) -> Result<(Frame, Sequence), DecodeError> {
    let data = container.data(item).map_err(describe)?;
    let sequence = Sequence::read(&data).ok_or(DecodeError::Corrupt { format: "AVIF" })?;
    limits.check_size(sequence.max_width, sequence.max_height, 4)?;
    let frame = Frame::decode(data, limits)?;
    limits.check_size(frame.width, frame.height, 4)?;
    Ok((frame, sequence))
}

/// Divides colour by alpha, rounding; what is fully transparent has no colour.
fn unpremultiply(rgba: &mut [u8]) {
    for pixel in rgba.chunks_exact_mut(4) {
        let alpha = u32::from(pixel[3]);
        for colour in &mut pixel[..3] {
            let divided = (u32::from(*colour) * 255 + alpha / 2)
                .checked_div(alpha)
                .unwrap_or(0);
            *colour = divided.min(255) as u8;
        }
    }
}

fn describe(fault: Fault) -> DecodeError {
    match fault {
        Fault::CutOff => DecodeError::Truncated { format: "AVIF" },
        Fault::Malformed => DecodeError::Corrupt { format: "AVIF" },
        Fault::NoStillPicture => unsupported("AVIF films without a still picture"),
    }
}

fn unsupported(format: &str) -> DecodeError {
    DecodeError::Unsupported {
        format: format.to_owned(),
    }
}
