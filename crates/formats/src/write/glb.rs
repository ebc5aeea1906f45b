//! glTF 2.0: one mesh, one material, PNG textures, uncompressed; in one binary file or as JSON
//! with its parts beside it.
//!
//! Uncompressed on purpose: viewers fetch decoders for compressed models from third parties.
//! Layout: Khronos glTF 2.0 specification, sections 3 (concepts) and 4 (GLB container).

mod buffer;
mod document;

use mesh::Model;

use super::textures::Images;
use super::{Companion, WriteError, WriteOptions, Written, check, file_stem};
use document::Document;

pub(crate) const MAGIC: [u8; 4] = *b"glTF";
pub(crate) const VERSION: u32 = 2;
pub(crate) const JSON_CHUNK: [u8; 4] = *b"JSON";
pub(crate) const BINARY_CHUNK: [u8; 4] = *b"BIN\0";

/// Writes `model` as one self-contained GLB file. The same model and options give the same bytes.
///
/// # Errors
/// [`WriteError`] if the model would make an invalid file; nothing is repaired silently.
pub fn write(model: &Model, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
    check::check(model)?;
    let images = Images::of(model)?.into_vec();
    let mut document = Document::new(model);
    for image in &images {
        document.embed(image);
    }
    let (json, binary) = document.finish(options, None)?;
    container(json, binary)
}

/// Writes `model` as a `.gltf` with a `.bin` and textures beside it.
pub(super) fn write_beside(model: &Model, options: &WriteOptions) -> Result<Written, WriteError> {
    let stem = file_stem(&options.name);
    let images = Images::of(model)?.into_vec();
    let mut document = Document::new(model);
    for image in &images {
        document.refer(image, &image.file_name(&stem));
    }
    let buffer = format!("{stem}.bin");
    let (json, binary) = document.finish(options, Some(&buffer))?;
    let mut companions = vec![Companion {
        name: buffer,
        bytes: binary,
    }];
    companions.extend(images.into_iter().map(|image| Companion {
        name: image.file_name(&stem),
        bytes: image.png,
    }));
    Ok(Written {
        bytes: json,
        companions,
        name: format!("{stem}.gltf"),
    })
}

/// Header and the two chunks; each chunk is padded to 4 bytes, JSON with spaces.
fn container(mut json: Vec<u8>, mut binary: Vec<u8>) -> Result<Vec<u8>, WriteError> {
    json.resize(json.len().next_multiple_of(4), b' ');
    binary.resize(binary.len().next_multiple_of(4), 0);
    let total = 12 + 8 + json.len() + 8 + binary.len();
    let total = u32::try_from(total).map_err(|_| WriteError::TooLarge)?;

    let mut file = Vec::with_capacity(total as usize);
    file.extend(MAGIC);
    file.extend(VERSION.to_le_bytes());
    file.extend(total.to_le_bytes());
    for (kind, chunk) in [(JSON_CHUNK, json), (BINARY_CHUNK, binary)] {
        // Fits: the total does.
        file.extend((chunk.len() as u32).to_le_bytes());
        file.extend(kind);
        file.extend(chunk);
    }
    Ok(file)
}
