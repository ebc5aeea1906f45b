//! The picture as the network wants it: square, float, resized without aliasing.

use crate::error::{Error, Result};

/// Pixels, sRGB 0–1, row by row from the top. The object should be on a grey of 0.5, centred, its
/// longer side 0.85 of a square picture: that is what TripoSR was trained with.
#[derive(Clone, Debug)]
pub struct Rgb {
    /// Pixels per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `height × width` pixels.
    pub pixels: Vec<[f32; 3]>,
}

impl Rgb {
    /// From bytes, three per pixel.
    ///
    /// # Errors
    /// [`Error::Picture`] if the number of bytes doesn't fit the size.
    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Result<Self> {
        let (pixels, rest) = bytes.as_chunks::<3>();
        if !rest.is_empty() || width.checked_mul(height) != Some(pixels.len()) {
            return Err(Error::Picture);
        }
        let pixels = pixels
            .iter()
            .map(|rgb| rgb.map(|byte| f32::from(byte) / 255.0))
            .collect();
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Resized to a square of `side` pixels, whatever its shape was, with a triangle filter that
    /// widens when it shrinks (torch's `bilinear` with `antialias=True`).
    ///
    /// # Errors
    /// [`Error::Picture`] if there are no pixels or not as many as the size says, or if one of
    /// them is no number.
    pub(crate) fn resized(&self, side: usize) -> Result<Self> {
        let count = self
            .width
            .checked_mul(self.height)
            .filter(|&count| count > 0);
        let sound = self.pixels.iter().flatten().all(|value| value.is_finite());
        if count != Some(self.pixels.len()) || !sound {
            return Err(Error::Picture);
        }
        let across = taps(self.width, side);
        let down = taps(self.height, side);
        let rows = self.pixels.chunks(self.width);
        let narrow: Vec<[f32; 3]> = rows
            .flat_map(|row| across.iter().map(|tap| tap.blend(|x| row[x])))
            .collect();
        let pixels = down
            .iter()
            .flat_map(|tap| (0..side).map(|x| tap.blend(|y| narrow[y * side + x])))
            .collect();
        Ok(Self {
            width: side,
            height: side,
            pixels,
        })
    }
}

/// Which source pixels make up one target pixel, and how much of each.
struct Tap {
    first: usize,
    weights: Vec<f32>,
}

impl Tap {
    fn blend(&self, pixel: impl Fn(usize) -> [f32; 3]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for (offset, weight) in self.weights.iter().enumerate() {
            let pixel = pixel(self.first + offset);
            for channel in 0..3 {
                sum[channel] += weight * pixel[channel];
            }
        }
        sum
    }
}

fn taps(from: usize, to: usize) -> Vec<Tap> {
    let scale = from as f32 / to as f32;
    let support = scale.max(1.0);
    (0..to)
        .map(|target| {
            let centre = scale * (target as f32 + 0.5);
            let first = (centre - support + 0.5).max(0.0) as usize;
            let end = ((centre + support + 0.5) as usize).min(from);
            let weight = |source| {
                let distance = (source as f32 - centre + 0.5) / support;
                (1.0 - distance.abs()).max(0.0)
            };
            let weights: Vec<f32> = (first..end).map(weight).collect();
            let sum: f32 = weights.iter().sum();
            Tap {
                first,
                weights: weights.iter().map(|weight| weight / sum).collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_picture_stays_flat_at_any_size() {
        for (width, height) in [(1, 1), (3, 100), (640, 7)] {
            let pixels = vec![[0.25, 0.5, 1.0]; width * height];
            let small = Rgb {
                width,
                height,
                pixels,
            }
            .resized(16)
            .unwrap();
            for pixel in &small.pixels {
                for (got, wanted) in pixel.iter().zip([0.25, 0.5, 1.0]) {
                    assert!((got - wanted).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn a_picture_without_its_pixels_is_refused() {
        let cut = Rgb {
            width: 4,
            height: 4,
            pixels: vec![[0.0; 3]; 15],
        };
        assert!(matches!(cut.resized(8), Err(Error::Picture)));
        let empty = Rgb {
            width: 0,
            height: 4,
            pixels: Vec::new(),
        };
        assert!(matches!(empty.resized(8), Err(Error::Picture)));
        assert!(matches!(
            Rgb::from_bytes(2, 1, &[0; 5]),
            Err(Error::Picture)
        ));
    }
}
