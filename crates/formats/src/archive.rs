//! Zip files: written the same way every time, read without trusting what they claim.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::read::ReadError;
use crate::{Companion, WriteError};

/// How the entries of an archive are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Text is deflated, pictures are as small as they get.
    Small,
    /// Nothing is deflated and data begins at multiples of 64 bytes, as USDZ asks for.
    Mapped,
}

/// A zip file with these entries, in this order. No clock: all say 1 January 1980.
pub(crate) fn zip(entries: &[Companion], packing: Packing) -> Result<Vec<u8>, WriteError> {
    let plain = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let options = match packing {
            Packing::Mapped => plain
                .compression_method(CompressionMethod::Stored)
                .with_alignment(64),
            Packing::Small if entry.name.ends_with(".png") => {
                plain.compression_method(CompressionMethod::Stored)
            }
            Packing::Small => plain.compression_method(CompressionMethod::Deflated),
        };
        writer
            .start_file(&*entry.name, options)
            .map_err(|_| WriteError::TooLarge)?;
        writer
            .write_all(&entry.bytes)
            .map_err(|_| WriteError::TooLarge)?;
    }
    let file = writer.finish().map_err(|_| WriteError::TooLarge)?;
    Ok(file.into_inner())
}

/// Most entries an archive may have; ours have at most six.
const MOST_ENTRIES: usize = 4096;
/// An entry may be this many times larger than it is packed, beyond [`FREE`]: text of numbers
/// stays below 20, what only pretends to be a model doesn't.
const MOST_EXPANSION: u64 = 200;
/// Bytes that may expand as they like.
const FREE: u64 = 16 << 20;

/// An archive whose entries come out one by one, up to a number of bytes in all.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still come out.
    left: u64,
}

impl<'a> Archive<'a> {
    /// Opens a zip file from which at most `limit` bytes may come.
    pub(crate) fn open(bytes: &'a [u8], limit: u64) -> Result<Self, ReadError> {
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| ReadError::Malformed("the zip archive"))?;
        if zip.len() > MOST_ENTRIES {
            return Err(ReadError::TooLarge("files in the archive"));
        }
        Ok(Self { zip, left: limit })
    }

    /// The names of all files, in the archive's order.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.zip.file_names().filter_map(Result::ok);
        names.map(|name| name.into_owned()).collect()
    }

    /// The bytes of a file. `None` if there is no such file, or not one that can be unpacked.
    ///
    /// # Errors
    /// [`ReadError::TooLarge`] beyond the limit, or where a few bytes claim to be a great many.
    pub(crate) fn file(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Ok(file) = self.zip.by_name(name) else {
            return Ok(None);
        };
        let most = FREE
            .saturating_add(file.compressed_size().saturating_mul(MOST_EXPANSION))
            .min(self.left);
        let mut bytes = Vec::new();
        // Sizes in a zip file are claims: what counts is what comes out.
        let read = file.take(most + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > most {
            return Err(ReadError::TooLarge("bytes in the archive"));
        }
        self.left -= bytes.len() as u64;
        Ok(read.is_ok().then_some(bytes))
    }
}
