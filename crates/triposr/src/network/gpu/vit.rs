//! The image tokenizer on candle's tensors.

use candle_core::Tensor;

use super::layers::{Attention, FeedForward, LayerNorm, Linear, Place};
use super::{done, show};
use crate::error::Result;
use crate::network::layers::Path;
use crate::network::vit::patches;
use crate::network::{Network, Pass};
use crate::picture::Rgb;

/// The image tokenizer.
pub(super) struct Vit {
    projection: Linear,
    cls_token: Tensor,
    /// For as many patches as the picture has; the class token's first.
    position_embeddings: Tensor,
    layers: Vec<VitLayer>,
    layernorm: LayerNorm,
}

struct VitLayer {
    layernorm_before: LayerNorm,
    attention: Attention,
    layernorm_after: LayerNorm,
    feed_forward: FeedForward,
}

impl Vit {
    pub(super) fn open(network: &Network, path: &Path<'_>, place: &Place<'_>) -> Result<Self> {
        let vit = &network.config.vit;
        let hidden = vit.hidden;
        let embeddings = path.to("embeddings");
        let projection = embeddings.to("patch_embeddings.projection");
        let weight = place.factor(&projection, "weight", &[hidden, 3, vit.patch, vit.patch])?;
        let layers = (0..vit.layers).map(|layer| {
            let layer = path.to(&format!("encoder.layer.{layer}"));
            let attention = layer.to("attention.attention");
            let norm = |name| place.norm(&layer, name, hidden, vit.norm_eps);
            Ok(VitLayer {
                layernorm_before: norm("layernorm_before")?,
                attention: Attention {
                    to_q: place.linear(&attention, "query", hidden, hidden)?,
                    to_k: place.linear(&attention, "key", hidden, hidden)?,
                    to_v: place.linear(&attention, "value", hidden, hidden)?,
                    to_out: place.linear(&layer, "attention.output.dense", hidden, hidden)?,
                    heads: vit.heads,
                },
                layernorm_after: norm("layernorm_after")?,
                feed_forward: FeedForward {
                    first: place.linear(&layer, "intermediate.dense", vit.intermediate, hidden)?,
                    second: place.linear(&layer, "output.dense", hidden, vit.intermediate)?,
                    gated: false,
                },
            })
        });
        let cls_token = place.floats(&embeddings, "cls_token", &[1, 1, hidden])?;
        Ok(Self {
            projection: Linear {
                weight: weight.reshape((hidden, 3 * vit.patch * vit.patch))?,
                bias: Some(place.floats(&projection, "bias", &[hidden])?),
            },
            cls_token: cls_token.reshape((1, hidden))?,
            position_embeddings: place.matrix(&network.vit.position_embeddings)?,
            layers: layers.collect::<Result<_>>()?,
            layernorm: place.norm(path, "layernorm", hidden, vit.norm_eps)?,
        })
    }

    pub(super) fn forward(
        &self,
        network: &Network,
        picture: &Rgb,
        pass: &Pass<'_>,
    ) -> Result<Tensor> {
        let patches = patches(picture, network.config.vit.patch);
        let place = Place {
            device: self.cls_token.device(),
            factors: self.projection.weight.dtype(),
        };
        let patches = self.projection.forward(&place.matrix(&patches)?)?;
        show(pass, "vit.patch_embeddings", &patches)?;
        show(
            pass,
            "vit.pos_embed_interpolated",
            &self.position_embeddings,
        )?;
        let tokens = Tensor::cat(&[&self.cls_token, &patches], 0)?;
        let mut tokens = (tokens + &self.position_embeddings)?;
        show(pass, "vit.embeddings", &tokens)?;
        let work = network.vit.work(tokens.dim(0)?) / self.layers.len().max(1);
        for (index, layer) in self.layers.iter().enumerate() {
            let normed = layer.layernorm_before.forward(&tokens)?;
            tokens = (tokens + layer.attention.forward(&normed, &normed)?)?;
            let normed = layer.layernorm_after.forward(&tokens)?;
            tokens = (tokens + layer.feed_forward.forward(&normed)?)?;
            show(pass, &format!("vit.layer.{index}"), &tokens)?;
            done(&tokens, work, pass)?;
        }
        let tokens = self.layernorm.forward(&tokens)?;
        show(pass, "vit.last_hidden_state", &tokens)?;
        Ok(tokens)
    }
}
