//! What is taken for white, as a matrix over linear sRGB.
//!
//! The light that the picture is assumed to have been taken in is adapted to daylight with the
//! Bradford transform (Lam 1985; ICC.1:2010, annex E). Temperature moves it along the CIE's daylight
//! locus, tint across it.

use glam::{Mat3, Vec2, Vec3};

use crate::Picture;

/// Reciprocal megakelvins that 100 of temperature are, from daylight's 6504 K.
const MIREDS: f32 = 90.0;
const DAYLIGHT_MIRED: f32 = 1e6 / 6504.0;
/// Distance in the CIE 1960 diagram that 100 of tint are.
const TINT: f32 = 0.02;
/// The norm's exponent in "shades of grey".
const NORM: i32 = 6;
/// What is nearly black or nearly clipped says nothing about the light.
const USABLE: std::ops::RangeInclusive<u8> = 5..=250;
/// Pixels looked at for the automatic balance; more wouldn't change it.
const SAMPLES: usize = 500_000;
/// The light is believed to be at most so many times stronger in one channel than in all.
const MOST: f32 = 2.0;

/// Linear sRGB to CIE XYZ (IEC 61966-2-1), by columns.
const XYZ_FROM_RGB: Mat3 = Mat3::from_cols(
    Vec3::new(0.412_456_4, 0.212_672_9, 0.019_333_9),
    Vec3::new(0.357_576_1, 0.715_152_2, 0.119_192),
    Vec3::new(0.180_437_5, 0.072_175, 0.950_304_1),
);

/// CIE XYZ to the Bradford transform's cone responses, by columns.
const CONES_FROM_XYZ: Mat3 = Mat3::from_cols(
    Vec3::new(0.8951, -0.7502, 0.0389),
    Vec3::new(0.2664, 1.7135, -0.0685),
    Vec3::new(-0.1614, 0.0367, 1.0296),
);

/// How white balance is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WhiteBalance {
    /// Take the light that the picture seems to have been taken in for white, before the rest.
    pub auto: bool,
    /// −100 (colder, bluer) to 100 (warmer).
    pub temperature: f32,
    /// −100 (greener) to 100 (more magenta).
    pub tint: f32,
}

/// What turns the picture's linear colours into balanced ones. `linear` is light by sRGB value.
pub(crate) fn matrix(picture: &Picture, balance: WhiteBalance, linear: &[f32]) -> Mat3 {
    let by_hand = match (balance.temperature, balance.tint) {
        (0.0, 0.0) => Mat3::IDENTITY,
        (temperature, tint) => adapted(light(temperature, tint)),
    };
    let light = balance.auto.then(|| seen_light(picture, linear)).flatten();
    by_hand * light.map_or(Mat3::IDENTITY, |light| adapted(XYZ_FROM_RGB * light))
}

/// From pictures taken in this light (XYZ) to daylight.
fn adapted(light: Vec3) -> Mat3 {
    let daylight = XYZ_FROM_RGB * Vec3::ONE;
    let gain = (CONES_FROM_XYZ * daylight) / (CONES_FROM_XYZ * (light / light.y));
    let in_xyz = CONES_FROM_XYZ.inverse() * Mat3::from_diagonal(gain) * CONES_FROM_XYZ;
    XYZ_FROM_RGB.inverse() * in_xyz * XYZ_FROM_RGB
}

/// The light in which a picture has to have been taken to need this correction: bluer light for a
/// warmer picture, greener light for more magenta.
fn light(temperature: f32, tint: f32) -> Vec3 {
    let mired = DAYLIGHT_MIRED - MIREDS * temperature / 100.0;
    let place = diagram(daylight_xy(mired));
    // From bluer to redder light; turned by a quarter it points towards green.
    let along = (diagram(daylight_xy(mired + 1.0)) - diagram(daylight_xy(mired - 1.0))).normalize();
    let neutral = diagram(daylight_xy(DAYLIGHT_MIRED)) - diagram(srgb_white());
    let Vec2 { x: u, y: v } = place - neutral + along.perp() * TINT * tint / 100.0;
    let (x, y) = (
        3.0 * u / (2.0 * u - 8.0 * v + 4.0),
        2.0 * v / (2.0 * u - 8.0 * v + 4.0),
    );
    Vec3::new(x / y, 1.0, (1.0 - x - y) / y)
}

/// The white of sRGB, which the locus misses by a hair.
fn srgb_white() -> Vec2 {
    let white = XYZ_FROM_RGB * Vec3::ONE;
    let sum = white.element_sum();
    Vec2::new(white.x / sum, white.y / sum)
}

