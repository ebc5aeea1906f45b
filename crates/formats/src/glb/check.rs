//! What a model must be before it is worth writing.

use mesh::Model;

use super::GlbError;

/// Readers accept normals this far from unit length (the reference validator's own bound is
/// 0.00674); rounding stays orders of magnitude below it.
const NORMAL_TOLERANCE: f32 = 5e-3;

pub(super) fn check(model: &Model) -> Result<(), GlbError> {
    let vertices = model.positions.len();
    if vertices == 0 || model.triangles.is_empty() {
        return Err(GlbError::Empty);
    }
    if model.normals.len() != vertices || model.uvs.len() != vertices {
        return Err(GlbError::UnevenAttributes);
    }
    let finite = model.positions.iter().all(|position| position.is_finite())
        && model.normals.iter().all(|normal| normal.is_finite())
        && model.uvs.iter().all(|uv| uv.is_finite());
    if !finite {
        return Err(GlbError::NotFinite);
    }
    let unit = |normal: &glam::Vec3| (normal.length() - 1.0).abs() <= NORMAL_TOLERANCE;
    if !model.normals.iter().all(unit) {
        return Err(GlbError::NormalLength);
    }
    let exists = |&index: &u32| (index as usize) < vertices;
    if !model.triangles.as_flattened().iter().all(exists) {
        return Err(GlbError::IndexOutOfRange);
    }
    Ok(())
}
