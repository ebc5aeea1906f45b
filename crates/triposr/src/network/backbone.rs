//! The triplane transformer: blocks as in diffusers, self-attention, attention to the image tokens,
//! gated feed-forward, each after a layer norm.

use super::layers::{Attention, FeedForward, LayerNorm, Path, Room};
use super::{GROUPS, Pass};
use crate::config::Config;
use crate::error::Result;
use crate::kernels::linear::Linear;
use crate::kernels::{Matrix, elementwise};

/// Added to the variance in the group norm and the layer norms.
pub(super) const GROUP_EPS: f32 = 1e-6;
pub(super) const LAYER_EPS: f32 = 1e-5;

/// The triplane transformer.
pub(super) struct Backbone {
    norm: LayerNorm,
    proj_in: Linear,
    transformer_blocks: Vec<Block>,
    proj_out: Linear,
}

struct Block {
    norm1: LayerNorm,
    attn1: Attention,
    norm2: LayerNorm,
    attn2: Attention,
    norm3: LayerNorm,
    ff: FeedForward,
}

impl Backbone {
    pub(super) fn open(config: &Config, path: &Path<'_>) -> Result<Self> {
        let (channels, inner) = (config.backbone.channels, config.backbone.inner());
        let blocks = (0..config.backbone.layers).map(|block| {
            let block = path.to(&format!("transformer_blocks.{block}"));
            let attention = |name: &str, context| -> Result<Attention> {
                let path = block.to(name);
                Ok(Attention {
                    to_q: path.unbiased("to_q", inner, inner)?,
                    to_k: path.unbiased("to_k", inner, context)?,
                    to_v: path.unbiased("to_v", inner, context)?,
                    to_out: path.linear("to_out.0", inner, inner)?,
                    heads: config.backbone.heads,
                })
            };
            let hidden = config.backbone.feed_forward();
            Ok(Block {
                norm1: block.norm("norm1", inner, LAYER_EPS)?,
                attn1: attention("attn1", inner)?,
                norm2: block.norm("norm2", inner, LAYER_EPS)?,
                attn2: attention("attn2", config.vit.hidden)?,
                norm3: block.norm("norm3", inner, LAYER_EPS)?,
                ff: FeedForward {
                    first: block.linear("ff.net.0.proj", 2 * hidden, inner)?,
                    second: block.linear("ff.net.2", inner, hidden)?,
                    gated: true,
                },
            })
        });
        Ok(Self {
            norm: path.norm("norm", channels, GROUP_EPS)?,
            proj_in: path.linear("proj_in", inner, channels)?,
            transformer_blocks: blocks.collect::<Result<_>>()?,
            proj_out: path.linear("proj_out", channels, inner)?,
        })
    }

    pub(super) fn forward(
        &self,
        planes: &Matrix,
        image: &Matrix,
        pass: &Pass<'_>,
    ) -> Result<Matrix> {
        let probe = |name: &str, values: &[f32]| pass.show(name, values);
        let normed = group_norm(&planes.transposed(), &self.norm);
        probe("backbone.group_norm", &normed.data);
        let normed = normed.transposed();
        let mut tokens = self.proj_in.forward(&normed, pass.precision, pass.watch)?;
        probe("backbone.proj_in", &tokens.data);
        let Room {
            normed,
            added,
            between,
        } = &mut Room::new();
        for (index, block) in self.transformer_blocks.iter().enumerate() {
            let name = |part: &str| format!("backbone.block.{index}{part}");
            block.norm1.forward_into(&tokens, normed);
            probe(&name(".norm1"), &normed.data);
            (block.attn1).forward(normed, normed, between, added, pass)?;
            probe(&name(".attn1"), &added.data);
            tokens.add(added);
            block.norm2.forward_into(&tokens, normed);
            probe(&name(".norm2"), &normed.data);
            (block.attn2).forward(normed, image, between, added, pass)?;
            probe(&name(".attn2"), &added.data);
            tokens.add(added);
            block.norm3.forward_into(&tokens, normed);
            probe(&name(".norm3"), &normed.data);
            block.ff.forward(normed, added, pass)?;
            probe(&name(".ff"), &added.data);
            tokens.add(added);
            probe(&name(""), &tokens.data);
        }
        let mut tokens = self.proj_out.forward(&tokens, pass.precision, pass.watch)?;
        probe("backbone.proj_out", &tokens.data);
        tokens.add(planes);
        pass.show_made("backbone.out", || tokens.transposed().data);
        Ok(tokens)
    }

    pub(super) fn work(&self, tokens: usize, image: usize) -> usize {
        let block = |block: &Block| {
            let attention = block.attn1.work(tokens, tokens) + block.attn2.work(tokens, image);
            attention + block.ff.work(tokens)
        };
        let ends = self.proj_in.work(tokens) + self.proj_out.work(tokens);
        ends + self.transformer_blocks.iter().map(block).sum::<usize>()
    }
}

/// Group norm of channels × tokens.
fn group_norm(input: &Matrix, norm: &LayerNorm) -> Matrix {
    let mut out = input.clone();
    let channels = input.rows() / GROUPS;
    for (group, values) in out.data.chunks_mut(channels * input.cols).enumerate() {
        let (mean, inverse) = elementwise::moments(values, norm.eps);
        for (channel, row) in (group * channels..).zip(values.chunks_mut(input.cols)) {
            for value in row {
                *value = (*value - mean) * inverse * norm.weight[channel] + norm.bias[channel];
            }
        }
    }
    out
}
