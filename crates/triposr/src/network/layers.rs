//! What both transformers are made of, and how each finds its weights.

use checkpoint::Checkpoint;
use rayon::prelude::*;

use super::Pass;
use crate::error::Result;
use crate::kernels::attention::{self, attention};
use crate::kernels::linear::{BLOCK, Linear};
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
        let mut out = Matrix::zeros(input.rows(), input.cols);
        let rows = out
            .data
            .par_chunks_mut(input.cols)
            .zip(input.data.par_chunks(input.cols));
        rows.for_each(|(out, row)| {
            elementwise::layer_norm(row, out, [&self.weight, &self.bias], self.eps);
        });
        out
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
        pass: &Pass<'_>,
    ) -> Result<Matrix> {
        let linear = |linear: &Linear, input| linear.forward(input, pass.precision, pass.watch);
        let q = linear(&self.to_q, tokens)?;
        let k = linear(&self.to_k, context)?;
        let v = linear(&self.to_v, context)?;
        let mixed = attention([&q, &k, &v], self.heads, pass.precision, pass.watch)?;
        linear(&self.to_out, &mixed)
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

impl FeedForward {
    /// A block of rows goes through both layers at once, so the wide middle is never whole.
    pub(super) fn forward(&self, input: &Matrix, pass: &Pass<'_>) -> Result<Matrix> {
        let first = self.first.packed(pass.precision);
        let second = self.second.packed(pass.precision);
        let mut out = Matrix::zeros(input.rows(), self.second.outputs);
        let blocks = out.data.par_chunks_mut(BLOCK * out.cols);
        blocks
            .zip(input.data.par_chunks(BLOCK * input.cols))
            .try_for_each(|(out, input)| {
                let rows = input.len() / self.first.inputs;
                let mut middle = vec![0.0; rows * self.first.outputs];
                first.rows(input, &mut middle);
                pass.watch.advance(self.first.work(rows))?;
                if self.gated {
                    let mut gated = vec![0.0; rows * self.second.inputs];
                    elementwise::geglu(&middle, &mut gated, self.second.inputs);
                    middle = gated;
                } else {
                    elementwise::gelu(&mut middle);
                }
                second.rows(&middle, out);
                pass.watch.advance(self.second.work(rows))
            })?;
        Ok(out)
    }

    pub(super) fn work(&self, rows: usize) -> usize {
        self.first.work(rows) + self.second.work(rows)
    }
}
