//! YCbCr planes to RGBA (ITU-T H.273 section 8.3).

use super::frame::{Frame, Plane, Subsampling};

/// How the samples code colour.
#[derive(Clone, Copy)]
pub(super) struct ColourCoding {
    /// H.273 `MatrixCoefficients`.
    pub matrix: u8,
    /// Samples use the whole range, not 16–235 (scaled to the depth).
    pub full_range: bool,
}

enum Matrix {
    /// Planes are G, B, R.
    Identity,
    YCgCo,
    /// Weights of red and blue in luma.
    Luma {
        red: f32,
        blue: f32,
    },
}

impl Matrix {
    fn from_code(code: u8) -> Option<Self> {
        let luma = |red, blue| Some(Self::Luma { red, blue });
        match code {
            0 => Some(Self::Identity),
            1 => luma(0.2126, 0.0722),
            4 => luma(0.30, 0.11),
            // Unspecified: what the reference library assumes is BT.601, as JPEG does.
            2 | 5 | 6 => luma(0.299, 0.114),
            7 => luma(0.212, 0.087),
            8 => Some(Self::YCgCo),
            9 => luma(0.2627, 0.0593),
            _ => None,
        }
    }
}

/// Maps a sample to its nominal value: offset, then scale.
#[derive(Clone, Copy)]
struct Scale {
    zero: f32,
    gain: f32,
}

impl Scale {
    fn luma(bits: u32, full_range: bool) -> Self {
        if full_range {
            Self {
                zero: 0.0,
                gain: 1.0 / ((1u32 << bits) - 1) as f32,
            }
        } else {
            let unit = (1u32 << (bits - 8)) as f32;
            Self {
                zero: 16.0 * unit,
                gain: 1.0 / (219.0 * unit),
            }
        }
    }

    fn chroma(bits: u32, full_range: bool) -> Self {
        let zero = (1u32 << (bits - 1)) as f32;
        if full_range {
            Self {
                zero,
                gain: 1.0 / ((1u32 << bits) - 1) as f32,
            }
        } else {
            let unit = (1u32 << (bits - 8)) as f32;
            Self {
                zero,
                gain: 1.0 / (224.0 * unit),
            }
        }
    }

    fn apply(self, sample: f32) -> f32 {
        (sample - self.zero) * self.gain
    }
}

/// Converts to opaque RGBA; `None` for a matrix that isn't implemented.
pub(super) fn convert(frame: &Frame, coding: ColourCoding) -> Option<Vec<u8>> {
    let matrix = Matrix::from_code(coding.matrix)?;
    let (width, height) = (frame.width as usize, frame.height as usize);
    let luma_scale = Scale::luma(frame.bits, coding.full_range);
    // With the identity matrix all three planes are colours and scale like luma.
    let chroma_scale = match matrix {
        Matrix::Identity => luma_scale,
        _ => Scale::chroma(frame.bits, coding.full_range),
    };
    let mut rgba = Vec::with_capacity(width * height * 4);
    let mut chroma_rows = [vec![0.0; width], vec![0.0; width]];
    for y in 0..height {
        let luma_row = frame.luma.row(y);
        let Some(chroma) = &frame.chroma else {
            rgba.extend(luma_row.iter().flat_map(|&sample| {
                let grey = to_byte(luma_scale.apply(f32::from(sample)));
                [grey, grey, grey, 255]
            }));
            continue;
        };
        for (plane, row) in chroma.iter().zip(&mut chroma_rows) {
            upsample_row(plane, frame.subsampling, y, row);
        }
        let [first, second] = &chroma_rows;
        for ((&luma, &u), &v) in luma_row.iter().zip(first).zip(second) {
            let luma = luma_scale.apply(f32::from(luma));
            let (u, v) = (chroma_scale.apply(u), chroma_scale.apply(v));
            let [red, green, blue] = match matrix {
                Matrix::Identity => [v, luma, u],
                Matrix::YCgCo => [luma - u + v, luma + u, luma - u - v],
                Matrix::Luma { red: kr, blue: kb } => {
                    let red = luma + 2.0 * (1.0 - kr) * v;
                    let blue = luma + 2.0 * (1.0 - kb) * u;
                    [red, (luma - kr * red - kb * blue) / (1.0 - kr - kb), blue]
                }
            };
            rgba.extend([to_byte(red), to_byte(green), to_byte(blue), 255]);
        }
    }
    Some(rgba)
}

/// Writes the alpha plane (the luma of its frame) into RGBA of the same size.
pub(super) fn set_alpha(rgba: &mut [u8], alpha: &Frame, full_range: bool) {
    let scale = Scale::luma(alpha.bits, full_range);
    for (pixel, &sample) in rgba.chunks_exact_mut(4).zip(&alpha.luma.samples) {
        pixel[3] = to_byte(scale.apply(f32::from(sample)));
    }
}

fn to_byte(value: f32) -> u8 {
    // The cast saturates, so only rounding is left to do.
    (value * 255.0 + 0.5) as u8
}

/// One row of a chroma plane at luma resolution, bilinear, samples sited at the centre of the
/// luma samples that share them.
fn upsample_row(plane: &Plane, subsampling: Subsampling, y: usize, out: &mut [f32]) {
    let rows = plane.samples.len() / plane.width;
    let (near, far) = neighbours(y, subsampling.vertical, rows);
    let (near, far) = (plane.row(near), plane.row(far));
    let blend = |x: usize| 0.75 * f32::from(near[x]) + 0.25 * f32::from(far[x]);
    for (x, value) in out.iter_mut().enumerate() {
        let (nearest, next) = neighbours(x, subsampling.horizontal, plane.width);
        *value = 0.75 * blend(nearest) + 0.25 * blend(next);
    }
}

/// The chroma index that covers a luma index (weight 3/4) and its neighbour on the other side
/// (weight 1/4). Without subsampling both are the same.
fn neighbours(luma: usize, shift: u32, length: usize) -> (usize, usize) {
    if shift == 0 {
        return (luma, luma);
    }
    let nearest = luma / 2;
    let next = if luma.is_multiple_of(2) {
        nearest.saturating_sub(1)
    } else {
        (nearest + 1).min(length - 1)
    };
    (nearest, next)
}
