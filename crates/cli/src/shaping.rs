//! TripoSR from the weights' cache, opened when a shape is first guessed with it.

use std::path::PathBuf;

use engine::{EngineError, Guess, ShapeModel, Tell, TripoSr};
use imaging::Frame;
use triposr::{Device, Model, Precision};
use weights::{Cache, WeightsError};

use crate::matting::Installed;

/// TripoSR, whether it is installed or not. Jobs share one copy of its weights.
pub struct InstalledTripoSr {
    cache: Cache,
    opened: Installed<TripoSr>,
    precision: Precision,
    device: Device,
}

impl InstalledTripoSr {
    /// What is in this cache, or will be.
    pub fn of(cache: Cache, precision: Precision, device: Device) -> Self {
        Self {
            opened: Installed::of(cache.clone()),
            cache,
            precision,
            device,
        }
    }
}

/// Where its configuration and weights are, or would be.
fn folder(cache: &Cache) -> Result<PathBuf, WeightsError> {
    Ok(cache.path(cache.find("triposr")?))
}

impl ShapeModel for InstalledTripoSr {
    fn name(&self) -> &'static str {
        "triposr"
    }

    fn input_side(&self) -> usize {
        TripoSr::INPUT_SIDE
    }

    fn is_installed(&self) -> bool {
        folder(&self.cache).is_ok_and(|folder| Model::is_in(&folder))
    }

    fn guess(&self, frame: &Frame, seed: u64, tell: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let network = self.opened.network(|cache| {
            let folder = folder(cache).map_err(|error| EngineError::TripoSr(error.to_string()))?;
            if !Model::is_in(&folder) {
                return Err(EngineError::TripoSrMissing);
            }
            let model =
                Model::open(&folder).map_err(|error| EngineError::TripoSr(error.to_string()))?;
            Ok(TripoSr::new(model.on(self.device)?, self.precision))
        })?;
        network.guess(frame, seed, tell)
    }
}
