//! The engine with the best background removal that is installed, unpacked when first needed.

use std::sync::{Arc, Mutex, OnceLock};

use anyhow::Result;
use engine::Engine;
use imaging::{Matte, MatteError, MatteModel, Picture, U2Net};
use weights::{Cache, default_dir};

/// Background-removal weights, best first.
const BEST_FIRST: [&str; 2] = ["u2net", "u2netp"];

/// An engine that removes backgrounds with the best weights that are installed when the first
/// background has to go.
///
/// # Errors
/// The cache folder can't be named.
pub fn engine() -> Result<Engine> {
    let matte = Installed {
        cache: Cache::open(default_dir()?),
        network: OnceLock::new(),
        loading: Mutex::new(()),
    };
    Ok(Engine::new(Some(Arc::new(matte))))
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
struct Installed {
    cache: Cache,
    network: OnceLock<U2Net>,
    loading: Mutex<()>,
}

impl Installed {
    fn network(&self) -> Result<&U2Net, MatteError> {
        let _one_at_a_time = self.loading.lock();
        if let Some(network) = self.network.get() {
            return Ok(network);
        }
        let name = best(&self.cache).ok_or(MatteError::Missing)?;
        let bytes = self
            .cache
            .load(name)
            .map_err(|error| MatteError::Load(error.to_string()))?;
        let network = U2Net::from_onnx(bytes)?;
        Ok(self.network.get_or_init(|| network))
    }
}

impl MatteModel for Installed {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        self.network()?.matte(picture)
    }
}
