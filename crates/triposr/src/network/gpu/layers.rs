//! What both transformers are made of, on candle's tensors. A tensor of tokens is tokens × channels.

use candle_core::{D, DType, Device, Tensor};

use crate::error::Result;
use crate::kernels::Matrix;
use crate::network::layers::Path;

/// Queries that are compared with all keys at once: at the published size their scores take 200 MB,
/// those of all queries would take 600, and softmax needs them several times.
const QUERIES: usize = 1024;

/// Where weights go.
pub(super) struct Place<'a> {
    pub(super) device: &'a Device,
    /// What the factors of products are rounded to.
    pub(super) factors: DType,
}

impl Place<'_> {
    pub(super) fn floats(&self, path: &Path<'_>, name: &str, shape: &[usize]) -> Result<Tensor> {
        let weights = path.checkpoint.tensor(&path.name(name), shape)?;
        let tensor = Tensor::from_slice(&weights.floats(), shape, self.device)?;
        weights.forget();
        Ok(tensor)
    }

    /// A weight that is a factor of products.
    pub(super) fn factor(&self, path: &Path<'_>, name: &str, shape: &[usize]) -> Result<Tensor> {
        Ok(self.floats(path, name, shape)?.to_dtype(self.factors)?)
    }

    pub(super) fn matrix(&self, matrix: &Matrix) -> Result<Tensor> {
        let shape = (matrix.rows(), matrix.cols);
        Ok(Tensor::from_slice(&matrix.data, shape, self.device)?)
    }

    pub(super) fn linear(
        &self,
        path: &Path<'_>,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Linear> {
        Ok(Linear {
            bias: Some(self.floats(path, &format!("{name}.bias"), &[outputs])?),
            ..self.unbiased(path, name, outputs, inputs)?
        })
    }

    pub(super) fn unbiased(
        &self,
        path: &Path<'_>,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Linear> {
        let weight = self.factor(path, &format!("{name}.weight"), &[outputs, inputs])?;
        Ok(Linear { weight, bias: None })
    }

    pub(super) fn norm(
        &self,
        path: &Path<'_>,
        name: &str,
        channels: usize,
        eps: f32,
    ) -> Result<LayerNorm> {
        let path = path.to(name);
        Ok(LayerNorm {
            weight: self.floats(&path, "weight", &[channels])?,
            bias: self.floats(&path, "bias", &[channels])?,
            eps: f64::from(eps),
        })
    }
}

/// A product whose factors are rounded as the second is, in f32 again.
pub(super) fn product(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    let left = left.to_dtype(right.dtype())?;
    if left.device().is_cpu() {
        // candle multiplies no bf16 here. What GPUs do with it is to sum exact products in f32.
        let right = right.to_dtype(DType::F32)?;
        return Ok(left.to_dtype(DType::F32)?.matmul(&right)?);
    }
    Ok(left.matmul(right)?.to_dtype(DType::F32)?)
}

/// `y = x · Wᵀ + b`.
pub(super) struct Linear {
    pub(super) weight: Tensor,
    pub(super) bias: Option<Tensor>,
}

impl Linear {
    pub(super) fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let out = product(input, &self.weight.t()?)?;
        Ok(match &self.bias {
            Some(bias) => out.broadcast_add(bias)?,
            None => out,
        })
    }
}

/// Rows of mean zero and variance one.
pub(super) fn normalised(rows: &Tensor, eps: f64) -> Result<Tensor> {
    let rows = rows.broadcast_sub(&rows.mean_keepdim(D::Minus1)?)?;
    let variance = rows.sqr()?.mean_keepdim(D::Minus1)?;
    Ok(rows.broadcast_div(&variance.affine(1.0, eps)?.sqrt()?)?)
}

pub(super) struct LayerNorm {
    pub(super) weight: Tensor,
    pub(super) bias: Tensor,
    pub(super) eps: f64,
}

impl LayerNorm {
    pub(super) fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let normed = normalised(input, self.eps)?.broadcast_mul(&self.weight)?;
        Ok(normed.broadcast_add(&self.bias)?)
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
    pub(super) fn forward(&self, tokens: &Tensor, context: &Tensor) -> Result<Tensor> {
        let factors = self.to_q.weight.dtype();
        // Heads × tokens × the head's channels.
        let heads = |linear: &Linear, input: &Tensor| -> Result<Tensor> {
            let all = linear.forward(input)?.to_dtype(factors)?;
            let (count, channels) = all.dims2()?;
            let split = all.reshape((count, self.heads, channels / self.heads))?;
            Ok(split.transpose(0, 1)?.contiguous()?)
        };
        let (q, k, v) = (
            heads(&self.to_q, tokens)?,
            heads(&self.to_k, context)?,
            heads(&self.to_v, context)?,
        );
        let (_, count, channels) = q.dims3()?;
        let (k, scale) = (k.t()?, (channels as f64).sqrt().recip());
        let mixed = (0..count).step_by(QUERIES).map(|first| {
            let q = q.narrow(1, first, QUERIES.min(count - first))?;
            let scores = product(&q.contiguous()?, &k)?;
            product(&softmax(&scores.affine(scale, 0.0)?)?, &v)
        });
        let mixed = Tensor::cat(&mixed.collect::<Result<Vec<_>>>()?, 1)?;
        let mixed = mixed.transpose(0, 1)?.contiguous()?;
        self.to_out
            .forward(&mixed.reshape((count, self.heads * channels))?)
    }
}

/// Over the last dimension.
fn softmax(scores: &Tensor) -> Result<Tensor> {
    let scores = scores
        .broadcast_sub(&scores.max_keepdim(D::Minus1)?)?
        .exp()?;
    Ok(scores.broadcast_div(&scores.sum_keepdim(D::Minus1)?)?)
}

/// Two linear layers with a GELU between them; the first may bring its own gate.
pub(super) struct FeedForward {
    pub(super) first: Linear,
    pub(super) second: Linear,
    pub(super) gated: bool,
}

impl FeedForward {
    pub(super) fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let middle = self.first.forward(input)?;
        let middle = if self.gated {
            let hidden = middle.dim(1)? / 2;
            let value = middle.narrow(1, 0, hidden)?;
            let gate = middle.narrow(1, hidden, hidden)?;
            (value * gate.contiguous()?.gelu_erf()?)?
        } else {
            middle.gelu_erf()?
        };
        self.second.forward(&middle)
    }
}
