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

impl Surface {
    /// A closed box with two opposite corners there, outwards.
    pub fn cuboid(low: Vec3, high: Vec3) -> Self {
        let corner = |i: u32| {
            let pick = |axis: u32, low: f32, high: f32| if i >> axis & 1 == 0 { low } else { high };
            Vec3::new(
                pick(0, low.x, high.x),
                pick(1, low.y, high.y),
                pick(2, low.z, high.z),
            )
        };
        let quads = [
            [0, 4, 6, 2],
            [1, 3, 7, 5],
            [0, 1, 5, 4],
            [2, 6, 7, 3],
            [0, 2, 3, 1],
            [4, 5, 7, 6],
        ];
        Self {
            positions: (0..8).map(corner).collect(),
            triangles: quads
                .into_iter()
                .flat_map(|[a, b, c, d]| [[a, b, c], [a, c, d]])
                .collect(),
        }
    }
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
