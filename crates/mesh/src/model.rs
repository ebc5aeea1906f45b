//! The shapes that travel between crates: a bare surface and a textured model.

use glam::{Vec2, Vec3, Vec4};

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

/// 8-bit pixels, rows top to bottom, `width × height × 3` bytes.
#[derive(Clone)]
pub struct Texture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// RGB bytes: sRGB for colours, plain numbers for everything else.
    pub rgb: Vec<u8>,
}

/// How a surface answers light: the metallic-roughness model of glTF 2.0, section 3.9.2.
#[derive(Clone)]
pub struct Material {
    /// Albedo, sRGB. `None`: white, or the model's vertex colours.
    pub base_colour: Option<Texture>,
    /// Normals in tangent space, x to the texture's right, y towards its top, each component
    /// stored as 0.5 + 0.5 c.
    pub normal: Option<Texture>,
    /// Red: how much of the sky a point sees. Green: roughness. Blue: metalness.
    pub orm: Option<Texture>,
    /// 0 a mirror, 1 chalk; only where `orm` says nothing.
    pub roughness: f32,
}

impl Default for Material {
    /// Photographed objects are mostly neither mirrors nor chalk.
    fn default() -> Self {
        Self {
            base_colour: None,
            normal: None,
            orm: None,
            roughness: 0.7,
        }
    }
}

impl Material {
    /// An albedo and nothing else.
    pub fn textured(base_colour: Texture) -> Self {
        Self {
            base_colour: Some(base_colour),
            ..Self::default()
        }
    }
}

/// A model to look at. One of ours stands on y = 0 with +Y up and its front towards +Z, in metres.
///
/// Vertices on texture seams are stored once per side, so the *geometry* is closed after
/// merging equal positions ([`Model::surface`]), as every reader of textured models does.
#[derive(Clone, Default)]
pub struct Model {
    /// Vertex positions.
    pub positions: Vec<Vec3>,
    /// Unit vertex normals, one per position.
    pub normals: Vec<Vec3>,
    /// Unit vectors along the texture's x, with the sign of the bitangent in w as glTF has it: one
    /// per position, or none where there is no normal map.
    pub tangents: Vec<Vec4>,
    /// Texture coordinates, one per position, (0, 0) the texture's top left; none without textures.
    pub uvs: Vec<Vec2>,
    /// sRGB colours, one per position, or none. They multiply the base colour.
    pub colours: Vec<[u8; 3]>,
    /// Triangles, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
    /// So many quads come first among the triangles, each as its halves `[a, b, c]`, `[a, c, d]`.
    pub quads: usize,
    /// What it is made of.
    pub material: Material,
}
