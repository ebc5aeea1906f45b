//! The JSON that describes a model.

use mesh::{Model, measure};
use serde_json::{Map, Value, json};

use super::super::textures::Image;
use super::super::{WriteError, WriteOptions, repeats};
use super::buffer::Buffer;
use crate::colour::linear;

// Numbers the format defines (glTF 2.0, section 5.26).
const LINEAR: u32 = 9729;
const LINEAR_MIPMAP_LINEAR: u32 = 9987;
const CLAMP_TO_EDGE: u32 = 33071;
const REPEAT: u32 = 10497;

/// A file in the making: first the geometry, then its textures, in the order base colour, normals,
/// occlusion-roughness-metalness.
pub(super) struct Document<'a> {
    model: &'a Model,
    buffer: Buffer,
    primitive: Value,
    images: Vec<Value>,
}

impl<'a> Document<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut buffer = Buffer::default();
        let mut attributes = Map::new();
        let mut attribute = |name: &str, accessor: usize| {
            attributes.insert(name.into(), accessor.into());
        };
        let (low, high) = measure::bounds(&model.positions);
        let positions = model.positions.iter().map(|p| p.to_array());
        let bounds = (low.to_array(), high.to_array());
        attribute("POSITION", buffer.floats(positions, Some(bounds)));
        let normals = model.normals.iter().map(|n| n.to_array());
        attribute("NORMAL", buffer.floats(normals, None));
        if !model.uvs.is_empty() {
            let uvs = model.uvs.iter().map(|uv| uv.to_array());
            attribute("TEXCOORD_0", buffer.floats(uvs, None));
        }
        // Without a normal map nothing would use them.
        if !model.tangents.is_empty() && model.material.normal.is_some() {
            let tangents = model.tangents.iter().map(|t| t.to_array());
            attribute("TANGENT", buffer.floats(tangents, None));
        }
        if !model.colours.is_empty() {
            // The format counts light, not sRGB (section 3.9.2).
            let fraction = |byte: u8| (linear(byte) * 65535.0).round() as u16;
            let colours = (model.colours.iter())
                .map(|&[r, g, b]| [fraction(r), fraction(g), fraction(b), u16::MAX]);
            attribute("COLOR_0", buffer.colours(colours));
        }
        let indices = buffer.indices(model.triangles.as_flattened(), model.positions.len());
        Self {
            model,
            buffer,
            primitive: json!({ "attributes": attributes, "indices": indices, "material": 0 }),
            images: Vec::new(),
        }
    }

    /// Adds a texture to the binary part.
    pub(super) fn embed(&mut self, image: &Image) {
        let view = self.buffer.block(&image.png);
        self.images
            .push(json!({ "name": image.what, "mimeType": "image/png", "bufferView": view }));
    }

    /// Adds a texture that lies in a file of its own.
    pub(super) fn refer(&mut self, image: &Image, file: &str) {
        self.images.push(json!({ "name": image.what, "uri": file }));
    }

    fn material(&self) -> Value {
        let material = &self.model.material;
        let mut images = 0..self.images.len();
        let mut texture = |there: bool| there.then(|| json!({ "index": images.next() }));
        let base_colour = texture(material.base_colour.is_some());
        let normal = texture(material.normal.is_some());
        let orm = texture(material.orm.is_some());

        let mut surface = Map::new();
        if let Some(texture) = base_colour {
            surface.insert("baseColorTexture".into(), texture);
        }
        match &orm {
            // The texture says it all: the factors stay at their default, 1.
            Some(texture) => {
                surface.insert("metallicRoughnessTexture".into(), texture.clone());
            }
            None => {
                surface.insert("metallicFactor".into(), 0.0.into());
                // As a person would write it: 0.7, not 0.699999988079071.
                let roughness = f64::from(material.roughness.clamp(0.0, 1.0));
                let roughness = (roughness * 1e4).round() / 1e4;
                surface.insert("roughnessFactor".into(), roughness.into());
            }
        }
        let mut json = json!({ "name": "surface", "pbrMetallicRoughness": surface });
        if let Some(texture) = normal {
            json["normalTexture"] = texture;
        }
        if let Some(texture) = orm {
            json["occlusionTexture"] = texture;
        }
        json
    }

    /// The JSON and the binary part, which lies in the file `uri` if that is given.
    pub(super) fn finish(
        self,
        options: &WriteOptions,
        uri: Option<&str>,
    ) -> Result<(Vec<u8>, Vec<u8>), WriteError> {
        let mut asset = json!({ "version": "2.0", "generator": options.generator });
        if !options.extras.is_empty() {
            asset["extras"] = Value::Object(options.extras.clone());
        }
        // A format of triangles: what were quads is left as a note.
        let mut mesh = json!({ "name": options.name, "primitives": [self.primitive] });
        if self.model.quads > 0 {
            mesh["extras"] = json!({ "quads": self.model.quads });
        }
        let mut buffer = json!({ "byteLength": self.buffer.bytes.len() });
        if let Some(uri) = uri {
            buffer["uri"] = uri.into();
        }
        let mut json = json!({
            "asset": asset,
            "scene": 0,
            "scenes": [{ "nodes": [0] }],
            "nodes": [{ "name": options.name, "mesh": 0 }],
            "meshes": [mesh],
            "materials": [self.material()],
            "accessors": self.buffer.accessors,
            "bufferViews": self.buffer.views,
            "buffers": [buffer],
        });
        if !self.images.is_empty() {
            let wrap = if repeats(self.model) {
                REPEAT
            } else {
                CLAMP_TO_EDGE
            };
            json["samplers"] = json!([{
                "magFilter": LINEAR,
                "minFilter": LINEAR_MIPMAP_LINEAR,
                "wrapS": wrap,
                "wrapT": wrap,
            }]);
            let texture = |source: usize| json!({ "sampler": 0, "source": source });
            json["textures"] = (0..self.images.len()).map(texture).collect();
            json["images"] = self.images.into();
        }
        if self.buffer.bytes.len() > u32::MAX as usize {
            return Err(WriteError::TooLarge);
        }
        Ok((json.to_string().into_bytes(), self.buffer.bytes))
    }
}
