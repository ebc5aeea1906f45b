//! The engine with the best of what is installed, unpacked when first needed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::Result;
use engine::Engine;
use imaging::{
    Matte, MatteError, MatteModel, Picture, Plane, U2Net, Upscale, UpscaleError, Upscaler,
};
use triposr::{Device, Precision};
use weights::{Cache, WeightsError, default_dir};

use crate::shaping::InstalledTripoSr;

/// Background-removal weights, best first.
const BEST_FIRST: [&str; 2] = ["u2net", "u2netp"];

/// Weights that enlarge small photographs.
const UPSCALE: &str = "waifu2x";

/// An engine that removes backgrounds with the best weights that are installed when the first
/// background has to go, enlarges small photographs if the weights for that are installed, and
/// guesses shapes with TripoSR, at this precision and on this device, if that is.
///
/// # Errors
/// The cache folder can't be named.
pub fn engine(precision: Precision, device: Device) -> Result<Engine> {
    Ok(engine_in(default_dir()?, precision, device))
}

/// As [`engine`], with the weights in that folder.
pub fn engine_in(folder: PathBuf, precision: Precision, device: Device) -> Engine {
    let cache = Cache::open(folder);
    let matte = Installed::<U2Net>::of(cache.clone());
    let upscale = Installed::<Upscaler>::of(cache.clone());
    let triposr = InstalledTripoSr::of(cache, precision, device);
    Engine::new(Some(Arc::new(matte)))
        .with_upscale(Arc::new(upscale))
        .with_triposr(Arc::new(triposr))
}

/// Whether any weights for background removal are installed.
///
/// # Errors
/// The cache folder can't be named.
pub fn is_installed() -> Result<bool> {
    Ok(best(&Cache::open(default_dir()?)).is_some())
}

/// By presence: weights that were altered or cut short are named when they are loaded, not passed
/// over for others or taken to be missing.
fn best(cache: &Cache) -> Option<&'static str> {
    BEST_FIRST
        .into_iter()
        .find(|name| cache.is_there(name).unwrap_or(false))
}

/// Weights in the cache; looked for, checked and unpacked at the first picture, so that starting
/// is quick, an idle server small, and weights installed later are found.
pub(crate) struct Installed<N> {
    cache: Cache,
    network: OnceLock<N>,
    loading: Mutex<()>,
}

impl<N> Installed<N> {
    pub(crate) fn of(cache: Cache) -> Self {
        Self {
            cache,
            network: OnceLock::new(),
            loading: Mutex::new(()),
        }
    }

    pub(crate) fn network<E>(&self, load: impl FnOnce(&Cache) -> Result<N, E>) -> Result<&N, E> {
        let _one_at_a_time = self.loading.lock();
        if let Some(network) = self.network.get() {
            return Ok(network);
        }
        let network = load(&self.cache)?;
        Ok(self.network.get_or_init(|| network))
    }
}

impl MatteModel for Installed<U2Net> {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        let network = self.network(|cache| {
            let name = best(cache).ok_or(MatteError::Missing)?;
            let bytes = (cache.load(name)).map_err(|error| MatteError::Load(error.to_string()))?;
            U2Net::from_onnx(bytes)
        })?;
        network.matte(picture)
    }
}

impl Upscale for Installed<Upscaler> {
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, UpscaleError> {
        let network = self.network(|cache| {
            let bytes = cache.load(UPSCALE).map_err(|error| match error {
                WeightsError::Missing { .. } => UpscaleError::Missing,
                error => UpscaleError::Load(error.to_string()),
            })?;
            Upscaler::load(&bytes)
        })?;
        network.double(picture, wanted)
    }
}
