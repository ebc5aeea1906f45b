//! The image tokenizer: DINO ViT (Caron et al. 2021) as Hugging Face's `ViTModel` runs it.

use super::Pass;
use super::layers::{Attention, FeedForward, LayerNorm, Path, Room};
use crate::config::Config;
use crate::error::Result;
use crate::kernels::Matrix;
use crate::kernels::linear::Linear;
use crate::picture::Rgb;

/// Mean and deviation of ImageNet's colours, which the ViT was trained with.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// The image tokenizer.
pub(super) struct Vit {
    projection: Linear,
    cls_token: Vec<f32>,
    /// For as many patches as the picture has; the class token's first.
    pub(super) position_embeddings: Matrix,
    layers: Vec<VitLayer>,
    layernorm: LayerNorm,
    patch: usize,
}

struct VitLayer {
    layernorm_before: LayerNorm,
    attention: Attention,
    layernorm_after: LayerNorm,
    feed_forward: FeedForward,
}

impl Vit {
    pub(super) fn open(config: &Config, path: &Path<'_>) -> Result<Self> {
        let vit = &config.vit;
        let (hidden, learnt, inputs) = (vit.hidden, vit.learnt_side(), 3 * vit.patch * vit.patch);
        let embeddings = path.to("embeddings");
        let positions =
            embeddings.floats("position_embeddings", &[1, learnt * learnt + 1, hidden])?;
        let projection = embeddings.to("patch_embeddings.projection");
        let weight = projection.name("weight");
        let weight = path
            .checkpoint
            .tensor(&weight, &[hidden, 3, vit.patch, vit.patch])?;
        let bias = projection.floats("bias", &[hidden])?;
        let layers = (0..vit.layers).map(|layer| {
            let layer = path.to(&format!("encoder.layer.{layer}"));
            let attention = layer.to("attention.attention");
            Ok(VitLayer {
                layernorm_before: layer.norm("layernorm_before", hidden, vit.norm_eps)?,
                attention: Attention {
                    to_q: attention.linear("query", hidden, hidden)?,
                    to_k: attention.linear("key", hidden, hidden)?,
                    to_v: attention.linear("value", hidden, hidden)?,
                    to_out: layer.linear("attention.output.dense", hidden, hidden)?,
                    heads: vit.heads,
                },
                layernorm_after: layer.norm("layernorm_after", hidden, vit.norm_eps)?,
                feed_forward: FeedForward {
                    first: layer.linear("intermediate.dense", vit.intermediate, hidden)?,
                    second: layer.linear("output.dense", hidden, vit.intermediate)?,
                    gated: false,
                },
            })
        });
        Ok(Self {
            projection: Linear::new(weight, hidden, inputs).with_bias(bias),
            cls_token: embeddings.floats("cls_token", &[1, 1, hidden])?,
            position_embeddings: stretched(positions, hidden, learnt, config.patches()),
            layers: layers.collect::<Result<_>>()?,
            layernorm: path.norm("layernorm", hidden, vit.norm_eps)?,
            patch: vit.patch,
        })
    }

    pub(super) fn forward(&self, picture: &Rgb, pass: &Pass<'_>) -> Result<Matrix> {
        let patches = patches(picture, self.patch);
        let patches = self
            .projection
            .forward(&patches, pass.precision, pass.watch)?;
        pass.show("vit.patch_embeddings", &patches.data);
        pass.show("vit.pos_embed_interpolated", &self.position_embeddings.data);
        let mut tokens = Matrix {
            cols: patches.cols,
            data: self.cls_token.clone(),
        };
        tokens.data.extend(&patches.data);
        tokens.add(&self.position_embeddings);
        pass.show("vit.embeddings", &tokens.data);
        let Room {
            normed,
            added,
            between,
        } = &mut Room::new();
        for (index, layer) in self.layers.iter().enumerate() {
            layer.layernorm_before.forward_into(&tokens, normed);
            (layer.attention).forward(normed, normed, between, added, pass)?;
            tokens.add(added);
            layer.layernorm_after.forward_into(&tokens, normed);
            layer.feed_forward.forward(normed, added, pass)?;
            tokens.add(added);
            pass.show(&format!("vit.layer.{index}"), &tokens.data);
        }
        let tokens = self.layernorm.forward(&tokens);
        pass.show("vit.last_hidden_state", &tokens.data);
        Ok(tokens)
    }

    pub(super) fn work(&self, tokens: usize) -> usize {
        let layers = self.layers.iter();
        let layer = |l: &VitLayer| l.attention.work(tokens, tokens) + l.feed_forward.work(tokens);
        self.projection.work(tokens - 1) + layers.map(layer).sum::<usize>()
    }
}

/// Patches as rows, normalised: channel by channel, each row by row.
pub(super) fn patches(picture: &Rgb, patch: usize) -> Matrix {
    let side = picture.width / patch;
    let mut rows = Matrix::zeros(side * side, 3 * patch * patch);
    for (index, out) in rows.data.chunks_mut(rows.cols).enumerate() {
        let (left, top) = (index % side * patch, index / side * patch);
        for (at, out) in out.iter_mut().enumerate() {
            let (channel, y, x) = (at / (patch * patch), at / patch % patch, at % patch);
            let value = picture.pixels[(top + y) * picture.width + left + x][channel];
            *out = (value - MEAN[channel]) / DEVIATION[channel];
        }
    }
    rows
}

/// Position embeddings for another number of patches: bicubic (Keys 1981, a = −0.75), edges
/// repeated. The scale has 0.1 patches added, as transformers 4.35 had it; without them the result
/// is 5.6 % off.
fn stretched(positions: Vec<f32>, hidden: usize, from: usize, to: usize) -> Matrix {
    if from == to {
        return Matrix {
            cols: hidden,
            data: positions,
        };
    }
    let scale = from as f64 / (to as f64 + 0.1);
    let taps: Vec<[(usize, f32); 4]> = (0..to)
        .map(|target| {
            let centre = ((target as f64 + 0.5) * scale - 0.5) as f32;
            let first = centre.floor() - 1.0;
            std::array::from_fn(|offset| {
                let at = first + offset as f32;
                (
                    at.clamp(0.0, from as f32 - 1.0) as usize,
                    cubic(centre - at),
                )
            })
        })
        .collect();
    let (class, grid) = positions.split_at(hidden);
    let mut data = class.to_vec();
    for down in &taps {
        for across in &taps {
            data.extend((0..hidden).map(|channel| {
                let value = |y, x| grid[(y * from + x) * hidden + channel];
                let row = |y| {
                    across
                        .iter()
                        .map(|&(x, weight)| weight * value(y, x))
                        .sum::<f32>()
                };
                down.iter().map(|&(y, weight)| weight * row(y)).sum::<f32>()
            }));
        }
    }
    Matrix { cols: hidden, data }
}

fn cubic(distance: f32) -> f32 {
    const A: f32 = -0.75;
    match distance.abs() {
        x if x <= 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        x if x < 2.0 => ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A,
        _ => 0.0,
    }
}
