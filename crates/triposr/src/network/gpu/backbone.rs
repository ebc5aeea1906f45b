//! The triplane transformer on candle's tensors.

use candle_core::Tensor;

use super::layers::{Attention, FeedForward, LayerNorm, Linear, Place, normalised};
use super::{done, show};
use crate::config::Config;
use crate::error::Result;
use crate::network::backbone::{GROUP_EPS, LAYER_EPS};
use crate::network::layers::Path;
use crate::network::{GROUPS, Pass};

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
    pub(super) fn open(config: &Config, path: &Path<'_>, place: &Place<'_>) -> Result<Self> {
        let (channels, inner) = (config.backbone.channels, config.backbone.inner());
        let blocks = (0..config.backbone.layers).map(|block| {
            let block = path.to(&format!("transformer_blocks.{block}"));
            let norm = |name| place.norm(&block, name, inner, LAYER_EPS);
            let attention = |name: &str, context| -> Result<Attention> {
                let path = block.to(name);
                Ok(Attention {
                    to_q: place.unbiased(&path, "to_q", inner, inner)?,
                    to_k: place.unbiased(&path, "to_k", inner, context)?,
                    to_v: place.unbiased(&path, "to_v", inner, context)?,
                    to_out: place.linear(&path, "to_out.0", inner, inner)?,
                    heads: config.backbone.heads,
                })
            };
            let hidden = config.backbone.feed_forward();
            Ok(Block {
                norm1: norm("norm1")?,
                attn1: attention("attn1", inner)?,
                norm2: norm("norm2")?,
                attn2: attention("attn2", config.vit.hidden)?,
                norm3: norm("norm3")?,
                ff: FeedForward {
                    first: place.linear(&block, "ff.net.0.proj", 2 * hidden, inner)?,
                    second: place.linear(&block, "ff.net.2", inner, hidden)?,
                    gated: true,
                },
            })
        });
        Ok(Self {
            norm: place.norm(path, "norm", channels, GROUP_EPS)?,
            proj_in: place.linear(path, "proj_in", inner, channels)?,
            transformer_blocks: blocks.collect::<Result<_>>()?,
            proj_out: place.linear(path, "proj_out", channels, inner)?,
        })
    }

    /// `work` is what the progress of all of it counts.
    pub(super) fn forward(
        &self,
        planes: &Tensor,
        image: &Tensor,
        work: usize,
        pass: &Pass<'_>,
    ) -> Result<Tensor> {
        let normed = group_norm(&planes.t()?, &self.norm)?;
        show(pass, "backbone.group_norm", &normed)?;
        let mut tokens = self.proj_in.forward(&normed.t()?.contiguous()?)?;
        show(pass, "backbone.proj_in", &tokens)?;
        let work = work / self.transformer_blocks.len().max(1);
        for (index, block) in self.transformer_blocks.iter().enumerate() {
            let show = |part: &str, tensor: &Tensor| {
                show(pass, &format!("backbone.block.{index}{part}"), tensor)
            };
            let normed = block.norm1.forward(&tokens)?;
            show(".norm1", &normed)?;
            let added = block.attn1.forward(&normed, &normed)?;
            show(".attn1", &added)?;
            tokens = (tokens + added)?;
            let normed = block.norm2.forward(&tokens)?;
            show(".norm2", &normed)?;
            let added = block.attn2.forward(&normed, image)?;
            show(".attn2", &added)?;
            tokens = (tokens + added)?;
            let normed = block.norm3.forward(&tokens)?;
            show(".norm3", &normed)?;
            let added = block.ff.forward(&normed)?;
            show(".ff", &added)?;
            tokens = (tokens + added)?;
            show("", &tokens)?;
            done(&tokens, work, pass)?;
        }
        let tokens = self.proj_out.forward(&tokens)?;
        show(pass, "backbone.proj_out", &tokens)?;
        let tokens = (tokens + planes)?;
        show(pass, "backbone.out", &tokens.t()?)?;
        Ok(tokens)
    }
}

/// Group norm of channels × tokens.
fn group_norm(input: &Tensor, norm: &LayerNorm) -> Result<Tensor> {
    let (channels, tokens) = input.dims2()?;
    let groups = input.reshape((GROUPS, channels / GROUPS * tokens))?;
    let normed = normalised(&groups, norm.eps)?.reshape((channels, tokens))?;
    let normed = normed.broadcast_mul(&norm.weight.reshape((channels, 1))?)?;
    Ok(normed.broadcast_add(&norm.bias.reshape((channels, 1))?)?)
}
