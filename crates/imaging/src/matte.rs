//! Background removal: which pixels belong to the object.

use crate::Picture;

/// How much each pixel belongs to the object: `width × height` bytes, 0 (background) to 255.
#[derive(Clone, PartialEq, Eq)]
pub struct Matte {
    /// Columns, the picture's.
    pub width: u32,
    /// Rows, the picture's.
    pub height: u32,
    /// Coverage, rows top to bottom.
    pub alpha: Vec<u8>,
}

impl Matte {
    /// The picture's own alpha channel as a matte.
    pub fn from_alpha(picture: &Picture) -> Self {
        let alpha = picture.rgba.iter().skip(3).step_by(4).copied().collect();
        Self {
            width: picture.width,
            height: picture.height,
            alpha,
        }
    }
}

/// A matte comes from a picture: only its size may ever be printed.
impl std::fmt::Debug for Matte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Matte({}×{})", self.width, self.height)
    }
}

/// The network could not be loaded or run. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum MatteError {
    /// No weights are installed.
    #[error("background removal needs its weights: run `ai3dgen models pull u2netp` once")]
    Missing,
    /// The file is no network of the expected form.
    #[error("the background-removal weights can't be loaded: {0}")]
    Load(String),
    /// The network failed while running.
    #[error("background removal failed: {0}")]
    Run(String),
}

/// Anything that can tell the object from the background.
pub trait MatteModel: Send + Sync {
    /// Finds the object. The result has the picture's size.
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError>;
}
