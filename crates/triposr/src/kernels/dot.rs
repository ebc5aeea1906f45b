//! Products of short numbers: pairs of bfloat16, fours of bytes or pairs of 16-bit whole numbers,
//! kept as 32-bit words.
//!
//! The right factor is packed once into panels of [`COLS`] columns, word by word along the depth;
//! the left one stays row by row. One tile of [`ROWS`] × [`COLS`] results stays in registers over
//! the whole depth: one broadcast word from each row, two vectors from the panel, 24 instructions
//! that multiply and add (`vdpbf16ps`, `vpdpbusd`). AVX2 has half as many registers, half as wide,
//! and an instruction for pairs of whole numbers only (`vpmaddwd`): a quarter of a tile at a time.

use super::elementwise;

mod portable;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86;

/// Rows of a tile.
pub(crate) const ROWS: usize = 12;
/// Columns of a tile, and of a panel.
pub(crate) const COLS: usize = 32;

/// Where a tile's results go: [`ROWS`] rows of [`COLS`], so many values apart.
pub(crate) struct Out<'a> {
    pub(crate) values: &'a mut [f32],
    pub(crate) stride: usize,
    /// They are added to what is there, each row times its factor; else they replace it.
    pub(crate) factors: Option<&'a [f32; ROWS]>,
}

/// Results of one tile.
pub(crate) type Tile = [[f32; COLS]; ROWS];

impl<'a> Out<'a> {
    pub(crate) fn tile(tile: &'a mut Tile) -> Self {
        Self {
            values: tile.as_flattened_mut(),
            stride: COLS,
            factors: None,
        }
    }

    /// The rows with their factors.
    fn rows(&mut self) -> impl Iterator<Item = (&mut [f32; COLS], Option<f32>)> {
        let rows = self.values.chunks_mut(self.stride);
        let rows = rows.filter_map(|row| row.first_chunk_mut()).take(ROWS);
        let factors = self.factors;
        rows.enumerate()
            .map(move |(nth, row)| (row, factors.map(|factors| factors[nth])))
    }
}

/// Adds a tile, each row times its factor, to rows of `width` that are `stride` apart; as many as there
/// are factors, but at most a tile's.
pub(crate) fn add_tile(
    values: &mut [f32],
    [stride, width]: [usize; 2],
    factors: &[f32],
    multiply: impl FnOnce(Out<'_>),
) {
    if let (Some(factors), true) = (factors.first_chunk(), width >= COLS) {
        return multiply(Out {
            values,
            stride,
            factors: Some(factors),
        });
    }
    let mut tile = [[0.0; COLS]; ROWS];
    multiply(Out::tile(&mut tile));
    for ((out, tile), factor) in values.chunks_mut(stride).zip(&tile).zip(factors) {
        elementwise::add_scaled(&mut out[..width.min(COLS)], tile, *factor);
    }
}

/// A left factor: rows of words, `stride` words apart; at least [`ROWS`] of them.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) words: &'a [u32],
    pub(crate) stride: usize,
}

/// What makes numbers of a tile's sums of whole ones, column by column.
#[derive(Clone, Copy)]
pub(crate) struct Worth<'a> {
    /// What the sums begin with.
    pub(crate) starts: &'a [i32; COLS],
    /// What a step of them is worth.
    pub(crate) steps: &'a [f32; COLS],
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
pub(crate) fn tile_bf16(left: Left<'_>, panel: &[u32], out: Out<'_>) {
    check(left, panel, &out);
    #[cfg(target_arch = "x86_64")]
    if has_bf16() {
        // SAFETY: the processor was just asked for both features, and `check` has made sure that
        // the left factor reaches over all rows and the panel is whole.
        unsafe { x86::tile_bf16(left, panel, out) };
        return;
    }
    portable::tile_bf16(left, panel, out);
}

