//! What can be wrong with a file of weights.

/// Carries names of tensors and of files, never a path of the person's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("{file} can't be read")]
    File {
        /// Its name.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is damaged, or of a kind that is refused.
    #[error("the weights can't be read: {0}")]
    Damaged(String),
    /// A tensor that is asked for isn't in the file.
    #[error("the weights have no tensor {name} (expected shape {expected:?})")]
    Missing {
        /// Path of the tensor.
        name: String,
        /// The shape that is asked for.
        expected: Vec<usize>,
    },
    /// A tensor has another shape than is asked for.
    #[error("tensor {name} has shape {found:?}, expected {expected:?}")]
    Shape {
        /// Path of the tensor.
        name: String,
        /// The shape that is asked for.
        expected: Vec<usize>,
        /// The shape in the file.
        found: Vec<usize>,
    },
}

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;
