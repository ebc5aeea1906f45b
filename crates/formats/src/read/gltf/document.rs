//! The parts of the JSON that say what a model looks like (glTF 2.0, chapter 5).

use std::collections::BTreeMap;

use glam::{Affine2, Vec2};
use serde::Deserialize;
use serde_json::Value;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Document {
    pub extensions_required: Vec<String>,
    pub scene: Option<usize>,
    pub scenes: Vec<Scene>,
    pub nodes: Vec<Node>,
    pub meshes: Vec<Mesh>,
    pub materials: Vec<Material>,
    pub textures: Vec<Texture>,
    pub images: Vec<Image>,
    pub accessors: Vec<Accessor>,
    pub buffer_views: Vec<BufferView>,
    pub buffers: Vec<Buffer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Scene {
    pub nodes: Vec<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    pub children: Vec<usize>,
    pub mesh: Option<usize>,
    /// Column by column.
    pub matrix: Option<[f32; 16]>,
    pub translation: Option<[f32; 3]>,
    pub rotation: Option<[f32; 4]>,
    pub scale: Option<[f32; 3]>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Mesh {
    pub primitives: Vec<Primitive>,
    pub extras: Value,
}

impl Mesh {
    /// What our own files note about triangles that were quads.
    pub(super) fn quads(&self) -> Option<usize> {
        usize::try_from(self.extras.get("quads")?.as_u64()?).ok()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Primitive {
    pub attributes: BTreeMap<String, usize>,
    pub indices: Option<usize>,
    pub material: Option<usize>,
    pub mode: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Material {
    #[serde(rename = "pbrMetallicRoughness")]
    pub pbr: Pbr,
    pub normal_texture: Option<TextureInfo>,
    pub occlusion_texture: Option<TextureInfo>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Pbr {
    pub base_color_factor: Option<[f32; 4]>,
    pub base_color_texture: Option<TextureInfo>,
    pub metallic_factor: Option<f32>,
    pub roughness_factor: Option<f32>,
    pub metallic_roughness_texture: Option<TextureInfo>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TextureInfo {
    pub index: usize,
    pub tex_coord: u32,
    pub extensions: TextureInfoExtensions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TextureInfoExtensions {
    #[serde(rename = "KHR_texture_transform")]
    pub transform: Option<TextureTransform>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TextureTransform {
    pub offset: [f32; 2],
    /// Radians.
    pub rotation: f32,
    pub scale: Option<[f32; 2]>,
    pub tex_coord: Option<u32>,
}

impl TextureInfo {
    /// Which set of texture coordinates it is for.
    pub(super) fn set(&self) -> u32 {
        let moved = self.extensions.transform.as_ref();
        moved
            .and_then(|transform| transform.tex_coord)
            .unwrap_or(self.tex_coord)
    }

    /// From stored coordinates to the texture's.
    pub(super) fn transform(&self) -> Option<Affine2> {
        let transform = self.extensions.transform.as_ref()?;
        Some(
            Affine2::from_scale_angle_translation(
                Vec2::ONE,
                // The extension turns the other way: its v points down.
                -transform.rotation,
                transform.offset.into(),
            ) * Affine2::from_scale(transform.scale.map_or(Vec2::ONE, Vec2::from)),
        )
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Texture {
    pub source: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Image {
    pub uri: Option<String>,
    pub buffer_view: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Accessor {
    pub buffer_view: Option<usize>,
    pub byte_offset: usize,
    pub component_type: u32,
    pub normalized: bool,
    pub count: usize,
    #[serde(rename = "type")]
    pub kind: String,
    pub sparse: Option<Sparse>,
}

/// Some elements of an accessor that differ from what its view holds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sparse {
    pub count: usize,
    pub indices: SparseBlock,
    pub values: SparseBlock,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SparseBlock {
    pub buffer_view: usize,
    pub byte_offset: usize,
    pub component_type: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BufferView {
    pub buffer: usize,
    pub byte_offset: usize,
    pub byte_length: usize,
    pub byte_stride: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Buffer {
    pub uri: Option<String>,
}
