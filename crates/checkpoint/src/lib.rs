//! Weights in a file: `.safetensors`, or what `torch.save` writes: a pickle and raw numbers, in a
//! zip or, before PyTorch 1.6, one after the other. Nothing in a file is ever run.

mod error;
mod legacy;
mod map;
mod pickle;
mod torch;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use safetensors::SafeTensors;

pub use error::{Error, Result};
use map::Mapped;

/// How numbers are kept in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    F32,
    F16,
    Bf16,
}

impl Kept {
    fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }
}

/// Where one tensor lies in the file.
#[derive(Clone, Debug)]
struct Entry {
    kept: Kept,
    shape: Vec<usize>,
    bytes: Range<usize>,
}

/// An open file of weights. Clones share its bytes.
#[derive(Clone)]
pub struct Checkpoint {
    bytes: Arc<Bytes>,
    entries: Arc<BTreeMap<String, Entry>>,
}

impl Checkpoint {
    /// Opens a `.safetensors` or a torch checkpoint; which of them it is, the first bytes say. The
    /// file is mapped, not read: pages come when they are used and belong to the system.
    ///
    /// # Errors
    /// [`Error::File`] if it can't be mapped, [`Error::Damaged`] if it is damaged or of a kind that
    /// is refused.
    pub fn open(path: &Path) -> Result<Self> {
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let map = Mapped::open(path).map_err(|source| Error::File { file, source })?;
        Self::of(Bytes::Mapped(map))
    }

    /// As [`Checkpoint::open`], of a file that was read.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        Self::of(Bytes::Read(bytes))
    }

    fn of(bytes: Bytes) -> Result<Self> {
        let entries = match bytes.all() {
            all if all.starts_with(b"PK\x03\x04") => torch::entries(all)?,
            all if legacy::is_one(all) => legacy::entries(all)?,
            all => safetensors_entries(all)?,
        };
        Ok(Self {
            bytes: Arc::new(bytes),
            entries: Arc::new(entries),
        })
    }

    /// Names and shapes of all tensors, by name.
    pub fn shapes(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.entries
            .iter()
            .map(|(name, entry)| (name.as_str(), entry.shape.as_slice()))
    }

    /// Fails on the first of these tensors that is missing or has another shape.
    ///
    /// # Errors
    /// [`Error::Missing`] or [`Error::Shape`].
    pub fn check(&self, expected: &[(String, Vec<usize>)]) -> Result<()> {
        expected
            .iter()
            .try_for_each(|(name, shape)| self.entry(name, shape).map(|_| ()))
    }

    /// One tensor, whose shape has to be this one.
    ///
    /// # Errors
    /// [`Error::Missing`] or [`Error::Shape`].
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor> {
        let Entry { kept, bytes, .. } = self.entry(name, shape)?.clone();
        Ok(Tensor {
            all: Arc::clone(&self.bytes),
            kept,
            bytes,
        })
    }

    fn entry(&self, name: &str, shape: &[usize]) -> Result<&Entry> {
        let missing = || Error::Missing {
            name: name.into(),
            expected: shape.into(),
        };
        let entry = self.entries.get(name).ok_or_else(missing)?;
        if entry.shape != shape {
            let (expected, found) = (shape.into(), entry.shape.clone());
            return Err(Error::Shape {
                name: name.into(),
                expected,
                found,
            });
        }
        Ok(entry)
    }
}

/// The bytes of a file.
enum Bytes {
    Mapped(Mapped),
    Read(Vec<u8>),
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map.bytes(),
            Self::Read(bytes) => bytes,
        }
    }
}

/// One tensor of an open file, row by row.
#[derive(Clone)]
pub struct Tensor {
    all: Arc<Bytes>,
    kept: Kept,
    bytes: Range<usize>,
}

impl Tensor {
    /// The numbers: borrowed from the file where they are f32 and aligned, else converted.
    pub fn floats(&self) -> Cow<'_, [f32]> {
        let bytes = &self.all.all()[self.bytes.clone()];
        if self.kept == Kept::F32
            && cfg!(target_endian = "little")
            && let Ok(floats) = bytemuck::try_cast_slice(bytes)
        {
            return Cow::Borrowed(floats);
        }
        let halves = || bytes.as_chunks::<2>().0.iter();
        Cow::Owned(match self.kept {
            Kept::F32 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|&four| f32::from_le_bytes(four))
                .collect(),
            Kept::F16 => halves()
                .map(|&two| half::f16::from_le_bytes(two).to_f32())
                .collect(),
            Kept::Bf16 => halves()
                .map(|&two| half::bf16::from_le_bytes(two).to_f32())
                .collect(),
        })
    }

    /// Lets go of the memory that [`Tensor::floats`] was read through, if the file is mapped.
    pub fn forget(&self) {
        if let Bytes::Mapped(map) = &*self.all {
            map.forget(&self.bytes);
        }
    }
}

fn safetensors_entries(bytes: &[u8]) -> Result<BTreeMap<String, Entry>> {
    let tensors = SafeTensors::deserialize(bytes)
        .map_err(|error| Error::Damaged(format!("no sound safetensors file ({error:?})")))?;
    // Views are slices of the file: where they begin in it is the difference of two addresses.
    let start_of = |data: &[u8]| data.as_ptr().addr() - bytes.as_ptr().addr();
    let mut entries = BTreeMap::new();
    for (name, view) in tensors.iter() {
        let kept = match view.dtype() {
            safetensors::Dtype::F32 => Kept::F32,
            safetensors::Dtype::F16 => Kept::F16,
            safetensors::Dtype::BF16 => Kept::Bf16,
            // Whole numbers are no weights; whoever asks for them is told that they are missing.
            _ => continue,
        };
        let start = start_of(view.data());
        let bytes = start..start + view.data().len();
        entries.insert(
            name.to_owned(),
            Entry {
                kept,
                shape: view.shape().to_vec(),
                bytes,
            },
        );
    }
    Ok(entries)
}
