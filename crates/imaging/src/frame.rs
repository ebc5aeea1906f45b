//! Framing: find the object in the matte and cut a square around it, as the networks expect.

use fast_image_resize as fir;

use crate::{Matte, Picture, Plane};

/// Coverage from which a pixel counts as the object.
const SOLID: u8 = 128;
/// Separate things smaller than this share of the largest one are dropped: crumbs of the matte.
const CRUMB_SHARE: f32 = 0.05;
/// Fewer object pixels than this, at analysis size, are noise.
const FEWEST_PIXELS: u32 = 24;
/// Components are found on a matte of at most this side.
const ANALYSIS_SIDE: usize = 512;

/// Where the object stands in the picture, and which parts of the matte are it.
#[derive(Clone)]
pub struct Framing {
    /// The object's bounding box in picture pixels: left, top, right, bottom; ends exclusive.
    pub bounds: [u32; 4],
    /// How many separate things of notable size there are.
    pub objects: usize,
    /// Whether the object reaches any border of the picture.
    pub touches_border: bool,
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
    /// Finds the object. `None` where nothing is solid.
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
        let (labels, sizes) = components(&solid, w, h);
        let largest = *sizes.iter().max()?;
        if largest < FEWEST_PIXELS.min((w * h / 4) as u32) {
            return None;
        }
        let kept: Vec<bool> = sizes
            .iter()
            .map(|&size| size as f32 >= CRUMB_SHARE * largest as f32)
            .collect();
        let keep: Vec<bool> = labels
            .iter()
            .map(|label| label.is_some_and(|l| kept[l]))
            .collect();
        let keep = dilated(&keep, w, h, 4);

        let mut matte = matte.clone();
        let mut bounds = [u32::MAX, u32::MAX, 0, 0];
        for (y, row) in matte.alpha.chunks_exact_mut(width).enumerate() {
            for (x, alpha) in row.iter_mut().enumerate() {
                if !keep[y / step * w + x / step] {
                    *alpha = 0;
                } else if *alpha >= SOLID {
                    let (x, y) = (x as u32, y as u32);
                    bounds[0] = bounds[0].min(x);
                    bounds[1] = bounds[1].min(y);
                    bounds[2] = bounds[2].max(x + 1);
                    bounds[3] = bounds[3].max(y + 1);
                }
            }
        }
        let touches_border = bounds[0] == 0
            || bounds[1] == 0
            || bounds[2] as usize == width
            || bounds[3] as usize == height;
        let objects = kept.iter().filter(|&&kept| kept).count();
        Some(Self {
            bounds,
            objects,
            touches_border,
            matte,
        })
    }

    /// Side in picture pixels of the square that holds the object with `margin` (1.1 = 10 % more
    /// than its longer side).
    pub fn side(&self, margin: f32) -> u32 {
        let [left, top, right, bottom] = self.bounds;
        ((right - left).max(bottom - top) as f32 * margin)
            .round()
            .max(1.0) as u32
    }

    /// Cuts the square of [`Framing::side`] around the object and resamples it to `size` pixels;
    /// what lies outside the picture is transparent.
    pub fn cut(&self, picture: &Picture, margin: f32, size: usize) -> Frame {
        let [left, top, right, bottom] = self.bounds.map(i64::from);
        let side = i64::from(self.side(margin));
        let (x0, y0) = (
            (left + right - side).div_euclid(2),
            (top + bottom - side).div_euclid(2),
        );
        let side = side as usize;
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

/// Labels 4-connected regions; returns the label of each pixel and the size of each region.
fn components(solid: &[bool], width: usize, height: usize) -> (Vec<Option<usize>>, Vec<u32>) {
    let mut labels = vec![None; solid.len()];
    let mut sizes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..solid.len() {
        if !solid[start] || labels[start].is_some() {
            continue;
        }
        let label = sizes.len();
        labels[start] = Some(label);
        stack.push(start);
        let mut size = 0;
        while let Some(at) = stack.pop() {
            size += 1;
            let (x, y) = (at % width, at / width);
            let mut visit = |next: usize| {
                if solid[next] && labels[next].is_none() {
                    labels[next] = Some(label);
                    stack.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < width {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - width);
            }
            if y + 1 < height {
                visit(at + width);
            }
        }
        sizes.push(size);
    }
    (labels, sizes)
}

/// Grows a mask by `radius` pixels in both directions (a square).
fn dilated(mask: &[bool], width: usize, height: usize, radius: usize) -> Vec<bool> {
    let mut across = vec![false; mask.len()];
    for y in 0..height {
        for x in 0..width {
            let (from, to) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            across[y * width + x] = mask[y * width + from..y * width + to].contains(&true);
        }
    }
    let mut both = vec![false; mask.len()];
    for y in 0..height {
        let (from, to) = (y.saturating_sub(radius), (y + radius + 1).min(height));
        for x in 0..width {
            both[y * width + x] = (from..to).any(|row| across[row * width + x]);
        }
    }
    both
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
        assert!(Framing::find(&matte(64, 64, |x, y| x == 3 && y == 3)).is_none());
    }

    #[test]
    fn crumbs_are_dropped_and_large_parts_kept() {
        let two = |x: u32, y: u32| (10..40).contains(&x) && (10..50).contains(&y);
        let crumb = |x: u32, y: u32| (90..93).contains(&x) && (90..93).contains(&y);
        let found = Framing::find(&matte(100, 100, |x, y| two(x, y) || crumb(x, y))).unwrap();
        assert_eq!((found.bounds, found.objects), ([10, 10, 40, 50], 1));
        assert!(!found.touches_border);
    }

    #[test]
    fn the_cut_is_square_centred_and_transparent_outside_the_picture() {
        let picture = Picture::new(60, 40, [200, 100, 50, 255].repeat(60 * 40));
        let found = Framing::find(&matte(60, 40, |x, _| (20..40).contains(&x))).unwrap();
        assert!(found.touches_border);
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
