//! What a model must be before it is worth writing.

use glam::Vec3;
use mesh::Model;

use super::WriteError;
use crate::png::PixelCount;

/// Readers accept normals this far from unit length (the reference validator's own bound is
/// 0.00674); rounding stays orders of magnitude below it.
const NORMAL_TOLERANCE: f32 = 5e-3;

pub(super) fn check(model: &Model) -> Result<(), WriteError> {
    let vertices = model.positions.len();
    if vertices == 0 || model.triangles.is_empty() {
        return Err(WriteError::Empty);
    }
    if u32::try_from(vertices.max(model.triangles.len())).is_err() {
        return Err(WriteError::TooLarge);
    }
    let fits = |count: usize| count == 0 || count == vertices;
    if model.normals.len() != vertices
        || !fits(model.uvs.len())
        || !fits(model.tangents.len())
        || !fits(model.colours.len())
    {
        return Err(WriteError::UnevenAttributes);
    }
    let finite = model.positions.iter().all(|position| position.is_finite())
        && model.normals.iter().all(|normal| normal.is_finite())
        && model.tangents.iter().all(|tangent| tangent.is_finite())
        && model.uvs.iter().all(|uv| uv.is_finite());
    if !finite {
        return Err(WriteError::NotFinite);
    }
    let unit = |direction: Vec3| (direction.length() - 1.0).abs() <= NORMAL_TOLERANCE;
    if !model.normals.iter().all(|&normal| unit(normal))
        || !model
            .tangents
            .iter()
            .all(|t| unit(t.truncate()) && t.w.abs() == 1.0)
    {
        return Err(WriteError::NormalLength);
    }
    let exists = |&index: &u32| (index as usize) < vertices;
    if !model.triangles.as_flattened().iter().all(exists) {
        return Err(WriteError::IndexOutOfRange);
    }
    let halves = model.triangles.get(..2 * model.quads);
    let (pairs, _) = halves.ok_or(WriteError::TornQuad)?.as_chunks::<2>();
    if !pairs
        .iter()
        .all(|[one, other]| one[0] == other[0] && one[2] == other[1])
    {
        return Err(WriteError::TornQuad);
    }
    textures(model)
}

fn textures(model: &Model) -> Result<(), WriteError> {
    let material = &model.material;
    for texture in [&material.base_colour, &material.normal, &material.orm]
        .into_iter()
        .flatten()
    {
        if model.uvs.is_empty() {
            return Err(WriteError::NoTextureCoordinates);
        }
        let (width, height, bytes) = (texture.width, texture.height, texture.rgb.len());
        let expected = u128::from(width) * u128::from(height) * 3;
        if expected == 0 || expected != bytes as u128 {
            return Err(PixelCount {
                width,
                height,
                bytes,
            }
            .into());
        }
    }
    Ok(())
}
