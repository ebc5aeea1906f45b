//! Tiles for AVX-512 and AVX2.

use super::{COLS, Left, Out, ROWS, Worth};
use std::arch::x86_64::*;

/// # Safety
/// `left` has [`ROWS`] rows of at least `panel.len() / COLS` words.
#[target_feature(enable = "avx512f,avx512bf16")]
pub(super) unsafe fn tile_bf16(left: Left<'_>, panel: &[u32], mut out: Out<'_>) {
    let mut sums = [[_mm512_setzero_ps(); 2]; ROWS];
    for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
        let [first, second] = halves(words);
        for (row, sums) in sums.iter_mut().enumerate() {
            // SAFETY: row < ROWS and depth < panel.len() / COLS, which the caller vouches for.
            let word = unsafe { *left.words.get_unchecked(row * left.stride + depth) };
            let word = bf16(_mm512_set1_epi32(word as i32));
            sums[0] = _mm512_dpbf16_ps(sums[0], word, bf16(first));
            sums[1] = _mm512_dpbf16_ps(sums[1], word, bf16(second));
        }
    }
    for (out, sums) in out.rows().zip(sums) {
        put(out, sums);
    }
}

/// # Safety
/// Each left factor has [`ROWS`] rows of at least `panel.len() / COLS` words.
#[target_feature(enable = "avx512f,avx512vnni")]
pub(super) unsafe fn tile_int8(
    digits: &[Left<'_>],
    panel: &[u32],
    worth: Worth<'_>,
    mut out: Out<'_>,
) {
    let mut sums = [halves(bytemuck::cast_ref(worth.starts)); ROWS];
    for (nth, left) in digits.iter().enumerate() {
        if nth > 0 {
            for sum in sums.as_flattened_mut() {
                *sum = _mm512_slli_epi32::<8>(*sum);
            }
        }
        for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
            let [first, second] = halves(words);
            for (row, sums) in sums.iter_mut().enumerate() {
                // SAFETY: row < ROWS and depth < panel.len() / COLS, which the caller vouches for.
                let word = unsafe { *left.words.get_unchecked(row * left.stride + depth) };
                let word = _mm512_set1_epi32(word as i32);
                sums[0] = _mm512_dpbusd_epi32(sums[0], word, first);
                sums[1] = _mm512_dpbusd_epi32(sums[1], word, second);
            }
        }
    }
    let steps = halves(bytemuck::cast_ref(worth.steps)).map(|step| _mm512_castsi512_ps(step));
    for (out, sums) in out.rows().zip(sums) {
        put(
            out,
            [0, 1].map(|half| _mm512_mul_ps(_mm512_cvtepi32_ps(sums[half]), steps[half])),
        );
    }
}

/// # Safety
/// `left` has [`ROWS`] rows of at least `panel.len() / COLS` words.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn tile_int16(left: Left<'_>, panel: &[u32], worth: Worth<'_>, mut out: Out<'_>) {
    const PART: [usize; 2] = [ROWS / 2, COLS / 2];
    for first_row in [0, PART[0]] {
        for half in [0, 1] {
            let mut sums = [half_of(bytemuck::cast_ref(worth.starts), half); PART[0]];
            for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
                let [first, second] = half_of(words, half);
                for (row, sums) in (first_row..).zip(&mut sums) {
                    // SAFETY: row < ROWS and depth < panel.len() / COLS, which the caller
                    // vouches for.
                    let word = unsafe { *left.words.get_unchecked(row * left.stride + depth) };
                    let word = _mm256_set1_epi32(word as i32);
                    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(word, first));
                    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(word, second));
                }
            }
            let steps = half_of(bytemuck::cast_ref(worth.steps), half);
            for ((out, factor), sums) in out.rows().skip(first_row).zip(sums) {
                let (vectors, _) = out.as_chunks_mut::<8>();
                for (vector, out) in vectors[2 * half..].iter_mut().take(2).enumerate() {
                    let step = _mm256_castsi256_ps(steps[vector]);
                    let mut values = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[vector]), step);
                    // SAFETY: a chunk is a vector of 8.
                    unsafe {
                        if let Some(factor) = factor {
                            let more = _mm256_mul_ps(values, _mm256_set1_ps(factor));
                            values = _mm256_add_ps(_mm256_loadu_ps(out.as_ptr()), more);
                        }
                        _mm256_storeu_ps(out.as_mut_ptr(), values);
                    }
                }
            }
        }
    }
}

/// Puts a row's values where they go, or adds them.
#[inline]
#[target_feature(enable = "avx512f")]
fn put((out, factor): (&mut [f32; COLS], Option<f32>), values: [__m512; 2]) {
    for (out, mut values) in out.as_chunks_mut::<16>().0.iter_mut().zip(values) {
        // SAFETY: a chunk is a vector of 16.
        unsafe {
            if let Some(factor) = factor {
                let more = _mm512_mul_ps(values, _mm512_set1_ps(factor));
                values = _mm512_add_ps(_mm512_loadu_ps(out.as_ptr()), more);
            }
            _mm512_storeu_ps(out.as_mut_ptr(), values);
        }
    }
}

/// The first half of the words, or the second.
#[inline]
#[target_feature(enable = "avx2")]
fn half_of(words: &[u32; COLS], half: usize) -> [__m256i; 2] {
    let words = &words.as_chunks::<{ COLS / 2 }>().0[half];
    // SAFETY: 16 words are two vectors of 8.
    unsafe {
        let at = words.as_ptr().cast::<__m256i>();
        [_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1))]
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn halves(words: &[u32; COLS]) -> [__m512i; 2] {
    // SAFETY: 32 words are two vectors of 16; unaligned loads need no more.
    unsafe {
        let at = words.as_ptr();
        [
            _mm512_loadu_si512(at.cast()),
            _mm512_loadu_si512(at.add(16).cast()),
        ]
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn bf16(words: __m512i) -> __m512bh {
    // SAFETY: both are 512 bits without meaning of their own.
    unsafe { std::mem::transmute(words) }
}
