//! Attention in whole numbers: bytes where the processor multiplies them, else pairs of 16 bits.
//!
//! Queries and keys are rounded row by row, values channel by channel, and the weights of a block
//! of keys query by query: each has the step that its own largest number asks for. What all keys have
//! in common is taken off them first: it moves all scores of a query by the same, and the weights
//! not at all, but it would take the bits that tell keys apart (Zhang et al. 2024, "SageAttention").

use pulp::{Arch, Simd};

use super::super::Matrix;
use super::super::dot::{self, COLS, Left, ROWS, Tile};
use super::super::linear::{
    round_to_bytes, round_to_int16, round_to_signed_bytes, scale_to_halves, steps_in,
};
use super::{Block, KEYS, Words};

/// Which whole numbers, and how they are multiplied. A left factor's rows are queries or weights, a
/// right one's are keys or channels of the values.
pub(super) trait Numbers {
    /// Numbers in a word.
    const PER_WORD: usize;
    /// What a weight is cut into, from the highest digits to the lowest.
    const PARTS: usize;
    /// How much more a digit is worth than the next part's.
    const BASE: f32;

    /// Gives what a step is worth.
    fn round_query(row: &[f32], words: &mut [u32]) -> f32;
    /// Gives what a step is worth, and how much too large its products with queries are.
    fn round_key(row: &[f32], words: &mut [u32]) -> (f32, i32);
    /// Gives what a step is worth.
    fn round_channel(row: &[f32], words: &mut [u32]) -> f32;
    /// Rounds weights from 0 to the largest into the parts, one after another. Gives what a step of
    /// the last part is worth.
    fn round_weights(row: &[f32], largest: f32, parts: &mut [u32]) -> f32;
    fn tile(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>);
}

/// For `vpdpbusd`. A weight far below its block's largest would vanish in eight bits, so it gets
/// sixteen.
pub(super) struct Bytes;

impl Numbers for Bytes {
    const PER_WORD: usize = 4;
    const PARTS: usize = 2;
    const BASE: f32 = 256.0;

    fn round_query(row: &[f32], words: &mut [u32]) -> f32 {
        round_to_bytes(row, bytemuck::cast_slice_mut(words))
    }

    fn round_key(row: &[f32], words: &mut [u32]) -> (f32, i32) {
        round_to_signed_bytes(row, words)
    }

    fn round_channel(row: &[f32], words: &mut [u32]) -> f32 {
        round_to_signed_bytes(row, words).0
    }

    fn round_weights(row: &[f32], largest: f32, parts: &mut [u32]) -> f32 {
        let (high, low) = parts.split_at_mut(parts.len() / 2);
        let [high, low] = [high, low].map(bytemuck::cast_slice_mut);
        cut_in_two(row, steps_in(largest, 65_535.0), high, low);
        largest / 65_535.0
    }

    fn tile(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
        dot::tile_int8(left, panel, tile);
    }
}

#[pulp::with_simd(cut_in_two = Arch::new())]
#[inline(always)]
fn cut_in_two_loop<S: Simd>(_: S, row: &[f32], factor: f32, high: &mut [u8], low: &mut [u8]) {
    for ((high, low), value) in high.iter_mut().zip(low).zip(row) {
        let bits = (value * factor + super::elementwise::ROUND).to_bits();
        (*high, *low) = ((bits >> 8) as u8, bits as u8);
    }
}

/// For `vpmaddwd`. Weights get more of the 32 bits that their products with values have, as a weight
/// far below its block's largest vanishes.
pub(super) struct Halves;

impl Halves {
    /// What weights and values are rounded to; [`KEYS`] products of the two don't overflow.
    const WEIGHT_STEPS: f32 = 16_383.0;
    const VALUE_STEPS: f32 = 511.0;
}

impl Numbers for Halves {
    const PER_WORD: usize = 2;
    const PARTS: usize = 1;
    const BASE: f32 = 1.0;

    fn round_query(row: &[f32], words: &mut [u32]) -> f32 {
        round_to_int16(row, dot::largest_int16(row.len()), words)
    }

