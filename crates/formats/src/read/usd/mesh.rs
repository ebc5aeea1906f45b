//! One `Mesh` prim as a part.

use glam::{Vec2, Vec3};

use super::super::ReadError;
use super::super::scene::Part;
use super::parse::{Prim, Property};

const BAD: ReadError = ReadError::Malformed("a mesh");

/// Reads geometry. Faces with more than four corners are cut into fans.
pub(super) fn part(prim: &Prim) -> Result<Part, ReadError> {
    let points = vectors::<3>(prim.numbers("points").unwrap_or_default());
    let corners = whole(prim.numbers("faceVertexIndices").unwrap_or_default())?;
    let counts = whole(prim.numbers("faceVertexCounts").unwrap_or_default())?;
    let mut part = Part::default();
    // Corners are vertices at first: what belongs to corners and to points becomes alike.
    for &point in &corners {
        let point = points.get(point as usize).ok_or(BAD)?;
        part.positions.push(Vec3::from(*point));
    }
    let coordinates = prim.properties.iter().find(|(name, property)| {
        name.starts_with("primvars:") && property.kind.starts_with("texCoord2")
            || *name == "primvars:st"
    });
    if let Some((name, property)) = coordinates {
        let uvs: Option<Vec<&[f64]>> = on_corners(prim, name, property, 2, &corners)?;
        let uv = |uv: &[f64]| Vec2::new(uv[0] as f32, 1.0 - uv[1] as f32);
        part.uvs = uvs.unwrap_or_default().into_iter().map(uv).collect();
    }
    let vector = |v: &[f64]| Vec3::new(v[0] as f32, v[1] as f32, v[2] as f32);
    for name in ["primvars:normals", "normals"] {
        if let (Some(property), true) = (prim.properties.get(name), part.normals.is_empty()) {
            let normals = on_corners(prim, name, property, 3, &corners)?.unwrap_or_default();
            part.normals = normals.into_iter().map(vector).collect();
        }
    }
    if let Some(property) = prim.properties.get("primvars:displayColor") {
        let colours =
            on_corners(prim, "primvars:displayColor", property, 3, &corners)?.unwrap_or_default();
        part.colours = colours.into_iter().map(vector).collect();
    }
    faces(&counts, corners.len(), &mut part)?;
    part.weld();
    if prim.text("orientation") == Some("leftHanded") {
        for [_, b, c] in &mut part.triangles {
            std::mem::swap(b, c);
        }
        // Halves would have to be cut anew to be a quad's again.
        part.quads = 0;
    }
    Ok(part)
}

fn faces(counts: &[u32], corners: usize, part: &mut Part) -> Result<(), ReadError> {
    let mut triangles = Vec::new();
    let mut first = 0_usize;
    for &count in counts {
        let end = first + count as usize;
        if end > corners {
            return Err(BAD);
        }
        let corner = |i: u32| first as u32 + i;
        match count {
            4 => {
                let [a, b, c, d] = [0, 1, 2, 3].map(corner);
                part.triangles.extend([[a, b, c], [a, c, d]]);
            }
            _ => triangles.extend((2..count).map(|i| [corner(0), corner(i - 1), corner(i)])),
        }
        first = end;
    }
    part.quads = part.triangles.len() / 2;
    part.triangles.extend(triangles);
    Ok(())
}

/// The value of a property at each corner, as `size` numbers each; `None` if they don't fit. It may
/// belong to corners, to points or to everything, and be picked by indices.
fn on_corners<'a>(
    prim: &Prim,
    name: &str,
    property: &'a Property,
    size: usize,
    corners: &[u32],
) -> Result<Option<Vec<&'a [f64]>>, ReadError> {
    let indices = prim
        .numbers(&format!("{name}:indices"))
        .map(whole)
        .transpose()?;
    let Some(numbers) = property.value.numbers() else {
        return Ok(None);
    };
    let value = |i: usize| -> Option<&'a [f64]> {
        let i = match &indices {
            Some(indices) => *indices.get(i)? as usize,
            None => i,
        };
        numbers.get(i.checked_mul(size)?..)?.get(..size)
    };
    Ok(match &*property.interpolation {
        "faceVarying" => (0..corners.len()).map(value).collect(),
        "vertex" | "varying" => corners.iter().map(|&point| value(point as usize)).collect(),
        "constant" => corners.iter().map(|_| value(0)).collect(),
        _ => None,
    })
}

fn vectors<const N: usize>(numbers: &[f64]) -> Vec<[f32; N]> {
    let (vectors, _) = numbers.as_chunks::<N>();
    vectors
        .iter()
        .map(|vector| vector.map(|n| n as f32))
        .collect()
}

fn whole(numbers: &[f64]) -> Result<Vec<u32>, ReadError> {
    let whole = |&number: &f64| {
        let whole = number as u32;
        (f64::from(whole) == number).then_some(whole).ok_or(BAD)
    };
    numbers.iter().map(whole).collect()
}
