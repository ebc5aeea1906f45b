//! From the bytes of a file to a [`Picture`], within [`Limits`].

use crate::{Limits, MediaKind, Picture, avif, raster, sniff};

/// Why a file was refused: one line each, naming what the user can do. None carries content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty: choose another picture")]
    Empty,
    /// The content is none of the picture formats, whatever the name says.
    #[error("this is not a picture: send a PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF file")]
    NotAPicture,
    /// A picture (or a film, or a document), in a format that isn't decoded here.
    #[error("{format} files can't be read: {}", way_out(format))]
    Unsupported {
        /// The format, or the format and the feature of it that is missing.
        format: String,
    },
    /// The file ends before the picture does.
    #[error("the {format} file is cut off: copy, save or upload it again")]
    Truncated {
        /// The format's name.
        format: &'static str,
    },
    /// The file contradicts its own format.
    #[error("the {format} file is damaged: open it in an image editor and save it again")]
    Corrupt {
        /// The format's name.
        format: &'static str,
    },
    /// The file is longer than allowed.
    #[error(
        "the file has {} MB, more than the {} MB allowed: make the picture smaller or save it as JPEG",
        bytes.div_ceil(1_000_000), limit / 1_000_000
    )]
    TooManyBytes {
        /// The file's length.
        bytes: u64,
        /// [`Limits::max_bytes`].
        limit: u64,
    },
    /// One side is longer than allowed.
    #[error(
        "the picture has {width}×{height} pixels, more than {limit} on a side: make it smaller"
    )]
    TooLong {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// [`Limits::max_side`].
        limit: u32,
    },
    /// More pixels than allowed.
    #[error(
        "the picture has {width}×{height} pixels, more than {} megapixels: make it smaller",
        limit / 1_000_000
    )]
    TooManyPixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// [`Limits::max_pixels`].
        limit: u64,
    },
    /// Too few pixels to show an object.
    #[error(
        "the picture has only {width}×{height} pixels: send one of at least {limit}×{limit}, better 512×512"
    )]
    TooSmall {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// [`Limits::min_side`].
        limit: u32,
    },
    /// The size is allowed but not at this depth, or the file asks its decoder for huge tables.
    #[error(
        "decoding the picture needs more than {} MB of memory: make it smaller or save it with 8 bits per channel",
        limit / 1_000_000
    )]
    TooMuchMemory {
        /// [`Limits::max_decoded_bytes`].
        limit: u64,
    },
}

/// What to do with a file of a format that isn't decoded here.
fn way_out(format: &str) -> &'static str {
    match format {
        "HEIC" => {
            "save or share it as JPEG first; an iPhone takes JPEG with Settings > Camera > Formats > Most Compatible"
        }
        _ => "convert it to JPEG or PNG first",
    }
}

/// Decodes a picture: upright, sRGB, 8 bits, straight alpha.
///
/// The format is told from the content. Size limits are checked against the header before pixels
/// are allocated. Of an animation or a multi-page file only the first picture is read. All
/// metadata is dropped, after the orientation and the colour profile have been applied.
///
/// # Errors
/// [`DecodeError`] names the first thing wrong with the file.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, DecodeError> {
    limits.check_bytes(bytes.len())?;
    match MediaKind::sniff(bytes) {
        Some(MediaKind::Avif) => avif::decode(bytes, limits),
        Some(kind) => raster::decode(bytes, kind, limits),
        None => Err(match sniff::sniff_foreign(bytes) {
            Some(format) => DecodeError::Unsupported {
                format: format.to_owned(),
            },
            None => DecodeError::NotAPicture,
        }),
    }
}
