//! From the field to a closed surface of the wanted size, still in the camera's frame.

use glam::Vec2;
use mesh::components::keep_large;
use mesh::isosurface::isosurface;
use mesh::simplify::simplify;
use mesh::smooth::taubin;
use mesh::{Surface, measure};

use crate::EngineError;
use crate::field::ViewField;
use crate::view::View;

/// Pieces with less than this share of the largest piece's volume are crumbs.
const CRUMB_SHARE: f64 = 0.004;
/// Rounds of smoothing per 128 samples of field width: the same physical width at every tier.
const SMOOTHING: f32 = 9.0;

/// Extracts, cleans, smooths and simplifies to about `faces` triangles.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left, which a silhouette with an inside rules out for a
/// sane guess.
pub fn build(field: &ViewField, view: View, faces: u32) -> Result<Surface, EngineError> {
    let [side, _, depths] = field.field.size;
    let mut surface = isosurface(&field.field);
    let step = (field.range[1] - field.range[0]) / depths as f32;
    for position in &mut surface.positions {
        let window = Vec2::new(
            (position.x + 0.5) / side as f32 * 2.0 - 1.0,
            1.0 - (position.y + 0.5) / side as f32 * 2.0,
        );
        *position = view.point(window, field.range[0] + (position.z + 0.5) * step);
    }
    finish(&surface, side, faces)
}

/// Cleans, smooths and simplifies a surface taken from a field `side` samples wide.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left.
pub fn finish(surface: &Surface, side: usize, faces: u32) -> Result<Surface, EngineError> {
    let mut surface = keep_large(surface, CRUMB_SHARE);
    if surface.triangles.is_empty() {
        return Err(EngineError::Shape("the network saw no solid object".into()));
    }
    taubin(
        &mut surface,
        (SMOOTHING * side as f32 / 128.0).round() as usize,
    );
    let surface = simplify(&surface, faces as usize);
    let topology = measure::Topology::of(&surface);
    if !topology.is_closed_manifold() {
        return Err(EngineError::Shape(format!(
            "the surface is not closed: {topology:?}"
        )));
    }
    Ok(surface)
}
