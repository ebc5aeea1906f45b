//! Textures out of files.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use mesh::Texture;

use super::{Note, Source};

/// Longest side.
const MAX_SIDE: u32 = 32_768;

/// Decodes a PNG or JPEG, without its alpha. What can't be decoded is noted: a model without
/// its texture is better than none.
pub(super) fn decode(bytes: &[u8], source: &mut Source) -> Option<Texture> {
    let texture = decoded(bytes, source.texels_left);
    if let Some(texture) = &texture {
        source.texels_left -= texels(texture);
    } else {
        source.note(Note::UnreadTextures);
    }
    texture
}

/// A copy, if there is room for it: materials may name the same texture over and over.
pub(super) fn copy(texture: &Texture, source: &mut Source) -> Option<Texture> {
    let Some(left) = source.texels_left.checked_sub(texels(texture)) else {
        source.note(Note::UnreadTextures);
        return None;
    };
    source.texels_left = left;
    Some(texture.clone())
}

fn texels(texture: &Texture) -> u64 {
    u64::from(texture.width) * u64::from(texture.height)
}

fn decoded(bytes: &[u8], max_texels: u64) -> Option<Texture> {
    let format = image::guess_format(bytes).ok()?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return None;
    }
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().ok()?;
    let texels = u64::from(width) * u64::from(height);
    if texels == 0 || texels > max_texels || width.max(height) > MAX_SIDE {
        return None;
    }
    let mut reader = reader();
    let mut limits = image::Limits::default();
    // Sixteen bits for each of four channels, and as much again for decoding.
    limits.max_alloc = Some(texels * 16 + (1 << 20));
    reader.limits(limits);
    let rgb = reader.decode().ok()?.into_rgb8();
    Some(Texture {
        width,
        height,
        rgb: rgb.into_raw(),
    })
}
