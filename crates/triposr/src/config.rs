//! The two configuration files: `config.yaml` of TripoSR and `dino_vit_config.json` of its image
//! tokenizer. Every size in this crate comes from here.

mod yaml;

use crate::error::{Error, Result};
use yaml::Keys;

/// Name of TripoSR's configuration inside a model's folder.
pub const CONFIG_FILE: &str = "config.yaml";
/// Name of the image tokenizer's configuration; only needed if it isn't DINO ViT-B/16.
pub const VIT_CONFIG_FILE: &str = "dino_vit_config.json";

/// No size may exceed this, so that products of three of them can't overflow.
const LARGEST: usize = 1 << 16;

/// All sizes and constants of one network of the TripoSR family.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Pixels per side of the picture the network sees.
    pub image_size: usize,
    /// The image tokenizer.
    pub vit: VitConfig,
    /// Tokens per side of one of the three planes.
    pub plane_size: usize,
    /// The transformer from learnt plane tokens and image tokens to planes.
    pub backbone: BackboneConfig,
    /// Channels of the upsampled planes.
    pub plane_channels: usize,
    /// The multilayer perceptron from plane features to density and colour.
    pub decoder: DecoderConfig,
    /// The scene fills the cube from −radius to radius.
    pub radius: f32,
    /// Added to the decoder's density before `exp`.
    pub density_bias: f32,
    /// Samples along each ray when a view is rendered.
    pub samples_per_ray: usize,
}

/// A vision transformer (Dosovitskiy et al. 2020), as DINO trained it.
#[derive(Clone, Debug, PartialEq)]
pub struct VitConfig {
    /// Channels of a token.
    pub hidden: usize,
    /// Pixels per side of the pictures the position embeddings were learnt for.
    pub image_size: usize,
    /// Channels of the hidden layer in each block's perceptron.
    pub intermediate: usize,
    /// Added to the variance in every layer norm.
    pub norm_eps: f32,
    /// Attention heads.
    pub heads: usize,
    /// Blocks.
    pub layers: usize,
    /// Pixels per side of a patch.
    pub patch: usize,
}

/// The triplane transformer.
#[derive(Clone, Debug, PartialEq)]
pub struct BackboneConfig {
    /// Channels of the plane tokens.
    pub channels: usize,
    /// Attention heads.
    pub heads: usize,
    /// Channels per head.
    pub head_dim: usize,
    /// Blocks.
    pub layers: usize,
}

impl BackboneConfig {
    /// Channels inside the blocks.
    pub fn inner(&self) -> usize {
        self.heads * self.head_dim
    }

    /// Channels of the feed-forward's hidden layer after the gate.
    pub fn feed_forward(&self) -> usize {
        4 * self.inner()
    }
}

/// The decoder's perceptron.
#[derive(Clone, Debug, PartialEq)]
pub struct DecoderConfig {
    /// Channels of the hidden layers.
    pub neurons: usize,
    /// Hidden layers.
    pub hidden_layers: usize,
    /// What stands between the layers.
    pub activation: Activation,
}

/// A function between two layers of the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x · sigmoid(x)`.
    Silu,
    /// `max(x, 0)`.
    Relu,
}

impl VitConfig {
    /// facebook/dino-vitb16, which the published TripoSR was trained with.
    pub fn dino_vitb16() -> Self {
        Self {
            hidden: 768,
            image_size: 224,
            intermediate: 3072,
            norm_eps: 1e-12,
            heads: 12,
            layers: 12,
            patch: 16,
        }
    }

