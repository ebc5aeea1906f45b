//! Framing: find the object in the matte and cut a square around it, as the networks expect.

use fast_image_resize as fir;

use crate::components::dilated;
use crate::{Matte, Picture, Plane, subject};

/// Coverage from which a pixel counts as the object.
const SOLID: u8 = 128;
/// Separate things are told apart on a matte of at most this side.
const ANALYSIS_SIDE: usize = 512;
/// Kept around the object, at analysis size: its soft edge.
const RIM: usize = 4;
/// An object that fills its picture tightly touches every border at its outermost points only.
/// From this share of a side on, it goes on beyond that border.
const CUT_SHARE: f32 = 0.25;
/// Blur that a silhouette has to outlast, in samples: later stages smooth by as much.
const SOFTENING: f32 = 0.8;
/// Coverage left after that blur, somewhere in the silhouette, if it has an inside.
const INSIDE: f32 = 0.6;

/// Where the object stands in the picture, and which parts of the matte are it.
#[derive(Clone)]
pub struct Framing {
    /// The object's bounding box in picture pixels: left, top, right, bottom; ends exclusive.
    pub bounds: [u32; 4],
    /// How many separate objects of notable size are in the picture, this one included.
    pub objects: u32,
    /// How many pieces, close together, this one consists of.
    pub pieces: u32,
    /// Share of the picture that it covers, 0–1.
    pub covered: f32,
    /// Which borders of the picture cut it off: left, top, right, bottom.
    pub cut_off: [bool; 4],
    matte: Matte,
}

/// A square cut around the object.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Straight (not premultiplied) sRGB colour, 0–1; black where alpha is 0.
    pub colour: Plane<3>,
    /// Coverage, 0–1.
    pub alpha: Plane<1>,
}

impl Framing {
    /// Finds the object: what lies close together; of several things that lie apart the largest or
    /// most central. `None` where nothing is solid.
    pub fn find(matte: &Matte) -> Option<Self> {
        let (width, height) = (matte.width as usize, matte.height as usize);
        let step = width.max(height).div_ceil(ANALYSIS_SIDE);
        let (w, h) = (width.div_ceil(step), height.div_ceil(step));
        // The strongest pixel of each block stands for it, so that thin parts survive.
        let mut solid = vec![false; w * h];
        for (i, row) in matte.alpha.chunks_exact(width).enumerate() {
            for (j, &alpha) in row.iter().enumerate() {
                solid[i / step * w + j / step] |= alpha >= SOLID;
            }
        }
        let subject = subject::choose(&solid, w)?;
        let keep = dilated(&subject.mask, w, RIM);

        let mut matte = matte.clone();
        let mut bounds = [u32::MAX, u32::MAX, 0, 0];
        let mut at_border = [0_u32; 4];
        let mut pixels = 0_usize;
        for (y, row) in matte.alpha.chunks_exact_mut(width).enumerate() {
            for (x, alpha) in row.iter_mut().enumerate() {
                if !keep[y / step * w + x / step] {
                    *alpha = 0;
                } else if *alpha >= SOLID {
                    pixels += 1;
                    let borders = [x == 0, y == 0, x + 1 == width, y + 1 == height];
                    for (count, there) in at_border.iter_mut().zip(borders) {
                        *count += u32::from(there);
                    }
                    let (x, y) = (x as u32, y as u32);
                    bounds[0] = bounds[0].min(x);
                    bounds[1] = bounds[1].min(y);
                    bounds[2] = bounds[2].max(x + 1);
                    bounds[3] = bounds[3].max(y + 1);
                }
            }
        }
        Some(Self {
            bounds,
            objects: subject.objects,
            pieces: subject.pieces,
            covered: pixels as f32 / (width * height) as f32,
            cut_off: cut_off(at_border, bounds),
            matte,
        })
    }

    /// The object's longer side in picture pixels.
    pub fn longer_side(&self) -> u32 {
        let [left, top, right, bottom] = self.bounds;
        (right - left).max(bottom - top)
    }

