//! Linear layers in three precisions, a block of rows at a time.

use std::ops::Range;

use checkpoint::Tensor;
use rayon::prelude::*;

use super::dot::{self, COLS, Left, Out, ROWS, Worth};
use super::lines::Lines;
use super::panel::{self, Panels, Spread};
use super::rounding::{round_in_place, round_to_bf16};
use super::whole::{Bytes, Halves, Numbers};
use super::{Matrix, Precision};
use crate::error::Result;
use crate::progress::Watch;

/// Rows that one task works on: enough to use each weight often, few enough that the largest
/// layer of the published size is asked every 50 ms or so whether to go on.
pub(crate) const BLOCK: usize = 16 * ROWS;
/// Outputs from a multiple of this on can be multiplied alone.
pub(crate) const OUTPUTS: usize = panel::COLS;

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

    /// Packs the weights of some outputs, in parallel.
    pub(crate) fn packed(&self, outputs: Range<usize>, precision: Precision) -> Packed<'_> {
        let all = self.weight.floats();
        let weight = &all[outputs.start * self.inputs..outputs.end * self.inputs];
        let panels = |weight: &[f32]| {
            Panels::from_transposed(weight, self.inputs, outputs.len(), self.inputs)
        };
        let weights = match precision {
            Precision::F32 | Precision::Auto => Weights::F32(panels(weight)),
            Precision::Bf16 if dot::has_bf16() => Weights::Bf16(Words::bf16(weight, self.inputs)),
            Precision::Bf16 => {
                let mut rounded = weight.to_vec();
                rounded.par_chunks_mut(self.inputs).for_each(round_in_place);
                Weights::Rounded(panels(&rounded))
            }
            Precision::Int8 if dot::has_int8() => {
                Weights::Bytes(Words::whole::<Bytes>(weight, self.inputs))
            }
            Precision::Int8 => Weights::Halves(Words::whole::<Halves>(weight, self.inputs)),
        };
        drop(all);
        self.weight.forget();
        Packed {
            inputs: self.inputs,
            bias: self.bias.as_ref().map(|bias| &bias[outputs]),
            weights,
        }
    }

    /// All rows, in parallel, into a matrix that becomes as large as they are.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub(crate) fn forward_into(
        &self,
        input: &Matrix,
        out: &mut Matrix,
        precision: Precision,
        watch: &Watch,
    ) -> Result<()> {
        let packed = self.packed(0..self.outputs, precision);
        out.reshape(input.rows(), self.outputs);
        out.data
            .par_chunks_mut(BLOCK * self.outputs)
            .zip(input.data.par_chunks(BLOCK * self.inputs))
            .try_for_each(|(out, input)| {
                packed.multiply(&packed.input(input), 0..self.outputs, out);
                watch.advance(self.work(input.len() / self.inputs))
            })
    }

    /// As [`forward_into`](Self::forward_into), into a new matrix.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub(crate) fn forward(
        &self,
        input: &Matrix,
        precision: Precision,
        watch: &Watch,
    ) -> Result<Matrix> {
        let mut out = Matrix::zeros(0, self.outputs);
        self.forward_into(input, &mut out, precision, watch)?;
        Ok(out)
    }
}

/// A layer, or some of its outputs, ready to multiply.
pub(crate) struct Packed<'a> {
    inputs: usize,
    bias: Option<&'a [f32]>,
    weights: Weights,
}

enum Weights {
    F32(Panels),
    /// Rounded to bfloat16, for processors that multiply only f32.
    Rounded(Panels),
    Bf16(Words),
    Bytes(Words),
    /// For processors that don't multiply bytes.
    Halves(Words),
}

/// A few rows, as a layer multiplies them.
pub(crate) enum Input {
    Floats(Spread),
    Rounded(Rounded),
}

/// Rows of words for [`dot`], padded to whole tiles.
pub(crate) struct Rounded {
    words: Vec<u32>,
    /// What a step of each row is worth.
    steps: Vec<f32>,
}

impl Packed<'_> {
    /// Prepares a few rows, on this thread.
    pub(crate) fn input(&self, rows: &[f32]) -> Input {
        match &self.weights {
            Weights::F32(_) => Input::Floats(Spread::new(rows, self.inputs)),
            Weights::Rounded(_) => {
                let mut rounded = rows.to_vec();
                round_in_place(&mut rounded);
                Input::Floats(Spread::new(&rounded, self.inputs))
            }
            Weights::Bf16(words) => words.input(rows, self.inputs, |row, words| {
                round_to_bf16(row, words);
                1.0
            }),
            Weights::Bytes(words) => words.input(rows, self.inputs, Bytes::round_left),
            Weights::Halves(words) => words.input(rows, self.inputs, Halves::round_left),
        }
    }

    /// Some of the outputs of a few rows, on this thread: rows of as many as the range has, which
    /// begins at a multiple of [`OUTPUTS`].
    pub(crate) fn multiply(&self, input: &Input, outputs: Range<usize>, out: &mut [f32]) {
        for out in out.chunks_mut(outputs.len()) {
            match self.bias {
                Some(bias) => out.copy_from_slice(&bias[outputs.clone()]),
                None => out.fill(0.0),
            }
        }
        match (&self.weights, input) {
            (Weights::F32(panels) | Weights::Rounded(panels), Input::Floats(rows)) => {
                panels.add_product(rows, outputs, out);
            }
            (Weights::Bf16(words), Input::Rounded(rows)) => {
                words.add(rows, outputs, out, words.depth, |left, panel, _, out| {
                    dot::tile_bf16(left, panel, out);
                });
            }
            (Weights::Bytes(words), Input::Rounded(rows)) => {
                words.add_whole::<Bytes>(rows, outputs, out);
            }
            (Weights::Halves(words), Input::Rounded(rows)) => {
                words.add_whole::<Halves>(rows, outputs, out);
            }
            _ => unreachable!("an input of another precision"),
        }
    }
}

