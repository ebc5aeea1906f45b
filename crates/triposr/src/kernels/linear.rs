//! Linear layers in three precisions, a block of rows at a time.

use checkpoint::Tensor;
use pulp::{Arch, Simd};
use rayon::prelude::*;

use super::dot::{self, COLS, Left, ROWS};
use super::elementwise::{self, ROUND};
use super::lines::Lines;
use super::panel::Panels;
use super::{Matrix, Precision};
use crate::error::Result;
use crate::progress::Watch;

/// Rows that one task works on: enough to use each weight often, few enough that the largest
/// layer of the published size is asked every 50 ms or so whether to go on.
pub(crate) const BLOCK: usize = 16 * ROWS;
/// Words along the inputs whose products are summed as whole numbers, where these have 16 bits: so
/// few that ten bits can be used, and twelve rows of them stay in the first cache.
const PIECE: usize = 512;

/// `y = x · Wᵀ + b`. The weights stay in the mapped file; whoever wants to multiply packs them
/// first, for all the rows there are, and lets go of the packed ones afterwards: packing takes a
/// hundredth of the time, keeping them would double the memory.
pub(crate) struct Linear {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    weight: Tensor,
    bias: Option<Vec<f32>>,
}

impl Linear {
    pub(crate) fn new(weight: Tensor, outputs: usize, inputs: usize) -> Self {
        Self {
            inputs,
            outputs,
            weight,
            bias: None,
        }
    }

    pub(crate) fn with_bias(self, bias: Vec<f32>) -> Self {
        Self {
            bias: Some(bias),
            ..self
        }
    }

    /// Multiplications for so many rows.
    pub(crate) fn work(&self, rows: usize) -> usize {
        rows * self.inputs * self.outputs
    }

    /// Packs the weights, in parallel.
    pub(crate) fn packed(&self, precision: Precision) -> Packed<'_> {
        let weight = self.weight.floats();
        let weights = match precision {
            Precision::F32 | Precision::Auto => {
                let panels =
                    Panels::from_transposed(&weight, self.inputs, self.outputs, self.inputs);
                Weights::F32(panels)
            }
            Precision::Bf16 if dot::has_bf16() => Weights::Bf16(Words::bf16(&weight, self.inputs)),
            Precision::Bf16 => {
                let mut rounded = weight.into_owned();
                rounded.par_chunks_mut(self.inputs).for_each(round_in_place);
                let panels =
                    Panels::from_transposed(&rounded, self.inputs, self.outputs, self.inputs);
                Weights::Rounded(panels)
            }
            Precision::Int8 if dot::has_int8() => Weights::Int8(Words::int8(&weight, self.inputs)),
            Precision::Int8 => Weights::Int16(Words::int16(&weight, self.inputs)),
        };
        self.weight.forget();
        Packed {
            linear: self,
            weights,
        }
    }

    /// All rows, in parallel.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub(crate) fn forward(
        &self,
        input: &Matrix,
        precision: Precision,
        watch: &Watch,
    ) -> Result<Matrix> {
        let packed = self.packed(precision);
        let mut out = Matrix::zeros(input.rows(), self.outputs);
        out.data
            .par_chunks_mut(BLOCK * self.outputs)
            .zip(input.data.par_chunks(BLOCK * self.inputs))
            .try_for_each(|(out, input)| {
                packed.rows(input, out);
                watch.advance(self.work(input.len() / self.inputs))
            })?;
        Ok(out)
    }
}

/// A layer that is ready to multiply.
pub(crate) struct Packed<'a> {
    linear: &'a Linear,
    weights: Weights,
}

enum Weights {
    F32(Panels),
    /// Rounded to bfloat16, for processors that multiply only f32.
    Rounded(Panels),
    Bf16(Words),
    Int8(Words),
    /// Whole numbers, for processors that don't multiply bytes.
    Int16(Words),
}

impl Packed<'_> {
    /// A few rows, on this thread.
    pub(crate) fn rows(&self, input: &[f32], out: &mut [f32]) {
        let Linear {
            inputs,
            outputs,
            bias,
            ..
        } = self.linear;
        for out in out.chunks_mut(*outputs) {
            match bias {
                Some(bias) => out.copy_from_slice(bias),
                None => out.fill(0.0),
            }
        }
        match &self.weights {
            Weights::F32(panels) => panels.add_product(input, out),
            Weights::Rounded(panels) => {
                let mut rounded = input.to_vec();
                round_in_place(&mut rounded);
                panels.add_product(&rounded, out);
            }
            Weights::Bf16(words) => words.add_bf16(input, *inputs, out, *outputs),
            Weights::Int8(words) => words.add_int8(input, *inputs, out, *outputs),
            Weights::Int16(words) => words.add_int16(input, *inputs, out, *outputs),
        }
    }
}

/// Weights packed for [`dot`].
struct Words {
    /// For each [`COLS`] outputs: `depth × COLS` words.
    words: Lines<u32>,
    /// Words along the inputs.
    depth: usize,
    /// Whole numbers only: what one step is worth, for each output, and what to take off its sums:
    /// the left bytes are 128 too large.
    steps: Vec<(f32, i32)>,
}

