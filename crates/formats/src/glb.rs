//! Binary glTF 2.0: one mesh, one material, one PNG texture, uncompressed.
//!
//! Uncompressed on purpose: viewers fetch decoders for compressed models from third parties.
//! Layout: Khronos glTF 2.0 specification, sections 3 (concepts) and 4 (GLB container).

mod check;
mod document;

use mesh::Model;
use serde_json::{Map, Value};

use crate::png;

/// Readers must be able to tell who wrote a file, and users what they named it.
#[derive(Clone, Debug, Default)]
pub struct GlbOptions {
    /// Name of the node and mesh, as a 3D program will show it.
    pub name: String,
    /// `asset.generator`: the program and its version, for example `ai3dgen 0.1.0`.
    pub generator: String,
    /// `asset.extras`: whatever makes the file reproducible (seed, engine). Left out if empty.
    pub extras: Map<String, Value>,
}

/// The model can't be written as a valid file. The texts carry no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlbError {
    /// No triangles or no vertices.
    #[error("the model is empty")]
    Empty,
    /// Normals or texture coordinates are not one per position.
    #[error("the model has a different number of positions, normals and texture coordinates")]
    UnevenAttributes,
    /// A coordinate is NaN or infinite.
    #[error("the model has a coordinate that is not a finite number")]
    NotFinite,
    /// A normal is far from unit length.
    #[error("the model has a normal that is not of unit length")]
    NormalLength,
    /// A triangle points at a vertex that doesn't exist.
    #[error("the model has a triangle with a vertex that does not exist")]
    IndexOutOfRange,
    /// There is no base colour texture.
    #[error("the model has no texture")]
    NoTexture,
    /// Texture size and bytes disagree.
    #[error("the texture is malformed: {0}")]
    Texture(#[from] png::PixelCount),
    /// The container counts its bytes in 32 bits.
    #[error("the model does not fit into a GLB file, which holds at most 4 GiB")]
    TooLarge,
}

const MAGIC: [u8; 4] = *b"glTF";
const VERSION: u32 = 2;
const JSON_CHUNK: [u8; 4] = *b"JSON";
const BINARY_CHUNK: [u8; 4] = *b"BIN\0";

/// Writes `model` as one self-contained GLB file. The same model and options give the same bytes.
///
/// # Errors
/// [`GlbError`] if the model would make an invalid file; nothing is repaired silently.
pub fn write(model: &Model, options: &GlbOptions) -> Result<Vec<u8>, GlbError> {
    check::check(model)?;
    let texture = model
        .material
        .base_colour
        .as_ref()
        .ok_or(GlbError::NoTexture)?;
    let png = png::encode_rgb(texture.width, texture.height, &texture.rgb)?;
    let parts = document::Parts::of(model, png);
    let json = document::json(&parts, options).to_string();
    container(json.into_bytes(), parts.into_binary())
}

/// Header and the two chunks; each chunk is padded to 4 bytes, JSON with spaces.
fn container(mut json: Vec<u8>, mut binary: Vec<u8>) -> Result<Vec<u8>, GlbError> {
    json.resize(json.len().next_multiple_of(4), b' ');
    binary.resize(binary.len().next_multiple_of(4), 0);
    let total = 12 + 8 + json.len() + 8 + binary.len();
    let total = u32::try_from(total).map_err(|_| GlbError::TooLarge)?;

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
