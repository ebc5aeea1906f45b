//! Float images for everything between decoding and encoding.

use std::ops::{Index, IndexMut};

/// A dense image of `C` float channels, rows top to bottom.
#[derive(Clone, PartialEq)]
pub struct Plane<const C: usize> {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width × height` pixels.
    pub data: Vec<[f32; C]>,
}

impl<const C: usize> Plane<C> {
    /// A plane of one value.
    pub fn filled(width: usize, height: usize, value: [f32; C]) -> Self {
        Self {
            width,
            height,
            data: vec![value; width * height],
        }
    }

    /// Computes every pixel from its column and row.
    pub fn from_fn(
        width: usize,
        height: usize,
        mut f: impl FnMut(usize, usize) -> [f32; C],
    ) -> Self {
        let mut data = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                data.push(f(x, y));
            }
        }
        Self {
            width,
            height,
            data,
        }
    }

    /// Applies `f` to every pixel.
    pub fn map<const D: usize>(&self, f: impl FnMut(&[f32; C]) -> [f32; D]) -> Plane<D> {
        Plane {
            width: self.width,
            height: self.height,
            data: self.data.iter().map(f).collect(),
        }
    }

    /// Bilinear sample at `(u, v)` in 0–1 across the plane, pixel centres at half steps, edges
    /// extended.
    pub fn sample(&self, u: f32, v: f32) -> [f32; C] {
        let x = (u * self.width as f32 - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let (a, b) = (&self[(x0, y0)], &self[(x1, y0)]);
        let (c, d) = (&self[(x0, y1)], &self[(x1, y1)]);
        std::array::from_fn(|i| {
            let top = a[i] + (b[i] - a[i]) * fx;
            let bottom = c[i] + (d[i] - c[i]) * fx;
            top + (bottom - top) * fy
        })
    }

    /// The plane at another size, by bilinear sampling. Meant for enlarging; shrink with
    /// [`Plane::halved`] first.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        Self::from_fn(width, height, |x, y| {
            self.sample(
                (x as f32 + 0.5) / width as f32,
                (y as f32 + 0.5) / height as f32,
            )
        })
    }

    /// The plane enlarged through a cubic B-spline: smoother than bilinear, no trace of the old
    /// pixel grid in the slopes, at the price of a slight blur.
    pub fn resized_smoothly(&self, width: usize, height: usize) -> Self {
        let columns: Vec<_> = (0..width).map(|x| spline(x, width, self.width)).collect();
        let across = Self::from_fn(width, self.height, |x, y| {
            combined(&columns[x], |column| self[(column, y)])
        });
        let rows: Vec<_> = (0..height)
            .map(|y| spline(y, height, self.height))
            .collect();
        Self::from_fn(width, height, |x, y| {
            combined(&rows[y], |row| across[(x, row)])
        })
    }

    /// Keeps pixels of weight 1, replaces pixels of weight 0 by a smooth continuation of what is
    /// around them, and mixes in between (the pull-push algorithm of Gortler et al., "The
    /// Lumigraph", SIGGRAPH 1996).
    pub fn extended(&self, weight: &Plane<1>) -> Self {
        if self.width == 1 && self.height == 1 {
            return self.clone();
        }
        let (coarse, coarse_weight) = self.halved_by(weight);
        let around = coarse
            .extended(&coarse_weight)
            .resized(self.width, self.height);
        let mut mixed = around;
        for ((mixed, value), weight) in mixed.data.iter_mut().zip(&self.data).zip(&weight.data) {
            for i in 0..C {
                mixed[i] += (value[i] - mixed[i]) * weight[0].clamp(0.0, 1.0);
            }
        }
        mixed
    }

    /// Half the size, each pixel the weighted mean of its four; and the weights to go with it: one
    /// full pixel of the four makes a full pixel.
    pub fn halved_by(&self, weight: &Plane<1>) -> (Self, Plane<1>) {
        let weighted = Plane {
            width: self.width,
            height: self.height,
            data: self
                .data
                .iter()
                .zip(&weight.data)
                .map(|(v, w)| v.map(|v| v * w[0]))
                .collect(),
        };
        let mut sum: Self = weighted.halved();
        let mut weight = weight.halved();
        for (value, weight) in sum.data.iter_mut().zip(&mut weight.data) {
            if weight[0] > 0.0 {
                *value = value.map(|v| v / weight[0]);
            }
            weight[0] = (4.0 * weight[0]).min(1.0);
        }
        (sum, weight)
    }

    /// Half the size in both directions (rounded up), by averaging 2×2 pixels.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        Self::from_fn(width, height, |x, y| {
            let (x0, y0) = (2 * x, 2 * y);
            let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
            std::array::from_fn(|i| {
                0.25 * (self[(x0, y0)][i]
                    + self[(x1, y0)][i]
                    + self[(x0, y1)][i]
                    + self[(x1, y1)][i])
            })
        })
    }

    /// Gaussian blur with the given standard deviation in pixels, edges extended.
    pub fn blurred(&self, sigma: f32) -> Self {
        if sigma <= 0.0 || self.data.is_empty() {
            return self.clone();
        }
        let kernel = gaussian(sigma);
        let radius = kernel.len() / 2;
        let (width, height) = (self.width, self.height);
        // A whole row per step of the kernel, and not a whole kernel per pixel: rows lie in order.
        let mut across = Self::filled(width, height, [0.0; C]);
        let mut extended = Vec::with_capacity(width + 2 * radius);
        let rows = self.data.chunks_exact(width);
        for (row, sum) in rows.zip(across.data.chunks_exact_mut(width)) {
            extended.clear();
            extended.extend(std::iter::repeat_n(row[0], radius));
            extended.extend_from_slice(row);
            extended.extend(std::iter::repeat_n(row[width - 1], radius));
            for (k, &weight) in kernel.iter().enumerate() {
                add_weighted(sum, &extended[k..], weight);
            }
        }
        let mut blurred = Self::filled(width, height, [0.0; C]);
        for (y, sum) in blurred.data.chunks_exact_mut(width).enumerate() {
            for (k, &weight) in kernel.iter().enumerate() {
                let y = (y + k).saturating_sub(radius).min(height - 1);
                add_weighted(sum, &across.data[y * width..], weight);
            }
        }
        blurred
    }
}

impl<const C: usize> Index<(usize, usize)> for Plane<C> {
    type Output = [f32; C];

    fn index(&self, (x, y): (usize, usize)) -> &[f32; C] {
        &self.data[y * self.width + x]
    }
}

impl<const C: usize> IndexMut<(usize, usize)> for Plane<C> {
    fn index_mut(&mut self, (x, y): (usize, usize)) -> &mut [f32; C] {
        &mut self.data[y * self.width + x]
    }
}

/// Pixels are content: only the size may ever be printed.
impl<const C: usize> std::fmt::Debug for Plane<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plane({}×{}×{C})", self.width, self.height)
    }
}

/// A normalised Gaussian kernel that reaches three standard deviations to each side.
pub fn gaussian(sigma: f32) -> Vec<f32> {
    let radius = (3.0 * sigma).ceil().max(1.0) as i32;
    let raw: Vec<f32> = (-radius..=radius)
        .map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp())
        .collect();
    let sum: f32 = raw.iter().sum();
    raw.into_iter().map(|w| w / sum).collect()
}

/// The four source pixels and their weights for one target pixel of a cubic B-spline.
fn spline(target: usize, targets: usize, sources: usize) -> [(usize, f32); 4] {
    let at = (target as f32 + 0.5) / targets as f32 * sources as f32 - 0.5;
    let base = at.floor();
    let f = at - base;
    let weights = [
        (1.0 - f).powi(3) / 6.0,
        (3.0 * f.powi(3) - 6.0 * f * f + 4.0) / 6.0,
        (-3.0 * f.powi(3) + 3.0 * f * f + 3.0 * f + 1.0) / 6.0,
        f.powi(3) / 6.0,
    ];
    std::array::from_fn(|k| {
        let index = base as isize + k as isize - 1;
        (index.clamp(0, sources as isize - 1) as usize, weights[k])
    })
}

fn combined<const C: usize>(
    taps: &[(usize, f32); 4],
    pixel: impl Fn(usize) -> [f32; C],
) -> [f32; C] {
    let mut sum = [0.0; C];
    for &(at, weight) in taps {
        let value = pixel(at);
        for i in 0..C {
            sum[i] += weight * value[i];
        }
    }
    sum
}

fn add_weighted<const C: usize>(sums: &mut [[f32; C]], values: &[[f32; C]], weight: f32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        for i in 0..C {
            sum[i] += weight * value[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_at_a_pixel_centre_is_that_pixel() {
        let plane = Plane::from_fn(4, 3, |x, y| [x as f32, y as f32]);
        assert_eq!(plane.sample(2.5 / 4.0, 1.5 / 3.0), [2.0, 1.0]);
        assert_eq!(plane.sample(-1.0, 2.0), [0.0, 2.0]);
    }

    #[test]
    fn smooth_enlarging_keeps_constants_and_straight_slopes() {
        let slope = Plane::from_fn(16, 16, |x, y| [x as f32 + 2.0 * y as f32, 3.0]);
        let large = slope.resized_smoothly(64, 64);
        let (a, b) = (large[(30, 30)], large[(31, 32)]);
        assert!((b[0] - a[0] - 0.25 - 1.0).abs() < 1e-4 && (a[1] - 3.0).abs() < 1e-5);
    }

    #[test]
    fn extending_keeps_what_is_solid_and_fills_the_rest_from_it() {
        let plane = Plane::from_fn(32, 32, |x, _| [if x < 16 { 1.0 } else { 9.0 }]);
        let solid = Plane::from_fn(32, 32, |x, _| [if x < 16 { 1.0 } else { 0.0 }]);
        let filled = plane.extended(&solid);
        assert_eq!(filled[(3, 3)], [1.0]);
        assert!(
            filled.data.iter().all(|p| (p[0] - 1.0).abs() < 1e-5),
            "the nines are gone"
        );
    }

    #[test]
    fn blurring_keeps_the_mean_of_a_constant_and_spreads_a_point() {
        let flat = Plane::filled(9, 9, [0.25]).blurred(1.5);
        assert!(flat.data.iter().all(|p| (p[0] - 0.25).abs() < 1e-6));
        let mut point = Plane::filled(21, 21, [0.0]);
        point[(10, 10)] = [1.0];
        let blurred = point.blurred(1.5);
        assert!(blurred[(10, 10)][0] < 0.1 && blurred[(12, 10)][0] > 0.01);
        assert!((blurred.data.iter().map(|p| p[0]).sum::<f32>() - 1.0).abs() < 1e-4);
    }
}
