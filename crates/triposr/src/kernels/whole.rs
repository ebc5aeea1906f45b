//! Whole numbers in the place of floats: bytes where the processor multiplies them, else pairs of
//! 16 bits.

use super::dot::{self, Left, Out, Worth};
use super::rounding::{cut_in_two, round_to_bytes, round_to_int16, scale_to_halves};

/// Which whole numbers, and how they are multiplied.
pub(super) trait Numbers: Send + Sync {
    /// Numbers in a word.
    const PER_WORD: usize;
    /// Words of depth whose products can be summed.
    const DEPTH: usize;
    /// What an attention's values are rounded to.
    const VALUE_STEPS: f32;
    /// What an attention's weights are rounded to.
    const WEIGHT_STEPS: f32;
    /// What such a weight is cut into, from the highest digits to the lowest.
    const DIGITS: usize;

    /// Rounds a row of a left factor. Gives what a step is worth.
    fn round_left(row: &[f32], words: &mut [u32]) -> f32;
    /// Rounds a column of a right factor. Gives what a step is worth, and what sums of its products
    /// have to begin with.
    fn round_right(column: &[f32], words: &mut [u32]) -> (f32, i32);
    /// Rounds weights from 0 to 1 into their digits, one after another.
    fn round_weights(row: &[f32], digits: &mut [u32]);
    /// One tile of a product; only weights have more than one digit.
    fn tile(digits: &[Left<'_>], panel: &[u32], worth: Worth<'_>, out: Out<'_>);
}

/// For `vpdpbusd`, which takes unsigned bytes on the left: 128 more than they are. A weight far below
/// the largest would vanish in eight bits, so it gets sixteen.
pub(super) struct Bytes;

impl Numbers for Bytes {
    const PER_WORD: usize = 4;
    const DEPTH: usize = 16_384;
    const VALUE_STEPS: f32 = 127.0;
    const WEIGHT_STEPS: f32 = 65_535.0;
    const DIGITS: usize = 2;

    fn round_left(row: &[f32], words: &mut [u32]) -> f32 {
        round_to_bytes(row, words)
    }

    fn round_right(column: &[f32], words: &mut [u32]) -> (f32, i32) {
        let step = round_to_bytes(column, words);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(words);
        for byte in &mut bytes[..column.len()] {
            *byte = byte.wrapping_sub(128);
        }
        let all: i32 = bytes.iter().map(|&byte| i32::from(byte as i8)).sum();
        (step, -128 * all)
    }

    fn round_weights(row: &[f32], digits: &mut [u32]) {
        let (high, low) = digits.split_at_mut(digits.len() / 2);
        let [high, low] = [high, low].map(bytemuck::cast_slice_mut);
        cut_in_two(row, high, low);
    }

    fn tile(digits: &[Left<'_>], panel: &[u32], worth: Worth<'_>, out: Out<'_>) {
        dot::tile_int8(digits, panel, worth, out);
    }
}

/// For `vpmaddwd`. Weights get more of the 32 bits that their products with values have, as a weight
/// far below the largest vanishes.
pub(super) struct Halves;

impl Numbers for Halves {
    const PER_WORD: usize = 2;
    /// So few that ten bits can be used, and twelve rows of them stay in the first cache.
    const DEPTH: usize = 512;
    const VALUE_STEPS: f32 = 511.0;
    const WEIGHT_STEPS: f32 = 16_383.0;
    const DIGITS: usize = 1;

    fn round_left(row: &[f32], words: &mut [u32]) -> f32 {
        let products = row.len().min(Self::PER_WORD * Self::DEPTH);
        round_to_int16(row, dot::largest_int16(products), words)
    }

    fn round_right(column: &[f32], words: &mut [u32]) -> (f32, i32) {
        (Self::round_left(column, words), 0)
    }

    fn round_weights(row: &[f32], digits: &mut [u32]) {
        scale_to_halves(row, Self::WEIGHT_STEPS, bytemuck::cast_slice_mut(digits));
    }

    fn tile(digits: &[Left<'_>], panel: &[u32], worth: Worth<'_>, out: Out<'_>) {
        dot::tile_int16(digits[0], panel, worth, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::attention::KEYS;

    #[test]
    fn the_largest_sums_do_not_overflow() {
        let most = f64::from(i32::MAX);
        let weighed = |steps: f32, values: f32| f64::from(steps) * f64::from(values) * KEYS as f64;
        assert!(weighed(Bytes::WEIGHT_STEPS, Bytes::VALUE_STEPS) < most);
        assert!(weighed(Halves::WEIGHT_STEPS, Halves::VALUE_STEPS) < most);
        // With what they begin with, sums are those of signed numbers in the end.
        assert!(128.0 * 127.0 * (Bytes::DEPTH * Bytes::PER_WORD) as f64 <= most);
    }
}
