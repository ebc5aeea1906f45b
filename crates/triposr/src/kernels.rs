//! Arithmetic, chosen by what the processor can do when the program runs. The only `unsafe` of
//! this crate besides the file mapping is in `dot`, behind safe functions that check every length; `pulp` gives
//! the rest its vectors.

pub(crate) mod attention;
pub(crate) mod decoder;
pub(crate) mod dot;
pub(crate) mod elementwise;
pub(crate) mod linear;
pub(crate) mod lines;
pub(crate) mod panel;
mod rounding;
mod whole;

use rayon::prelude::*;

/// What the linear layers of the two transformers multiply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats, as the reference.
    F32,
    /// Both sides rounded to bfloat16, sums in f32. Where the processor multiplies only f32, this
    /// is no quicker than f32, and attention isn't rounded.
    Bf16,
    /// Whole numbers with a scale per output of the weights and per row of the activations: 8 bits
    /// where the processor multiplies bytes, elsewhere the ten or more that pairs of 16-bit numbers
    /// leave. Attention too, with 16 or 14 bits for its weights.
    Int8,
    /// The fastest that this processor has instructions for.
    #[default]
    Auto,
}

impl Precision {
    /// Every precision.
    pub const ALL: [Self; 4] = [Self::F32, Self::Bf16, Self::Int8, Self::Auto];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
            Self::Auto => "auto",
        }
    }

    /// What `Auto` means here.
    pub fn resolved(self) -> Self {
        match self {
            Self::Auto if dot::has_int8() || dot::has_int16() => Self::Int8,
            Self::Auto if dot::has_bf16() => Self::Bf16,
            Self::Auto => Self::F32,
            chosen => chosen,
        }
    }
}

/// A matrix, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub(crate) cols: usize,
    pub(crate) data: Vec<f32>,
}

impl Matrix {
    pub(crate) fn zeros(rows: usize, cols: usize) -> Self {
        Self {
            cols,
            data: vec![0.0; rows * cols],
        }
    }

    /// Becomes another size; what it holds is of no use afterwards.
    pub(crate) fn reshape(&mut self, rows: usize, cols: usize) {
        self.cols = cols;
        self.data.resize(rows * cols, 0.0);
    }

    pub(crate) fn rows(&self) -> usize {
        self.data.len() / self.cols
    }

    /// In parallel.
    pub(crate) fn transposed(&self) -> Self {
        let rows = self.rows();
        let mut turned = Self::zeros(self.cols, rows);
        // A line of the cache at a time.
        const LINE: usize = 16;
        let lines = turned.data.par_chunks_mut(LINE * rows).enumerate();
        lines.for_each(|(line, turned)| {
            for (row, values) in self.data.chunks(self.cols).enumerate() {
                let values = &values[line * LINE..];
                for (turned, value) in turned.chunks_mut(rows).zip(values) {
                    turned[row] = *value;
                }
            }
        });
        turned
    }

    /// Adds another of the same size, in parallel.
    pub(crate) fn add(&mut self, other: &Self) {
        const PIECE: usize = 1 << 16;
        let pieces = self.data.par_chunks_mut(PIECE);
        pieces
            .zip(other.data.par_chunks(PIECE))
            .for_each(|(values, others)| {
                for (value, other) in values.iter_mut().zip(others) {
                    *value += other;
                }
            });
    }
}