    fn round_key(row: &[f32], words: &mut [u32]) -> (f32, i32) {
        (Self::round_query(row, words), 0)
    }

    fn round_channel(row: &[f32], words: &mut [u32]) -> f32 {
        round_to_int16(row, Self::VALUE_STEPS, words)
    }

    fn round_weights(row: &[f32], largest: f32, parts: &mut [u32]) -> f32 {
        scale_to_halves(
            row,
            steps_in(largest, Self::WEIGHT_STEPS),
            bytemuck::cast_slice_mut(parts),
        );
        largest / Self::WEIGHT_STEPS
    }

    fn tile(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
        dot::tile_int16(left, panel, tile);
    }
}

/// One head's keys and values.
pub(super) struct Whole<N> {
    words: Words,
    /// What one step is worth, for each key and for each channel of the values, padded.
    key_steps: Vec<f32>,
    value_steps: Vec<f32>,
    /// How much too large each key's products are, padded.
    excess: Vec<i32>,
    numbers: std::marker::PhantomData<N>,
}

impl<N: Numbers> Whole<N> {
    pub(super) fn new(k: &Matrix, v: &Matrix, head: usize, dim: usize) -> Self {
        let common = common(k, head, dim);
        let [mut key_steps, mut value_steps] = [Vec::new(), Vec::new()];
        let mut excess = Vec::new();
        let mut own = vec![0.0; dim];
        let words = Words::packed(
            [k, v],
            head,
            dim,
            N::PER_WORD,
            |key, words| {
                for ((own, value), common) in own.iter_mut().zip(key).zip(&common) {
                    *own = value - common;
                }
                let (step, too_much) = N::round_key(&own, words);
                key_steps.push(step);
                excess.push(too_much);
            },
            |channel, words| value_steps.push(N::round_channel(channel, words)),
        );
        let padded = words.keys.next_multiple_of(COLS);
        key_steps.resize(padded, 0.0);
        excess.resize(padded, 0);
        value_steps.resize(dim.next_multiple_of(COLS), 0.0);
        Self {
            words,
            key_steps,
            value_steps,
            excess,
            numbers: std::marker::PhantomData,
        }
    }
}

/// The mean of one head's keys.
fn common(k: &Matrix, head: usize, dim: usize) -> Vec<f32> {
    let mut common = vec![0.0; dim];
    for key in k.data.chunks(k.cols) {
        for (common, value) in common.iter_mut().zip(&key[head * dim..]) {
            *common += value;
        }
    }
    common.iter().map(|sum| sum / k.rows() as f32).collect()
}

