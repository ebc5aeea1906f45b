//! The engine with the best background removal that is installed, unpacked when first needed.

use std::sync::{Arc, Mutex, OnceLock};

use anyhow::Result;
use engine::Engine;
use imaging::{Matte, MatteError, MatteModel, Picture, U2Net};
use weights::{Cache, default_dir};

/// Background-removal weights, best first.
const BEST_FIRST: [&str; 2] = ["u2net", "u2netp"];

/// An engine that removes backgrounds with the best installed weights, or not at all where none
/// are installed.
///
/// # Errors
/// The cache folder can't be named.
pub fn engine() -> Result<Engine> {
    let cache = Cache::open(default_dir()?);
    let name = BEST_FIRST
        .into_iter()
        .find(|name| cache.installed(name).unwrap_or(false));
    Ok(Engine::new(name.map(|name| {
        Arc::new(Installed::new(cache, name)) as Arc<dyn MatteModel>
    })))
}

/// Weights in the cache; read, checked and unpacked at the first picture, so that starting is
/// quick and an idle server small.
struct Installed {
    cache: Cache,
    name: &'static str,
    network: OnceLock<U2Net>,
    loading: Mutex<()>,
}

impl Installed {
    fn new(cache: Cache, name: &'static str) -> Self {
        Self {
            cache,
            name,
            network: OnceLock::new(),
            loading: Mutex::new(()),
        }
    }

    fn network(&self) -> Result<&U2Net, MatteError> {
        let _one_at_a_time = self.loading.lock();
        if let Some(network) = self.network.get() {
            return Ok(network);
        }
        let bytes = self
            .cache
            .load(self.name)
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
