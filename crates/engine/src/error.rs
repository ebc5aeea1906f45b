//! Why a run ended without a model.

use imaging::MatteError;

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
    /// The shape network failed or gave nonsense.
    #[error("the shape network failed: {0}")]
    Shape(String),
}

impl From<MatteError> for EngineError {
    fn from(error: MatteError) -> Self {
        match error {
            MatteError::Missing => Self::MatteMissing,
            error => Self::Matte(error),
        }
    }
}
