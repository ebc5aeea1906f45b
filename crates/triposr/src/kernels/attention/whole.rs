//! Attention in whole numbers.
//!
//! Queries and keys are rounded row by row, values channel by channel: each has the step that its own
//! largest number asks for. What all keys have in common is taken off them first: it moves all scores
//! of a query by the same, and the weights not at all, but it would take the bits that tell keys apart
//! (Zhang et al. 2024, "SageAttention").

use super::super::Matrix;
use super::super::dot::{self, COLS, Left, Out, ROWS, Worth};
use super::super::elementwise::{add_scaled, raise};
use super::super::rounding::{put_whole, steps_in};
use super::super::whole::Numbers;
use super::{Block, KEYS, Words};

/// One head's keys and values.
pub(super) struct Whole {
    words: Words,
    /// What one step is worth, for each key and for each channel of the values, padded.
    key_steps: Vec<f32>,
    value_steps: Vec<f32>,
    /// What sums of products with each key begin with, padded.
    key_starts: Vec<i32>,
}

impl Whole {
    pub(super) fn new<N: Numbers>(k: &Matrix, v: &Matrix, head: usize, dim: usize) -> Self {
        let mut words = Words::new(k.rows(), dim, N::PER_WORD);
        let padded = words.keys.next_multiple_of(COLS);
        let (mut key_steps, mut key_starts) = (Vec::new(), Vec::new());
        let common = common(k, head, dim);
        let mut own = vec![0.0; dim];
        words.pack_keys(k, head, |key, words| {
            for ((own, value), common) in own.iter_mut().zip(key).zip(&common) {
                *own = value - common;
            }
            let (step, start) = N::round_right(&own, words);
            key_steps.push(step);
            key_starts.push(start);
        });
        key_steps.resize(padded, 0.0);
        key_starts.resize(padded, 0);

        let peaks = peaks(v, head, dim);
        let factors: Vec<f32> = peaks
            .iter()
            .map(|&peak| steps_in(peak, N::VALUE_STEPS))
            .collect();
        let bits = 32 / N::PER_WORD as u32;
        words.pack_values(v, head, |words, values, channels, shift| {
            put_whole(words, values, &factors[channels], [bits, shift]);
        });
        let steps = peaks
            .iter()
            .map(|peak| peak / N::VALUE_STEPS / N::WEIGHT_STEPS);
        let mut value_steps: Vec<f32> = steps.collect();
        value_steps.resize(dim.next_multiple_of(COLS), 0.0);
        Self {
            words,
            key_steps,
            value_steps,
            key_starts,
        }
    }
}

/// The mean of one head's keys.
fn common(k: &Matrix, head: usize, dim: usize) -> Vec<f32> {
    let mut common = vec![0.0; dim];
    for key in k.data.chunks(k.cols) {
        add_scaled(&mut common, &key[head * dim..], 1.0);
    }
    common.iter().map(|sum| sum / k.rows() as f32).collect()
}

/// The largest magnitude in each channel of one head's values.
fn peaks(v: &Matrix, head: usize, dim: usize) -> Vec<f32> {
    let mut peaks = vec![0.0; dim];
    for values in v.data.chunks(v.cols) {
        raise(&mut peaks, &values[head * dim..]);
    }
    peaks
}

impl Block {
    pub(super) fn attend_whole<N: Numbers>(&mut self, packed: &Whole) {
        let words = &packed.words;
        let (dim, depth) = (self.dim, self.dim.div_ceil(N::PER_WORD));
        let mut queries = vec![0; self.queries.next_multiple_of(ROWS) * depth];
        let rows = queries.chunks_mut(depth).zip(self.scaled.chunks(dim));
        let query_steps: Vec<f32> = rows.map(|(words, row)| N::round_left(row, words)).collect();
        let mut scores = [[0.0; KEYS]; ROWS];
        let part = KEYS / N::PER_WORD;
        // An odd distance keeps rows out of each other's cache sets.
        let stride = N::DIGITS * part + 16;
        let mut weights = vec![0; ROWS * stride];
        for first in (0..words.keys).step_by(KEYS) {
            let keys = KEYS.min(words.keys - first);
            words.fetch(first + keys);
            for row in (0..self.queries).step_by(ROWS) {
                let left = Left {
                    words: &queries[row * depth..],
                    stride: depth,
                };
                for (panel, at) in words.key_panels(first, keys).zip((0..).step_by(COLS)) {
                    let worth = Worth {
                        starts: &packed.key_starts.as_chunks().0[(first + at) / COLS],
                        steps: &packed.key_steps.as_chunks().0[(first + at) / COLS],
                    };
                    let out = Out {
                        values: &mut scores.as_flattened_mut()[at..],
                        stride: KEYS,
                        factors: None,
                    };
                    N::tile(&[left], panel, worth, out);
                }
                let rows = ROWS.min(self.queries - row);
                for (at, scores) in scores[..rows].iter_mut().enumerate() {
                    self.weigh(row + at, &mut scores[..keys], query_steps[row + at]);
                    // Behind the last key there is nothing.
                    scores[keys..].fill(0.0);
                    N::round_weights(scores, &mut weights[at * stride..][..N::DIGITS * part]);
                }
                let digits = [0, part].map(|digit| Left {
                    words: &weights[digit..],
                    stride,
                });
                for (panel, at) in words.value_panels(first, keys).zip((0..).step_by(COLS)) {
                    let worth = Worth {
                        starts: &[0; COLS],
                        steps: &packed.value_steps.as_chunks().0[at / COLS],
                    };
                    let sums = &mut self.sums[row * dim + at..];
                    dot::add_tile(sums, [dim, dim - at], &[1.0; ROWS][..rows], |out| {
                        N::tile(&digits[..N::DIGITS], panel, worth, out);
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::attention::tests::{noise_matrix, plain};
    use crate::kernels::whole::{Bytes, Halves};

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
                block.attend_whole::<N>(&Whole::new::<N>(&k, &v, 0, dim));
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
