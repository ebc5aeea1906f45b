//! torch's checkpoint since PyTorch 1.6: a zip with stored entries, `data.pkl` naming tensors and `data/<key>`
//! holding the numbers of each storage.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;

use zip::{CompressionMethod, ZipArchive};

use crate::Entry;
use crate::error::{Error, Result};
use crate::pickle;

/// The published file's pickle has 100 kB.
const LARGEST_PICKLE: u64 = 16 << 20;

pub(crate) fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Entry>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| wrong(format!("no sound zip file ({error})")))?;
    let pickle_name = zip
        .file_names()
        .flatten()
        .find(|name| name.ends_with("/data.pkl"));
    let pickle_name = pickle_name.ok_or_else(|| wrong("a zip without data.pkl".into()))?;
    let pickle_name = pickle_name.into_owned();
    let root = pickle_name.trim_end_matches("data.pkl").to_owned();

    let mut pickled = Vec::new();
    let file = zip
        .by_name(&pickle_name)
        .map_err(|error| wrong(error.to_string()))?;
    file.take(LARGEST_PICKLE + 1)
        .read_to_end(&mut pickled)
        .map_err(|error| wrong(format!("data.pkl: {error}")))?;
    if pickled.len() as u64 > LARGEST_PICKLE {
        return Err(wrong("data.pkl is too long".into()));
    }
    if let Some(order) = stored(&mut zip, bytes.len(), &format!("{root}byteorder"))?
        && &bytes[order] != b"little"
    {
        return Err(wrong("its numbers are not little-endian".into()));
    }

    let mut entries = BTreeMap::new();
    for (name, saved) in pickle::tensors(&pickled)?.0 {
        let storage = stored(
            &mut zip,
            bytes.len(),
            &format!("{root}data/{}", saved.storage),
        )?
        .ok_or_else(|| wrong(format!("{name}: storage {} is missing", saved.storage)))?;
        let bytes = saved
            .place(&storage)
            .ok_or_else(|| wrong(format!("{name} reaches beyond its storage")))?;
        entries.insert(
            name,
            Entry {
                kept: saved.kept,
                shape: saved.shape,
                bytes,
            },
        );
    }
    Ok(entries)
}

/// The bytes of an entry that isn't compressed.
fn stored(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    length: usize,
    name: &str,
) -> Result<Option<Range<usize>>> {
    let Some(index) = zip.index_for_name(name) else {
        return Ok(None);
    };
    let file = zip
        .by_index_raw(index)
        .map_err(|error| wrong(format!("{name}: {error}")))?;
    if file.compression() != CompressionMethod::Stored {
        return Err(wrong(format!("{name} is compressed")));
    }
    let start = file
        .data_start()
        .and_then(|start| usize::try_from(start).ok());
    let size = usize::try_from(file.size()).ok();
    let range = start
        .zip(size)
        .and_then(|(start, size)| Some(start..start.checked_add(size)?));
    match range {
        Some(range) if range.end <= length => Ok(Some(range)),
        _ => Err(wrong(format!("{name} reaches beyond the file"))),
    }
}

fn wrong(problem: String) -> Error {
    Error::Damaged(problem)
}
