//! Light and colour of a photograph: white balance, exposure, contrast, saturation, in this order.
//!
//! Exposure, white balance and saturation are computed in linear light, where they mean what they
//! mean in front of a camera. Contrast is a curve over sRGB values, which are about as even as the
//! eye sees: the sigmoid of ImageMagick's `-sigmoidal-contrast`, which clips neither end.

use glam::{Mat3, Vec3};
use rayon::prelude::*;

use crate::Picture;
use crate::white_balance::{self, WhiteBalance};

/// Stops of exposure.
pub const EXPOSURE_EV: std::ops::RangeInclusive<f32> = -5.0..=5.0;
/// Contrast, saturation and sharpness: per cent of the strongest change that makes sense.
pub const PER_CENT: std::ops::RangeInclusive<f32> = -100.0..=100.0;

/// Steepness of the strongest contrast curve.
const STEEPEST: f32 = 8.0;
/// Entries of tables over 0–1: twenty for the darkest of 255 steps of sRGB.
const ENTRIES: usize = 1 << 16;
/// Weights of linear red, green and blue in brightness (ITU-R BT.709).
const LUMINANCE: Vec3 = Vec3::new(0.2126, 0.7152, 0.0722);

/// Changes of light and colour. The default changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Adjustments {
    /// What is taken for white.
    pub white_balance: WhiteBalance,
    /// Stops brighter, [`EXPOSURE_EV`].
    pub exposure_ev: f32,
    /// [`PER_CENT`].
    pub contrast: f32,
    /// [`PER_CENT`]; −100 is black and white.
    pub saturation: f32,
}

/// The picture in other light; alpha stays.
pub fn adjust(mut picture: Picture, adjustments: &Adjustments) -> Picture {
    if *adjustments == Adjustments::default() {
        return picture;
    }
    let linear: Vec<f32> = (0..=255)
        .map(|value| decoded(value as f32 / 255.0))
        .collect();
    let balance = white_balance::matrix(&picture, adjustments.white_balance, &linear);
    let light = balance * Mat3::from_diagonal(Vec3::splat(adjustments.exposure_ev.exp2()));
    let curve = table(|value| decoded(sigmoid(encoded(value), adjustments.contrast)));
    let bytes = table(|value| (encoded(value) * 255.0 + 0.5) as u8);
    let saturation = 1.0 + adjustments.saturation / 100.0;
    let row_len = picture.width as usize * 4;
    picture.rgba.par_chunks_exact_mut(row_len).for_each(|row| {
        for pixel in row.chunks_exact_mut(4) {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(|c| linear[usize::from(c)]);
            let lit = light * Vec3::new(r, g, b);
            let toned = Vec3::from(lit.to_array().map(|c| *looked_up(&curve, c)));
            let grey = Vec3::splat(LUMINANCE.dot(toned));
            let coloured = grey + (toned - grey) * saturation;
            for (to, value) in pixel.iter_mut().zip(coloured.to_array()) {
                *to = *looked_up(&bytes, value);
            }
        }
    });
    picture
}

fn table<T>(f: impl Fn(f32) -> T) -> Vec<T> {
    let last = (ENTRIES - 1) as f32;
    (0..ENTRIES).map(|at| f(at as f32 / last)).collect()
}

/// The entry for a value; what is beyond 0–1 is clipped, as a sensor does.
fn looked_up<T>(table: &[T], value: f32) -> &T {
    // The cast saturates at zero.
    let at = (value * (ENTRIES - 1) as f32 + 0.5) as usize;
    &table[at.min(ENTRIES - 1)]
}

/// sRGB's transfer function (IEC 61966-2-1), from light to value.
fn encoded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    }
}

/// From value to light.
pub(crate) fn decoded(value: f32) -> f32 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// A curve through 0, ½ and 1, steep in the middle for positive contrast and flat for negative.
fn sigmoid(value: f32, contrast: f32) -> f32 {
    let steepness = contrast.abs() / 100.0 * STEEPEST;
    if steepness < 0.01 {
        return value;
    }
    let logistic = |x: f32| 1.0 / (1.0 + (-steepness * (x - 0.5)).exp());
    let (low, high) = (logistic(0.0), logistic(1.0));
    if contrast > 0.0 {
        (logistic(value) - low) / (high - low)
    } else {
        let y = low + value * (high - low);
        0.5 - (1.0 / y - 1.0).ln() / steepness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ramp of greys and one of colours.
    fn ramp() -> Picture {
        let grey = (0..=255).flat_map(|v| [v, v, v, 255]);
        let coloured = (0..=255).flat_map(|v| [v, 255 - v, v / 2, 77]);
        Picture::new(256, 2, grey.chain(coloured).collect())
    }

    fn adjusted(change: impl FnOnce(&mut Adjustments)) -> Picture {
        let mut adjustments = Adjustments::default();
        change(&mut adjustments);
        adjust(ramp(), &adjustments)
    }

    fn grey(picture: &Picture, value: usize) -> [u8; 3] {
        [0, 1, 2].map(|c| picture.rgba[value * 4 + c])
    }

    #[test]
    fn a_change_that_is_hardly_one_keeps_every_pixel() {
        // Through all tables, with nothing to do.
        let same = adjusted(|a| a.exposure_ev = 1e-9);
        assert_eq!(same, ramp());
    }

    #[test]
    fn one_stop_doubles_the_light_and_alpha_stays() {
        let brighter = adjusted(|a| a.exposure_ev = 1.0);
        for value in [20, 60, 120, 180] {
            let light = decoded(value as f32 / 255.0);
            let found = decoded(f32::from(grey(&brighter, value)[0]) / 255.0);
            assert!(
                (found / light - 2.0).abs() < 0.06,
                "{value}: {found} {light}"
            );
        }
        assert_eq!(grey(&brighter, 250), [255; 3]);
        assert!(brighter.rgba[256 * 4..].chunks(4).all(|p| p[3] == 77));
    }

    #[test]
    fn contrast_moves_values_away_from_the_middle_and_back() {
        let (strong, weak) = (
            adjusted(|a| a.contrast = 50.0),
            adjusted(|a| a.contrast = -50.0),
        );
        let [dark, light] = [60, 200].map(|v| grey(&strong, v)[0]);
        assert!(dark < 50 && light > 210, "{dark} {light}");
        let [dark, light] = [60, 200].map(|v| grey(&weak, v)[0]);
        assert!(dark > 65 && light < 195, "{dark} {light}");
        for picture in [&strong, &weak] {
            assert_eq!((grey(picture, 0), grey(picture, 255)), ([0; 3], [255; 3]));
        }
        assert!((sigmoid(sigmoid(0.3, 40.0), -40.0) - 0.3).abs() < 1e-4);
    }

    #[test]
    fn without_saturation_all_is_grey_and_greys_never_change() {
        let black_and_white = adjusted(|a| a.saturation = -100.0);
        for pixel in black_and_white.rgba.chunks(4) {
            assert!(pixel[0].abs_diff(pixel[1]) <= 1 && pixel[1].abs_diff(pixel[2]) <= 1);
        }
        let vivid = adjusted(|a| a.saturation = 80.0);
        assert_eq!(vivid.rgba[..1024], ramp().rgba[..1024]);
    }
}
