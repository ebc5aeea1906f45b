//! f32 products with a right factor packed into panels of [`COLS`] columns.
//!
//! A tile of [`ROWS`] rows stays in registers over the panel's depth, as wide as there are
//! registers for: `pulp` compiles the same loop for AVX-512, AVX2, NEON and plain code. A general
//! library packs both factors at every call; here the weights of a layer are packed once for all
//! its rows. (Measured with the `gemm` crate: 39 % of the time went into packing.)

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Rows of a tile.
pub(crate) const ROWS: usize = 6;
/// Columns of a panel: four of the widest vectors.
pub(crate) const COLS: usize = 64;
/// Depth that is worked on at once: such a part of a panel fits into the second cache.
const DEPTH: usize = 512;

/// A right factor: for each [`COLS`] columns, `depth` rows of them, the last ones padded.
pub(crate) struct Panels {
    values: Vec<f32>,
    depth: usize,
    cols: usize,
}

impl Panels {
    /// From the factor's transpose: `cols` rows of `depth` values, `stride` apart.
    pub(crate) fn from_transposed(rows: &[f32], stride: usize, cols: usize, depth: usize) -> Self {
        let mut values = vec![0.0; cols.next_multiple_of(COLS) * depth];
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
        Self {
            values,
            depth,
            cols,
        }
    }

    /// From the factor itself: `depth` rows of `cols` values, `stride` apart.
    pub(crate) fn from_rows(rows: &[f32], stride: usize, cols: usize, depth: usize) -> Self {
        let mut values = vec![0.0; cols.next_multiple_of(COLS) * depth];
        for (panel, values) in values.chunks_mut(depth * COLS).enumerate() {
            let width = COLS.min(cols - panel * COLS);
            for (row, values) in values.chunks_mut(COLS).enumerate() {
                let from = row * stride + panel * COLS;
                values[..width].copy_from_slice(&rows[from..from + width]);
            }
        }
        Self {
            values,
            depth,
            cols,
        }
    }

    /// `out += left · self`: rows of `depth` values into rows of `cols`, on this thread.
    pub(crate) fn add_product(&self, left: &[f32], out: &mut [f32]) {
        for first in (0..self.depth).step_by(DEPTH) {
            let depths = first..self.depth.min(first + DEPTH);
            for panel in 0..self.cols.div_ceil(COLS) {
                let left = Rows {
                    values: &left[first..],
                    stride: self.depth,
                };
                add_panel(
                    left,
                    self.part(panel, depths.clone()),
                    out,
                    self.cols,
                    panel * COLS,
                );
            }
        }
    }

    /// Some of a panel's depth.
    pub(crate) fn part(&self, panel: usize, depths: std::ops::Range<usize>) -> &[f32] {
        &self.values[panel * self.depth * COLS..][depths.start * COLS..depths.end * COLS]
    }
}

/// A left factor: rows `stride` values apart.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) stride: usize,
}

/// Adds the product with one panel into rows of `width`, from column `first` on.
pub(crate) fn add_panel(
    left: Rows<'_>,
    panel: &[f32],
    out: &mut [f32],
    width: usize,
    first: usize,
) {
    Arch::new().dispatch(AddPanel {
        left,
        panel,
        out,
        width,
        first,
    });
}

struct AddPanel<'a> {
    left: Rows<'a>,
    panel: &'a [f32],
    out: &'a mut [f32],
    width: usize,
    first: usize,
}

impl WithSimd for AddPanel<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            left,
            panel,
            out,
            width,
            first,
        } = self;
        let depth = panel.len() / COLS;
        let (panel, _) = S::as_simd_f32s(panel);
        let zero = [simd.splat_f32s(0.0); COLS];
        let mut sums = [0.0; ROWS * COLS];
        let cols = COLS.min(width - first);
        let count = out.len() / width;
        for (tile, out) in out.chunks_mut(ROWS * width).enumerate() {
            // Behind the last row, it is done again and thrown away.
            let row = |at: usize| (tile * ROWS + at).min(count - 1) * left.stride;
            let rows = std::array::from_fn(|at| &left.values[row(at)..][..depth]);
            let (vectors, _) = S::as_mut_simd_f32s(&mut sums);
            tiles(simd, rows, panel, &zero[..COLS / S::F32_LANES], vectors);
            for (out, sums) in out.chunks_mut(width).zip(sums.chunks(COLS)) {
                for (out, sum) in out[first..first + cols].iter_mut().zip(sums) {
                    *out += sum;
                }
            }
        }
    }
}

/// [`ROWS`] rows times weights that are `bias.len()` vectors wide, plus the bias.
#[inline(always)]
pub(crate) fn tiles<S: Simd>(
    simd: S,
    rows: [&[f32]; ROWS],
    weights: &[S::f32s],
    bias: &[S::f32s],
    out: &mut [S::f32s],
) {
    let mut first = 0;
    // As many vectors side by side as there are registers for.
    while S::REGISTER_COUNT >= 32 && first + 4 <= bias.len() {
        tile::<S, 4>(simd, rows, weights, bias, first, out);
        first += 4;
    }
    while first + 2 <= bias.len() {
        tile::<S, 2>(simd, rows, weights, bias, first, out);
        first += 2;
    }
    if first < bias.len() {
        tile::<S, 1>(simd, rows, weights, bias, first, out);
    }
}

/// `V` vectors of columns, in registers over the whole depth.
#[inline(always)]
fn tile<S: Simd, const V: usize>(
    simd: S,
    rows: [&[f32]; ROWS],
    weights: &[S::f32s],
    bias: &[S::f32s],
    first: usize,
    out: &mut [S::f32s],
) {
    let vectors = bias.len();
    let mut sums: [[S::f32s; V]; ROWS] = [std::array::from_fn(|at| bias[first + at]); ROWS];
    for (depth, weights) in weights.chunks_exact(vectors).enumerate() {
        let weights = &weights[first..first + V];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let value = simd.splat_f32s(row[depth]);
            for (sum, &weight) in sums.iter_mut().zip(weights) {
                *sum = simd.mul_add_e_f32s(value, weight, *sum);
            }
        }
    }
    for (out, sums) in out.chunks_exact_mut(vectors).zip(sums) {
        out[first..first + V].copy_from_slice(&sums);
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
            panels.add_product(&left, &mut out);
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
