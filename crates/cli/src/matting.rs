//! The engine with the best of what is installed, unpacked when first needed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::Result;
use engine::Engine;
use imaging::{
    Matte, MatteError, MatteModel, NetworkError, Picture, Plane, U2Net, Upscale, Upscaler,
};
use triposr::{Device, Precision};
use weights::{Cache, WeightsError, default_dir};

use crate::shaping::InstalledTripoSr;
use crate::tools;

/// Background-removal weights, best first.
pub const BEST_FIRST: [&str; 2] = ["u2net", SMALLEST];
/// Those that are quickest to fetch.
const SMALLEST: &str = "u2netp";

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
    let matte = InstalledMatte::of(cache.clone(), None);
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

/// Background removal by the weights of that name, or by the best that are installed.
pub struct InstalledMatte {
    network: Installed<U2Net>,
    name: Option<&'static str>,
}

impl InstalledMatte {
    /// What is in this cache, or will be.
    pub fn of(cache: Cache, name: Option<&'static str>) -> Self {
        Self {
            network: Installed::of(cache),
            name,
        }
    }
}

impl MatteModel for InstalledMatte {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        let network = self.network.network(|cache| {
            let name = self.name.or_else(|| best(cache));
            let name = name.ok_or(MatteError::Missing(SMALLEST))?;
            let bytes = cache.load(name).map_err(|error| match error {
                WeightsError::Missing { name } => MatteError::Missing(name),
                error => MatteError::Load(error.to_string()),
            })?;
            U2Net::from_onnx(bytes)
        })?;
        network.matte(picture)
    }
}

impl Upscale for Installed<Upscaler> {
    fn double(&self, picture: &Plane<3>, wanted: &Plane<1>) -> Result<Plane<3>, NetworkError> {
        let network = self.network(|cache| Upscaler::load(&tools::TWICE.load(cache)?))?;
        network.double(picture, wanted)
    }
}
