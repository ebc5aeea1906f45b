//! The same network on candle's tensors, for GPUs. Names and weight paths are those of the processor's
//! path beside it. What is small and done once per picture (resizing, patches, stretched position
//! embeddings) is taken from there; the planes come back to the processor, where the scene lives.
//!
//! candle's own CPU device runs this very code, so that everything but the device is held against the
//! reference on any machine. Sums, norms and softmax are f32; only what two matrices bring into a product is
//! rounded if that is asked for. On a GPU the same picture may give other bytes than on another one.

mod backbone;
mod layers;
mod vit;

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::utils::{cuda_is_available, metal_is_available};
use candle_core::{DType, Tensor};
use checkpoint::Checkpoint;

use super::layers::Path;
use super::{Network, Pass};
use crate::config::Config;
use crate::device::Device;
use crate::error::{Error, Result};
use crate::kernels::{Matrix, Precision};
use crate::picture::Rgb;
use crate::progress::Stage;
use backbone::Backbone;
use layers::{Place, product};
use vit::Vit;

/// A device, and the weights on it once a picture has come.
pub(crate) struct Gpu {
    device: candle_core::Device,
    placed: Mutex<Option<(Precision, Arc<Placed>)>>,
}

impl Gpu {
    /// Nothing for the processor with our own kernels.
    ///
    /// # Errors
    /// [`Error::NoGpuSupport`] if this was built for no GPU, [`Error::Device`] if there is none.
    pub(crate) fn open(device: Device) -> Result<Option<Self>> {
        let device = match device {
            Device::Auto | Device::Cpu => return Ok(None),
            Device::CandleCpu => candle_core::Device::Cpu,
            Device::Gpu if cuda_is_available() => candle_core::Device::new_cuda(0)?,
            Device::Gpu if metal_is_available() => candle_core::Device::new_metal(0)?,
            Device::Gpu => return Err(Error::NoGpuSupport),
        };
        Ok(Some(Self {
            device,
            placed: Mutex::default(),
        }))
    }

    /// # Errors
    /// [`Error::Precision`] for what only the processor multiplies.
    pub(crate) fn resolved(&self, precision: Precision) -> Result<Precision> {
        match precision {
            // Whether rounding pays on a GPU nobody has measured yet.
            Precision::F32 | Precision::Auto => Ok(Precision::F32),
            Precision::Bf16 => Ok(Precision::Bf16),
            Precision::Int8 => Err(Error::Precision {
                precision: precision.name(),
            }),
        }
    }

    /// The three planes, as [`Network::forward`] gives them. The first call with a precision copies
    /// the weights, which replace those of another precision.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::Device`] if the device fails or has too little memory.
    pub(crate) fn forward(
        &self,
        network: &Network,
        checkpoint: &Checkpoint,
        picture: &Rgb,
        pass: &Pass<'_>,
    ) -> Result<Matrix> {
        let placed = self.placed(network, checkpoint, pass.precision)?;
        network.between(picture, pass, |picture| {
            placed.forward(network, picture, pass)
        })
    }

    fn placed(
        &self,
        network: &Network,
        checkpoint: &Checkpoint,
        precision: Precision,
    ) -> Result<Arc<Placed>> {
        // A job that failed while it copied has put nothing here.
        let mut kept = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, placed)) = &*kept
            && *known == precision
        {
            return Ok(Arc::clone(placed));
        }
        // Two precisions at once might be too much for the device.
        *kept = None;
        let place = Place {
            device: &self.device,
            factors: match precision {
                Precision::Bf16 => DType::BF16,
                _ => DType::F32,
            },
        };
        let placed = Arc::new(Placed::open(network, checkpoint, &place)?);
        *kept = Some((precision, Arc::clone(&placed)));
        Ok(placed)
    }
}

/// All layers but the decoder, on a device.
struct Placed {
    vit: Vit,
    backbone: Backbone,
    /// The planes' learnt tokens, (3 · side²) × channels.
    embeddings: Tensor,
    upsample: Upsample,
}

impl Placed {
    fn open(network: &Network, checkpoint: &Checkpoint, place: &Place<'_>) -> Result<Self> {
        let root = Path {
            checkpoint,
            at: String::new(),
        };
        let config = &network.config;
        Ok(Self {
            vit: Vit::open(network, &root.to("image_tokenizer.model"), place)?,
            backbone: Backbone::open(config, &root.to("backbone"), place)?,
            embeddings: place.matrix(&network.embeddings)?,
            upsample: Upsample::open(config, &root.to("post_processor.upsample"), place)?,
        })
    }

    fn forward(&self, network: &Network, picture: &Rgb, pass: &Pass<'_>) -> Result<Matrix> {
        let image_tokens = self.vit.forward(network, picture, pass)?;
        pass.watch.enter(Stage::Planes);
        let work = (network.backbone).work(network.embeddings.rows(), image_tokens.dim(0)?);
        let tokens = (self.backbone).forward(&self.embeddings, &image_tokens, work, pass)?;
        let planes = self.upsample.forward(&tokens)?;
        Ok(Matrix {
            cols: planes.dim(1)?,
            data: values(&planes)?,
        })
    }
}

/// Doubles the planes' sides, as [`super::Upsample`].
struct Upsample {
    /// `channels × (outputs · 4)`.
    weight: Tensor,
    bias: Tensor,
    side: usize,
}

impl Upsample {
    fn open(config: &Config, path: &Path<'_>, place: &Place<'_>) -> Result<Self> {
        let (channels, outputs) = (config.backbone.channels, config.plane_channels);
        let weight = place.factor(path, "weight", &[channels, outputs, 2, 2])?;
        Ok(Self {
            weight: weight.reshape((channels, 4 * outputs))?,
            bias: place.floats(path, "bias", &[outputs])?,
            side: config.plane_size,
        })
    }

    fn forward(&self, tokens: &Tensor) -> Result<Tensor> {
        let (outputs, side) = (self.bias.dim(0)?, self.side);
        // Plane, y, x, channel, down, right: to texels, row by row, of channels.
        let quads = product(tokens, &self.weight)?.reshape((3, side, side, outputs, 2, 2))?;
        let texels = quads.permute((0, 1, 4, 2, 5, 3))?.contiguous()?;
        let texels = texels.reshape((3 * 4 * side * side, outputs))?;
        Ok(texels.broadcast_add(&self.bias)?)
    }
}

/// Brought back to the processor, row by row.
fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    Ok(tensor.flatten_all()?.to_vec1()?)
}

/// Shows a stage, if anybody looks: bringing it back takes time.
fn show(pass: &Pass<'_>, name: &str, tensor: &Tensor) -> Result<()> {
    if pass.probe.is_some() {
        pass.show(name, &values(tensor)?);
    }
    Ok(())
}

/// Waits until the device has done what it was given, and counts it.
///
/// # Errors
/// [`Error::Cancelled`], or [`Error::Device`] for what failed in the meantime.
fn done(tensor: &Tensor, work: usize, pass: &Pass<'_>) -> Result<()> {
    tensor.device().synchronize()?;
    pass.watch.advance(work)
}
