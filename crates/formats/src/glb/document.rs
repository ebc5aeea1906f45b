//! The binary parts of the file and the JSON that describes them.

use mesh::Model;
use serde_json::{Value, json};

use super::GlbOptions;

/// Photographed objects are mostly neither mirrors nor chalk.
const ROUGHNESS: f64 = 0.7;

// Numbers the format defines (glTF 2.0, sections 3.6.2.2, 5.1.3, 5.11.5 and 5.26).
const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;
const FLOAT: u32 = 5126;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const LINEAR: u32 = 9729;
const LINEAR_MIPMAP_LINEAR: u32 = 9987;
const CLAMP_TO_EDGE: u32 = 33071;

/// The blocks of the binary chunk, in file order, with what the JSON says about them.
pub(super) struct Parts {
    positions: Vec<u8>,
    normals: Vec<u8>,
    uvs: Vec<u8>,
    indices: Vec<u8>,
    png: Vec<u8>,
    vertices: usize,
    min: [f32; 3],
    max: [f32; 3],
    index_count: usize,
    index_type: u32,
}

impl Parts {
    pub(super) fn of(model: &Model, png: Vec<u8>) -> Self {
        let vertices = model.positions.len();
        let indices = model.triangles.as_flattened();
        // 65535 itself is the primitive-restart value and must not be used as an index.
        let short = vertices <= usize::from(u16::MAX);
        let first = model.positions[0];
        let min = model.positions.iter().fold(first, |low, &p| low.min(p));
        let max = model.positions.iter().fold(first, |high, &p| high.max(p));
        Self {
            positions: floats(model.positions.iter().map(|p| p.to_array())),
            normals: floats(model.normals.iter().map(|n| n.to_array())),
            uvs: floats(model.uvs.iter().map(|uv| uv.to_array())),
            indices: if short {
                indices
                    .iter()
                    .flat_map(|&i| (i as u16).to_le_bytes())
                    .collect()
            } else {
                indices.iter().flat_map(|&i| i.to_le_bytes()).collect()
            },
            png,
            vertices,
            min: min.to_array(),
            max: max.to_array(),
            index_count: indices.len(),
            index_type: if short { UNSIGNED_SHORT } else { UNSIGNED_INT },
        }
    }

    fn blocks(&self) -> [&Vec<u8>; 5] {
        [
            &self.positions,
            &self.normals,
            &self.uvs,
            &self.indices,
            &self.png,
        ]
    }

    /// Where each block begins: blocks are aligned to 4 bytes.
    fn offsets(&self) -> [usize; 5] {
        let mut end = 0_usize;
        self.blocks().map(|block| {
            let start = end.next_multiple_of(4);
            end = start + block.len();
            start
        })
    }

    pub(super) fn into_binary(self) -> Vec<u8> {
        let mut binary = Vec::with_capacity(self.byte_length());
        for block in self.blocks() {
            binary.resize(binary.len().next_multiple_of(4), 0);
            binary.extend_from_slice(block);
        }
        binary
    }

    fn byte_length(&self) -> usize {
        self.offsets()[4] + self.png.len()
    }
}

fn floats<const N: usize>(vectors: impl Iterator<Item = [f32; N]>) -> Vec<u8> {
    vectors.flatten().flat_map(f32::to_le_bytes).collect()
}

/// The JSON chunk. Indices into its arrays: view *n* is block *n*, accessor *n* reads view *n*.
pub(super) fn json(parts: &Parts, options: &GlbOptions) -> Value {
    let [positions, normals, uvs, indices, image] = parts.offsets();
    let view = |offset: usize, block: &Vec<u8>| json!({ "buffer": 0, "byteOffset": offset, "byteLength": block.len() });
    let targeted = |offset: usize, block: &Vec<u8>, target: u32| {
        let mut view = view(offset, block);
        view["target"] = target.into();
        view
    };
    let mut asset = json!({ "version": "2.0", "generator": options.generator });
    if !options.extras.is_empty() {
        asset["extras"] = Value::Object(options.extras.clone());
    }
    json!({
        "asset": asset,
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "name": options.name, "mesh": 0 }],
        "meshes": [{
            "name": options.name,
            "primitives": [{
                "attributes": { "POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2 },
                "indices": 3,
                "material": 0,
            }],
        }],
        "materials": [{
            "name": "surface",
            "pbrMetallicRoughness": {
                "baseColorTexture": { "index": 0 },
                "metallicFactor": 0.0,
                "roughnessFactor": ROUGHNESS,
            },
            "doubleSided": false,
        }],
        "textures": [{ "sampler": 0, "source": 0 }],
        "samplers": [{
            "magFilter": LINEAR,
            "minFilter": LINEAR_MIPMAP_LINEAR,
            "wrapS": CLAMP_TO_EDGE,
            "wrapT": CLAMP_TO_EDGE,
        }],
        "images": [{ "name": "base colour", "mimeType": "image/png", "bufferView": 4 }],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": FLOAT,
                "count": parts.vertices,
                "type": "VEC3",
                "min": parts.min,
                "max": parts.max,
            },
            { "bufferView": 1, "componentType": FLOAT, "count": parts.vertices, "type": "VEC3" },
            { "bufferView": 2, "componentType": FLOAT, "count": parts.vertices, "type": "VEC2" },
            {
                "bufferView": 3,
                "componentType": parts.index_type,
                "count": parts.index_count,
                "type": "SCALAR",
            },
        ],
        "bufferViews": [
            targeted(positions, &parts.positions, ARRAY_BUFFER),
            targeted(normals, &parts.normals, ARRAY_BUFFER),
            targeted(uvs, &parts.uvs, ARRAY_BUFFER),
            targeted(indices, &parts.indices, ELEMENT_ARRAY_BUFFER),
            view(image, &parts.png),
        ],
        "buffers": [{ "byteLength": parts.byte_length() }],
    })
}
