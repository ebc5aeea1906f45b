//! Attention in 16-bit whole numbers, for processors that multiply neither bfloat16 nor bytes.
//!
//! Queries and keys are rounded row by row, values channel by channel, and the weights of a block
//! of keys query by query: each has the step that its own largest number asks for.

use super::super::Matrix;
use super::super::dot::{self, COLS, Left, ROWS};
use super::super::linear::round_to_int16;
use super::{Block, KEYS, Words};

/// What weights and values are rounded to. A weight far below its block's largest vanishes, so
/// they get more; [`KEYS`] products of the two don't overflow 32 bits.
const WEIGHT_STEPS: f32 = 16_383.0;
const VALUE_STEPS: f32 = 511.0;

/// One head's keys and values.
pub(super) struct Whole {
    words: Words,
    /// What one step is worth, for each key and for each channel of the values, padded.
    key_steps: Vec<f32>,
    value_steps: Vec<f32>,
}

impl Whole {
    pub(super) fn new(k: &Matrix, v: &Matrix, head: usize, dim: usize) -> Self {
        let largest = dot::largest_int16(dim);
        let [mut key_steps, mut value_steps] = [Vec::new(), Vec::new()];
        let words = Words::packed(
            [k, v],
            head,
            dim,
            |key, words| key_steps.push(round_to_int16(key, largest, words)),
            |channel, words| value_steps.push(round_to_int16(channel, VALUE_STEPS, words)),
        );
        key_steps.resize(words.keys.next_multiple_of(COLS), 0.0);
        value_steps.resize(dim.next_multiple_of(COLS), 0.0);
        Self {
            words,
            key_steps,
            value_steps,
        }
    }
}

impl Block {
    pub(super) fn attend_whole(&mut self, packed: &Whole) {
        let Whole {
            words,
            key_steps,
            value_steps,
        } = packed;
        let (dim, depth) = (self.dim, self.dim.div_ceil(2));
        let largest = dot::largest_int16(dim);
        let mut queries = vec![0; self.queries.next_multiple_of(ROWS) * depth];
        let rows = queries.chunks_mut(depth).zip(self.scaled.chunks(dim));
        let query_steps: Vec<f32> = rows
            .map(|(words, row)| round_to_int16(row, largest, words))
            .collect();
        let mut scores = [[0.0; KEYS]; ROWS];
        // An odd distance keeps rows out of each other's cache sets.
        let stride = KEYS / 2 + 16;
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
                    dot::tile_int16(left, panel, &mut tile);
                    let key_steps = &key_steps[first + at..][..COLS];
                    let lines = scores.iter_mut().zip(&tile).zip(&query_steps[row..]);
                    for ((scores, sums), query_step) in lines {
                        let scores = scores[at..].iter_mut().zip(sums).zip(key_steps);
                        for ((score, &sum), key_step) in scores {
                            *score = sum as f32 * (query_step * key_step);
                        }
                    }
                }
                for (at, scores) in scores[..rows].iter_mut().enumerate() {
                    self.weigh(row + at, &mut scores[..keys]);
                    // Behind the last key there is nothing.
                    scores[keys..].fill(0.0);
                    let words = &mut weights[at * stride..][..KEYS / 2];
                    weight_steps[at] = round_to_int16(scores, WEIGHT_STEPS, words);
                }
                let left = Left {
                    words: &weights,
                    stride,
                };
                for (panel, at) in words.value_panels(first, keys).zip((0..).step_by(COLS)) {
                    dot::tile_int16(left, panel, &mut tile);
                    let cols = at..dim.min(at + COLS);
                    let lines = (row..row + rows).zip(&tile).zip(weight_steps);
                    for ((query, tile), weight_step) in lines {
                        let sums = &mut self.sums[query * dim..][cols.clone()];
                        let steps = &value_steps[cols.clone()];
                        for ((sum, &value), value_step) in sums.iter_mut().zip(tile).zip(steps) {
                            *sum += value as f32 * (weight_step * value_step);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_the_largest_weights_and_values_does_not_overflow() {
        let most = f64::from(WEIGHT_STEPS) * f64::from(VALUE_STEPS) * KEYS as f64;
        assert!(most < f64::from(i32::MAX));
    }
}