impl Words {
    fn bf16(weight: &[f32], inputs: usize) -> Self {
        Self::packed(weight, inputs, inputs.div_ceil(2), |weights, row| {
            round_to_bf16(weights, row);
            (1.0, 0)
        })
    }

    fn int8(weight: &[f32], inputs: usize) -> Self {
        Self::packed(weight, inputs, inputs.div_ceil(4), |weights, row| {
            round_to_signed_bytes(weights, row)
        })
    }

    fn int16(weight: &[f32], inputs: usize) -> Self {
        let depth = inputs.div_ceil(2);
        let largest = largest_step(depth);
        Self::packed(weight, inputs, depth, |weights, row| {
            (round_to_int16(weights, largest, row), 0)
        })
    }

    /// Rounds each output's weights into a row of words and puts it into its column.
    fn packed(
        weight: &[f32],
        inputs: usize,
        depth: usize,
        round: impl Fn(&[f32], &mut [u32]) -> (f32, i32) + Sync,
    ) -> Self {
        let mut words = Lines::zeros((weight.len() / inputs).next_multiple_of(COLS) * depth);
        let panels = words
            .par_chunks_mut(depth * COLS)
            .zip(weight.par_chunks(COLS * inputs));
        let steps = panels.flat_map_iter(|(panel, weight)| {
            let mut row = vec![0; depth];
            let rows = weight.chunks(inputs).enumerate();
            let steps = rows.map(|(output, weights)| {
                let step = round(weights, &mut row);
                scatter(&row, panel, output);
                step
            });
            steps.collect::<Vec<_>>()
        });
        let steps = steps.collect();
        Self {
            words,
            depth,
            steps,
        }
    }

    fn add_bf16(&self, input: &[f32], inputs: usize, out: &mut [f32], outputs: usize) {
        let rows = input.len() / inputs;
        let mut words = vec![0; rows.next_multiple_of(ROWS) * self.stride()];
        for (words, row) in words.chunks_mut(self.stride()).zip(input.chunks(inputs)) {
            round_to_bf16(row, words);
        }
        let mut tile = [[0.0; COLS]; ROWS];
        for (panel, first) in self
            .words
            .chunks(self.depth * COLS)
            .zip((0..).step_by(COLS))
        {
            for first_row in (0..rows).step_by(ROWS) {
                dot::tile_bf16(self.left(&words, first_row), panel, &mut tile);
                for (row, sums) in (first_row..rows).zip(&tile) {
                    let out = &mut out[row * outputs..][first..outputs.min(first + COLS)];
                    for (out, sum) in out.iter_mut().zip(sums) {
                        *out += sum;
                    }
                }
            }
        }
    }

    fn add_int8(&self, input: &[f32], inputs: usize, out: &mut [f32], outputs: usize) {
        let rows = input.len() / inputs;
        let mut words = vec![0; rows.next_multiple_of(ROWS) * self.stride()];
        let lines = words.chunks_mut(self.stride()).zip(input.chunks(inputs));
        let row_steps: Vec<f32> = lines
            .map(|(words, row)| round_to_bytes(row, bytemuck::cast_slice_mut(words)))
            .collect();
        let mut tile = [[0; COLS]; ROWS];
        for (panel, first) in self
            .words
            .chunks(self.depth * COLS)
            .zip((0..).step_by(COLS))
        {
            let cols = first..outputs.min(first + COLS);
            let steps = &self.steps[cols.clone()];
            for first_row in (0..rows).step_by(ROWS) {
                dot::tile_int8(self.left(&words, first_row), panel, &mut tile);
                for (row, sums) in (first_row..rows).zip(&tile) {
                    add_steps(
                        &mut out[row * outputs..][cols.clone()],
                        sums,
                        steps,
                        row_steps[row],
                    );
                }
            }
        }
    }

    fn add_int16(&self, input: &[f32], inputs: usize, out: &mut [f32], outputs: usize) {
        let rows = input.len() / inputs;
        let largest = largest_step(self.depth);
        let mut words = vec![0; rows.next_multiple_of(ROWS) * self.stride()];
        let lines = words.chunks_mut(self.stride()).zip(input.chunks(inputs));
        let row_steps: Vec<f32> = lines
            .map(|(words, row)| round_to_int16(row, largest, words))
            .collect();
        let mut tile = [[0; COLS]; ROWS];
        for (panel, first) in self
            .words
            .chunks(self.depth * COLS)
            .zip((0..).step_by(COLS))
        {
            let cols = first..outputs.min(first + COLS);
            let steps = &self.steps[cols.clone()];
            for (piece, at) in panel.chunks(PIECE * COLS).zip((0..).step_by(PIECE)) {
                for first_row in (0..rows).step_by(ROWS) {
                    let mut left = self.left(&words, first_row);
                    left.words = &left.words[at..];
                    dot::tile_int16(left, piece, &mut tile);
                    for (row, sums) in (first_row..rows).zip(&tile) {
                        add_steps(
                            &mut out[row * outputs..][cols.clone()],
                            sums,
                            steps,
                            row_steps[row],
                        );
                    }
                }
            }
        }
    }

