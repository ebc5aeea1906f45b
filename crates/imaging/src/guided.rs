//! A coarse matte brought to the picture's size so that its edges follow the picture's.
//!
//! The fast guided filter (He and Sun 2015, arXiv:1505.00996): in each small window of the
//! coarse grid the matte is fitted as a linear function of colour, `matte = a · rgb + b`. The
//! coefficients vary slowly, so they can be enlarged; applied to the full-size colours they put
//! the edge where the colours have it.

use crate::Picture;

/// Half the window's side, in coarse pixels.
const RADIUS: usize = 4;
/// Colour variance (channels 0–1) below which a window counts as flat and the matte is kept.
const FLAT_VARIANCE: f32 = 1e-3;

/// Enlarges `coarse` (0–1, the size of `guide`) to the size of `picture`, of which `guide` is
/// the reduced version.
pub(crate) fn upsample(coarse: &[f32], guide: &Picture, picture: &Picture) -> Vec<u8> {
    let grid = Grid {
        width: guide.width as usize,
        height: guide.height as usize,
    };
    let fit = fit(coarse, guide, grid);
    let columns = taps(picture.width as usize, grid.width);
    let rows = taps(picture.height as usize, grid.height);

    let mut alpha = Vec::with_capacity(columns.len() * rows.len());
    let mut line = vec![[0.0f32; 4]; grid.width];
    let pixel_rows = picture.rgba.chunks_exact(picture.width as usize * 4);
    for (tap, pixels) in rows.iter().zip(pixel_rows) {
        let (upper, lower) = (grid.row(&fit, tap.first), grid.row(&fit, tap.second));
        for ((blended, upper), lower) in line.iter_mut().zip(upper).zip(lower) {
            *blended = mix(upper, lower, tap.weight);
        }
        alpha.extend(
            columns
                .iter()
                .zip(pixels.chunks_exact(4))
                .map(|(tap, pixel)| {
                    let [a_red, a_green, a_blue, b] =
                        mix(&line[tap.first], &line[tap.second], tap.weight);
                    let colour = a_red * f32::from(pixel[0])
                        + a_green * f32::from(pixel[1])
                        + a_blue * f32::from(pixel[2]);
                    // The cast saturates.
                    (colour + b * 255.0 + 0.5) as u8
                }),
        );
    }
    alpha
}

#[derive(Clone, Copy)]
struct Grid {
    width: usize,
    height: usize,
}

impl Grid {
    fn row<T>(self, values: &[T], y: usize) -> &[T] {
        &values[y * self.width..][..self.width]
    }

    /// Mean over the window around each value, smaller at the borders. Running sums: the cost
    /// doesn't depend on the radius.
    fn window_mean<const N: usize>(self, values: &[[f32; N]]) -> Vec<[f32; N]> {
        let mut across = vec![[0.0; N]; values.len()];
        for y in 0..self.height {
            running_mean(
                &values[y * self.width..],
                1,
                self.width,
                &mut across[y * self.width..],
            );
        }
        let mut both = vec![[0.0; N]; values.len()];
        for x in 0..self.width {
            running_mean(&across[x..], self.width, self.height, &mut both[x..]);
        }
        both
    }
}

fn running_mean<const N: usize>(
    values: &[[f32; N]],
    stride: usize,
    length: usize,
    means: &mut [[f32; N]],
) {
    // Sums in f64: adding and taking away again would drift in f32.
    let mut sum = [0.0f64; N];
    let add = |sum: &mut [f64; N], at: usize, sign: f64| {
        for (total, &value) in sum.iter_mut().zip(&values[at * stride]) {
            *total += sign * f64::from(value);
        }
    };
    for at in 0..RADIUS.min(length) {
        add(&mut sum, at, 1.0);
    }
    for at in 0..length {
        if at + RADIUS < length {
            add(&mut sum, at + RADIUS, 1.0);
        }
        if at > RADIUS {
            add(&mut sum, at - RADIUS - 1, -1.0);
        }
        let count = (at + RADIUS).min(length - 1) - at.saturating_sub(RADIUS) + 1;
        means[at * stride] = sum.map(|total| (total / count as f64) as f32);
    }
}

