//! Numbers out of buffers (glTF 2.0, section 3.6). Every length is checked before anything is
//! reserved.

use std::cell::Cell;

use super::super::{Note, ReadError, Source};
use super::document::{Accessor, Document, Image};
use super::uri;

const BAD: ReadError = ReadError::Malformed("an accessor");

const BYTE: u32 = 5120;
const UNSIGNED_BYTE: u32 = 5121;
const SHORT: u32 = 5122;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;

/// The file's numbers.
pub(super) struct Accessors<'a> {
    document: &'a Document,
    blob: Option<&'a [u8]>,
    /// What lies outside a GLB file's own chunk.
    buffers: Vec<Vec<u8>>,
    /// Elements that may still be read: parts may share accessors, over and over.
    left: Cell<usize>,
}

impl<'a> Accessors<'a> {
    /// Fetches all buffers.
    pub(super) fn load(
        document: &'a Document,
        blob: Option<&'a [u8]>,
        source: &mut Source,
    ) -> Result<Self, ReadError> {
        let mut buffers = Vec::new();
        for buffer in &document.buffers {
            buffers.push(match &buffer.uri {
                None => Vec::new(),
                Some(uri) => match uri::data(uri) {
                    Some(bytes) => bytes,
                    None => {
                        let name = uri::file_name(uri);
                        source.companion(&name)?.ok_or(ReadError::MissingFile)?
                    }
                },
            });
        }
        let left = Cell::new(source.limits.max_faces.saturating_mul(8));
        Ok(Self {
            document,
            blob,
            buffers,
            left,
        })
    }

    fn view(&self, view: usize) -> Result<(&[u8], Option<usize>), ReadError> {
        let view = self.document.buffer_views.get(view).ok_or(BAD)?;
        let buffer = match (view.buffer, self.blob) {
            // A GLB file's chunk is its first buffer, if that has no URI.
            (0, Some(blob))
                if self
                    .document
                    .buffers
                    .first()
                    .is_none_or(|b| b.uri.is_none()) =>
            {
                blob
            }
            (buffer, _) => self.buffers.get(buffer).ok_or(BAD)?,
        };
        let end = view.byte_offset.checked_add(view.byte_length).ok_or(BAD)?;
        Ok((
            buffer.get(view.byte_offset..end).ok_or(BAD)?,
            view.byte_stride,
        ))
    }

    /// The file of an image. `None`, and a note, if it isn't there.
    pub(super) fn image(
        &self,
        image: &Image,
        source: &mut Source,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        if let Some(view) = image.buffer_view {
            return Ok(Some(self.view(view)?.0.to_vec()));
        }
        let Some(uri) = &image.uri else {
            return Ok(None);
        };
        if let Some(bytes) = uri::data(uri) {
            return Ok(Some(bytes));
        }
        let found = source.companion(&uri::file_name(uri))?;
        if found.is_none() {
            source.note(Note::MissingTextures);
        }
        Ok(found)
    }

    /// Vectors of the first `N` components; a shorter vector's missing ones are an error.
    pub(super) fn floats<const N: usize>(
        &self,
        accessor: usize,
    ) -> Result<Vec<[f32; N]>, ReadError> {
        let accessor = self.accessor(accessor)?;
        let (components, size) = shape(accessor)?;
        if components < N {
            return Err(BAD);
        }
        let (kind, normalized) = (accessor.component_type, accessor.normalized);
        let read = |element: &[u8]| -> [f32; N] {
            std::array::from_fn(|i| float(kind, normalized, &element[i * size..]))
        };
        let elements = self.elements(accessor, components * size)?;
        let mut vectors = match elements {
            Some(elements) => elements.map(read).collect(),
            None => vec![[0.0; N]; accessor.count],
        };
        if let Some(sparse) = &accessor.sparse {
            let indices = self.sparse_indices(accessor)?;
            let (values, _) = self.view(sparse.values.buffer_view)?;
            let values = values.get(sparse.values.byte_offset..).ok_or(BAD)?;
            let mut values = values.chunks_exact(components * size);
            for index in indices {
                let value = values.next().ok_or(BAD)?;
                *vectors.get_mut(index as usize).ok_or(BAD)? = read(value);
            }
        }
        Ok(vectors)
    }

