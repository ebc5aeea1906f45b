//! One run, from decoded pixels to finished files.

use std::sync::Arc;

use imaging::{MatteModel, Picture};
use mesh::Model;

use crate::{EngineError, Options, Sink};

/// What a run leaves behind.
pub struct Artifacts {
    /// The model itself, for whoever wants to measure or export it further.
    pub model: Model,
    /// The model as a binary glTF file.
    pub glb: Vec<u8>,
    /// A rendering of it, PNG.
    pub preview_png: Vec<u8>,
}

/// The networks, ready to run. One engine serves any number of runs and threads.
pub struct Engine {
    matte: Option<Arc<dyn MatteModel>>,
}

impl Engine {
    /// An engine with the built-in shape network; `matte` is `None` where its weights are missing.
    pub fn new(matte: Option<Arc<dyn MatteModel>>) -> Self {
        Self { matte }
    }

    /// Runs every stage, telling `sink` about each; blocks for seconds, so give it a thread of
    /// its own in a server.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] as soon as `sink` answers `Break`; otherwise the reason.
    pub fn generate(
        &self,
        picture: &Picture,
        options: &Options,
        sink: &mut Sink,
    ) -> Result<Artifacts, EngineError> {
        let _ = (picture, options, sink, &self.matte);
        Err(EngineError::Shape("not connected yet".into()))
    }
}
