//! Files of anybody's into models: bounded in bytes, faces and pixels, never outside what was
//! handed in, an error instead of a panic.
//!
//! What comes out is what [`Model`] promises: metres, +Y up, one normal per position, triangles
//! that exist. Several meshes are moved to where the file has them and joined into one.

mod gltf;
mod mtl;
mod normals;
mod obj;
mod package;
mod ply;
mod scene;
mod stl;
mod texture;
mod three_mf;
mod usd;

use mesh::Model;

use crate::Format;
use crate::write::glb;
use scene::Scene;

/// How much a file may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of all files together, unpacked.
    pub max_bytes: u64,
    /// Triangles, counting a quad as two; the same number bounds vertices.
    pub max_faces: usize,
    /// Pixels of all textures together.
    pub max_texels: u64,
}

impl Default for Limits {
    /// Far above what a person can work with, far below what a machine can't hold.
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_faces: 20_000_000,
            max_texels: 3 * 8_192 * 8_192,
        }
    }
}

/// A file couldn't be read. The texts carry no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No format of ours.
    #[error(
        "this is no 3D file that can be read; give a GLB, glTF, OBJ, STL, 3MF, PLY or USDZ file"
    )]
    Unknown,
    /// The file breaks its format's rules there.
    #[error("the file is damaged: {0} can't be read; export it again")]
    Malformed(&'static str),
    /// A part of the format that we don't read, and what to do.
    #[error("{0}")]
    Unsupported(&'static str),
    /// A file it needs isn't there.
    #[error("a file that belongs to it is missing; keep its .bin files in the same folder")]
    MissingFile,
    /// More than [`Limits`] allow.
    #[error("the file is too large: too many {0}")]
    TooLarge(&'static str),
    /// There is no triangle in it.
    #[error("the file has no surface: no triangle was found in it")]
    Empty,
    /// A position is NaN, infinite or beyond what can be computed with.
    #[error("the file has a position that is not a number; repair it in a 3D program")]
    NotFinite,
}

/// Something about a file that a person may want to know; it was read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Textures or materials lie in files that are not there, or outside the model's folder.
    MissingTextures,
    /// Textures in formats that we don't read, or too large.
    UnreadTextures,
    /// There were several textures: their colours are the vertices' now.
    TexturesToColours,
}

impl Note {
    /// For a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::MissingTextures => {
                "textures or materials are missing; keep them in the model's folder"
            }
            Self::UnreadTextures => "a texture could not be read; only PNG and JPEG can",
            Self::TexturesToColours => {
                "several textures became vertex colours; bake them into one for more detail"
            }
        }
    }
}

/// A model from a file.
#[derive(Clone)]
pub struct Opened {
    /// Metres, +Y up.
    pub model: Model,
    /// The format it came in.
    pub format: Format,
    /// What was left out, each once.
    pub notes: Vec<Note>,
}

/// Where the other files that a file names come from: relative paths with `/`, never leaving the
/// folder. `None` if there is no such file.
pub type Companions<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Reads a file of any [`Format`], found out from its content. `companions` finds what it refers
/// to; nothing else is ever opened.
///
/// # Errors
/// [`ReadError`] says what is wrong and what to do.
pub fn read(bytes: &[u8], companions: Companions, limits: &Limits) -> Result<Opened, ReadError> {
    if bytes.len() as u64 > limits.max_bytes {
        return Err(ReadError::TooLarge("bytes"));
    }
    let mut source = Source {
        companions,
        limits: *limits,
        left: limits.max_bytes - bytes.len() as u64,
        texels_left: limits.max_texels,
        notes: Vec::new(),
    };
    let (format, scene) = match sniff(bytes).ok_or(ReadError::Unknown)? {
        Content::Package => package::read(bytes, &mut source)?,
        Content::Usdc => return Err(usd::BINARY),
        Content::Plain(format) => (format, plain(bytes, format, &mut source)?),
    };
    let model = scene.join(&mut source)?;
    Ok(Opened {
        model,
        format,
        notes: source.notes,
    })
}

fn plain(bytes: &[u8], format: Format, source: &mut Source) -> Result<Scene, ReadError> {
    match format {
        Format::Glb => gltf::binary(bytes, source),
        Format::Gltf => gltf::text(bytes, source),
        Format::Obj => obj::read(bytes, source),
        Format::Stl => stl::read(bytes, source),
        Format::Ply => ply::read(bytes, source),
        Format::Usdz => usd::read(bytes, source),
        Format::ThreeMf => Err(ReadError::Unknown),
    }
}

/// What the first bytes say.
#[derive(Debug, PartialEq, Eq)]
enum Content {
    Package,
    Usdc,
    Plain(Format),
}

fn sniff(bytes: &[u8]) -> Option<Content> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(&glb::MAGIC) {
        return Some(Content::Plain(Format::Glb));
    }
    if begins(b"PK\x03\x04") {
        return Some(Content::Package);
    }
    if begins(b"PXR-USDC") {
        return Some(Content::Usdc);
    }
    if begins(b"#usda") {
        return Some(Content::Plain(Format::Usdz));
    }
    if begins(b"ply\n") || begins(b"ply\r") {
        return Some(Content::Plain(Format::Ply));
    }
    // Before looking for text: the free text of a binary STL may begin with anything.
    if stl::is_stl(bytes) {
        return Some(Content::Plain(Format::Stl));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if text.trim_ascii_start().starts_with(b"{") {
        return Some(Content::Plain(Format::Gltf));
    }
    obj::is_obj(text).then_some(Content::Plain(Format::Obj))
}

/// What a reader reads from beside the file itself.
pub(crate) struct Source<'a> {
    companions: Companions<'a>,
    pub limits: Limits,
    /// Bytes that companions may still have.
    left: u64,
    /// Pixels that textures may still have.
    texels_left: u64,
    notes: Vec<Note>,
}

impl Source<'_> {
    /// Remembers it, once.
    pub(crate) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The file of that name beside this one. `None` if there is none, or the name leads elsewhere.
    pub(crate) fn companion(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(name) = inside(name) else {
            return Ok(None);
        };
        let Some(bytes) = (self.companions)(&name) else {
            return Ok(None);
        };
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or(ReadError::TooLarge("bytes"))?;
        Ok(Some(bytes))
    }
}

/// A relative path that stays in its folder, with `/`; `None` for everything else.
fn inside(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "." => {}
            // Nothing before the first slash: an absolute path. A colon: a drive or a scheme.
            "" | ".." => return None,
            part if part.contains([':', '\0']) => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_no_names() {
        assert_eq!(inside("./a\\b.png").as_deref(), Some("a/b.png"));
        for bad in [
            "",
            "/etc/passwd",
            "a/../../b",
            "C:\\x",
            "http://x/y",
            "..",
            "a//b",
            ".",
        ] {
            assert_eq!(inside(bad), None, "{bad}");
        }
    }

    #[test]
    fn content_says_what_it_is() {
        let plain = |format| Some(Content::Plain(format));
        assert_eq!(sniff(b"glTF\x02"), plain(Format::Glb));
        assert_eq!(sniff(b" {\"asset\":{}}"), plain(Format::Gltf));
        assert_eq!(sniff(b"# made by hand\n\nv 0 0 0\n"), plain(Format::Obj));
        assert_eq!(sniff(b"solid x\nfacet normal 0 0 1\n"), plain(Format::Stl));
        assert_eq!(sniff(b"PXR-USDC"), Some(Content::Usdc));
        assert_eq!(sniff(b"hello"), None);
        assert_eq!(sniff(b""), None);
    }
}
