//! What can go wrong, in words a person can act on.

/// Why a model could not be opened, or a picture not turned into a scene.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read. The name is ours (`config.yaml`), not the person's path.
    #[error("{file} can't be read")]
    File {
        /// Which of the model's files.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key of the configuration is missing or has a value this program doesn't know.
    #[error("{file}: {key}: {problem}")]
    Config {
        /// Which of the two configuration files.
        file: &'static str,
        /// Path of the key, with dots.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The weights can't be read or are those of another network.
    #[error(transparent)]
    Weights(#[from] checkpoint::Error),
    /// The picture has no pixels, or not as many as its size says.
    #[error("the picture's pixels don't match its size")]
    Picture,
    /// The network answered with something that isn't a number.
    #[error("the network gave values that are not numbers")]
    NotANumber,
    /// The program was built for no GPU.
    #[error(
        "this build has no GPU support: build it with `--features cuda` (NVIDIA) or `--features metal` \
         (Apple), or choose `--device cpu`"
    )]
    NoGpuSupport,
    /// The program was built without the GPU's code.
    #[error(
        "this build has no candle: build it with `--features candle`, or choose `--device cpu`"
    )]
    NoCandle,
    /// There is no GPU, its driver refuses, or its memory doesn't suffice.
    #[error("the GPU can't be used ({0}); `--device cpu` needs none")]
    Device(String),
    /// The device doesn't multiply that.
    #[error("{precision} is for the processor: on a GPU choose f32 or bf16")]
    Precision {
        /// Its name.
        precision: &'static str,
    },
    /// The caller answered `Break`.
    #[error("cancelled")]
    Cancelled,
}

#[cfg(feature = "candle")]
impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        // What follows the first line is where in candle it happened.
        let text = error.to_string();
        Self::Device(text.lines().next().unwrap_or_default().to_owned())
    }
}

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;
