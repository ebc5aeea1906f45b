//! Makes a printable surface of a heap of triangles, and says what was done to it.
//!
//! The surface that comes back is closed, manifold (after merging equal positions too) and faces
//! outwards, or empty with the reason. What was sound stays where it was, to the bit: only borders are
//! joined, only holes filled. Where that is not enough everything is wrapped anew ([`Rewrap`]).

mod assemble;
mod base;
mod clean;
mod fill;
mod patch;
mod pieces;
mod rewrap;
mod untangle;
mod words;

use glam::Vec3;

use crate::Surface;
use crate::bvh::Bvh;
use crate::check::crossings::crossings;
use crate::measure::{Topology, bounds, signed_volume};
use crate::soup::weld;

pub use base::flatten_base;

/// When to wrap the surface anew. That rounds what is sharp and costs what is finer than a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rewrap {
    /// Not even if the result stays open.
    Never,
    /// If it can't be closed otherwise.
    #[default]
    IfOpen,
    /// Also if faces still run through each other: makes overlapping pieces one.
    IfCrossing,
    /// In any case.
    Always,
}

/// How to repair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Borders this close together are joined, as a share of the longest side.
    pub tolerance: f32,
    /// Keep cavities and pieces inside other pieces.
    pub keep_inner: bool,
    /// Drop pieces with less than this share of the largest one's area.
    pub crumb: f64,
    /// When to wrap anew.
    pub rewrap: Rewrap,
    /// Cells along the longest side if so, 16 to 512. Time grows with the square.
    pub cells: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tolerance: 1e-4,
            keep_inner: false,
            crumb: 1e-4,
            rewrap: Rewrap::IfOpen,
            cells: 160,
        }
    }
}

/// What was done. `to_string` says it in sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Repaired {
    /// Vertices that were stored more than once, or lay on each other along borders.
    pub merged_vertices: usize,
    /// Border edges with a vertex of another border on them.
    pub joined_edges: usize,
    /// Faces with a coordinate that is no number, or too large to compute with.
    pub not_finite: usize,
    /// Faces without area.
    pub degenerate: usize,
    /// Faces that repeated another.
    pub duplicate: usize,
    /// Edges with too many or disagreeing faces.
    pub split_edges: usize,
    /// Vertices that joined what touches nowhere else.
    pub split_vertices: usize,
    /// Faces turned over.
    pub turned_faces: usize,
    /// Small pieces and sheets without volume.
    pub dropped_crumbs: usize,
    /// Pieces inside others.
    pub dropped_inner: usize,
    /// Holes closed.
    pub filled_holes: usize,
    /// Crossing pairs of faces gone.
    pub untangled: usize,
    /// The whole surface was made anew.
    pub rewrapped: bool,
    /// What is still wrong: a sentence each.
    pub remaining: Vec<String>,
}

/// Counting of crossings stops here.
const MOST_CROSSINGS: usize = 20_000;
/// Coordinates are at most this, so that squares and products of areas stay finite.
const LARGEST: f32 = 1e15;
/// If more than this share of the area turns out to be sheets and crumbs, the pieces did not hang
/// together and only a new wrap can tell what they enclose.
const SCATTERED: f64 = 0.2;

