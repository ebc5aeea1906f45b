//! Binary STL for 3D printers: millimetres, +Z up, bare triangles.
//!
//! Layout: 3D Systems' StereoLithography Interface Specification (1988): 80 bytes of free text,
//! a count, then 50 bytes per triangle. It states neither unit nor axis; slicers take millimetres
//! and +Z up.

use glam::Vec3;
use mesh::Model;

use super::{WriteError, WriteOptions, one_line};

/// Bytes of the header, which must not begin with `solid`: that is how text files begin.
const HEADER: usize = 80;

pub(super) fn write(model: &Model, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
    let points: Vec<Vec3> = model.positions.iter().copied().map(to_printer).collect();
    let text = format!(
        "binary STL, millimetres, +Z up; {}",
        one_line(&options.generator)
    );
    let mut file = text.into_bytes();
    file.resize(HEADER, 0);
    file.extend((model.triangles.len() as u32).to_le_bytes());
    for triangle in &model.triangles {
        let [a, b, c] = triangle.map(|vertex| points[vertex as usize]);
        let normal = (b - a).cross(c - a).normalize_or_zero();
        for vector in [normal, a, b, c] {
            file.extend(vector.to_array().into_iter().flat_map(f32::to_le_bytes));
        }
        file.extend([0, 0]);
    }
    Ok(file)
}

/// From metres with +Y up and the front towards +Z to millimetres with +Z up and the front
/// towards -Y, where the operator of a printer stands.
pub(crate) fn to_printer(position: Vec3) -> Vec3 {
    // Adding 0 makes -0 plain, so that equal numbers are equal bytes.
    Vec3::new(position.x, -position.z, position.y) * super::MM_PER_METRE + 0.0
}

/// The way back.
pub(crate) fn from_printer(position: Vec3) -> Vec3 {
    Vec3::new(position.x, position.z, -position.y) / super::MM_PER_METRE + 0.0
}
