//! f32 products with a right factor packed into panels of [`COLS`] columns.
//!
//! A tile of [`ROWS`] rows stays in registers over the panel's depth, as wide as there are
//! registers for: `pulp` compiles the same loop for AVX-512, AVX2, NEON and plain code. A general
//! library packs both factors at every call; here the weights of a layer are packed once for all
//! its rows. (Measured with the `gemm` crate: 39 % of the time went into packing.)

use std::ops::Range;

use pulp::{Arch, Simd};
use rayon::prelude::*;

use super::lines::Lines;

/// Rows of a tile.
pub(crate) const ROWS: usize = 6;
/// Columns of a panel: four of the widest vectors.
pub(crate) const COLS: usize = 64;
/// Depth that is worked on at once: such a part of a panel stays in the first cache.
const DEPTH: usize = 512;

/// Values between one row and the next.
const GAP: usize = 16;

/// The distance of rows of so many values that keeps them out of each other's way.
pub(crate) fn spread(depth: usize) -> usize {
    depth + GAP
}

/// A right factor: for each [`COLS`] columns, `depth` rows of them, the last ones padded.
pub(crate) struct Panels {
    values: Lines<f32>,
    depth: usize,
}

impl Panels {
    /// From the factor's transpose: `cols` rows of `depth` values, `stride` apart.
    pub(crate) fn from_transposed(rows: &[f32], stride: usize, cols: usize, depth: usize) -> Self {
        let mut values = Lines::zeros(cols.next_multiple_of(COLS) * depth);
        values
            .par_chunks_mut(depth * COLS)
            .enumerate()
            .for_each(|(panel, values)| {
                let columns = panel * COLS..cols.min((panel + 1) * COLS);
                // Sixteen at a time, so that what is written stays in the first cache.
                for (first, values) in (0..depth).step_by(16).zip(values.chunks_mut(16 * COLS)) {
                    for (at, column) in columns.clone().enumerate() {
                        let row = &rows[column * stride + first..][..values.len() / COLS];
                        for (values, value) in values.chunks_mut(COLS).zip(row) {
                            values[at] = *value;
                        }
                    }
                }
            });
        Self { values, depth }
    }

    /// From the factor itself: `depth` rows of `cols` values, `stride` apart.
    pub(crate) fn from_rows(rows: &[f32], stride: usize, cols: usize, depth: usize) -> Self {
        let mut values = Lines::zeros(cols.next_multiple_of(COLS) * depth);
        for (panel, values) in values.chunks_mut(depth * COLS).enumerate() {
            let width = COLS.min(cols - panel * COLS);
            for (row, values) in values.chunks_mut(COLS).enumerate() {
                let from = row * stride + panel * COLS;
                values[..width].copy_from_slice(&rows[from..from + width]);
            }
        }
        Self { values, depth }
    }

    /// `out += left · self`, for some of the columns: rows of `depth` values into rows as wide as
    /// those, which begin with a panel, on this thread.
    pub(crate) fn add_product(&self, left: &Spread, cols: Range<usize>, out: &mut [f32]) {
        for first in (0..self.depth).step_by(DEPTH) {
            let depths = first..self.depth.min(first + DEPTH);
            for panel in cols.start / COLS..cols.end.div_ceil(COLS) {
                let part = self.part(panel, depths.clone());
                let at = panel * COLS - cols.start;
                add_panel(left.part(depths.clone()), part, out, cols.len(), at);
            }
        }
    }

    /// Some of a panel's depth.
    pub(crate) fn part(&self, panel: usize, depths: Range<usize>) -> &[f32] {
        &self.values[panel * self.depth * COLS..][depths.start * COLS..depths.end * COLS]
    }
}

/// A left factor, or some of its depth: rows of `depth` values, `stride` apart.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) stride: usize,
    pub(crate) depth: usize,
}

impl Rows<'_> {
    /// The values of [`ROWS`] rows, depth by depth. Behind the last row, it comes again.
    #[inline(always)]
    pub(crate) fn tile(&self, tile: usize) -> impl Iterator<Item = [f32; ROWS]> + Clone {
        let last = (self.values.len() - self.depth) / self.stride;
        let [a, b, c, d, e, f] = std::array::from_fn(|row| {
            let row = (tile * ROWS + row).min(last);
            self.values[row * self.stride..][..self.depth].iter()
        });
        let values = a.zip(b).zip(c).zip(d).zip(e).zip(f);
        values.map(|(((((a, b), c), d), e), f)| [*a, *b, *c, *d, *e, *f])
    }
}

/// Rows copied to where they keep out of each other's way: a power of two from one to the next would
/// put them into the same sets of the first cache.
pub(crate) struct Spread {
    values: Vec<f32>,
    stride: usize,
}

