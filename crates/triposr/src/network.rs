//! The network, from pixels to planes. Fields and paths mirror the checkpoint's names.

mod backbone;
#[cfg(feature = "candle")]
pub(crate) mod gpu;
#[cfg(not(feature = "candle"))]
#[path = "network/no_gpu.rs"]
pub(crate) mod gpu;
mod layers;
mod vit;

use std::sync::Arc;

use crate::config::Config;
use crate::error::Result;
use crate::kernels::decoder::Decoder;
use crate::kernels::panel::{Panels, Spread};
use crate::kernels::{Matrix, Precision};
use crate::picture::Rgb;
use crate::progress::{Stage, Watch};
use backbone::Backbone;
use checkpoint::Checkpoint;
use layers::Path;
use vit::Vit;

/// Groups of the backbone's group norm.
pub(crate) const GROUPS: usize = 32;

/// One pass: how to multiply, whom to tell, and who wants to see what happens in between.
pub(crate) struct Pass<'a> {
    pub(crate) precision: Precision,
    pub(crate) watch: &'a Watch,
    /// Called with each stage's name and values.
    pub(crate) probe: Option<&'a Probe<'a>>,
}

/// Sees a stage's name and values.
pub(crate) type Probe<'a> = dyn Fn(&str, &[f32]) + Sync + 'a;

impl Pass<'_> {
    fn show(&self, name: &str, values: &[f32]) {
        if let Some(probe) = self.probe {
            probe(name, values);
        }
    }

    /// For values that are made only to be seen.
    fn show_made(&self, name: &str, values: impl FnOnce() -> Vec<f32>) {
        if let Some(probe) = self.probe {
            probe(name, &values());
        }
    }
}

/// All layers. Their weights stay in the mapped file.
pub(crate) struct Network {
    config: Config,
    vit: Vit,
    backbone: Backbone,
    /// The planes' learnt tokens, (3 · side²) × channels.
    embeddings: Matrix,
    upsample: Upsample,
    pub(crate) decoder: Arc<Decoder>,
}

impl Network {
    /// # Errors
    /// [`crate::Error::Weights`] for the first tensor that doesn't fit.
    pub(crate) fn open(config: &Config, checkpoint: &Checkpoint) -> Result<Self> {
        checkpoint.check(&crate::shapes::expected(config))?;
        let root = Path {
            checkpoint,
            at: String::new(),
        };
        let (channels, side) = (config.backbone.channels, config.plane_size);
        let embeddings = root.floats("tokenizer.embeddings", &[3, channels, side, side])?;
        let planes = embeddings.chunks(channels * side * side).flat_map(|plane| {
            Matrix {
                cols: side * side,
                data: plane.to_vec(),
            }
            .transposed()
            .data
        });
        let layers = (0..=config.decoder.hidden_layers).map(|layer| {
            let (outputs, inputs) = config.decoder_layer(layer);
            let layer = root.to(&format!("decoder.layers.{}", 2 * layer));
            Ok((
                layer.floats("weight", &[outputs, inputs])?,
                layer.floats("bias", &[outputs])?,
            ))
        });
        let layers: Vec<_> = layers.collect::<Result<_>>()?;
        Ok(Self {
            config: config.clone(),
            vit: Vit::open(config, &root.to("image_tokenizer.model"))?,
            backbone: Backbone::open(config, &root.to("backbone"))?,
            embeddings: Matrix {
                cols: channels,
                data: planes.collect(),
            },
            upsample: Upsample::open(config, &root.to("post_processor.upsample"))?,
            decoder: Arc::new(Decoder::new(config.decoder.activation, &layers)),
        })
    }

    /// Multiplications of one pass.
    pub(crate) fn work(&self) -> usize {
        let tokens = self.config.patches().pow(2) + 1;
        self.vit.work(tokens) + self.backbone.work(self.config.plane_tokens(), tokens)
    }

    /// The three planes, one after another: `(2 · side)²` texels of channels each.
    pub(crate) fn forward(&self, picture: &Rgb, pass: &Pass<'_>) -> Result<Matrix> {
        self.between(picture, pass, |picture| {
            let image_tokens = self.vit.forward(picture, pass)?;
            pass.watch.enter(Stage::Planes);
            let tokens = (self.backbone).forward(&self.embeddings, &image_tokens, pass)?;
            Ok(self.upsample.forward(&tokens))
        })
    }

    /// What every device has before and after its own part: the picture in the network's size, and
    /// the planes as the reference orders them for whoever looks.
    fn between(
        &self,
        picture: &Rgb,
        pass: &Pass<'_>,
        planes: impl FnOnce(&Rgb) -> Result<Matrix>,
    ) -> Result<Matrix> {
        let picture = picture.resized(self.config.image_size)?;
        pass.show("rgb_cond", picture.pixels.as_flattened());
        let planes = planes(&picture)?;
        pass.show_made("scene_codes", || {
            let plane = planes.data.len() / 3;
            let codes = planes.data.chunks(plane).flat_map(|plane| {
                let plane = plane.to_vec();
                let cols = planes.cols;
                Matrix { cols, data: plane }.transposed().data
            });
            codes.collect()
        });
        Ok(planes)
    }
}

/// Doubles the planes' sides: each token becomes four texels (a transposed convolution whose
/// stride is its size).
struct Upsample {
    /// `channels × (outputs · 4)`.
    weight: Vec<f32>,
    bias: Vec<f32>,
    side: usize,
}

impl Upsample {
    fn open(config: &Config, path: &Path<'_>) -> Result<Self> {
        let outputs = config.plane_channels;
        let weight = path.floats("weight", &[config.backbone.channels, outputs, 2, 2])?;
        Ok(Self {
            weight,
            bias: path.floats("bias", &[outputs])?,
            side: config.plane_size,
        })
    }

    fn forward(&self, tokens: &Matrix) -> Matrix {
        let (outputs, side) = (self.bias.len(), self.side);
        let mut quads = Matrix::zeros(tokens.rows(), 4 * outputs);
        Panels::from_rows(&self.weight, quads.cols, quads.cols, tokens.cols).add_product(
            &Spread::new(&tokens.data, tokens.cols),
            0..quads.cols,
            &mut quads.data,
        );
        let mut planes = Matrix::zeros(4 * tokens.rows(), outputs);
        for (token, quad) in quads.data.chunks(quads.cols).enumerate() {
            let (plane, y, x) = (token / (side * side), token / side % side, token % side);
            for (at, value) in quad.iter().enumerate() {
                let (channel, down, right) = (at / 4, at / 2 % 2, at % 2);
                let row = plane * 2 * side + 2 * y + down;
                let texel = row * 2 * side + 2 * x + right;
                planes.data[texel * outputs + channel] = value + self.bias[channel];
            }
        }
        planes
    }
}
