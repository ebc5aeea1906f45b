//! From the field to a closed surface, still in the camera's frame: first as fine as the field,
//! then of the wanted size.

use glam::{Vec2, Vec3};
use mesh::apart::keep_apart;
use mesh::components::keep_large;
use mesh::isosurface::isosurface;
use mesh::quads::quads;
use mesh::simplify::{is_about, simplify};
use mesh::smooth::taubin_along_edges;
use mesh::{Surface, measure};

use crate::field::ViewField;
use crate::view::View;
use crate::{EngineError, Notice, Options, Topology};

/// Pieces with less than this share of the largest piece's volume are crumbs.
const CRUMB_SHARE: f64 = 0.004;
/// Rounds of smoothing per 128 samples of field width: the same physical width at every tier.
const SMOOTHING: f32 = 9.0;

/// Quads may change the volume by this share: thin parts suffer when few are asked for.
const LOST_VOLUME: f64 = 0.04;

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
    /// Reduces to about [`Options::face_goal`] faces; with a notice, triangles where no sound quads can
    /// be made, and more of them than were asked for where thin parts need them.
    ///
    /// # Errors
    /// [`EngineError::Shape`] if the result is not closed.
    pub fn of(fine: Surface, options: &Options) -> Result<(Self, Option<Notice>), EngineError> {
        let goal = options.face_goal() as usize;
        if options.topology == Topology::Quad {
            if let Some((surface, quads)) = quads_of(&fine, goal) {
                let sculpture = Self {
                    fine,
                    surface,
                    quads,
                };
                return Ok((sculpture, None));
            }
            let triangles = Self::of_triangles(fine, goal)?;
            return Ok((triangles, Some(Notice::Triangles)));
        }
        let sculpture = Self::of_triangles(fine, goal)?;
        let faces = sculpture.surface.triangles.len();
        let is_told = options.faces.is_some() && !is_about(faces, goal);
        let notice = is_told.then_some(Notice::MoreFaces {
            faces: faces as u32,
        });
        Ok((sculpture, notice))
    }

    fn of_triangles(fine: Surface, goal: usize) -> Result<Self, EngineError> {
        let surface = simplify(&fine, goal);
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

/// About `goal` quads in halves and their number, if they are as closed and as large as the
/// surface.
fn quads_of(fine: &Surface, goal: usize) -> Option<(Surface, usize)> {
    let mesh = quads(fine, goal).ok()?;
    let surface = mesh.surface();
    let ratio = measure::signed_volume(&surface) / measure::signed_volume(fine);
    let sound =
        measure::Topology::of(&surface).is_closed_manifold() && (ratio - 1.0).abs() <= LOST_VOLUME;
    sound.then_some((surface, mesh.quads.len()))
}

/// A smoothed surface that may run through itself.
pub struct Smooth {
    /// The surface.
    pub surface: Surface,
    /// Where its vertices were before.
    rough: Vec<Vec3>,
}

impl Smooth {
    /// The surface without faces that cross: there it is as rough as it was.
    pub fn apart(mut self) -> Surface {
        keep_apart(&mut self.surface, &self.rough);
        self.surface
    }
}

/// Extracts, cleans and smooths.
///
/// # Errors
/// [`EngineError::Shape`] if nothing is left, which a silhouette with an inside rules out for a
/// sane guess.
pub fn build(field: &ViewField, view: View) -> Result<Smooth, EngineError> {
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
pub fn finish(surface: &Surface, side: usize) -> Result<Smooth, EngineError> {
    let mut surface = keep_large(surface, CRUMB_SHARE);
    if surface.triangles.is_empty() {
        return Err(EngineError::Shape("the network saw no solid object".into()));
    }
    let rough = surface.positions.clone();
    taubin_along_edges(
        &mut surface,
        (SMOOTHING * side as f32 / 128.0).round() as usize,
    );
    Ok(Smooth { surface, rough })
}