impl Spread {
    /// From rows of `depth` values.
    pub(crate) fn new(rows: &[f32], depth: usize) -> Self {
        let stride = spread(depth);
        let mut values = Vec::with_capacity(rows.len() / depth * stride);
        for row in rows.chunks(depth) {
            values.extend_from_slice(row);
            values.extend_from_slice(&[0.0; GAP]);
        }
        Self { values, stride }
    }

    /// Some of the depth.
    pub(crate) fn part(&self, depths: Range<usize>) -> Rows<'_> {
        Rows {
            values: &self.values[depths.start..],
            stride: self.stride,
            depth: depths.len(),
        }
    }
}

/// Adds the product with one panel into rows of `width`, from column `first` on.
#[pulp::with_simd(add_panel = Arch::new())]
#[inline(always)]
pub(crate) fn add_panel_loop<S: Simd>(
    simd: S,
    left: Rows<'_>,
    panel: &[f32],
    out: &mut [f32],
    width: usize,
    first: usize,
) {
    let (panel, _) = S::as_simd_f32s(panel);
    let cols = first..width.min(first + COLS);
    for (tile, out) in out.chunks_mut(ROWS * width).enumerate() {
        let left = left.tile(tile);
        if out.len() == ROWS * width && cols.len() == COLS {
            let mut rows = out.chunks_mut(width);
            let rows = std::array::from_fn(|_| {
                let row = rows.next().map(|row| &mut row[cols.clone()]);
                S::as_mut_simd_f32s(row.unwrap_or_default()).0
            });
            add_tile(simd, left, panel, rows);
            continue;
        }
        // At the edges, beside the rows and columns that there are.
        let mut whole = [[0.0; COLS]; ROWS];
        for (whole, out) in whole.iter_mut().zip(out.chunks(width)) {
            whole[..cols.len()].copy_from_slice(&out[cols.clone()]);
        }
        let rows = whole.each_mut().map(|row| S::as_mut_simd_f32s(row).0);
        add_tile(simd, left, panel, rows);
        for (whole, out) in whole.iter().zip(out.chunks_mut(width)) {
            out[cols.clone()].copy_from_slice(&whole[..cols.len()]);
        }
    }
}

/// Adds a tile's product with weights to rows that are as wide as those.
#[inline(always)]
pub(crate) fn add_tile<S: Simd>(
    simd: S,
    left: impl Iterator<Item = [f32; ROWS]> + Clone,
    weights: &[S::f32s],
    mut out: [&mut [S::f32s]; ROWS],
) {
    let vectors = out[0].len();
    let mut first = 0;
    // As many vectors side by side as there are registers for.
    while S::REGISTER_COUNT >= 32 && first + 4 <= vectors {
        add_vectors::<S, 4>(simd, left.clone(), weights, first, &mut out);
        first += 4;
    }
    while first + 2 <= vectors {
        add_vectors::<S, 2>(simd, left.clone(), weights, first, &mut out);
        first += 2;
    }
    if first < vectors {
        add_vectors::<S, 1>(simd, left, weights, first, &mut out);
    }
}

/// `V` vectors of columns, in registers over the whole depth.
#[inline(always)]
fn add_vectors<S: Simd, const V: usize>(
    simd: S,
    left: impl Iterator<Item = [f32; ROWS]>,
    weights: &[S::f32s],
    first: usize,
    out: &mut [&mut [S::f32s]; ROWS],
) {
    let vectors = out[0].len();
    let mut sums = [[simd.splat_f32s(0.0); V]; ROWS];
    for (values, weights) in left.zip(weights.chunks_exact(vectors)) {
        let weights = &weights[first..first + V];
        for (value, sums) in values.into_iter().zip(&mut sums) {
            let value = simd.splat_f32s(value);
            for (sum, &weight) in sums.iter_mut().zip(weights) {
                *sum = simd.mul_add_e_f32s(value, weight, *sum);
            }
        }
    }
    // Last, so that the next tile needn't wait for what is read here.
    for (out, sums) in out.iter_mut().zip(sums) {
        for (out, sum) in out[first..first + V].iter_mut().zip(sums) {
            *out = simd.add_f32s(*out, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dot::tests::noise;

    #[test]
    fn products_are_what_the_definition_says() {
        for (rows, cols, depth) in [(1, 1, 1), (5, 7, 3), (33, 65, 64), (97, 130, 1100)] {
            let (left, right) = (noise(rows * depth, 1), noise(cols * (depth + 3), 2));
            let panels = Panels::from_transposed(&right, depth + 3, cols, depth);
            let mut out = vec![1.0; rows * cols];
            panels.add_product(&Spread::new(&left, depth), 0..cols, &mut out);
            for (at, got) in out.iter().enumerate() {
                let (row, col) = (at / cols, at % cols);
                let right = &right[col * (depth + 3)..];
                let products = left[row * depth..][..depth].iter().zip(right);
                let wanted = 1.0 + products.map(|(a, b)| a * b).sum::<f32>();
                assert!((got - wanted).abs() < 1e-4, "{rows}×{depth}×{cols} at {at}");
            }
        }
    }
}