impl Block {
    pub(super) fn attend_whole<N: Numbers>(&mut self, packed: &Whole<N>) {
        let Whole {
            words,
            key_steps,
            value_steps,
            excess,
            ..
        } = packed;
        let (dim, depth) = (self.dim, self.dim.div_ceil(N::PER_WORD));
        let mut queries = vec![0; self.queries.next_multiple_of(ROWS) * depth];
        let rows = queries.chunks_mut(depth).zip(self.scaled.chunks(dim));
        let query_steps: Vec<f32> = rows
            .map(|(words, row)| N::round_query(row, words))
            .collect();
        let mut scores = [[0.0; KEYS]; ROWS];
        let part = KEYS / N::PER_WORD;
        // An odd distance keeps rows out of each other's cache sets.
        let stride = N::PARTS * part + 16;
        let mut weights = vec![0; ROWS * stride];
        let mut weight_steps = [0.0; ROWS];
        let mut tile = [[0; COLS]; ROWS];
        for first in (0..words.keys).step_by(KEYS) {
            let keys = KEYS.min(words.keys - first);
            for row in (0..self.queries).step_by(ROWS) {
                let rows = ROWS.min(self.queries - row);
                let left = Left {
                    words: &queries[row * depth..],
                    stride: depth,
                };
                for (panel, at) in words.key_panels(first, keys).zip((0..).step_by(COLS)) {
                    N::tile(left, panel, &mut tile);
                    let keys = first + at..first + at + COLS;
                    let (steps, excess) = (&key_steps[keys.clone()], &excess[keys]);
                    let lines = scores.iter_mut().zip(&tile).zip(&query_steps[row..]);
                    for ((scores, sums), query_step) in lines {
                        scale(&mut scores[at..at + COLS], sums, steps, excess, *query_step);
                    }
                }
                for (at, scores) in scores[..rows].iter_mut().enumerate() {
                    let largest = self.weigh(row + at, &mut scores[..keys]);
                    // Behind the last key there is nothing.
                    scores[keys..].fill(0.0);
                    let parts = &mut weights[at * stride..][..N::PARTS * part];
                    weight_steps[at] = N::round_weights(scores, largest, parts);
                }
                for (panel, at) in words.value_panels(first, keys).zip((0..).step_by(COLS)) {
                    let cols = at..dim.min(at + COLS);
                    let mut digit = 1.0;
                    for part in (0..N::PARTS).rev().map(|nth| &weights[nth * part..]) {
                        let left = Left {
                            words: part,
                            stride,
                        };
                        N::tile(left, panel, &mut tile);
                        let lines = (row..row + rows).zip(&tile).zip(weight_steps);
                        for ((query, tile), weight_step) in lines {
                            let sums = &mut self.sums[query * dim..][cols.clone()];
                            add_scaled(sums, tile, &value_steps[cols.clone()], digit * weight_step);
                        }
                        digit *= N::BASE;
                    }
                }
            }
        }
    }
}

/// What sums of whole numbers are worth, less what is too much.
#[pulp::with_simd(scale = Arch::new())]
#[inline(always)]
fn scale_loop<S: Simd>(
    _: S,
    out: &mut [f32],
    sums: &[i32],
    steps: &[f32],
    excess: &[i32],
    step: f32,
) {
    for (((out, sum), own), excess) in out.iter_mut().zip(sums).zip(steps).zip(excess) {
        *out = (sum - excess) as f32 * (own * step);
    }
}

/// Adds what sums of whole numbers are worth.
#[pulp::with_simd(add_scaled = Arch::new())]
#[inline(always)]
fn add_scaled_loop<S: Simd>(_: S, out: &mut [f32], sums: &[i32], steps: &[f32], step: f32) {
    for ((out, &sum), own) in out.iter_mut().zip(sums).zip(steps) {
        *out += sum as f32 * (own * step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::attention::tests::{noise_matrix, plain};

    #[test]
    fn a_block_of_the_largest_weights_and_values_does_not_overflow() {
        let halves = f64::from(Halves::WEIGHT_STEPS) * f64::from(Halves::VALUE_STEPS);
        for most in [halves, 255.0 * 127.0] {
            assert!(most * (KEYS as f64) < f64::from(i32::MAX));
        }
    }

    /// Also where the processor would take the other.
    #[test]
    fn both_kinds_of_numbers_give_what_floats_give() {
        fn check<N: Numbers>(tolerance: f32) {
            for (queries, keys, dim) in [(1, 1, 4), (100, 300, 8), (97, 513, 40)] {
                let q = noise_matrix(queries, dim, 1);
                // What all keys have in common would take most of their bits.
                let mut k = noise_matrix(keys, dim, 2);
                for (value, at) in k.data.iter_mut().zip((0..dim).cycle()) {
                    *value += if at == 1 { 30.0 } else { 0.0 };
                }
                let v = noise_matrix(keys, dim, 3);
                let wanted = plain([&q, &k, &v], 1);
                let mut block = Block::new(queries, dim);
                block.start(&q.data, dim, 0);
                block.attend_whole(&Whole::<N>::new(&k, &v, 0, dim));
                let mut out = vec![0.0; queries * dim];
                block.finish(&mut out, dim, 0);
                for (got, wanted) in out.iter().zip(&wanted) {
                    assert!((got - wanted).abs() < tolerance, "{got} {wanted}");
                }
            }
        }
        check::<Bytes>(2e-2);
        check::<Halves>(2e-2);
    }
}