    /// Reads the JSON that Hugging Face's `ViTModel` is described by.
    ///
    /// # Errors
    /// [`Error::Config`] names the first key that is missing or asks for something else.
    pub fn from_json(text: &str) -> Result<Self> {
        let json: serde_json::Value =
            serde_json::from_str(text).map_err(|error| wrong_vit("(file)", error.to_string()))?;
        let size = |key: &str| {
            let value = json.get(key).and_then(serde_json::Value::as_u64);
            let value = value.and_then(|value| usize::try_from(value).ok());
            value
                .filter(|value| (1..=LARGEST).contains(value))
                .ok_or_else(|| {
                    wrong_vit(key, format!("must be a whole number from 1 to {LARGEST}"))
                })
        };
        let eps = json
            .get("layer_norm_eps")
            .and_then(serde_json::Value::as_f64);
        let config = Self {
            hidden: size("hidden_size")?,
            image_size: size("image_size")?,
            intermediate: size("intermediate_size")?,
            norm_eps: eps
                .filter(|eps| (0.0..1.0).contains(eps))
                .map(|eps| eps as f32)
                .ok_or_else(|| {
                    wrong_vit("layer_norm_eps", "must be a number from 0 to 1".into())
                })?,
            heads: size("num_attention_heads")?,
            layers: size("num_hidden_layers")?,
            patch: size("patch_size")?,
        };
        if json.get("hidden_act").is_some_and(|act| act != "gelu") {
            return Err(wrong_vit("hidden_act", "only gelu is known".into()));
        }
        if json.get("qkv_bias").is_some_and(|bias| bias != true) {
            return Err(wrong_vit("qkv_bias", "only true is known".into()));
        }
        if size("num_channels")? != 3 {
            return Err(wrong_vit("num_channels", "must be 3".into()));
        }
        if !config.hidden.is_multiple_of(config.heads) {
            return Err(wrong_vit(
                "hidden_size",
                "must be a multiple of the heads".into(),
            ));
        }
        if config.image_size < config.patch {
            return Err(wrong_vit(
                "image_size",
                "must hold at least one patch".into(),
            ));
        }
        Ok(config)
    }

    /// Patches per side of the pictures the position embeddings were learnt for.
    pub fn learnt_side(&self) -> usize {
        self.image_size / self.patch
    }
}

fn wrong_vit(key: &str, problem: String) -> Error {
    Error::Config {
        file: VIT_CONFIG_FILE,
        key: key.into(),
        problem,
    }
}

impl Config {
    /// Reads `config.yaml`; `vit_json` is the text of `dino_vit_config.json` if there is one.
    ///
    /// # Errors
    /// [`Error::Config`] names the first key that is missing or asks for something this crate
    /// doesn't do.
    pub fn from_text(yaml: &str, vit_json: Option<&str>) -> Result<Self> {
        let keys = Keys::read(yaml)?;
        for (key, class) in [
            (
                "image_tokenizer_cls",
                "tsr.models.tokenizers.image.DINOSingleImageTokenizer",
            ),
            (
                "tokenizer_cls",
                "tsr.models.tokenizers.triplane.Triplane1DTokenizer",
            ),
            (
                "backbone_cls",
                "tsr.models.transformer.transformer_1d.Transformer1D",
            ),
            (
                "post_processor_cls",
                "tsr.models.network_utils.TriplaneUpsampleNetwork",
            ),
            ("decoder_cls", "tsr.models.network_utils.NeRFMLP"),
            (
                "renderer_cls",
                "tsr.models.nerf_renderer.TriplaneNeRFRenderer",
            ),
            ("renderer.feature_reduction", "concat"),
            ("renderer.density_activation", "exp"),
        ] {
            keys.only(key, class)?;
        }
        let vit = match vit_json {
            Some(json) => VitConfig::from_json(json)?,
            None => {
                let name = "image_tokenizer.pretrained_model_name_or_path";
                keys.only(name, "facebook/dino-vitb16")?;
                VitConfig::dino_vitb16()
            }
        };
        let activation = match keys.text("decoder.activation")? {
            "silu" => Activation::Silu,
            "relu" => Activation::Relu,
            _ => return Err(keys.wrong("decoder.activation", "only silu and relu are known")),
        };
        let config = Self {
            image_size: keys.size("cond_image_size", LARGEST)?,
            vit,
            plane_size: keys.size("tokenizer.plane_size", 1 << 10)?,
            backbone: BackboneConfig {
                channels: keys.size("tokenizer.num_channels", LARGEST)?,
                heads: keys.size("backbone.num_attention_heads", 1 << 10)?,
                head_dim: keys.size("backbone.attention_head_dim", 1 << 10)?,
                layers: keys.size("backbone.num_layers", 1 << 10)?,
            },
            plane_channels: keys.size("post_processor.out_channels", LARGEST)?,
            decoder: DecoderConfig {
                neurons: keys.size("decoder.n_neurons", 1 << 12)?,
                hidden_layers: keys.size("decoder.n_hidden_layers", 1 << 10)?,
                activation,
            },
            radius: keys.positive("renderer.radius")?,
            density_bias: keys.number("renderer.density_bias")?,
            samples_per_ray: keys.size("renderer.num_samples_per_ray", 1 << 12)?,
        };
        // Sizes that are written down twice have to agree.
        for (key, expected) in [
            ("backbone.in_channels", config.backbone.channels),
            ("backbone.cross_attention_dim", config.vit.hidden),
            ("post_processor.in_channels", config.backbone.channels),
            ("decoder.in_channels", 3 * config.plane_channels),
        ] {
            if keys.size(key, 3 * LARGEST)? != expected {
                return Err(keys.wrong(key, &format!("must be {expected} to fit the rest")));
            }
        }
        if !config
            .backbone
            .channels
            .is_multiple_of(crate::network::GROUPS)
        {
            return Err(keys.wrong("tokenizer.num_channels", "must be a multiple of 32"));
        }
        if !config.image_size.is_multiple_of(config.vit.patch) {
            return Err(keys.wrong("cond_image_size", "must be a multiple of the patch size"));
        }
        Ok(config)
    }