    /// Whole numbers.
    pub(super) fn indices(&self, accessor: usize) -> Result<Vec<u32>, ReadError> {
        let accessor = self.accessor(accessor)?;
        let (_, size) = shape(accessor)?;
        let elements = self.elements(accessor, size)?.ok_or(BAD)?;
        elements
            .map(|element| whole(accessor.component_type, element))
            .collect()
    }

    fn sparse_indices(&self, accessor: &Accessor) -> Result<Vec<u32>, ReadError> {
        let Some(sparse) = &accessor.sparse else {
            return Ok(Vec::new());
        };
        let size = size_of_component(sparse.indices.component_type)?;
        let (bytes, _) = self.view(sparse.indices.buffer_view)?;
        let bytes = bytes.get(sparse.indices.byte_offset..).ok_or(BAD)?;
        let elements = bytes
            .chunks_exact(size)
            .take(sparse.count.min(accessor.count));
        elements
            .map(|element| whole(sparse.indices.component_type, element))
            .collect()
    }

    fn accessor(&self, accessor: usize) -> Result<&Accessor, ReadError> {
        let accessor = self.document.accessors.get(accessor).ok_or(BAD)?;
        let left = self.left.get().checked_sub(accessor.count);
        self.left.set(left.ok_or(ReadError::TooLarge("vertices"))?);
        Ok(accessor)
    }

    /// The bytes of each element; `None` if all are zero.
    fn elements(
        &self,
        accessor: &Accessor,
        size: usize,
    ) -> Result<Option<impl Iterator<Item = &[u8]>>, ReadError> {
        let Some(view) = accessor.buffer_view else {
            return Ok(None);
        };
        let (bytes, stride) = self.view(view)?;
        let stride = stride.unwrap_or(size);
        if stride < size {
            return Err(BAD);
        }
        let bytes = bytes.get(accessor.byte_offset..).ok_or(BAD)?;
        let needed = match accessor.count {
            0 => 0,
            count => (count - 1)
                .checked_mul(stride)
                .and_then(|n| n.checked_add(size))
                .ok_or(BAD)?,
        };
        if bytes.len() < needed {
            return Err(BAD);
        }
        Ok(Some(
            (0..accessor.count).map(move |i| &bytes[i * stride..i * stride + size]),
        ))
    }
}

/// Components of an element, and bytes of a component.
fn shape(accessor: &Accessor) -> Result<(usize, usize), ReadError> {
    let components = match &*accessor.kind {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" => 4,
        _ => return Err(BAD),
    };
    Ok((components, size_of_component(accessor.component_type)?))
}

fn size_of_component(kind: u32) -> Result<usize, ReadError> {
    match kind {
        BYTE | UNSIGNED_BYTE => Ok(1),
        SHORT | UNSIGNED_SHORT => Ok(2),
        UNSIGNED_INT | FLOAT => Ok(4),
        _ => Err(BAD),
    }
}

/// One component; its bytes are there.
fn float(kind: u32, normalized: bool, bytes: &[u8]) -> f32 {
    let (value, one) = match kind {
        BYTE => (f32::from(bytes[0] as i8), 127.0),
        UNSIGNED_BYTE => (f32::from(bytes[0]), 255.0),
        SHORT => (f32::from(i16::from_le_bytes([bytes[0], bytes[1]])), 32767.0),
        UNSIGNED_SHORT => (f32::from(u16::from_le_bytes([bytes[0], bytes[1]])), 65535.0),
        UNSIGNED_INT => {
            let word = [bytes[0], bytes[1], bytes[2], bytes[3]];
            (u32::from_le_bytes(word) as f32, u32::MAX as f32)
        }
        _ => return f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
    };
    if normalized {
        (value / one).max(-1.0)
    } else {
        value
    }
}

/// One index; its bytes are there.
fn whole(kind: u32, bytes: &[u8]) -> Result<u32, ReadError> {
    match kind {
        UNSIGNED_BYTE => Ok(bytes[0].into()),
        UNSIGNED_SHORT => Ok(u16::from_le_bytes([bytes[0], bytes[1]]).into()),
        UNSIGNED_INT => Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
        _ => Err(BAD),
    }
}
