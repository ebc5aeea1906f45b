//! What both transformers are made of, and how each finds its weights.

use checkpoint::Checkpoint;
use rayon::prelude::*;

use super::Pass;
use crate::error::Result;
use crate::kernels::attention::{self, attention};
use crate::kernels::linear::{BLOCK, Linear, OUTPUTS};
use crate::kernels::{Matrix, elementwise};

/// A place in the checkpoint.
pub(super) struct Path<'a> {
    pub(super) checkpoint: &'a Checkpoint,
    pub(super) at: String,
}

impl Path<'_> {
    pub(super) fn to(&self, name: &str) -> Self {
        Self {
            checkpoint: self.checkpoint,
            at: self.name(name),
        }
    }

    pub(super) fn name(&self, name: &str) -> String {
        if self.at.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.at)
        }
    }

    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        Ok(self
            .checkpoint
            .tensor(&self.name(name), shape)?
            .floats()
            .into_owned())
    }

    pub(super) fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear> {
        let bias = self.floats(&format!("{name}.bias"), &[outputs])?;
        Ok(self.unbiased(name, outputs, inputs)?.with_bias(bias))
    }

    pub(super) fn unbiased(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear> {
        let name = self.name(&format!("{name}.weight"));
        let weight = self.checkpoint.tensor(&name, &[outputs, inputs])?;
        Ok(Linear::new(weight, outputs, inputs))
    }

    pub(super) fn norm(&self, name: &str, channels: usize, eps: f32) -> Result<LayerNorm> {
        let path = self.to(name);
        let (weight, bias) = (
            path.floats("weight", &[channels])?,
            path.floats("bias", &[channels])?,
        );
        Ok(LayerNorm { weight, bias, eps })
    }
}

pub(super) struct LayerNorm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) eps: f32,
}

impl LayerNorm {
    pub(super) fn forward(&self, input: &Matrix) -> Matrix {
        let mut out = Matrix::zeros(0, input.cols);
        self.forward_into(input, &mut out);
        out
    }

    pub(super) fn forward_into(&self, input: &Matrix, out: &mut Matrix) {
        out.reshape(input.rows(), input.cols);
        let rows = out
            .data
            .par_chunks_mut(input.cols)
            .zip(input.data.par_chunks(input.cols));
        rows.for_each(|(out, row)| {
            elementwise::layer_norm(row, out, [&self.weight, &self.bias], self.eps);
        });
    }
}

/// What layer after layer works in: new matrices would have to be cleared each time.
pub(super) struct Room {
    pub(super) normed: Matrix,
    pub(super) added: Matrix,
    pub(super) between: Between,
}

/// An attention's own.
pub(super) struct Between {
    q: Matrix,
    k: Matrix,
    v: Matrix,
    mixed: Matrix,
}

impl Room {
    pub(super) fn new() -> Self {
        let empty = || Matrix::zeros(0, 1);
        Self {
            normed: empty(),
            added: empty(),
            between: Between {
                q: empty(),
                k: empty(),
                v: empty(),
                mixed: empty(),
            },
        }
    }
}

pub(super) struct Attention {
    pub(super) to_q: Linear,
    pub(super) to_k: Linear,
    pub(super) to_v: Linear,
    pub(super) to_out: Linear,
    pub(super) heads: usize,
}

impl Attention {
    pub(super) fn forward(
        &self,
        tokens: &Matrix,
        context: &Matrix,
        Between { q, k, v, mixed }: &mut Between,
        out: &mut Matrix,
        pass: &Pass<'_>,
    ) -> Result<()> {
        let linear = |linear: &Linear, input: &Matrix, out: &mut Matrix| {
            linear.forward_into(input, out, pass.precision, pass.watch)
        };
        linear(&self.to_q, tokens, q)?;
        linear(&self.to_k, context, k)?;
        linear(&self.to_v, context, v)?;
        attention([q, k, v], self.heads, mixed, pass.precision, pass.watch)?;
        linear(&self.to_out, mixed, out)
    }

    pub(super) fn work(&self, tokens: usize, context: usize) -> usize {
        let own = self.to_q.work(tokens) + self.to_out.work(tokens);
        let other = self.to_k.work(context) + self.to_v.work(context);
        own + other + attention::work(tokens, context, self.to_q.outputs)
    }
}

/// Two linear layers with a GELU between them; the first may bring its own gate.
pub(super) struct FeedForward {
    pub(super) first: Linear,
    pub(super) second: Linear,
    pub(super) gated: bool,
}

/// Values of the middle that are made at a time: with their gates, a block's stay in the second cache.
const MIDDLE: usize = 4 * OUTPUTS;

impl FeedForward {
    /// A block of rows goes through both layers at once, so the wide middle is never whole.
    pub(super) fn forward(&self, input: &Matrix, out: &mut Matrix, pass: &Pass<'_>) -> Result<()> {
        let middle = self.second.inputs;
        let values = self.first.packed(0..middle, pass.precision);
        let gates = self.gated.then(|| {
            let gates = middle..2 * middle;
            self.first.packed(gates, pass.precision)
        });
        let second = self.second.packed(0..self.second.outputs, pass.precision);
        out.reshape(input.rows(), self.second.outputs);
        let blocks = out.data.par_chunks_mut(BLOCK * out.cols);
        let blocks = blocks.zip(input.data.par_chunks(BLOCK * input.cols));
        let room = || [middle, MIDDLE, MIDDLE].map(|width| vec![0.0; BLOCK * width]);
        blocks.try_for_each_init(room, |[whole, value, gate], (out, input)| {
            let rows = input.len() / self.first.inputs;
            let input = values.input(input);
            for first in (0..middle).step_by(MIDDLE) {
                let part = first..middle.min(first + MIDDLE);
                let value = &mut value[..rows * part.len()];
                values.multiply(&input, part.clone(), value);
                if let Some(gates) = &gates {
                    let gate = &mut gate[..rows * part.len()];
                    gates.multiply(&input, part.clone(), gate);
                    elementwise::geglu(value, gate);
                } else {
                    elementwise::gelu(value);
                }
                for (whole, value) in whole.chunks_mut(middle).zip(value.chunks(part.len())) {
                    whole[part.clone()].copy_from_slice(value);
                }
            }
            pass.watch.advance(self.first.work(rows))?;
            let input = second.input(&whole[..rows * middle]);
            second.multiply(&input, 0..self.second.outputs, out);
            pass.watch.advance(self.second.work(rows))
        })
    }

    pub(super) fn work(&self, rows: usize) -> usize {
        self.first.work(rows) + self.second.work(rows)
    }
}
