//! An object taken out of its picture, and put before something else.
//!
//! A pixel at the outline shows object and background mixed. Taken as it is it leaves a fringe of
//! the old background, so the object's own colour is estimated there: Forte, "Approximate Fast
//! Foreground Colour Estimation", ICIP 2021, with colours carried on smoothly instead of blurred.
//! Mixing is done on sRGB values, as browsers and image editors do.

use crate::picture::AlphaRole;
use crate::{Matte, Picture, Plane};

/// Longer side, in pixels, at which colours are carried on beyond the outline: they are smooth.
const WORKING_SIDE: u32 = 1024;
/// Coverage from which a pixel shows the object alone, and up to which the background alone.
const SOLID: u8 = 242;
const CLEAR: u8 = 13;

/// What an object is put before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Background {
    /// One colour, sRGB.
    Colour([u8; 3]),
    /// A picture: enlarged or reduced until it covers everything, its middle showing.
    Picture(Picture),
}

impl Picture {
    /// The object alone: the matte as alpha, and colours without what was behind them. Clear pixels
    /// are black, so that nothing of the background stays hidden in the file. Panics unless the
    /// matte has the picture's size.
    pub fn cut_out(&self, matte: &Matte) -> Self {
        assert_eq!((self.width, self.height), (matte.width, matte.height));
        let mut cut = self.clone();
        for (pixel, &alpha) in cut.rgba.chunks_exact_mut(4).zip(&matte.alpha) {
            // What was clear before stays so.
            pixel[3] = ((u16::from(pixel[3]) * u16::from(alpha) + 127) / 255) as u8;
        }
        let around = Around::of(&cut);
        let (width, height) = (self.width as f32, self.height as f32);
        for (at, pixel) in cut.rgba.chunks_exact_mut(4).enumerate() {
            match pixel[3] {
                255 => {}
                0 => pixel[..3].fill(0),
                alpha => {
                    let (x, y) = (at % self.width as usize, at / self.width as usize);
                    let (u, v) = ((x as f32 + 0.5) / width, (y as f32 + 0.5) / height);
                    let colour = [0, 1, 2].map(|c| f32::from(pixel[c]) / 255.0);
                    let own = around.own_colour(colour, f32::from(alpha) / 255.0, u, v);
                    let own = own.map(|c| (c.clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
                    pixel[..3].copy_from_slice(&own);
                }
            }
        }
        cut
    }

    /// The same colours with a matte as alpha. Panics unless the matte has the picture's size.
    pub fn with_alpha(mut self, matte: &Matte) -> Self {
        assert_eq!((self.width, self.height), (matte.width, matte.height));
        for (pixel, &alpha) in self.rgba.chunks_exact_mut(4).zip(&matte.alpha) {
            pixel[3] = alpha;
        }
        self
    }

    /// The picture before a background; opaque where the background is.
    pub fn before(&self, background: &Background) -> Self {
        let behind = match background {
            Background::Colour([r, g, b]) => {
                let pixels = self.rgba.len() / 4;
                Self::new(self.width, self.height, [*r, *g, *b, 255].repeat(pixels))
            }
            Background::Picture(picture) => picture.covering(self.width, self.height),
        };
        let mut composed = behind;
        for (below, above) in composed
            .rgba
            .chunks_exact_mut(4)
            .zip(self.rgba.chunks_exact(4))
        {
            over(above, below);
        }
        composed
    }

    /// The middle of the picture at the size at which it just covers so many pixels.
    fn covering(&self, width: u32, height: u32) -> Self {
        let scale = (f64::from(width) / f64::from(self.width))
            .max(f64::from(height) / f64::from(self.height));
        let part =
            |pixels: u32, side: u32| ((f64::from(pixels) / scale).round() as u32).clamp(1, side);
        let (columns, rows) = (part(width, self.width), part(height, self.height));
        let (left, top) = ((self.width - columns) / 2, (self.height - rows) / 2);
        let middle = crate::geometry::cut(self, [left, top], [columns, rows]);
        middle.resized(width, height, AlphaRole::Weight)
    }
}

/// Porter and Duff's "over", straight alpha, into `below`.
fn over(above: &[u8], below: &mut [u8]) {
    let (a, b) = (u32::from(above[3]), u32::from(below[3]));
    // In 255² parts.
    let (from_above, from_below) = (a * 255, (255 - a) * b);
    let all = from_above + from_below;
    if all == 0 {
        return;
    }
    for channel in 0..3 {
        let mixed = u32::from(above[channel]) * from_above + u32::from(below[channel]) * from_below;
        below[channel] = ((mixed + all / 2) / all) as u8;
    }
    below[3] = ((all + 127) / 255) as u8;
}

/// The colours of the object and of the background, each carried on where the other is.
struct Around {
    object: Plane<3>,
    background: Plane<3>,
}

impl Around {
    fn of(cut: &Picture) -> Self {
        let longer = cut.width.max(cut.height);
        let scaled = |side: u32| {
            let side = u64::from(side) * u64::from(WORKING_SIDE.min(longer));
            (side / u64::from(longer)).max(1) as u32
        };
        let small = cut.resized(scaled(cut.width), scaled(cut.height), AlphaRole::Channel);
        let (width, height) = (small.width as usize, small.height as usize);
        let colours = Plane::from_fn(width, height, |x, y| small.colour(x, y));
        let carried = |counts: fn(u8) -> bool| {
            let weight = Plane::from_fn(width, height, |x, y| {
                [f32::from(u8::from(counts(
                    small.rgba[(y * width + x) * 4 + 3],
                )))]
            });
            match weight.data.iter().any(|&[weight]| weight > 0.0) {
                true => colours.extended(&weight),
                // All of it is mixed: nothing is known better than what is seen.
                false => colours.clone(),
            }
        };
        Self {
            object: carried(|alpha| alpha >= SOLID),
            background: carried(|alpha| alpha <= CLEAR),
        }
    }

    /// The object's part of a colour of which it covers `alpha`.
    fn own_colour(&self, colour: [f32; 3], alpha: f32, u: f32, v: f32) -> [f32; 3] {
        let (object, background) = (self.object.sample(u, v), self.background.sample(u, v));
        std::array::from_fn(|c| {
            let explained = alpha * object[c] + (1.0 - alpha) * background[c];
            object[c] + alpha * (colour[c] - explained)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A red square on green whose border, four pixels wide, is a mixture of both.
    fn square() -> (Picture, Matte) {
        let coverage = |i: u32| {
            let (x, y) = ((i % 64) as f32 - 31.5, (i / 64) as f32 - 31.5);
            ((22.0 - x.abs().max(y.abs())) / 4.0).clamp(0.0, 1.0)
        };
        let rgba = (0..64 * 64).flat_map(|i| {
            let a = coverage(i);
            [(a * 220.0) as u8, ((1.0 - a) * 180.0) as u8, 20, 255]
        });
        let alpha = (0..64 * 64).map(|i| (coverage(i) * 255.0) as u8);
        let matte = Matte {
            width: 64,
            height: 64,
            alpha: alpha.collect(),
        };
        (Picture::new(64, 64, rgba.collect()), matte)
    }

    #[test]
    fn nothing_of_the_old_background_is_left_at_the_outline() {
        let (picture, matte) = square();
        let cut = picture.cut_out(&matte);
        for pixel in cut.rgba.chunks_exact(4) {
            match pixel[3] {
                0 => assert_eq!(pixel, [0; 4]),
                _ => assert!(pixel[0] > 190 && pixel[1] < 25, "{pixel:?}"),
            }
        }
    }

    #[test]
    fn a_colour_or_the_middle_of_a_picture_shows_behind() {
        let (picture, matte) = square();
        let cut = picture.cut_out(&matte);
        let blue = cut.before(&Background::Colour([0, 0, 250]));
        assert!(blue.is_opaque());
        assert_eq!(blue.rgba[..4], [0, 0, 250, 255]);
        // Wide, its outer thirds white: only the middle third may show.
        let wide = (0..96 * 32).flat_map(|i| match i % 96 {
            32..64 => [10, 20, 30, 255],
            _ => [255; 4],
        });
        let wide = Picture::new(96, 32, wide.collect());
        let composed = cut.before(&Background::Picture(wide));
        assert_eq!((composed.width, composed.height), (64, 64));
        assert_eq!(composed.rgba[64 * 4 * 3 + 128..][..4], [10, 20, 30, 255]);
    }

    #[test]
    fn over_nothing_is_the_picture_and_half_over_half_is_three_quarters() {
        let mut below = [9, 9, 9, 0];
        over(&[200, 100, 50, 128], &mut below);
        assert_eq!(below, [200, 100, 50, 128]);
        let mut below = [0, 0, 0, 128];
        over(&[200, 100, 50, 128], &mut below);
        assert_eq!(below[3], 192);
        assert_eq!(below[0], 134);
    }
}
