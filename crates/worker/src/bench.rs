//! What jobs are done with.

use std::sync::Arc;

use engine::Engine;
use imaging::{Enlarge, Matte, MatteError, NetworkError, Networks, Picture, Style, Tell};

/// An engine for models, and networks for the image tools.
#[derive(Clone)]
pub struct Bench {
    /// Makes models.
    pub engine: Arc<Engine>,
    /// What the tools need.
    pub networks: Arc<dyn Networks + Send + Sync>,
}

/// Without networks for the tools: what needs none can be done.
impl<E: Into<Arc<Engine>>> From<E> for Bench {
    fn from(engine: E) -> Self {
        Self {
            engine: engine.into(),
            networks: Arc::new(NoNetworks),
        }
    }
}

/// Says of every network that it is missing.
struct NoNetworks;

impl Networks for NoNetworks {
    fn matte(&self, _: &Picture) -> Result<Matte, MatteError> {
        Err(MatteError::Missing("u2netp"))
    }

    fn denoise(&self, _: &Picture, _: f32, _: &mut Tell<'_>) -> Result<Picture, NetworkError> {
        Err(missing("denoising", "ffdnet"))
    }

    fn restyle(&self, _: &Picture, _: Style, _: &mut Tell<'_>) -> Result<Picture, NetworkError> {
        Err(missing("restyling", "multistyle"))
    }

    fn enlarge(&self, _: &Picture, _: Enlarge, _: &mut Tell<'_>) -> Result<Picture, NetworkError> {
        Err(missing("enlarging", "waifu2x"))
    }
}

fn missing(what: &'static str, weights: &'static str) -> NetworkError {
    NetworkError::Missing { what, weights }
}
