//! A coloured triangle mesh to render from.

use glam::{Vec2, Vec3};

/// A mesh with materials. Positions fit the cube of side 1 around the origin (longest side of the
/// bounding box 1, centred), +Y up.
#[derive(Clone, Default)]
pub struct Object {
    /// Vertex positions.
    pub positions: Vec<Vec3>,
    /// Unit vertex normals, zero where unknown; one per position.
    pub normals: Vec<Vec3>,
    /// Texture coordinates, one per position.
    pub uvs: Vec<Vec2>,
    /// Linear colour factors, one per position.
    pub colours: Vec<Vec3>,
    /// Vertex indices.
    pub triangles: Vec<[u32; 3]>,
    /// Index into `materials`, one per triangle.
    pub material_of: Vec<u16>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Pictures the materials refer to.
    pub textures: Vec<Texture>,
}

/// How a triangle looks.
#[derive(Clone, Debug)]
pub struct Material {
    /// Linear base colour.
    pub base: Vec3,
    /// Index of a texture that multiplies it.
    pub texture: Option<u16>,
    /// 0 mirror – 1 matt.
    pub roughness: f32,
    /// 0 dielectric – 1 metal.
    pub metallic: f32,
}

/// RGBA, sRGB, rows top to bottom.
#[derive(Clone)]
pub struct Texture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixels.
    pub pixels: Vec<[u8; 4]>,
}
