//! STL, binary and text. It states no unit: millimetres are assumed, and +Z up, as slicers do.

use glam::{Mat4, Vec3};

use super::scene::{Part, Scene};
use super::{ReadError, Source};
use crate::weld;
use crate::write::from_printer;

const HEADER: usize = 84;
const TRIANGLE: usize = 50;

/// Whether the length fits the count of a binary file, or a text file begins like one.
pub(super) fn is_stl(bytes: &[u8]) -> bool {
    let is_binary = count(bytes).is_some_and(|count| count > 0 && body(bytes, count).is_some());
    is_binary || is_text(bytes)
}

fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let head = &start[..start.len().min(1024)];
    start.starts_with(b"solid") && head.windows(5).any(|word| word == b"facet")
}

fn count(bytes: &[u8]) -> Option<usize> {
    let count = bytes.get(HEADER - 4..HEADER)?;
    Some(u32::from_le_bytes(count.try_into().ok()?) as usize)
}

/// The triangles, if all are there and nothing but a little padding follows.
fn body(bytes: &[u8], count: usize) -> Option<&[u8]> {
    let end = count.checked_mul(TRIANGLE)?.checked_add(HEADER)?;
    let rest = bytes.len().checked_sub(end)?;
    (rest < TRIANGLE).then(|| &bytes[HEADER..end])
}

pub(super) fn read(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    let corners = match count(bytes).and_then(|count| body(bytes, count)) {
        Some(body) => binary(body),
        None => text(bytes, source)?,
    };
    let (positions, index) = weld::distinct(corners);
    let (triangles, _) = index.as_chunks::<3>();
    let part = Part {
        positions: positions
            .into_iter()
            .map(|p| from_printer(Vec3::from(p)))
            .collect(),
        triangles: triangles.to_vec(),
        ..Part::default()
    };
    let mut scene = Scene::default();
    scene.add(part, Mat4::IDENTITY, &source.limits)?;
    Ok(scene)
}

/// All corners. The stored normals are left: many programs write zeros.
fn binary(body: &[u8]) -> Vec<[f32; 3]> {
    let (triangles, _) = body.as_chunks::<TRIANGLE>();
    let corners = triangles.iter().flat_map(|triangle| {
        let (floats, _) = triangle[12..48].as_chunks::<4>();
        let floats: [f32; 9] = std::array::from_fn(|i| f32::from_le_bytes(floats[i]));
        [0, 3, 6].map(|i| [floats[i], floats[i + 1], floats[i + 2]])
    });
    corners.collect()
}

fn text(bytes: &[u8], source: &Source) -> Result<Vec<[f32; 3]>, ReadError> {
    let bad = ReadError::Malformed("a vertex");
    let mut corners = Vec::new();
    let mut words = bytes
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case(b"vertex") {
            let mut number = || {
                let word = std::str::from_utf8(words.next().ok_or(bad)?).map_err(|_| bad)?;
                word.parse::<f32>().map_err(|_| bad)
            };
            corners.push([number()?, number()?, number()?]);
            if corners.len() > source.limits.max_faces.saturating_mul(3) {
                return Err(ReadError::TooLarge("faces"));
            }
        }
    }
    if corners.len() % 3 != 0 {
        return Err(ReadError::Malformed("the last face"));
    }
    Ok(corners)
}
