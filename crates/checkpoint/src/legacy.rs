//! torch's checkpoint before PyTorch 1.6: pickles and raw numbers one after the other. A magic
//! number, a version, what kind of machine wrote it, the tensors, the names of their storages, and
//! then each storage: how many numbers it has (eight bytes) and the numbers.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Error, Result};
use crate::{Entry, Kept, pickle};

/// Two pickles that every such file begins with: the number 0x1950a86a20f9469cfc6c and 1001.
const HEAD: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.";

pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(HEAD)
}

/// Where each tensor lies in such a file.
pub(crate) fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Entry>> {
    let mut at = HEAD.len();
    let (little_endian, length) = pickle::is_so(&bytes[at..], "little_endian")?;
    if !little_endian {
        return Err(wrong("its numbers are not little-endian"));
    }
    at += length;
    let (tensors, length) = pickle::tensors(&bytes[at..])?;
    at += length;
    let (names, length) = pickle::texts(&bytes[at..])?;
    at += length;

    let kinds: BTreeMap<&str, Kept> = tensors
        .iter()
        .map(|(_, saved)| (saved.storage.as_str(), saved.kept))
        .collect();
    let mut storages: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for name in &names {
        let kind = kinds.get(name.as_str());
        let kind = kind.ok_or_else(|| wrong("it has a storage that no tensor uses"))?;
        let storage = storage(bytes, at, *kind).ok_or_else(|| wrong("it is cut off"))?;
        at = storage.end;
        storages.insert(name, storage);
    }

    let mut entries = BTreeMap::new();
    for (name, saved) in &tensors {
        let place = storages
            .get(saved.storage.as_str())
            .and_then(|storage| saved.place(storage))
            .ok_or_else(|| wrong(&format!("{name} reaches beyond its storage")))?;
        let entry = Entry {
            kept: saved.kept,
            shape: saved.shape.clone(),
            bytes: place,
        };
        entries.insert(name.clone(), entry);
    }
    Ok(entries)
}

/// The numbers of the storage that begins here with its length.
fn storage(bytes: &[u8], at: usize, kind: Kept) -> Option<Range<usize>> {
    let start = at.checked_add(8)?;
    let count = bytes.get(at..start)?.try_into().ok()?;
    let count = usize::try_from(u64::from_le_bytes(count)).ok()?;
    let end = start.checked_add(count.checked_mul(kind.bytes())?)?;
    (end <= bytes.len()).then_some(start..end)
}

fn wrong(problem: &str) -> Error {
    Error::Damaged(problem.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::Checkpoint;

    /// What PyTorch 1.5 would write for `{"w": [[1, 2, 3], [4, 5, 6]]}`: a view of a storage of
    /// seven numbers that begins at the second.
    fn file() -> Vec<u8> {
        let mut file = super::HEAD.to_vec();
        file.extend(b"\x80\x02}(X\x0d\x00\x00\x00little_endian\x88u.");
        file.extend(b"\x80\x02}(X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((");
        file.extend(b"X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x02\x00\x00\x0077");
        file.extend(b"X\x03\x00\x00\x00cpuK\x07Nt");
        file.extend(b"QK\x01K\x02K\x03\x86K\x03K\x01\x86\x89}tRu.");
        file.extend(b"\x80\x02]X\x02\x00\x00\x0077a.");
        file.extend(7_u64.to_le_bytes());
        file.extend((0..7).flat_map(|n| (n as f32).to_le_bytes()));
        file
    }

    #[test]
    fn tensors_lie_where_the_pickle_says() {
        let checkpoint = Checkpoint::from_bytes(file()).unwrap();
        let tensor = checkpoint.tensor("w", &[2, 3]).unwrap();
        assert_eq!(&*tensor.floats(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn cut_and_altered_files_end_in_an_error_or_other_numbers() {
        let whole = file();
        for length in 0..whole.len() {
            assert!(Checkpoint::from_bytes(whole[..length].to_vec()).is_err());
        }
        for at in 0..whole.len() {
            let mut odd = whole.clone();
            odd[at] ^= 0x55;
            let _ = Checkpoint::from_bytes(odd);
        }
    }

    #[test]
    fn big_endian_numbers_are_refused() {
        let mut file = file();
        let at = file.iter().position(|&byte| byte == 0x88).unwrap();
        file[at] = 0x89;
        let error = Checkpoint::from_bytes(file).err().unwrap();
        assert!(error.to_string().contains("little-endian"), "{error}");
    }
}
