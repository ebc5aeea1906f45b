//! From the field to a closed surface, still in the camera's frame: first as fine as the field,
//! then of the wanted size.

use glam::Vec2;
use mesh::components::keep_large;
use mesh::isosurface::isosurface;
use mesh::simplify::simplify;
use mesh::smooth::taubin;
use mesh::{Surface, measure};

use crate::field::ViewField;
use crate::view::View;
use crate::{EngineError, Options};

/// Pieces with less than this share of the largest piece's volume are crumbs.
const CRUMB_SHARE: f64 = 0.004;
/// Rounds of smoothing per 128 samples of field width: the same physical width at every tier.
const SMOOTHING: f32 = 9.0;

/// The surface twice.
pub struct Sculpture {
    /// As fine as the field, for what is baked into textures.
    pub fine: Surface,
    /// Of about as many faces as were asked for.
    pub surface: Surface,
    /// So many quads come first among its triangles, each as two halves.
    pub quads: usize,
}

impl Sculpture {
    /// Simplifies to about [`Options::face_goal`] faces.
    ///
    /// # Errors
    /// [`EngineError::Shape`] if the result is not closed.
    pub fn of(fine: Surface, options: &Options) -> Result<Self, EngineError> {
        let surface = simplify(&fine, options.face_goal() as usize);
        let topology = measure::Topology::of(&surface);
        if !topology.is_closed_manifold() {
            return Err(EngineError::Shape(format!(
                "the surface is not closed: {topology:?}"
            )));
        }
        Ok(Self {
            fine,
            surface,
            quads: 0,
        })
    }
}

/// Extracts, cleans and smooths.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left, which a silhouette with an inside rules out for a
/// sane guess.
pub fn build(field: &ViewField, view: View) -> Result<Surface, EngineError> {
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
    finish(&surface, side)
}

/// Cleans and smooths a surface taken from a field `side` samples wide.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left.
pub fn finish(surface: &Surface, side: usize) -> Result<Surface, EngineError> {
    let mut surface = keep_large(surface, CRUMB_SHARE);
    if surface.triangles.is_empty() {
        return Err(EngineError::Shape("the network saw no solid object".into()));
    }
    taubin(
        &mut surface,
        (SMOOTHING * side as f32 / 128.0).round() as usize,
    );
    Ok(surface)
}
