//! Products of short numbers: pairs of bfloat16 or fours of bytes, kept as 32-bit words.
//!
//! The right factor is packed once into panels of [`COLS`] columns, word by word along the depth;
//! the left one stays row by row. One tile of [`ROWS`] × [`COLS`] results stays in registers over
//! the whole depth: one broadcast word from each row, two vectors from the panel, 24 instructions
//! that multiply and add (`vdpbf16ps`, `vpdpbusd`).

/// Rows of a tile.
pub(crate) const ROWS: usize = 12;
/// Columns of a tile, and of a panel.
pub(crate) const COLS: usize = 32;

/// Sums of a tile.
pub(crate) type Tile<T> = [[T; COLS]; ROWS];

/// A left factor: rows of words, `stride` words apart; at least [`ROWS`] of them.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) words: &'a [u32],
    pub(crate) stride: usize,
}

/// Whether the processor multiplies bfloat16.
pub(crate) fn has_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512bf16") && is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Whether the processor multiplies fours of bytes.
pub(crate) fn has_int8() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// One tile of a product of bfloat16 pairs; `panel` has [`COLS`] words for each word of depth.
#[allow(unsafe_code)]
pub(crate) fn tile_bf16(left: Left<'_>, panel: &[u32], tile: &mut Tile<f32>) {
    check(left, panel);
    #[cfg(target_arch = "x86_64")]
    if has_bf16() {
        // SAFETY: the processor was just asked for both features, and `check` has made sure that
        // the left factor reaches over all rows and the panel is whole.
        unsafe { x86::tile_bf16(left, panel, tile) };
        return;
    }
    portable::tile_bf16(left, panel, tile);
}

/// One tile of a product of fours of bytes, unsigned on the left, signed in the panel.
#[allow(unsafe_code)]
pub(crate) fn tile_int8(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
    check(left, panel);
    #[cfg(target_arch = "x86_64")]
    if has_int8() {
        // SAFETY: as above.
        unsafe { x86::tile_int8(left, panel, tile) };
        return;
    }
    portable::tile_int8(left, panel, tile);
}

/// Panics unless the left factor has [`ROWS`] rows as deep as the panel.
fn check(left: Left<'_>, panel: &[u32]) {
    let depth = panel.len() / COLS;
    assert!(panel.len().is_multiple_of(COLS) && left.stride >= depth);
    assert!(left.words.len() >= (ROWS - 1) * left.stride + depth);
}

mod portable {
    use super::{COLS, Left, ROWS, Tile};
    use pulp::Arch;

    pub(super) fn tile_bf16(left: Left<'_>, panel: &[u32], tile: &mut Tile<f32>) {
        let halves = |word: u32| {
            (
                f32::from_bits(word << 16),
                f32::from_bits(word & 0xffff_0000),
            )
        };
        Arch::new().dispatch(|| {
            *tile = [[0.0; COLS]; ROWS];
            for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
                for (row, sums) in tile.iter_mut().enumerate() {
                    let (low, high) = halves(left.words[row * left.stride + depth]);
                    for (sum, &word) in sums.iter_mut().zip(words) {
                        let (right_low, right_high) = halves(word);
                        *sum += low * right_low + high * right_high;
                    }
                }
            }
        });
    }

    pub(super) fn tile_int8(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
        Arch::new().dispatch(|| {
            *tile = [[0; COLS]; ROWS];
            for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
                for (row, sums) in tile.iter_mut().enumerate() {
                    let bytes = left.words[row * left.stride + depth]
                        .to_le_bytes()
                        .map(i32::from);
                    for (sum, &word) in sums.iter_mut().zip(words) {
                        for (at, byte) in bytes.iter().enumerate() {
                            *sum += byte * i32::from((word >> (8 * at)) as u8 as i8);
                        }
                    }
                }
            }
        });
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86 {
    use super::{COLS, Left, ROWS, Tile};
    use std::arch::x86_64::*;

    /// # Safety
    /// `left` has [`ROWS`] rows of at least `panel.len() / COLS` words.
    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) unsafe fn tile_bf16(left: Left<'_>, panel: &[u32], tile: &mut Tile<f32>) {
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
        for (out, sums) in tile.iter_mut().zip(sums) {
            // SAFETY: a row of the tile has 32 floats, two vectors of 16.
            unsafe {
                _mm512_storeu_ps(out.as_mut_ptr(), sums[0]);
                _mm512_storeu_ps(out.as_mut_ptr().add(16), sums[1]);
            }
        }
    }

    /// # Safety
    /// `left` has [`ROWS`] rows of at least `panel.len() / COLS` words.
    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) unsafe fn tile_int8(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
        let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
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
        for (out, sums) in tile.iter_mut().zip(sums) {
            // SAFETY: a row of the tile has 32 numbers, two vectors of 16.
            unsafe {
                _mm512_storeu_si512(out.as_mut_ptr().cast(), sums[0]);
                _mm512_storeu_si512(out.as_mut_ptr().add(16).cast(), sums[1]);
            }
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
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Numbers between −1 and 1 that look random; the same for the same seed.
    pub(crate) fn noise(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    fn words(count: usize, seed: u64) -> Vec<u32> {
        noise(count, seed)
            .iter()
            .map(|value| value.to_bits().wrapping_mul(0x9e37_79b9))
            .collect()
    }

    fn pairs(count: usize, seed: u64) -> Vec<u32> {
        let numbers = noise(2 * count, seed);
        let bits = |value: f32| u32::from(half::bf16::from_f32(value).to_bits());
        numbers
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&[a, b]| bits(a) | bits(b) << 16)
            .collect()
    }

    #[test]
    fn bf16_tiles_are_the_portable_ones() {
        for depth in [1, 2, 7, 32, 513] {
            let stride = depth + 5;
            let (left, panel) = (pairs(ROWS * stride, 1), pairs(depth * COLS, 2));
            let left = Left {
                words: &left,
                stride,
            };
            let (mut fast, mut plain) = ([[9.0; COLS]; ROWS], [[9.0; COLS]; ROWS]);
            tile_bf16(left, &panel, &mut fast);
            portable::tile_bf16(left, &panel, &mut plain);
            for (fast, plain) in fast.iter().flatten().zip(plain.iter().flatten()) {
                assert!((fast - plain).abs() < 1e-5 * depth as f32, "{fast} {plain}");
            }
        }
    }

    #[test]
    fn int8_tiles_are_the_portable_ones_bit_by_bit() {
        for depth in [1, 2, 7, 32, 1025] {
            let stride = depth + 3;
            let (left, panel) = (words(ROWS * stride, 3), words(depth * COLS, 4));
            let left = Left {
                words: &left,
                stride,
            };
            let (mut fast, mut plain) = ([[9; COLS]; ROWS], [[9; COLS]; ROWS]);
            tile_int8(left, &panel, &mut fast);
            portable::tile_int8(left, &panel, &mut plain);
            assert_eq!(fast, plain);
        }
    }

    #[test]
    #[should_panic(expected = "assertion")]
    fn a_left_factor_that_is_too_short_is_refused() {
        let left = Left {
            words: &[0; ROWS * 4 - 1],
            stride: 4,
        };
        tile_int8(left, &[0; 4 * COLS], &mut [[0; COLS]; ROWS]);
    }
}