/// Weights packed for [`dot`].
struct Words {
    /// For each [`COLS`] outputs: `depth × COLS` words.
    words: Lines<u32>,
    /// Words along the inputs.
    depth: usize,
    /// Whole numbers only, for each output, padded: what sums begin with, and what a step is worth.
    starts: Vec<i32>,
    steps: Vec<f32>,
}

impl Words {
    fn bf16(weight: &[f32], inputs: usize) -> Self {
        Self::packed(weight, inputs, 2, |weights, row| {
            round_to_bf16(weights, row);
            (1.0, 0)
        })
    }

    fn whole<N: Numbers>(weight: &[f32], inputs: usize) -> Self {
        Self::packed(weight, inputs, N::PER_WORD, N::round_right)
    }

    /// Rounds each output's weights into a row of words and puts it into its column.
    fn packed(
        weight: &[f32],
        inputs: usize,
        per_word: usize,
        round: impl Fn(&[f32], &mut [u32]) -> (f32, i32) + Sync,
    ) -> Self {
        let depth = inputs.div_ceil(per_word);
        let outputs = (weight.len() / inputs).next_multiple_of(COLS);
        let mut words = Lines::zeros(outputs * depth);
        let (mut starts, mut steps) = (vec![0; outputs], vec![0.0; outputs]);
        words
            .par_chunks_mut(depth * COLS)
            .zip(weight.par_chunks(COLS * inputs))
            .zip(starts.par_chunks_mut(COLS).zip(steps.par_chunks_mut(COLS)))
            .for_each(|((panel, weight), (starts, steps))| {
                let mut row = vec![0; depth];
                for (output, weights) in weight.chunks(inputs).enumerate() {
                    (steps[output], starts[output]) = round(weights, &mut row);
                    scatter(&row, panel, output);
                }
            });
        Self {
            words,
            depth,
            starts,
            steps,
        }
    }

    /// Words from one row of the left factor to the next. Rows whose distance is a power of two
    /// would share one set of the first cache.
    fn stride(&self) -> usize {
        self.depth + 16
    }

    fn input(
        &self,
        rows: &[f32],
        inputs: usize,
        round: impl Fn(&[f32], &mut [u32]) -> f32,
    ) -> Input {
        let padded = (rows.len() / inputs).next_multiple_of(ROWS);
        let mut words = vec![0; padded * self.stride()];
        let lines = words.chunks_mut(self.stride()).zip(rows.chunks(inputs));
        let steps = lines.map(|(words, row)| round(row, words)).collect();
        Input::Rounded(Rounded { words, steps })
    }

    fn add_whole<N: Numbers>(&self, input: &Rounded, outputs: Range<usize>, out: &mut [f32]) {
        self.add(input, outputs, out, N::DEPTH, |left, panel, worth, out| {
            N::tile(&[left], panel, worth, out);
        });
    }

    /// Adds the products with some of the outputs to rows that are as wide as those, `piece` words
    /// of depth at a time.
    fn add(
        &self,
        input: &Rounded,
        outputs: Range<usize>,
        out: &mut [f32],
        piece: usize,
        multiply: impl Fn(Left<'_>, &[u32], Worth<'_>, Out<'_>),
    ) {
        let width = outputs.len();
        for panel in outputs.start / COLS..outputs.end.div_ceil(COLS) {
            let first = panel * COLS - outputs.start;
            let steps = &self.steps.as_chunks().0[panel];
            let mut starts = &self.starts.as_chunks().0[panel];
            let (words, next) = self.words[panel * self.depth * COLS..].split_at(self.depth * COLS);
            for (part, at) in words.chunks(piece * COLS).zip((0..).step_by(piece)) {
                for first_row in (0..input.steps.len()).step_by(ROWS) {
                    // Tile by tile, some of the next panel.
                    let share = (part.len() * ROWS).div_ceil(input.steps.len());
                    let from = at * COLS + first_row / ROWS * share;
                    dot::fetch(
                        next.get(from..next.len().min(from + share))
                            .unwrap_or_default(),
                    );
                    let left = Left {
                        words: &input.words[first_row * self.stride() + at..],
                        stride: self.stride(),
                    };
                    dot::add_tile(
                        &mut out[first_row * width + first..],
                        [width, width - first],
                        &input.steps[first_row..],
                        |out| multiply(left, part, Worth { starts, steps }, out),
                    );
                }
                // All products begin but once.
                starts = &[0; COLS];
            }
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
