//! Products of short numbers: pairs of bfloat16, fours of bytes or pairs of 16-bit whole numbers,
//! kept as 32-bit words.
//!
//! The right factor is packed once into panels of [`COLS`] columns, word by word along the depth;
//! the left one stays row by row. One tile of [`ROWS`] × [`COLS`] results stays in registers over
//! the whole depth: one broadcast word from each row, two vectors from the panel, 24 instructions
//! that multiply and add (`vdpbf16ps`, `vpdpbusd`). AVX2 has half as many registers, half as wide,
//! and an instruction for pairs of whole numbers only (`vpmaddwd`): a quarter of a tile at a time.

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

/// Whether the processor is quicker with pairs of 16-bit whole numbers than with f32: AVX2 multiplies
/// two of the former in the place of one of the latter. AVX-512 is wider with f32 than that.
pub(crate) fn has_int16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && !is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// The largest whole number that so many products of two of them can't overflow 32 bits with.
pub(crate) fn largest_int16(products: usize) -> f32 {
    let most = f64::from(i32::MAX) / products.max(1) as f64;
    most.sqrt().floor().min(f64::from(i16::MAX)) as f32
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

/// One tile of a product of pairs of 16-bit whole numbers.
#[allow(unsafe_code)]
pub(crate) fn tile_int16(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
    check(left, panel);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: as above.
        unsafe { x86::tile_int16(left, panel, tile) };
        return;
    }
    portable::tile_int16(left, panel, tile);
}

/// Panics unless the left factor has [`ROWS`] rows as deep as the panel.
fn check(left: Left<'_>, panel: &[u32]) {
    let depth = panel.len() / COLS;
    assert!(panel.len().is_multiple_of(COLS) && left.stride >= depth);
    assert!(left.words.len() >= (ROWS - 1) * left.stride + depth);
}

mod portable {
    use super::{COLS, Left, ROWS, Tile};
    use pulp::{Arch, Simd};

    #[pulp::with_simd(tile_bf16 = Arch::new())]
    #[inline(always)]
    pub(super) fn tile_bf16_loop<S: Simd>(
        _: S,
        left: Left<'_>,
        panel: &[u32],
        tile: &mut Tile<f32>,
    ) {
        let halves = |word: u32| {
            (
                f32::from_bits(word << 16),
                f32::from_bits(word & 0xffff_0000),
            )
        };
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
    }

    #[pulp::with_simd(tile_int16 = Arch::new())]
    #[inline(always)]
    pub(super) fn tile_int16_loop<S: Simd>(
        _: S,
        left: Left<'_>,
        panel: &[u32],
        tile: &mut Tile<i32>,
    ) {
        let halves = |word: u32| (i32::from(word as i16), word as i32 >> 16);
        *tile = [[0; COLS]; ROWS];
        for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
            for (row, sums) in tile.iter_mut().enumerate() {
                let (low, high) = halves(left.words[row * left.stride + depth]);
                for (sum, &word) in sums.iter_mut().zip(words) {
                    let (right_low, right_high) = halves(word);
                    *sum = sum.wrapping_add(low * right_low + high * right_high);
                }
            }
        }
    }

    #[pulp::with_simd(tile_int8 = Arch::new())]
    #[inline(always)]
    pub(super) fn tile_int8_loop<S: Simd>(
        _: S,
        left: Left<'_>,
        panel: &[u32],
        tile: &mut Tile<i32>,
    ) {
        *tile = [[0; COLS]; ROWS];
        for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
            for (row, sums) in tile.iter_mut().enumerate() {
                let bytes = left.words[row * left.stride + depth].to_le_bytes();
                let bytes = bytes.map(i32::from);
                for (sum, &word) in sums.iter_mut().zip(words) {
                    for (at, byte) in bytes.iter().enumerate() {
                        *sum += byte * i32::from((word >> (8 * at)) as u8 as i8);
                    }
                }
            }
        }
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

    /// # Safety
    /// `left` has [`ROWS`] rows of at least `panel.len() / COLS` words.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn tile_int16(left: Left<'_>, panel: &[u32], tile: &mut Tile<i32>) {
        const PART: [usize; 2] = [ROWS / 2, COLS / 2];
        for first_row in [0, PART[0]] {
            for first_col in [0, PART[1]] {
                let mut sums = [[_mm256_setzero_si256(); 2]; PART[0]];
                for (depth, words) in panel.as_chunks::<COLS>().0.iter().enumerate() {
                    // SAFETY: half of the 32 words are two vectors of 8.
                    let [first, second] = unsafe {
                        let at = words.as_ptr().add(first_col).cast::<__m256i>();
                        [_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1))]
                    };
                    for (row, sums) in (first_row..).zip(&mut sums) {
                        // SAFETY: row < ROWS and depth < panel.len() / COLS, which the caller
                        // vouches for.
                        let word = unsafe { *left.words.get_unchecked(row * left.stride + depth) };
                        let word = _mm256_set1_epi32(word as i32);
                        sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(word, first));
                        sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(word, second));
                    }
                }
                for (out, sums) in tile[first_row..].iter_mut().zip(sums) {
                    // SAFETY: half a row of the tile has 16 numbers, two vectors of 8.
                    unsafe {
                        let out = out.as_mut_ptr().add(first_col).cast::<__m256i>();
                        _mm256_storeu_si256(out, sums[0]);
                        _mm256_storeu_si256(out.add(1), sums[1]);
                    }
                }
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
    fn int16_tiles_are_the_portable_ones_bit_by_bit() {
        for depth in [1, 2, 7, 32, 513] {
            let stride = depth + 3;
            let (left, panel) = (words(ROWS * stride, 5), words(depth * COLS, 6));
            let left = Left {
                words: &left,
                stride,
            };
            let (mut fast, mut plain) = ([[9; COLS]; ROWS], [[9; COLS]; ROWS]);
            tile_int16(left, &panel, &mut fast);
            portable::tile_int16(left, &panel, &mut plain);
            assert_eq!(fast, plain);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        for depth in [1, 32, 512] {
            let most = largest_int16(2 * depth) as i16;
            let pair = |value: i16| u32::from(value as u16) | u32::from(value as u16) << 16;
            let (left, panel) = (
                vec![pair(most); ROWS * depth],
                vec![pair(-most); depth * COLS],
            );
            let mut tile = [[0; COLS]; ROWS];
            let left = Left {
                words: &left,
                stride: depth,
            };
            tile_int16(left, &panel, &mut tile);
            let wanted = -2 * depth as i64 * i64::from(most).pow(2);
            assert!(tile.iter().flatten().all(|&sum| i64::from(sum) == wanted));
            assert!(most >= 1448, "{most} of {depth}");
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