    /// Side in picture pixels of the square that holds the object with `margin` (1.1 = 10 % more
    /// than its longer side).
    pub fn side(&self, margin: f32) -> u32 {
        let object = self.longer_side();
        // The outline of the smallest object needs a pixel of air, too.
        ((object as f32 * margin).round() as u32).max(object + 2)
    }

    /// The left column and top row, in picture pixels, of the square of [`Framing::side`] that is
    /// centred on the object; negative beyond the picture.
    pub fn corner(&self, margin: f32) -> [i64; 2] {
        let [left, top, right, bottom] = self.bounds.map(i64::from);
        let side = i64::from(self.side(margin));
        [left + right, top + bottom].map(|ends| (ends - side).div_euclid(2))
    }

    /// Cuts the square of [`Framing::side`] around the object and resamples it to `size` pixels;
    /// what lies outside the picture is transparent.
    pub fn cut(&self, picture: &Picture, margin: f32, size: usize) -> Frame {
        let [x0, y0] = self.corner(margin);
        let side = self.side(margin) as usize;
        let width = picture.width as usize;
        let mut square = vec![0_u8; side * side * 4];
        for (row, out) in square.chunks_exact_mut(side * 4).enumerate() {
            let y = y0 + row as i64;
            if y < 0 || y >= i64::from(picture.height) {
                continue;
            }
            let from = x0.max(0) as usize;
            let to = ((x0 + side as i64) as usize).min(width);
            for x in from..to {
                let source = y as usize * width + x;
                let target = (x as i64 - x0) as usize * 4;
                out[target..target + 3].copy_from_slice(&picture.rgba[source * 4..source * 4 + 3]);
                out[target + 3] = self.matte.alpha[source];
            }
        }
        let square = resample(square, side, size);
        let unit = |byte: u8| f32::from(byte) / 255.0;
        let pixels = square.chunks_exact(4);
        Frame {
            colour: Plane {
                width: size,
                height: size,
                data: pixels
                    .clone()
                    .map(|p| [unit(p[0]), unit(p[1]), unit(p[2])])
                    .collect(),
            },
            alpha: Plane {
                width: size,
                height: size,
                data: pixels.map(|p| [unit(p[3])]).collect(),
            },
        }
    }
}

impl Frame {
    /// The frame with a silhouette that has an inside at this size, and whether it had to be grown:
    /// a needle or a dot may cover no sample fully, and nothing could be made of it.
    pub fn with_inside(self) -> (Self, bool) {
        let soft = self.alpha.blurred(SOFTENING);
        if soft.data.iter().any(|alpha| alpha[0] >= INSIDE) {
            return (self, false);
        }
        let peak = self
            .alpha
            .data
            .iter()
            .fold(0.0, |peak: f32, a| peak.max(a[0]));
        let (width, height) = (self.alpha.width, self.alpha.height);
        let touched: Vec<bool> = (self.alpha.data.iter())
            .map(|alpha| alpha[0] > 0.0 && alpha[0] >= 0.5 * peak)
            .collect();
        let grown = dilated(&touched, width, 1);
        let alpha = Plane::from_fn(width, height, |x, y| {
            [f32::from(u8::from(grown[y * width + x]))]
        });
        (Self { alpha, ..self }, true)
    }
}

/// Which borders cut the object off, from how many of its pixels lie at each.
fn cut_off(at_border: [u32; 4], bounds: [u32; 4]) -> [bool; 4] {
    let [left, top, right, bottom] = bounds;
    let (across, down) = (right - left, bottom - top);
    let sides = [down, across, down, across];
    let touched = at_border.map(|pixels| pixels > 0);
    let beyond = (at_border.iter().zip(sides))
        .any(|(&pixels, side)| pixels as f32 >= CUT_SHARE * side as f32);
    let trimmed = touched == [true; 4] && !beyond;
    touched.map(|touched| touched && !trimmed)
}

