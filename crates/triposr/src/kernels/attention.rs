//! Attention without the matrix of all scores: keys come in blocks, and what was summed before is
//! scaled down whenever a larger score appears (Dao et al. 2022, "FlashAttention").

mod whole;

use std::ops::Range;

use rayon::prelude::*;

use super::dot::{self, COLS, Left, Out, ROWS};
use super::linear::scatter;
use super::lines::Lines;
use super::panel::{self, Panels, Rows, Spread};
use super::rounding::{put_bf16, round_to_bf16};
use super::whole::{Bytes, Halves};
use super::{Matrix, Precision, elementwise};
use crate::error::Result;
use crate::progress::Watch;
use whole::Whole;

/// Queries of one task: 32 tasks at the published size.
const QUERIES: usize = 8 * ROWS;
/// Keys of one block.
pub(super) const KEYS: usize = 256;
/// Values that are weighed at a time: so many of them stay in the first cache.
const VALUES: usize = 128;

/// `softmax(q · kᵀ / √d) · v` for each head, into a matrix that becomes as large as the queries; all
/// have heads side by side in their columns.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled).
pub(crate) fn attention(
    [q, k, v]: [&Matrix; 3],
    heads: usize,
    out: &mut Matrix,
    precision: Precision,
    watch: &Watch,
) -> Result<()> {
    let (width, keys) = (q.cols, k.rows());
    let dim = width / heads;
    out.reshape(q.rows(), width);
    // Rounding pays only where the processor multiplies the rounded numbers.
    let packed = (0..heads).into_par_iter().map(|head| match precision {
        Precision::Bf16 if dot::has_bf16() => Packed::Bf16(Words::bf16(k, v, head, dim)),
        Precision::Int8 if dot::has_int8() => Packed::Bytes(Whole::new::<Bytes>(k, v, head, dim)),
        Precision::Int8 => Packed::Halves(Whole::new::<Halves>(k, v, head, dim)),
        _ => {
            let [k, v] = [k, v].map(|matrix| &matrix.data[head * dim..]);
            Packed::F32 {
                k: Panels::from_transposed(k, width, keys, dim),
                v: Panels::from_rows(v, width, dim, keys),
            }
        }
    });
    let packed: Vec<Packed> = packed.collect();
    let blocks = out
        .data
        .par_chunks_mut(QUERIES * width)
        .zip(q.data.par_chunks(QUERIES * width));
    blocks.try_for_each(|(out, q)| {
        let queries = q.len() / width;
        let mut block = Block::new(queries, dim);
        for (head, packed) in packed.iter().enumerate() {
            block.start(q, width, head);
            match packed {
                Packed::F32 { k, v } => block.attend_f32(k, v, keys),
                Packed::Bf16(words) => block.attend_bf16(words),
                Packed::Bytes(whole) => block.attend_whole::<Bytes>(whole),
                Packed::Halves(whole) => block.attend_whole::<Halves>(whole),
            }
            block.finish(out, width, head);
            watch.advance(work(queries, keys, dim))?;
        }
        Ok(())
    })
}

/// Multiplications for so many queries and keys.
pub(crate) fn work(queries: usize, keys: usize, width: usize) -> usize {
    2 * queries * keys * width
}

/// One head's state for a block of queries.
struct Block {
    dim: usize,
    queries: usize,
    /// Queries, scaled; rows of `dim`.
    scaled: Vec<f32>,
    /// `exp(score − peak) · v`, summed; rows of `dim`.
    sums: Vec<f32>,
    /// Each query's largest score so far.
    peaks: Vec<f32>,
    /// Each query's sum of `exp(score − peak)`.
    totals: Vec<f32>,
}

impl Block {
    fn new(queries: usize, dim: usize) -> Self {
        let [scaled, sums] = [(); 2].map(|()| vec![0.0; queries * dim]);
        let [peaks, totals] = [(); 2].map(|()| vec![0.0; queries]);
        Self {
            dim,
            queries,
            scaled,
            sums,
            peaks,
            totals,
        }
    }

    fn start(&mut self, q: &[f32], width: usize, head: usize) {
        let scale = 1.0 / (self.dim as f32).sqrt();
        for (scaled, row) in self.scaled.chunks_mut(self.dim).zip(q.chunks(width)) {
            elementwise::scaled(scaled, &row[head * self.dim..], scale);
        }
        self.sums.fill(0.0);
        self.peaks.fill(f32::NEG_INFINITY);
        self.totals.fill(0.0);
    }

    fn finish(&self, out: &mut [f32], width: usize, head: usize) {
        let rows = out
            .chunks_mut(width)
            .zip(self.sums.chunks(self.dim))
            .zip(&self.totals);
        for ((out, sums), total) in rows {
            elementwise::scaled(&mut out[head * self.dim..], sums, 1.0 / total);
        }
    }

