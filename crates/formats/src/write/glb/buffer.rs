//! The binary part of a file, and what the JSON says about each of its blocks.

use serde_json::{Value, json};

// Numbers the format defines (glTF 2.0, sections 5.1.3 and 5.11.5).
const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;
const FLOAT: u32 = 5126;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;

/// Grows block by block. Blocks are aligned to 4 bytes.
#[derive(Default)]
pub(super) struct Buffer {
    pub bytes: Vec<u8>,
    pub views: Vec<Value>,
    pub accessors: Vec<Value>,
}

impl Buffer {
    /// Adds a block that no accessor reads; its view's number.
    pub(super) fn block(&mut self, block: &[u8]) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.views.push(json!({
            "buffer": 0,
            "byteOffset": self.bytes.len(),
            "byteLength": block.len(),
        }));
        self.bytes.extend_from_slice(block);
        self.views.len() - 1
    }

    fn accessor(&mut self, block: &[u8], target: u32, mut accessor: Value) -> usize {
        let view = self.block(block);
        self.views[view]["target"] = target.into();
        accessor["bufferView"] = view.into();
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    /// Adds vectors of `N` floats; the accessor's number. Positions need their bounds.
    pub(super) fn floats<const N: usize>(
        &mut self,
        vectors: impl ExactSizeIterator<Item = [f32; N]>,
        bounds: Option<([f32; N], [f32; N])>,
    ) -> usize {
        let count = vectors.len();
        let block: Vec<u8> = vectors.flatten().flat_map(f32::to_le_bytes).collect();
        let mut accessor =
            json!({ "componentType": FLOAT, "count": count, "type": format!("VEC{N}") });
        if let Some((low, high)) = bounds {
            accessor["min"] = low.to_vec().into();
            accessor["max"] = high.to_vec().into();
        }
        self.accessor(&block, ARRAY_BUFFER, accessor)
    }

    /// Adds colours as 16-bit fractions; the accessor's number. Four components, because vertices
    /// have to begin at multiples of 4 bytes.
    pub(super) fn colours(&mut self, colours: impl ExactSizeIterator<Item = [u16; 4]>) -> usize {
        let accessor = json!({
            "componentType": UNSIGNED_SHORT,
            "normalized": true,
            "count": colours.len(),
            "type": "VEC4",
        });
        let block: Vec<u8> = colours.flatten().flat_map(u16::to_le_bytes).collect();
        self.accessor(&block, ARRAY_BUFFER, accessor)
    }

    /// Adds indices into `vertices` vertices, as small as they can be; the accessor's number.
    pub(super) fn indices(&mut self, indices: &[u32], vertices: usize) -> usize {
        // 65535 itself is the primitive-restart value and must not be used as an index.
        let short = vertices <= usize::from(u16::MAX);
        let (component, block): (u32, Vec<u8>) = if short {
            let short = |&i: &u32| (i as u16).to_le_bytes();
            (UNSIGNED_SHORT, indices.iter().flat_map(short).collect())
        } else {
            let long = |&i: &u32| i.to_le_bytes();
            (UNSIGNED_INT, indices.iter().flat_map(long).collect())
        };
        let accessor =
            json!({ "componentType": component, "count": indices.len(), "type": "SCALAR" });
        self.accessor(&block, ELEMENT_ARRAY_BUFFER, accessor)
    }
}
