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

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes flat colours by the standard's equations (H.273 equations 26 to 43), written the
    /// other way round from the code under test.
    fn coded([r, g, b]: [f32; 3], bits: u32, coding: ColourCoding) -> [u16; 3] {
        let planes = match coding.matrix {
            0 => [g, b, r],
            8 => {
                let luma = 0.25 * r + 0.5 * g + 0.25 * b;
                [luma, g - luma, 0.5 * (r - b)]
            }
            code => {
                let (kr, kb) = match code {
                    1 => (0.2126, 0.0722),
                    6 => (0.299, 0.114),
                    9 => (0.2627, 0.0593),
                    _ => unreachable!(),
                };
                let luma = kr * r + (1.0 - kr - kb) * g + kb * b;
                [
                    luma,
                    0.5 * (b - luma) / (1.0 - kb),
                    0.5 * (r - luma) / (1.0 - kr),
                ]
            }
        };
        let top = ((1u32 << bits) - 1) as f32;
        let unit = (1u32 << (bits - 8)) as f32;
        std::array::from_fn(|i| {
            let like_luma = i == 0 || coding.matrix == 0;
            let sample = match (coding.full_range, like_luma) {
                (true, true) => planes[i] * top,
                (true, false) => planes[i] * top + (1u32 << (bits - 1)) as f32,
                (false, true) => (219.0 * planes[i] + 16.0) * unit,
                (false, false) => (224.0 * planes[i] + 128.0) * unit,
            };
            sample.round() as u16
        })
    }

    fn flat_frame(samples: [u16; 3], bits: u32, subsampling: Subsampling) -> Frame {
        let (width, height) = (5u32, 3u32);
        let plane = |sample, horizontal, vertical| {
            let columns = (width + horizontal) >> horizontal;
            let rows = (height + vertical) >> vertical;
            Plane {
                width: columns as usize,
                samples: vec![sample; (columns * rows) as usize],
            }
        };
        let Subsampling {
            horizontal,
            vertical,
        } = subsampling;
        Frame {
            width,
            height,
            bits,
            subsampling,
            luma: plane(samples[0], 0, 0),
            chroma: Some([
                plane(samples[1], horizontal, vertical),
                plane(samples[2], horizontal, vertical),
            ]),
        }
    }

    #[test]
    fn every_coding_gives_the_colour_back() {
        let colour = [0.8, 0.25, 0.1];
        for matrix in [0, 1, 6, 8, 9] {
            for full_range in [true, false] {
                for bits in [8, 10, 12] {
                    for (horizontal, vertical) in [(0, 0), (1, 0), (1, 1)] {
                        let coding = ColourCoding { matrix, full_range };
                        let samples = coded(colour, bits, coding);
                        let subsampling = Subsampling {
                            horizontal,
                            vertical,
                        };
                        let frame = flat_frame(samples, bits, subsampling);
                        let rgba = convert(&frame, coding).unwrap();
                        assert_eq!(rgba.len(), 5 * 3 * 4);
                        for pixel in rgba.chunks(4) {
                            for (found, expected) in pixel.iter().zip([204u8, 64, 26, 255]) {
                                assert!(
                                    found.abs_diff(expected) <= 2,
                                    "{matrix} {full_range} {bits}: {pixel:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_unknown_matrix_is_not_guessed() {
        let frame = flat_frame(
            [0; 3],
            8,
            Subsampling {
                horizontal: 0,
                vertical: 0,
            },
        );
        for matrix in [3, 10, 14, 255] {
            assert!(
                convert(
                    &frame,
                    ColourCoding {
                        matrix,
                        full_range: true
                    }
                )
                .is_none()
            );
        }
    }

    #[test]
    fn chroma_is_interpolated_between_its_sites() {
        let plane = Plane {
            width: 2,
            samples: vec![0, 100],
        };
        let mut row = vec![0.0; 4];
        upsample_row(
            &plane,
            Subsampling {
                horizontal: 1,
                vertical: 0,
            },
            0,
            &mut row,
        );
        assert_eq!(row, [0.0, 25.0, 75.0, 100.0]);
    }
}
