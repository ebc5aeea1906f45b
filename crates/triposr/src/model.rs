//! An opened model: configuration and mapped weights.

use std::path::Path;
use std::sync::Arc;

use checkpoint::Checkpoint;

use crate::config::{CONFIG_FILE, Config, VIT_CONFIG_FILE};
use crate::device::Device;
use crate::error::{Error, Result};
use crate::kernels::{Matrix, Precision};
use crate::network::gpu::Gpu;
use crate::network::{Network, Pass, Probe};
use crate::picture::Rgb;
use crate::progress::{Stage, Tell, Watch, watched};
use crate::scene::Scene;

/// What the weights may be called in a model's folder; the first that is there is taken.
pub const WEIGHT_FILES: [&str; 2] = ["model.safetensors", "model.ckpt"];

/// A TripoSR with its weights. Clones share them, so two jobs need them in memory once.
#[derive(Clone)]
pub struct Model {
    config: Arc<Config>,
    network: Arc<Network>,
    /// Where the transformers run if not on the processor with our own kernels.
    gpu: Option<Arc<Gpu>>,
    checkpoint: Checkpoint,
}

impl Model {
    /// Whether a folder has a configuration and weights; whether these are sound, opening tells.
    pub fn is_in(folder: &Path) -> bool {
        let mut weights = WEIGHT_FILES.iter().map(|name| folder.join(name));
        folder.join(CONFIG_FILE).is_file() && weights.any(|path| path.is_file())
    }

    /// Opens a folder with `config.yaml`, `model.safetensors` or `model.ckpt`, and, if the image
    /// tokenizer isn't DINO ViT-B/16, `dino_vit_config.json`.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Config`], or what [`Model::from_file`] says.
    pub fn open(folder: &Path) -> Result<Self> {
        let vit = match folder.join(VIT_CONFIG_FILE) {
            path if path.exists() => Some(text(folder, VIT_CONFIG_FILE)?),
            _ => None,
        };
        let config = Config::from_text(&text(folder, CONFIG_FILE)?, vit.as_deref())?;
        let names = WEIGHT_FILES.map(|name| folder.join(name));
        let weights = names.iter().find(|path| path.exists()).unwrap_or(&names[0]);
        Self::from_file(weights, &config)
    }

    /// Opens a file of weights, `.safetensors` or torch's own, and checks every shape.
    ///
    /// # Errors
    /// [`Error::Weights`]: they can't be read, or name the first tensor that doesn't fit the
    /// configuration.
    pub fn from_file(weights: &Path, config: &Config) -> Result<Self> {
        let checkpoint = Checkpoint::open(weights)?;
        let network = Network::open(config, &checkpoint)?;
        Ok(Self {
            config: Arc::new(config.clone()),
            network: Arc::new(network),
            gpu: None,
            checkpoint,
        })
    }

    /// The same model with its transformers on another device. The weights are copied there when the
    /// first picture comes, and shared by the clones of what this returns.
    ///
    /// # Errors
    /// What [`Device::check`] says.
    pub fn on(self, device: Device) -> Result<Self> {
        let gpu = match device {
            Device::Auto => Gpu::open(Device::Gpu).unwrap_or(None),
            chosen => Gpu::open(chosen)?,
        };
        let gpu = gpu.map(Arc::new);
        Ok(Self { gpu, ..self })
    }

    /// The sizes it was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Turns a picture into a scene. `tell` hears of progress on this thread, at the published
    /// size about every 50 ms, on another device after every layer; answering `Break` ends the work within that time.
    ///
    /// # Errors
    /// [`Error::Picture`], [`Error::Cancelled`], [`Error::NotANumber`] if the weights are nonsense,
    /// or on another device [`Error::Precision`] and [`Error::Device`].
    pub fn scene(&self, picture: &Rgb, precision: Precision, tell: &mut Tell<'_>) -> Result<Scene> {
        let work = self.network.work() as u64;
        watched(Stage::Picture, work, tell, |watch| {
            self.probed(picture, precision, watch, None)
        })
    }

    /// What a precision means on the model's device.
    ///
    /// # Errors
    /// [`Error::Precision`] if the device has none like it.
    pub(crate) fn resolved(&self, precision: Precision) -> Result<Precision> {
        match &self.gpu {
            Some(gpu) => gpu.resolved(precision),
            None => Ok(precision.resolved()),
        }
    }

    fn planes(&self, picture: &Rgb, pass: &Pass<'_>) -> Result<Matrix> {
        match &self.gpu {
            Some(gpu) => gpu.forward(&self.network, &self.checkpoint, picture, pass),
            None => self.network.forward(picture, pass),
        }
    }

    /// As [`Model::scene`], showing every stage's values by the reference's names.
    pub(crate) fn probed(
        &self,
        picture: &Rgb,
        precision: Precision,
        watch: &Watch,
        probe: Option<&Probe<'_>>,
    ) -> Result<Scene> {
        let pass = Pass {
            precision: self.resolved(precision)?,
            watch,
            probe,
        };
        let planes = self.planes(picture, &pass)?;
        if !planes.data.iter().all(|value| value.is_finite()) {
            return Err(Error::NotANumber);
        }
        Ok(Scene::new(
            &self.config,
            Arc::clone(&self.network.decoder),
            &planes.data,
        ))
    }
}

fn text(folder: &Path, file: &str) -> Result<String> {
    std::fs::read_to_string(folder.join(file)).map_err(|source| Error::File {
        file: file.into(),
        source,
    })
}

#[cfg(test)]
mod tests;
