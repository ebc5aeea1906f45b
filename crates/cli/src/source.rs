//! Opening a model somebody names, with what lies beside it.

use std::path::Path;

use formats::{Limits, Opened};

use crate::convert::input::{Input, InputError};

/// The model can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("can't read the model: {0}")]
    Read(#[from] formats::ReadError),
}

/// Reads a model of any format.
pub fn open(input: &Input) -> Result<Opened, SourceError> {
    let limits = Limits::default();
    let bytes = input.read(limits.max_bytes)?;
    let beside = |name: &str| beside(input, name, limits.max_bytes);
    Ok(formats::read(&bytes, &beside, &limits)?)
}

/// What a model refers to lies in its folder. Standard input has none.
fn beside(input: &Input, name: &str, limit: u64) -> Option<Vec<u8>> {
    let path = input.path()?.parent().unwrap_or(Path::new("")).join(name);
    if let Input::Inside { folder, .. } = input
        && !path.canonicalize().ok()?.starts_with(folder)
    {
        return None;
    }
    // Too large a file is cut, and so refused by whoever reads it.
    path.is_file().then(|| Input::File(path).read(limit).ok())?
}