/// Resamples a square RGBA image, weighting colours by their alpha.
fn resample(square: Vec<u8>, side: usize, size: usize) -> Vec<u8> {
    if side == size {
        return square;
    }
    let filter = if size < side {
        fir::FilterType::Hamming
    } else {
        fir::FilterType::CatmullRom
    };
    let pixel = fir::PixelType::U8x4;
    let source = fir::images::Image::from_vec_u8(side as u32, side as u32, square, pixel)
        .expect("the buffer has side² pixels");
    let mut target = fir::images::Image::new(size as u32, size as u32, pixel);
    let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter));
    fir::Resizer::new()
        .resize(&source, &mut target, &options)
        .expect("source and target have the same pixel type");
    target.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matte(width: u32, height: u32, inside: impl Fn(u32, u32) -> bool) -> Matte {
        let alpha = (0..width * height)
            .map(|i| if inside(i % width, i / width) { 255 } else { 0 })
            .collect();
        Matte {
            width,
            height,
            alpha,
        }
    }

    #[test]
    fn an_empty_matte_has_no_object() {
        assert!(Framing::find(&matte(64, 64, |_, _| false)).is_none());
    }

    #[test]
    fn one_pixel_and_a_hair_have_an_inside_once_they_are_cut() {
        let dot = |x: u32, y: u32| x == 3 && y == 3;
        let hair = |x: u32, y: u32| x == 30 && y > 2 || dot(x, y);
        for (width, height, inside) in [
            (64, 64, &dot as &dyn Fn(u32, u32) -> bool),
            (60, 2000, &hair),
            (1, 2000, &|_, _| true),
            (1, 1, &|_, _| true),
        ] {
            let picture = Picture::new(width, height, [9; 4].repeat((width * height) as usize));
            let found = Framing::find(&matte(width, height, inside)).unwrap();
            let (frame, grown) = found.cut(&picture, 1.1, 128).with_inside();
            assert!(frame.alpha.blurred(0.8).data.iter().any(|a| a[0] > 0.6));
            assert_eq!(grown, height == 2000, "{width}×{height}");
        }
    }

    #[test]
    fn a_tight_fit_is_not_cut_off_and_a_long_edge_is() {
        let disc = |cx: f32| {
            matte(101, 101, move |x, y| {
                (x as f32 - cx).hypot(y as f32 - 50.0) <= 50.0
            })
        };
        assert_eq!(Framing::find(&disc(50.0)).unwrap().cut_off, [false; 4]);
        let [left, _, right, _] = Framing::find(&disc(30.0)).unwrap().cut_off;
        assert!(left && !right);
        let all = Framing::find(&matte(50, 40, |_, _| true)).unwrap();
        assert_eq!((all.cut_off, all.covered), ([true; 4], 1.0));
    }

    #[test]
    fn crumbs_are_dropped() {
        let two = |x: u32, y: u32| (10..40).contains(&x) && (10..50).contains(&y);
        let crumb = |x: u32, y: u32| (90..93).contains(&x) && (90..93).contains(&y);
        let found = Framing::find(&matte(100, 100, |x, y| two(x, y) || crumb(x, y))).unwrap();
        assert_eq!((found.bounds, found.objects), ([10, 10, 40, 50], 1));
        assert_eq!(found.cut_off, [false; 4]);
    }

    #[test]
    fn the_cut_is_square_centred_and_transparent_outside_the_picture() {
        let picture = Picture::new(60, 40, [200, 100, 50, 255].repeat(60 * 40));
        let found = Framing::find(&matte(60, 40, |x, _| (20..40).contains(&x))).unwrap();
        assert_eq!(found.cut_off, [false, true, false, true]);
        let frame = found.cut(&picture, 1.1, 44);
        assert_eq!(found.side(1.1), 44);
        assert_eq!(frame.alpha[(22, 22)], [1.0]);
        assert_eq!(frame.alpha[(22, 0)], [0.0], "above the picture");
        assert_eq!(frame.alpha[(2, 22)], [0.0], "left of the object");
        assert!((frame.colour[(22, 22)][0] - 200.0 / 255.0).abs() < 0.01);
        let small = found.cut(&picture, 1.1, 16);
        assert!((small.colour[(8, 8)][0] - 200.0 / 255.0).abs() < 0.01);
    }
}