/// Daylight's chromaticity (CIE 15:2004, section 3.1), for 4000 K to 25,000 K.
fn daylight_xy(mired: f32) -> Vec2 {
    // Thousands of reciprocal kelvins.
    let t = mired / 1000.0;
    let x = if mired > 1e6 / 7000.0 {
        ((-4.6070 * t + 2.9678) * t + 0.09911) * t + 0.244_063
    } else {
        ((-2.0064 * t + 1.9018) * t + 0.24748) * t + 0.237_040
    };
    Vec2::new(x, (-3.0 * x + 2.870) * x - 0.275)
}

/// The CIE 1960 diagram, in which distances across the locus are those of tint.
fn diagram(Vec2 { x, y }: Vec2) -> Vec2 {
    Vec2::new(4.0 * x, 6.0 * y) / (-2.0 * x + 12.0 * y + 3.0)
}

/// The light that a picture seems to have been taken in, as linear RGB: "shades of grey", Finlayson
/// and Trezzi, CIC 2004. `None` if no pixel says anything.
fn seen_light(picture: &Picture, linear: &[f32]) -> Option<Vec3> {
    let pixels = picture.rgba.len() / 4;
    let step = pixels.div_ceil(SAMPLES);
    let usable = |pixel: &&[u8]| pixel[3] > 127 && pixel[..3].iter().all(|c| USABLE.contains(c));
    let (mut sum, mut count) = ([0.0_f64; 3], 0_u32);
    for pixel in picture.rgba.chunks_exact(4).step_by(step).filter(usable) {
        count += 1;
        for (sum, &value) in sum.iter_mut().zip(pixel) {
            *sum += f64::from(linear[usize::from(value)].powi(NORM));
        }
    }
    if count == 0 {
        return None;
    }
    let norm = |sum: f64| (sum / f64::from(count)).powf(1.0 / f64::from(NORM)) as f32;
    let light = Vec3::from(sum.map(norm));
    let mean = light.element_sum() / 3.0;
    Some((light / mean).clamp(Vec3::splat(1.0 / MOST), Vec3::splat(MOST)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Adjustments, adjust};

    fn grey() -> Picture {
        Picture::new(4, 4, [120, 120, 120, 255].repeat(16))
    }

    fn balanced(picture: Picture, white_balance: WhiteBalance) -> [u8; 3] {
        let adjustments = Adjustments {
            white_balance,
            ..Adjustments::default()
        };
        let picture = adjust(picture, &adjustments);
        [picture.rgba[0], picture.rgba[1], picture.rgba[2]]
    }

    #[test]
    fn warmer_is_redder_colder_bluer_and_tint_goes_from_green_to_magenta() {
        let by_hand = |temperature, tint| {
            let balance = WhiteBalance {
                temperature,
                tint,
                auto: false,
            };
            balanced(grey(), balance).map(i32::from)
        };
        let [r, _, b] = by_hand(60.0, 0.0);
        assert!(r > 125 && b < 110, "{r} {b}");
        let [r, _, b] = by_hand(-60.0, 0.0);
        assert!(r < 115 && b > 130, "{r} {b}");
        let [r, g, b] = by_hand(0.0, 60.0);
        assert!(r > g + 5 && b > g + 5, "{r} {g} {b}");
        let [r, g, b] = by_hand(0.0, -60.0);
        assert!(r < g - 5 && b < g - 5, "{r} {g} {b}");
        // A little is little: there is no jump beside zero.
        let little = by_hand(0.01, 0.0);
        assert!(little.iter().all(|c| (c - 120).abs() <= 1), "{little:?}");
    }

    #[test]
    fn a_colour_cast_is_found_and_taken_away() {
        // Greys under a light with more red and less blue.
        let cast = (30..94).flat_map(|v| [v * 2 + v / 2, v * 2, v + v / 2, 255]);
        let cast = Picture::new(8, 8, cast.collect());
        let auto = WhiteBalance {
            auto: true,
            ..WhiteBalance::default()
        };
        let balanced = adjust(
            cast.clone(),
            &Adjustments {
                white_balance: auto,
                ..Adjustments::default()
            },
        );
        let spread = |picture: &Picture| {
            let pixel = &picture.rgba[40 * 4..];
            pixel[0].abs_diff(pixel[2])
        };
        assert!(
            spread(&balanced) * 3 < spread(&cast),
            "{} {}",
            spread(&balanced),
            spread(&cast)
        );
        let black = Picture::new(2, 2, [0, 0, 0, 255].repeat(4));
        assert_eq!(super::seen_light(&black, &[0.0; 256]), None);
    }
}