    /// Turns one query's scores, which have so many times their true size, into weights from 0 to 1,
    /// and scales down what came before.
    fn weigh(&mut self, query: usize, scores: &mut [f32], scale: f32) {
        let peak = self.peaks[query].max(elementwise::largest(scores) * scale);
        if peak > self.peaks[query] {
            // Nothing came before the first block.
            let fade = (self.peaks[query] - peak).exp();
            self.totals[query] *= fade;
            elementwise::scale(&mut self.sums[query * self.dim..][..self.dim], fade);
            self.peaks[query] = peak;
        }
        self.totals[query] += elementwise::exponentials(scores, scale, peak);
    }

    fn attend_f32(&mut self, k: &Panels, v: &Panels, keys: usize) {
        let (dim, queries) = (self.dim, self.queries);
        let scaled = Spread::new(&self.scaled, dim);
        let stride = panel::spread(KEYS);
        let mut scores = vec![0.0; queries * stride];
        for first in (0..keys).step_by(KEYS) {
            let last = keys.min(first + KEYS);
            scores.fill(0.0);
            for at in (first..last).step_by(panel::COLS) {
                let panel = k.part(at / panel::COLS, 0..dim);
                panel::add_panel(scaled.part(0..dim), panel, &mut scores, stride, at - first);
            }
            for (query, scores) in scores.chunks_mut(stride).enumerate() {
                self.weigh(query, &mut scores[..last - first], 1.0);
            }
            for at in (0..dim).step_by(panel::COLS) {
                for first_part in (first..last).step_by(VALUES) {
                    let part = first_part..last.min(first_part + VALUES);
                    let left = Rows {
                        values: &scores[first_part - first..],
                        stride,
                        depth: part.len(),
                    };
                    let panel = v.part(at / panel::COLS, part);
                    panel::add_panel(left, panel, &mut self.sums, dim, at);
                }
            }
        }
    }

    fn attend_bf16(&mut self, packed: &Words) {
        let (dim, depth) = (self.dim, self.dim.div_ceil(2));
        let padded = self.queries.next_multiple_of(ROWS);
        let mut queries = vec![0; padded * depth];
        for (words, row) in queries.chunks_mut(depth).zip(self.scaled.chunks(dim)) {
            round_to_bf16(row, words);
        }
        let mut scores = [[0.0; KEYS]; ROWS];
        // An odd distance keeps rows out of each other's cache sets.
        let stride = KEYS / 2 + 16;
        let mut weights = vec![0; ROWS * stride];
        for first in (0..packed.keys).step_by(KEYS) {
            let keys = KEYS.min(packed.keys - first);
            for row in (0..self.queries).step_by(ROWS) {
                let left = Left {
                    words: &queries[row * depth..],
                    stride: depth,
                };
                for (panel, at) in packed.key_panels(first, keys).zip((0..).step_by(COLS)) {
                    let out = Out {
                        values: &mut scores.as_flattened_mut()[at..],
                        stride: KEYS,
                        factors: None,
                    };
                    dot::tile_bf16(left, panel, out);
                }
                let rows = ROWS.min(self.queries - row);
                for (at, scores) in scores[..rows].iter_mut().enumerate() {
                    self.weigh(row + at, &mut scores[..keys], 1.0);
                    // Behind the last key there is nothing.
                    scores[keys..].fill(0.0);
                    round_to_bf16(scores, &mut weights[at * stride..][..KEYS / 2]);
                }
                let left = Left {
                    words: &weights,
                    stride,
                };
                for (panel, at) in packed.value_panels(first, keys).zip((0..).step_by(COLS)) {
                    let sums = &mut self.sums[row * dim + at..];
                    dot::add_tile(sums, [dim, dim - at], &[1.0; ROWS][..rows], |out| {
                        dot::tile_bf16(left, panel, out);
                    });
                }
            }
        }
    }
}

/// One head's keys and values, packed as right factors.
enum Packed {
    F32 { k: Panels, v: Panels },
    Bf16(Words),
    Bytes(Whole),
    Halves(Whole),
}

/// Rounded and packed for [`dot`].
struct Words {
    keys: usize,
    dim: usize,
    /// Numbers in a word.
    per_word: usize,
    k: Lines<u32>,
    v: Lines<u32>,
}

impl Words {
    fn bf16(k: &Matrix, v: &Matrix, head: usize, dim: usize) -> Self {
        let mut packed = Self::new(k.rows(), dim, 2);
        packed.pack_keys(k, head, round_to_bf16);
        packed.pack_values(v, head, |words, values, _, shift| {
            put_bf16(words, values, shift)
        });
        packed
    }

    fn new(keys: usize, dim: usize, per_word: usize) -> Self {
        let (depth, length) = (dim.div_ceil(per_word), keys.div_ceil(per_word));
        Self {
            keys,
            dim,
            per_word,
            k: Lines::zeros(keys.next_multiple_of(COLS) * depth),
            v: Lines::zeros(dim.next_multiple_of(COLS) * length),
        }
    }