/// The linear function of colour (a for red, green, blue, then b) that fits the matte best
/// around each coarse pixel, averaged over the windows that contain the pixel.
fn fit(coarse: &[f32], guide: &Picture, grid: Grid) -> Vec<[f32; 4]> {
    // First and second moments of colour and matte together.
    let moments: Vec<[f32; 13]> = guide
        .rgba
        .chunks_exact(4)
        .zip(coarse)
        .map(|(pixel, &p)| {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(|c| f32::from(c) / 255.0);
            [
                r,
                g,
                b,
                p,
                r * p,
                g * p,
                b * p,
                r * r,
                r * g,
                r * b,
                g * g,
                g * b,
                b * b,
            ]
        })
        .collect();
    let coefficients: Vec<[f32; 4]> = grid
        .window_mean(&moments)
        .into_iter()
        .map(|[r, g, b, p, rp, gp, bp, rr, rg, rb, gg, gb, bb]| {
            let variance = [
                rr - r * r + FLAT_VARIANCE,
                rg - r * g,
                rb - r * b,
                gg - g * g + FLAT_VARIANCE,
                gb - g * b,
                bb - b * b + FLAT_VARIANCE,
            ];
            let [a_r, a_g, a_b] = solve_symmetric(variance, [rp - r * p, gp - g * p, bp - b * p]);
            [a_r, a_g, a_b, p - a_r * r - a_g * g - a_b * b]
        })
        .collect();
    grid.window_mean(&coefficients)
}

/// Solves `M x = v` for a symmetric positive definite M given by its upper triangle.
fn solve_symmetric([xx, xy, xz, yy, yz, zz]: [f32; 6], [x, y, z]: [f32; 3]) -> [f32; 3] {
    let (c_xx, c_xy, c_xz) = (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy);
    let (c_yy, c_yz, c_zz) = (xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy);
    let scale = 1.0 / (xx * c_xx + xy * c_xy + xz * c_xz);
    [
        (c_xx * x + c_xy * y + c_xz * z) * scale,
        (c_xy * x + c_yy * y + c_yz * z) * scale,
        (c_xz * x + c_yz * y + c_zz * z) * scale,
    ]
}

/// Where a fine pixel lies between two coarse ones.
struct Tap {
    first: usize,
    second: usize,
    /// Of the second.
    weight: f32,
}

/// Bilinear sampling positions, pixel centres aligned.
fn taps(fine: usize, coarse: usize) -> Vec<Tap> {
    let ratio = coarse as f32 / fine as f32;
    (0..fine)
        .map(|at| {
            let position = ((at as f32 + 0.5) * ratio - 0.5).clamp(0.0, (coarse - 1) as f32);
            let first = position as usize;
            let second = (first + 1).min(coarse - 1);
            Tap {
                first,
                second,
                weight: position - first as f32,
            }
        })
        .collect()
}

fn mix(first: &[f32; 4], second: &[f32; 4], weight: f32) -> [f32; 4] {
    std::array::from_fn(|i| first[i] + (second[i] - first[i]) * weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgba = pixels.flat_map(|(x, y)| {
            let [r, g, b] = colour(x, y);
            [r, g, b, 255]
        });
        Picture::new(width, height, rgba.collect())
    }

    #[test]
    fn a_blurred_edge_moves_to_where_the_colours_change() {
        // The colours change at 37 of 64 coarse columns, 296 of 512 fine ones.
        let colour = |edge: u32| {
            move |x: u32, _| {
                if x < edge {
                    [200, 40, 40]
                } else {
                    [40, 90, 60]
                }
            }
        };
        let guide = picture(64, 64, colour(37));
        let fine = picture(512, 512, colour(296));
        // The coarse matte ramps over seven pixels around the edge.
        let ramp = |x: usize| ((x as f32 - 33.0) / 7.0).clamp(0.0, 1.0);
        let coarse: Vec<f32> = (0..64 * 64).map(|i| 1.0 - ramp(i % 64)).collect();

        let alpha = upsample(&coarse, &guide, &fine);

        let row = &alpha[256 * 512..][..512];
        let change = row[294].abs_diff(row[297]);
        let bilinear_change = 255.0 / 7.0 * 3.0 / 8.0;
        assert!(
            f32::from(change) > 8.0 * bilinear_change,
            "{:?}",
            &row[280..312]
        );
        assert!(row[..190].iter().all(|&a| a > 250));
        assert!(row[400..].iter().all(|&a| a < 5));
    }

    #[test]
    fn flat_mattes_stay_flat_on_any_picture() {
        let guide = picture(20, 30, |x, y| {
            [(x * 12) as u8, (y * 8) as u8, (x * y) as u8]
        });
        for (value, expected) in [(0.0, 0), (1.0, 255), (0.5, 128)] {
            let alpha = upsample(&vec![value; 600], &guide, &guide);
            assert!(alpha.iter().all(|a| a.abs_diff(expected) <= 1));
        }
    }

    #[test]
    fn a_picture_smaller_than_the_window_is_no_trouble() {
        let tiny = picture(2, 1, |x, _| [x as u8 * 255; 3]);
        assert_eq!(upsample(&[0.0, 1.0], &tiny, &tiny).len(), 2);
    }
}