/// Repairs. Indices must be valid; nothing else is asked of the surface.
pub fn repair(surface: &Surface, options: &Options) -> (Surface, Repaired) {
    let mut done = Repaired::default();
    let (normalised, scale) = normalised(surface);
    let (mut body, cleaned) = clean::clean(&normalised);
    done.merged_vertices = cleaned.merged;
    done.not_finite = cleaned.not_finite;
    done.degenerate = cleaned.degenerate;
    done.duplicate = cleaned.duplicate;
    let (low, high) = bounds(&body.positions);
    let (merged, joined) = clean::stitch(&mut body, options.tolerance * (high - low).max_element());
    done.merged_vertices += merged;
    done.joined_edges = joined;
    let (again, cleaned) = clean::clean(&body);
    done.degenerate += cleaned.degenerate;
    done.duplicate += cleaned.duplicate;
    let heap = again.clone();
    let mut body = again;

    let is_scattered = close(&mut body, options, &mut done);
    let mut crossing = crossing_pairs(&body);
    if crossing > 0 {
        let (fewer, left) = untangle::untangle(&body, crossing);
        body = fewer;
        done.untangled = crossing - left;
        crossing = left;
    }
    let mut sound = is_sound(&body);
    let needs_wrap = match options.rewrap {
        Rewrap::Never => false,
        Rewrap::IfOpen => is_scattered || !sound,
        Rewrap::IfCrossing => is_scattered || !sound || crossing > 0,
        Rewrap::Always => true,
    };
    if needs_wrap {
        let (wrapped, _) = clean::clean(&rewrap::rewrap(&heap, options.cells.clamp(16, 512)));
        // An empty wrap says nothing against what was closed by hand.
        if is_sound(&wrapped) {
            body = wrapped;
            sound = true;
            done.rewrapped = true;
            crossing = crossing_pairs(&body);
        }
    }
    if !sound && options.rewrap != Rewrap::Never {
        body = Surface::default();
    }
    done.remaining = words::remaining(&body, sound, crossing);
    body.positions.iter_mut().for_each(|p| *p /= scale);
    (body, done)
}

/// Pieces that face outwards, without what nobody wants, their holes closed. Says whether most of
/// the surface was in crumbs.
fn close(body: &mut Surface, options: &Options, done: &mut Repaired) -> bool {
    let count = |done: &mut Repaired, assembled: assemble::Assembled| {
        done.turned_faces += assembled.turned_faces;
        done.split_edges += assembled.split_edges;
        done.split_vertices += assembled.split_vertices;
    };
    count(done, assemble::assemble(body));
    let scraps = pieces::drop_scraps(body, options.crumb);
    done.dropped_crumbs += scraps.dropped;
    done.filled_holes += fill::fill(body);
    let hollow = pieces::drop_scraps(body, options.crumb);
    done.dropped_crumbs += hollow.dropped;
    // Closing can show what was inside out, and what is inside.
    let (turned, inner) = pieces::settle(body, options.keep_inner);
    done.turned_faces += turned;
    done.dropped_inner += inner;
    scraps.share + hollow.share > SCATTERED
}

fn crossing_pairs(body: &Surface) -> usize {
    crossings(body, &Bvh::of(body), MOST_CROSSINGS).pairs.len()
}

/// Closed, manifold and with volume, for programs that merge equal positions too.
pub(crate) fn is_sound(body: &Surface) -> bool {
    let (ids, positions) = weld(&body.positions);
    let triangles = body
        .triangles
        .iter()
        .map(|t| t.map(|v| ids[v as usize]))
        .collect();
    let merged = Surface {
        positions,
        triangles,
    };
    Topology::of(&merged).is_closed_manifold() && signed_volume(&merged) > 0.0
}

/// Scaled to about 1 by a power of two, which changes no digit. Too large is as good as no number.
fn normalised(surface: &Surface) -> (Surface, f32) {
    let largest = surface
        .positions
        .iter()
        .map(|p| p.abs().max_element())
        .filter(|&size| size <= LARGEST)
        .fold(0.0, f32::max);
    let exponent = if largest > 0.0 {
        largest.log2().floor().clamp(-60.0, 60.0)
    } else {
        0.0
    };
    let scale = (-exponent).exp2();
    let positions = surface
        .positions
        .iter()
        .map(|&p| {
            if p.abs().max_element() <= LARGEST {
                p * scale
            } else {
                Vec3::NAN
            }
        })
        .collect();
    (
        Surface {
            positions,
            triangles: surface.triangles.clone(),
        },
        scale,
    )
}

#[cfg(test)]
mod tests;