    /// Packs a head's keys with what rounds one.
    fn pack_keys(&mut self, k: &Matrix, head: usize, mut round: impl FnMut(&[f32], &mut [u32])) {
        let mut row = vec![0; self.dim.div_ceil(self.per_word)];
        for (key, values) in k.data.chunks(k.cols).enumerate() {
            round(&values[head * self.dim..][..self.dim], &mut row);
            scatter(&row, &mut self.k, key);
        }
    }

    /// Packs a head's values with what puts some channels of a key into their words, from so many bits
    /// on. Keys that follow each other share a word.
    fn pack_values(
        &mut self,
        v: &Matrix,
        head: usize,
        put: impl Fn(&mut [u32], &[f32], Range<usize>, u32),
    ) {
        let length = self.keys.div_ceil(self.per_word);
        let panels = self.v.chunks_mut(length * COLS).zip((0..).step_by(COLS));
        for (panel, first) in panels {
            let channels = first..self.dim.min(first + COLS);
            let words = panel.chunks_mut(COLS);
            for (words, keys) in words.zip(v.data.chunks(self.per_word * v.cols)) {
                let shifts = (0..32).step_by(32 / self.per_word);
                for (values, shift) in keys.chunks(v.cols).zip(shifts) {
                    let values = &values[head * self.dim..][channels.clone()];
                    put(words, values, channels.clone(), shift);
                }
            }
        }
    }

    /// Panels of the keys `first..first + keys`; `first` is a multiple of [`KEYS`].
    fn key_panels(&self, first: usize, keys: usize) -> impl Iterator<Item = &[u32]> {
        let depth = self.dim.div_ceil(self.per_word);
        let words = &self.k[first * depth..(first + keys.next_multiple_of(COLS)) * depth];
        words.chunks(depth * COLS)
    }

    /// Has the next block's panels brought near, if there is one.
    fn fetch(&self, first: usize) {
        let keys = KEYS.min(self.keys - first);
        self.key_panels(first, keys).for_each(dot::fetch);
        self.value_panels(first, keys).for_each(dot::fetch);
    }

    /// For each panel of channels, its part along the keys `first..first + keys`.
    fn value_panels(&self, first: usize, keys: usize) -> impl Iterator<Item = &[u32]> {
        let end = (first + keys).div_ceil(self.per_word);
        let part = first / self.per_word * COLS..end * COLS;
        let panels = self.v.chunks(self.keys.div_ceil(self.per_word) * COLS);
        panels.map(move |panel| &panel[part.clone()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dot::tests::noise;

    pub(super) fn noise_matrix(rows: usize, cols: usize, seed: u64) -> Matrix {
        let data = noise(rows * cols, seed).iter().map(|x| 2.0 * x).collect();
        Matrix { cols, data }
    }

    pub(super) fn plain([q, k, v]: [&Matrix; 3], heads: usize) -> Vec<f32> {
        let (width, dim) = (q.cols, q.cols / heads);
        let mut out = vec![0.0; q.data.len()];
        for (row, out) in out.chunks_mut(width).enumerate() {
            for (at, out) in out.iter_mut().enumerate() {
                let head = at / dim * dim;
                let scores = k.data.chunks(width).map(|k| {
                    let products = (head..head + dim).map(|c| q.data[row * width + c] * k[c]);
                    (products.sum::<f32>() / (dim as f32).sqrt()).exp()
                });
                let weighted = scores
                    .clone()
                    .zip(v.data.chunks(width))
                    .map(|(s, v)| s * v[at]);
                *out = weighted.sum::<f32>() / scores.sum::<f32>();
            }
        }
        out
    }

    #[test]
    fn blocks_of_keys_give_what_all_keys_give() {
        for (queries, keys, heads, dim) in [(1, 1, 1, 4), (100, 300, 2, 8), (97, 513, 3, 40)] {
            let matrix = |rows, seed| noise_matrix(rows, heads * dim, seed);
            let (q, k, v) = (matrix(queries, 1), matrix(keys, 2), matrix(keys, 3));
            let wanted = plain([&q, &k, &v], heads);
            for (precision, tolerance) in [
                (Precision::F32, 1e-5),
                (Precision::Bf16, 2e-2),
                (Precision::Int8, 2e-2),
            ] {
                let mut got = Matrix::zeros(0, 1);
                let watch = Watch::nobody();
                attention([&q, &k, &v], heads, &mut got, precision, &watch).unwrap();
                for (got, wanted) in got.data.iter().zip(&wanted) {
                    assert!(
                        (got - wanted).abs() < tolerance,
                        "{precision:?}: {got} {wanted}"
                    );
                }
            }
        }
    }
}