/// One tile of a product of fours of bytes, unsigned on the left, signed in the panel. Several left
/// factors are the digits of one, to the base of 256, the highest first.
#[allow(unsafe_code)]
pub(crate) fn tile_int8(digits: &[Left<'_>], panel: &[u32], worth: Worth<'_>, out: Out<'_>) {
    for left in digits {
        check(*left, panel, &out);
    }
    #[cfg(target_arch = "x86_64")]
    if has_int8() {
        // SAFETY: as above.
        unsafe { x86::tile_int8(digits, panel, worth, out) };
        return;
    }
    portable::tile_int8(digits, panel, worth, out);
}

/// One tile of a product of pairs of 16-bit whole numbers.
#[allow(unsafe_code)]
pub(crate) fn tile_int16(left: Left<'_>, panel: &[u32], worth: Worth<'_>, out: Out<'_>) {
    check(left, panel, &out);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: as above.
        unsafe { x86::tile_int16(left, panel, worth, out) };
        return;
    }
    portable::tile_int16(left, panel, worth, out);
}

/// Has words brought near that are going to be read soon: what a processor foresees by itself ends
/// with a page.
#[allow(unsafe_code)]
pub(crate) fn fetch(words: &[u32]) {
    #[cfg(target_arch = "x86_64")]
    for line in words.chunks(16) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: nothing is read; every address may be asked for.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = words;
}

/// Panics unless the left factor has [`ROWS`] rows as deep as the panel, and there is room for as many.
fn check(left: Left<'_>, panel: &[u32], out: &Out<'_>) {
    let depth = panel.len() / COLS;
    assert!(panel.len().is_multiple_of(COLS) && left.stride >= depth);
    assert!(left.words.len() >= (ROWS - 1) * left.stride + depth);
    assert!(out.stride >= COLS && out.values.len() >= (ROWS - 1) * out.stride + COLS);
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

    /// Sums are what they are.
    const ONES: Worth<'_> = Worth {
        starts: &[0; COLS],
        steps: &[1.0; COLS],
    };

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

    /// What both make of the same tile: put there, and added to what is there.
    fn each_way(fast: impl Fn(Out<'_>), plain: impl Fn(Out<'_>)) -> [[Tile; 2]; 2] {
        let factors = std::array::from_fn(|row| 0.5 + row as f32);
        [None, Some(&factors)].map(|factors| {
            let mut tiles = [[[9.0; COLS]; ROWS]; 2];
            let [one, other] = &mut tiles;
            fast(Out {
                factors,
                ..Out::tile(one)
            });
            plain(Out {
                factors,
                ..Out::tile(other)
            });
            tiles
        })
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
            let both = each_way(
                |out| tile_bf16(left, &panel, out),
                |out| portable::tile_bf16(left, &panel, out),
            );
            for [fast, plain] in both {
                for (fast, plain) in fast.iter().flatten().zip(plain.iter().flatten()) {
                    assert!((fast - plain).abs() < 2e-4 * depth as f32, "{fast} {plain}");
                }
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
            let (starts, steps) = (std::array::from_fn(|at| at as i32 - 9), [0.25; COLS]);
            let worth = Worth {
                starts: &starts,
                steps: &steps,
            };
            for digits in [&[left][..], &[left, left]] {
                let both = each_way(
                    |out| tile_int8(digits, &panel, worth, out),
                    |out| portable::tile_int8(digits, &panel, worth, out),
                );
                both.iter()
                    .for_each(|[fast, plain]| assert_eq!(fast, plain));
            }
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
            let (starts, steps) = (std::array::from_fn(|at| at as i32 - 9), [0.25; COLS]);
            let worth = Worth {
                starts: &starts,
                steps: &steps,
            };
            let both = each_way(
                |out| tile_int16(left, &panel, worth, out),
                |out| portable::tile_int16(left, &panel, worth, out),
            );
            both.iter()
                .for_each(|[fast, plain]| assert_eq!(fast, plain));
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
            let mut tile = [[0.0; COLS]; ROWS];
            let left = Left {
                words: &left,
                stride: depth,
            };
            tile_int16(left, &panel, ONES, Out::tile(&mut tile));
            let wanted = -2 * depth as i64 * i64::from(most).pow(2);
            assert!(tile.iter().flatten().all(|&sum| sum == wanted as f32));
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
        tile_int8(
            &[left],
            &[0; 4 * COLS],
            ONES,
            Out::tile(&mut [[0.0; COLS]; ROWS]),
        );
    }
}
