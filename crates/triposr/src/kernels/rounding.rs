//! Numbers made shorter: a row of them becomes words for [`dot`](super::dot), with one step for all.

use pulp::{Arch, Simd};

use super::elementwise::{self, ROUND};

/// Rounds to the nearest bfloat16, two to a word; words beyond the row are left as they are.
#[pulp::with_simd(round_to_bf16 = Arch::new())]
#[inline(always)]
pub(super) fn round_to_bf16_loop<S: Simd>(_: S, row: &[f32], words: &mut [u32]) {
    let halves: &mut [u16] = bytemuck::cast_slice_mut(words);
    for (half, value) in halves.iter_mut().zip(row) {
        *half = (nearest_bf16(*value) >> 16) as u16;
    }
}

/// Rounds to the nearest bfloat16, kept as f32.
#[pulp::with_simd(round_in_place = Arch::new())]
#[inline(always)]
pub(super) fn round_in_place_loop<S: Simd>(_: S, values: &mut [f32]) {
    for value in values {
        *value = f32::from_bits(nearest_bf16(*value));
    }
}

/// The nearest bfloat16, as the bits of an f32.
#[inline(always)]
pub(super) fn nearest_bf16(value: f32) -> u32 {
    let bits = value.to_bits();
    bits.wrapping_add(0x7fff + (bits >> 16 & 1)) & 0xffff_0000
}

/// The nearest whole number, in the lowest bits.
#[inline(always)]
pub(super) fn nearest(value: f32) -> u32 {
    (value + ROUND).to_bits()
}

/// Puts the nearest bfloat16s into words, from so many bits on.
#[pulp::with_simd(put_bf16 = Arch::new())]
#[inline(always)]
pub(super) fn put_bf16_loop<S: Simd>(_: S, words: &mut [u32], values: &[f32], shift: u32) {
    for (word, value) in words.iter_mut().zip(values) {
        *word |= (nearest_bf16(*value) >> 16) << shift;
    }
}

/// Puts whole numbers of so many bits into words, after a factor for each, from so many bits on.
#[pulp::with_simd(put_whole = Arch::new())]
#[inline(always)]
pub(super) fn put_whole_loop<S: Simd>(
    _: S,
    words: &mut [u32],
    values: &[f32],
    factors: &[f32],
    [bits, shift]: [u32; 2],
) {
    let mask = u32::MAX >> (32 - bits);
    for ((word, value), factor) in words.iter_mut().zip(values).zip(factors) {
        *word |= (nearest(value * factor) & mask) << shift;
    }
}

/// Factor that turns a peak into so many steps; nothing becomes nothing.
pub(super) fn steps_in(peak: f32, steps: f32) -> f32 {
    if peak > 0.0 { steps / peak } else { 0.0 }
}

/// Rounds to steps from −127 to 127 of the row's own size, plus 128, and gives that size; words
/// beyond the row are left as they are.
pub(super) fn round_to_bytes(row: &[f32], words: &mut [u32]) -> f32 {
    let peak = elementwise::largest_magnitude(row);
    scale_to_bytes(row, steps_in(peak, 127.0), bytemuck::cast_slice_mut(words));
    peak / 127.0
}

/// Rounds to steps from −`largest` to `largest` of the row's own size, two to a word, and gives
/// that size; words beyond the row are left as they are.
pub(super) fn round_to_int16(row: &[f32], largest: f32, words: &mut [u32]) -> f32 {
    let peak = elementwise::largest_magnitude(row);
    let factor = steps_in(peak, largest);
    scale_to_halves(row, factor, bytemuck::cast_slice_mut(words));
    peak / largest
}

/// Rounds numbers from 0 to 1 to 65535 steps, as one byte of high digits and one of low ones.
#[pulp::with_simd(cut_in_two = Arch::new())]
#[inline(always)]
pub(super) fn cut_in_two_loop<S: Simd>(_: S, row: &[f32], high: &mut [u8], low: &mut [u8]) {
    for ((high, low), value) in high.iter_mut().zip(low).zip(row) {
        let bits = nearest(value * 65_535.0);
        (*high, *low) = ((bits >> 8) as u8, bits as u8);
    }
}

#[pulp::with_simd(scale_to_bytes = Arch::new())]
#[inline(always)]
fn scale_to_bytes_loop<S: Simd>(_: S, row: &[f32], factor: f32, bytes: &mut [u8]) {
    for (byte, value) in bytes.iter_mut().zip(row) {
        *byte = (nearest(value * factor) as u8).wrapping_add(128);
    }
}

/// Rounds to whole numbers, after a factor.
#[pulp::with_simd(scale_to_halves = Arch::new())]
#[inline(always)]
pub(super) fn scale_to_halves_loop<S: Simd>(_: S, row: &[f32], factor: f32, halves: &mut [u16]) {
    for (half, value) in halves.iter_mut().zip(row) {
        *half = nearest(value * factor) as u16;
    }
}
