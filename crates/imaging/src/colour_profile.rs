//! Embedded ICC profiles: phones store Display P3, which would look washed out if read as sRGB.

use image::RgbaImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Converts pixels from the profile's space to sRGB, alpha untouched. A profile that is broken or
/// describes something other than RGB (the decoders turn CMYK and grey into RGB themselves)
/// leaves the pixels as they are: slightly wrong colours are better than no picture.
pub(crate) fn convert_to_srgb(image: &mut RgbaImage, icc: &[u8]) {
    if let Ok(profile) = ColorProfile::new_from_slice(icc)
        && profile.color_space == DataColorSpace::Rgb
    {
        convert(image, &profile);
    }
}

/// Converts pixels with Display P3 primaries and the sRGB curve, said by number and not by profile.
pub(crate) fn convert_display_p3_to_srgb(image: &mut RgbaImage) {
    convert(image, &ColorProfile::new_display_p3());
}

fn convert(image: &mut RgbaImage, from: &ColorProfile) {
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let Ok(transform) = from.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options)
    else {
        return;
    };
    let row_bytes = image.width() as usize * 4;
    let mut converted = vec![0; row_bytes];
    for row in image.chunks_exact_mut(row_bytes) {
        if transform.transform(row, &mut converted).is_ok() {
            row.copy_from_slice(&converted);
        }
    }
}
