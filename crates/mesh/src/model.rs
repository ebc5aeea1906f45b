//! The shapes that travel between crates: a bare surface and a textured model.

use glam::{Vec2, Vec3};

/// A triangle surface without colour. Counter-clockwise faces seen from outside.
#[derive(Clone, Default)]
pub struct Surface {
    /// Vertex positions; metres, +Y up, once the engine has grounded the model.
    pub positions: Vec<Vec3>,
    /// Triangles as indices into `positions`.
    pub triangles: Vec<[u32; 3]>,
}

/// 8-bit sRGB pixels, rows top to bottom, `width × height × 3` bytes.
#[derive(Clone)]
pub struct Texture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// RGB bytes.
    pub rgb: Vec<u8>,
}

/// A finished model: +Y up, front faces +Z, the lowest point at y = 0, metres.
///
/// Vertices on texture seams are stored once per side, so the *geometry* is closed after
/// merging equal positions, as every reader of textured models does.
#[derive(Clone)]
pub struct Model {
    /// Vertex positions.
    pub positions: Vec<Vec3>,
    /// Unit vertex normals, one per position.
    pub normals: Vec<Vec3>,
    /// Texture coordinates, one per position, glTF convention: (0, 0) is the texture's top left.
    pub uvs: Vec<Vec2>,
    /// Triangles, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
    /// Base colour.
    pub texture: Texture,
}
