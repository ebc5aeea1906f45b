//! Models into files. The same model and options give the same bytes, in every format.

pub mod glb;

mod check;
mod obj;
mod ply;
mod stl;
mod textures;
mod three_mf;
mod usda;
mod usdz;

use mesh::Model;
use serde_json::{Map, Value};

pub use textures::to_vertex_colours;

pub(crate) use stl::{from_printer, to_printer};

use crate::archive::{Packing, zip};
use crate::{Format, png};

/// Millimetres in a metre: STL and 3MF files for printers count in millimetres.
pub(crate) const MM_PER_METRE: f32 = 1000.0;

/// What a file tells beside the shape.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// What a 3D program will call the model. Companion files are named after it.
    pub name: String,
    /// The program and its version, for example `ai3dgen 0.1.0`.
    pub generator: String,
    /// `asset.extras` of glTF: whatever makes the file reproducible (seed, engine). Left out if
    /// empty, and by the other formats.
    pub extras: Map<String, Value>,
    /// A small PNG of the model for file managers; 3MF holds it.
    pub thumbnail_png: Option<Vec<u8>>,
}

/// A file that goes with another, under a name that the other knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Companion {
    /// File name without folders; within an archive, with them.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A model as files.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// The file to open.
    pub bytes: Vec<u8>,
    /// What has to lie in the same folder.
    pub companions: Vec<Companion>,
    /// What the file to open is called inside a zip file.
    name: String,
}

impl Written {
    /// A file that needs no other.
    pub fn alone(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            companions: Vec::new(),
            name: String::new(),
        }
    }

    /// Everything in one zip file; a file without companions stays as it is.
    ///
    /// # Errors
    /// [`WriteError::TooLarge`] if a zip file can't hold it.
    pub fn zipped(self) -> Result<Vec<u8>, WriteError> {
        if self.companions.is_empty() {
            return Ok(self.bytes);
        }
        let mut entries = vec![Companion {
            name: self.name,
            bytes: self.bytes,
        }];
        entries.extend(self.companions);
        zip(&entries, Packing::Small)
    }
}

/// The model can't be written as a valid file. The texts carry no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// No triangles or no vertices.
    #[error("the model is empty")]
    Empty,
    /// Normals, tangents, texture coordinates or colours are not one per position.
    #[error("the model has a different number of positions and of what belongs to them")]
    UnevenAttributes,
    /// There are textures but no texture coordinates.
    #[error("the model has a texture but no texture coordinates")]
    NoTextureCoordinates,
    /// A coordinate is NaN or infinite.
    #[error("the model has a coordinate that is not a finite number")]
    NotFinite,
    /// A normal or tangent is far from unit length.
    #[error("the model has a normal that is not of unit length")]
    NormalLength,
    /// A triangle points at a vertex that doesn't exist.
    #[error("the model has a triangle with a vertex that does not exist")]
    IndexOutOfRange,
    /// What should be the two halves of a quad doesn't fit together.
    #[error("the model has a quad whose halves do not share a diagonal")]
    TornQuad,
    /// Texture size and bytes disagree.
    #[error("the texture is malformed: {0}")]
    Texture(#[from] png::PixelCount),
    /// The format counts in 32 bits.
    #[error("the model does not fit into a file of that format, which holds at most 4 GiB")]
    TooLarge,
}

/// Writes `model` in that format, as much of it as the format can hold ([`Format::carries`]).
///
/// # Errors
/// [`WriteError`] if the model would make an invalid file; nothing is repaired silently.
pub fn write(model: &Model, format: Format, options: &WriteOptions) -> Result<Written, WriteError> {
    check::check(model)?;
    match format {
        Format::Glb => glb::write(model, options).map(Written::alone),
        Format::Gltf => glb::write_beside(model, options),
        Format::Obj => obj::write(model, options),
        Format::Stl => stl::write(model, options).map(Written::alone),
        Format::ThreeMf => three_mf::write(model, options).map(Written::alone),
        Format::Ply => ply::write(model, options).map(Written::alone),
        Format::Usdz => usdz::write(model, options).map(Written::alone),
    }
}

/// The four corners of every quad.
pub(crate) fn quads(model: &Model) -> impl Iterator<Item = [u32; 4]> {
    let (pairs, _) = model.triangles[..2 * model.quads].as_chunks::<2>();
    pairs.iter().map(|&[[a, b, c], [_, _, d]]| [a, b, c, d])
}

/// The triangles that are no half of a quad.
pub(crate) fn lone_triangles(model: &Model) -> &[[u32; 3]] {
    &model.triangles[2 * model.quads..]
}

/// Whether the texture has to repeat for these coordinates.
pub(crate) fn repeats(model: &Model) -> bool {
    let outside = |c: f32| !(0.0..=1.0).contains(&c);
    model.uvs.iter().any(|uv| outside(uv.x) || outside(uv.y))
}

/// `name` as the beginning of file names that mean the same to every program and in every URI.
pub(crate) fn file_stem(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    let stem: String = name.chars().take(64).map(safe).collect();
    if stem.chars().any(|c| c != '_') {
        stem
    } else {
        "model".into()
    }
}

/// `text` in one line, for the comments of text formats.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(200).map(shown).collect()
}
