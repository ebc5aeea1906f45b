//! The same tiles for any processor.

use super::{COLS, Left, Out, ROWS, Worth};
use pulp::{Arch, Simd};

#[pulp::with_simd(tile_bf16 = Arch::new())]
#[inline(always)]
pub(super) fn tile_bf16_loop<S: Simd>(_: S, left: Left<'_>, panel: &[u32], mut out: Out<'_>) {
    let halves = |word: u32| {
        (
            f32::from_bits(word << 16),
            f32::from_bits(word & 0xffff_0000),
        )
    };
    let mut sums = [[0.0; COLS]; ROWS];
    for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
        for (row, sums) in sums.iter_mut().enumerate() {
            let (low, high) = halves(left.words[row * left.stride + depth]);
            for (sum, &word) in sums.iter_mut().zip(words) {
                let (right_low, right_high) = halves(word);
                *sum += low * right_low + high * right_high;
            }
        }
    }
    for ((out, factor), sums) in out.rows().zip(sums) {
        put(out, sums, factor);
    }
}

#[pulp::with_simd(tile_int16 = Arch::new())]
#[inline(always)]
pub(super) fn tile_int16_loop<S: Simd>(
    _: S,
    left: Left<'_>,
    panel: &[u32],
    worth: Worth<'_>,
    out: Out<'_>,
) {
    let halves = |word: u32| (i32::from(word as i16), word as i32 >> 16);
    let mut sums = [*worth.starts; ROWS];
    for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
        for (row, sums) in sums.iter_mut().enumerate() {
            let (low, high) = halves(left.words[row * left.stride + depth]);
            for (sum, &word) in sums.iter_mut().zip(words) {
                let (right_low, right_high) = halves(word);
                *sum = sum.wrapping_add(low * right_low + high * right_high);
            }
        }
    }
    put_whole(&sums, worth, out);
}

#[pulp::with_simd(tile_int8 = Arch::new())]
#[inline(always)]
pub(super) fn tile_int8_loop<S: Simd>(
    _: S,
    digits: &[Left<'_>],
    panel: &[u32],
    worth: Worth<'_>,
    out: Out<'_>,
) {
    let mut sums = [*worth.starts; ROWS];
    for (nth, left) in digits.iter().enumerate() {
        if nth > 0 {
            sums.as_flattened_mut()
                .iter_mut()
                .for_each(|sum| *sum <<= 8);
        }
        for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
            for (row, sums) in sums.iter_mut().enumerate() {
                let bytes = left.words[row * left.stride + depth].to_le_bytes();
                let bytes = bytes.map(i32::from);
                for (sum, &word) in sums.iter_mut().zip(words) {
                    for (at, byte) in bytes.iter().enumerate() {
                        let right = i32::from((word >> (8 * at)) as u8 as i8);
                        *sum = sum.wrapping_add(byte * right);
                    }
                }
            }
        }
    }
    put_whole(&sums, worth, out);
}

#[inline(always)]
fn put_whole(sums: &[[i32; COLS]; ROWS], worth: Worth<'_>, mut out: Out<'_>) {
    for ((out, factor), sums) in out.rows().zip(sums) {
        let values = std::array::from_fn(|at| sums[at] as f32 * worth.steps[at]);
        put(out, values, factor);
    }
}

/// Puts a row's values where they go, or adds them.
#[inline(always)]
fn put(out: &mut [f32; COLS], values: [f32; COLS], factor: Option<f32>) {
    let Some(factor) = factor else {
        *out = values;
        return;
    };
    for (out, value) in out.iter_mut().zip(values) {
        *out += value * factor;
    }
}
