//! Why a run ended without a model.

use imaging::{MatteError, NetworkError};

use crate::Viewpoint;

/// Each variant's text says what a person can do about it. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The caller's sink answered `Break`.
    #[error("cancelled")]
    Cancelled,
    /// Background removal was asked for, but its weights are not installed.
    #[error("background removal needs its weights: run `ai3dgen models pull u2netp` once")]
    MatteMissing,
    /// The picture brings its own cut-out, and nothing is left in it.
    #[error(
        "the picture is transparent everywhere, so no object can be seen in it; save it again with the object opaque"
    )]
    NoForeground,
    /// The matte network failed.
    #[error(transparent)]
    Matte(MatteError),
    /// The network that enlarges photographs failed.
    #[error(transparent)]
    Upscale(NetworkError),
    /// TripoSR was asked for, but its weights are not installed.
    #[error("TripoSR needs its weights: run `ai3dgen models pull triposr` once")]
    TripoSrMissing,
    /// TripoSR's weights are there but can't be used.
    #[error("TripoSR can't be opened: {0}; look at it with `ai3dgen models verify triposr`")]
    TripoSr(String),
    /// The device that was asked for can't run TripoSR; the text says what to choose instead.
    #[error("{0}")]
    Device(String),
    /// The shape network failed or gave nonsense.
    #[error("the shape network failed: {0}")]
    Shape(String),
    /// One of the other pictures can't be used, for the reason in it.
    #[error("the {} picture: {reason}", from.name())]
    View {
        /// Which one.
        from: Viewpoint,
        /// What is wrong with it.
        reason: Box<EngineError>,
    },
}

impl EngineError {
    /// Says which of several pictures it is about; a single or front picture goes without saying.
    pub(crate) fn of(self, from: Viewpoint) -> Self {
        match (from, self) {
            (Viewpoint::Front, error) => error,
            // About no picture at all.
            (
                _,
                error @ (Self::Cancelled
                | Self::MatteMissing
                | Self::TripoSrMissing
                | Self::TripoSr(_)
                | Self::Device(_)),
            ) => error,
            (from, error) => Self::View {
                from,
                reason: Box::new(error),
            },
        }
    }
}

impl From<MatteError> for EngineError {
    fn from(error: MatteError) -> Self {
        match error {
            MatteError::Missing(_) => Self::MatteMissing,
            error => Self::Matte(error),
        }
    }
}