    /// Words from one row of the left factor to the next. Rows whose distance is a power of two
    /// would share one set of the first cache.
    fn stride(&self) -> usize {
        self.depth + 16
    }

    fn left<'a>(&self, words: &'a [u32], row: usize) -> Left<'a> {
        Left {
            words: &words[row * self.stride()..],
            stride: self.stride(),
        }
    }
}

/// Puts one output's words into its column of its panel.
pub(super) fn scatter(row: &[u32], words: &mut [u32], output: usize) {
    let panel = &mut words[output / COLS * COLS * row.len()..];
    for (at, &word) in row.iter().enumerate() {
        panel[at * COLS + output % COLS] = word;
    }
}

/// Adds sums of whole numbers, less what is too much, for what they are worth.
#[pulp::with_simd(add_steps = Arch::new())]
#[inline(always)]
fn add_steps_loop<S: Simd>(
    _: S,
    out: &mut [f32],
    sums: &[i32],
    steps: &[(f32, i32)],
    row_step: f32,
) {
    for ((out, sum), (step, excess)) in out.iter_mut().zip(sums).zip(steps) {
        *out += (sum - excess) as f32 * (step * row_step);
    }
}

/// Rounds to the nearest bfloat16, two to a word; words beyond the row are left as they are.
#[pulp::with_simd(round_to_bf16 = Arch::new())]
#[inline(always)]
pub(super) fn round_to_bf16_loop<S: Simd>(_: S, row: &[f32], words: &mut [u32]) {
    let halves: &mut [u16] = bytemuck::cast_slice_mut(words);
    for (half, value) in halves.iter_mut().zip(row) {
        let bits = value.to_bits();
        *half = (bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16) as u16;
    }
}

/// Rounds to the nearest bfloat16, kept as f32.
#[pulp::with_simd(round_in_place = Arch::new())]
#[inline(always)]
fn round_in_place_loop<S: Simd>(_: S, values: &mut [f32]) {
    for value in values {
        let bits = value.to_bits();
        *value = f32::from_bits(bits.wrapping_add(0x7fff + (bits >> 16 & 1)) & 0xffff_0000);
    }
}

/// The largest whole number that a factor with so many words along its inputs is rounded to.
fn largest_step(depth: usize) -> f32 {
    dot::largest_int16(2 * depth.min(PIECE))
}

/// Rounds to steps from −`largest` to `largest` of the row's own size, two to a word, and gives
/// that size; words beyond the row are left as they are.
pub(super) fn round_to_int16(row: &[f32], largest: f32, words: &mut [u32]) -> f32 {
    let halves: &mut [u16] = bytemuck::cast_slice_mut(words);
    let peak = elementwise::largest_magnitude(row);
    scale_to_halves(row, steps_in(peak, largest), halves);
    peak / largest
}

/// Factor that turns a peak into so many steps; nothing becomes nothing.
pub(super) fn steps_in(peak: f32, steps: f32) -> f32 {
    if peak > 0.0 { steps / peak } else { 0.0 }
}

/// Rounds to whole numbers, after a factor.
#[pulp::with_simd(scale_to_halves = Arch::new())]
#[inline(always)]
pub(super) fn scale_to_halves_loop<S: Simd>(_: S, row: &[f32], factor: f32, halves: &mut [u16]) {
    for (half, value) in halves.iter_mut().zip(row) {
        *half = (value * factor + ROUND).to_bits() as u16;
    }
}

/// Rounds to steps from −127 to 127 of the row's own size, and gives that size, and by how much a
/// product with what [`round_to_bytes`] made is too large.
pub(super) fn round_to_signed_bytes(row: &[f32], words: &mut [u32]) -> (f32, i32) {
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(words);
    let step = round_to_bytes(row, bytes);
    for byte in &mut bytes[..row.len()] {
        *byte = byte.wrapping_sub(128);
    }
    let all: i32 = bytes.iter().map(|&byte| i32::from(byte as i8)).sum();
    (step, 128 * all)
}

/// Rounds to steps from −127 to 127 of the row's own size, plus 128, and gives that size.
pub(super) fn round_to_bytes(row: &[f32], bytes: &mut [u8]) -> f32 {
    let peak = elementwise::largest_magnitude(row);
    scale_to_bytes(row, steps_in(peak, 127.0), bytes);
    peak / 127.0
}

#[pulp::with_simd(scale_to_bytes = Arch::new())]
#[inline(always)]
fn scale_to_bytes_loop<S: Simd>(_: S, row: &[f32], factor: f32, bytes: &mut [u8]) {
    for (byte, value) in bytes.iter_mut().zip(row) {
        *byte = ((value * factor + ROUND).to_bits() as u8).wrapping_add(128);
    }
}
