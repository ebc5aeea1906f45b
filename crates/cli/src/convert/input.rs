//! Which pictures, and their bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// One picture to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A file in a folder that nothing it refers to may lead out of. Both paths are canonical.
    Inside { path: PathBuf, folder: PathBuf },
    /// Its bytes came already.
    Given(Vec<u8>),
}

/// A picture can't be found or read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("{0}: no such file")]
    Missing(String),
    #[error("{0}: no file matches this pattern")]
    NoMatch(String),
    #[error("{0}: this is a folder; name its pictures, for example '{0}/*.jpg'")]
    Folder(String),
    #[error("standard input can be read only once")]
    StdinTwice,
    #[error("--{0} is another side of one object; give it with one front picture, not several")]
    ViewsOfSeveral(&'static str),
    #[error("can't read the picture: {0}")]
    Read(#[from] io::Error),
}

impl Input {
    /// How it is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".into(),
            Self::File(path) | Self::Inside { path, .. } => path.display().to_string(),
            Self::Given(_) => "the picture".into(),
        }
    }

    /// Where it is, if it is a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Inside { path, .. } => Some(path),
            Self::Stdin | Self::Given(_) => None,
        }
    }

    /// The file name without its ending, for naming what comes out.
    pub fn stem(&self) -> String {
        let stem = self.path().and_then(Path::file_stem);
        stem.map_or("model".into(), |stem| stem.to_string_lossy().into())
    }

    /// All bytes, but at most one more than `limit`, which is enough to tell that it is too much.
    pub fn read(&self, limit: u64) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        let most = limit + 1;
        match self {
            Self::Stdin => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
            Self::File(path) | Self::Inside { path, .. } => {
                File::open(path)?.take(most).read_to_end(&mut bytes)?
            }
            Self::Given(given) => given.take(most).read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }
}

/// One file as it is, `-` as standard input.
pub fn one(argument: &str) -> Result<Input, InputError> {
    let path = Path::new(argument);
    if argument == "-" {
        Ok(Input::Stdin)
    } else if path.is_dir() {
        Err(InputError::Folder(argument.trim_end_matches('/').into()))
    } else if path.exists() {
        Ok(Input::File(path.into()))
    } else {
        Err(InputError::Missing(argument.into()))
    }
}

/// Files as they are, patterns as the files they match (sorted), `-` as standard input.
pub fn expand(arguments: &[String]) -> Result<Vec<Input>, InputError> {
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument.contains(['*', '?', '[']) && !Path::new(argument).exists() {
            let matches =
                glob::glob(argument).map_err(|_| InputError::NoMatch(argument.clone()))?;
            let files: Vec<_> = matches
                .filter_map(Result::ok)
                .filter(|path| path.is_file())
                .map(Input::File)
                .collect();
            if files.is_empty() {
                return Err(InputError::NoMatch(argument.clone()));
            }
            inputs.extend(files);
        } else {
            let input = one(argument)?;
            if input == Input::Stdin && inputs.contains(&input) {
                return Err(InputError::StdinTwice);
            }
            inputs.push(input);
        }
    }
    Ok(inputs)
}