    /// Outputs and inputs of a layer of the decoder; the last has density and three colours.
    pub(crate) fn decoder_layer(&self, layer: usize) -> (usize, usize) {
        let DecoderConfig {
            neurons,
            hidden_layers,
            ..
        } = self.decoder;
        let inputs = if layer == 0 {
            3 * self.plane_channels
        } else {
            neurons
        };
        (if layer == hidden_layers { 4 } else { neurons }, inputs)
    }

    /// Image patches per side.
    pub fn patches(&self) -> usize {
        self.image_size / self.vit.patch
    }

    /// Tokens of the three planes.
    pub fn plane_tokens(&self) -> usize {
        3 * self.plane_size * self.plane_size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: &str = include_str!("../tests/data/published-size-config.yaml");

    #[test]
    fn the_published_config_is_read_with_its_interpolation() {
        let config = Config::from_text(PUBLISHED, None).unwrap();
        assert_eq!(config.plane_tokens(), 3072);
        assert_eq!(config.backbone.inner(), 1024);
        assert_eq!(config.patches(), 32);
        assert_eq!(config.decoder.neurons, 64);
        assert_eq!(config.density_bias, -1.0);
    }

    #[test]
    fn errors_name_the_key() {
        for (from, to, key) in [
            ("plane_size: 32", "plane_size: big", "tokenizer.plane_size"),
            ("radius: 0.87", "radius: -1", "renderer.radius"),
            ("num_layers: 16", "numb_layers: 16", "backbone.num_layers"),
            (
                "n_neurons: 64",
                "n_neurons: 99999999999",
                "decoder.n_neurons",
            ),
            (
                "${tokenizer.num_channels}",
                "${tokenizer.nothing}",
                "backbone.in_channels",
            ),
            (
                "in_channels: 120",
                "in_channels: 121",
                "decoder.in_channels",
            ),
            (
                "feature_reduction: concat",
                "feature_reduction: mean",
                "renderer.feature_reduction",
            ),
        ] {
            assert!(PUBLISHED.contains(from), "{from}");
            let error = Config::from_text(&PUBLISHED.replace(from, to), None).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
        }
    }

    #[test]
    fn an_odd_vit_is_refused_by_name() {
        let json = include_str!("../tests/data/dino_vit_config.json");
        assert_eq!(VitConfig::from_json(json).unwrap().learnt_side(), 2);
        let odd = json.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 3");
        let error = VitConfig::from_json(&odd).unwrap_err();
        assert!(error.to_string().contains("hidden_size"), "{error}");
    }
}
