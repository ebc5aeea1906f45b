//! Unsharp masking: what a blurred picture lacks is added once more.
//!
//! On brightness only, so that no edge gets a coloured fringe, and on sRGB values, as image editors
//! do.

use crate::{Picture, Plane, gaussian};

/// Standard deviation of the blur, in pixels: the softness that demosaicing and resampling leave.
const SIGMA: f32 = 1.0;
/// What 100 per cent add.
const STRONGEST: f32 = 1.5;
/// Rows at a time, so that memory doesn't grow with the picture.
const BAND: usize = 256;

/// The picture with sharper edges, by 0–100 per cent; alpha stays.
pub fn sharpen(picture: &Picture, per_cent: f32) -> Picture {
    sharpened_in_bands(picture, per_cent, BAND)
}

fn sharpened_in_bands(picture: &Picture, per_cent: f32, band: usize) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let reach = gaussian(SIGMA).len() / 2;
    let gain = STRONGEST * per_cent / 100.0;
    let mut sharp = picture.clone();
    for from in (0..height).step_by(band) {
        let to = (from + band).min(height);
        let (above, below) = (from.saturating_sub(reach), (to + reach).min(height));
        let luma = Plane::from_fn(width, below - above, |x, y| [luma(picture, x, above + y)]);
        let blurred = luma.blurred(SIGMA);
        for y in from..to {
            for x in 0..width {
                let place = (x, y - above);
                let more = gain * (luma[place][0] - blurred[place][0]);
                let at = (y * width + x) * 4;
                for value in &mut sharp.rgba[at..at + 3] {
                    // The cast saturates.
                    *value = (f32::from(*value) + more + 0.5) as u8;
                }
            }
        }
    }
    sharp
}

/// ITU-R BT.601 luma, 0–255.
fn luma(picture: &Picture, x: usize, y: usize) -> f32 {
    let at = (y * picture.width as usize + x) * 4;
    let [r, g, b] = [0, 1, 2].map(|c| f32::from(picture.rgba[at + c]));
    0.299 * r + 0.587 * g + 0.114 * b
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A soft edge between two greys, and a hash of colours below.
    fn edge() -> Picture {
        let pixel = |i: u32| match (i % 40, i / 40) {
            (x, 0..20) => {
                let v = (60 + 10 * x.clamp(15, 25) - 150) as u8;
                [v, v, v, 255]
            }
            (x, y) => [(x * y * 7) as u8, (x * 31 + y) as u8, (x ^ y) as u8, 9],
        };
        Picture::new(40, 60, (0..40 * 60).flat_map(pixel).collect())
    }

    #[test]
    fn edges_get_steeper_and_flat_parts_stay() {
        let (soft, sharp) = (edge(), sharpen(&edge(), 100.0));
        let at = |picture: &Picture, x: usize| i32::from(picture.rgba[(5 * 40 + x) * 4]);
        assert_eq!(
            (at(&sharp, 3), at(&sharp, 36)),
            (at(&soft, 3), at(&soft, 36))
        );
        assert!(at(&sharp, 15) < at(&soft, 15) && at(&sharp, 25) > at(&soft, 25));
        assert_eq!(sharpen(&soft, 0.0), soft);
    }

    #[test]
    fn bands_meet_without_a_seam() {
        let picture = edge();
        let whole = sharpened_in_bands(&picture, 70.0, 1000);
        assert_eq!(sharpened_in_bands(&picture, 70.0, 7), whole);
    }
}
