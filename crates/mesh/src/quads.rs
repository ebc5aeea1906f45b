//! Triangles to quads that follow the surface's own directions.
//!
//! Where quads run and how they line up is found as in Jakob, Tarini, Panozzo and Sorkine-Hornung,
//! "Instant Field-Aligned Meshes", SIGGRAPH Asia 2015: a cross field, then a lattice field, both
//! smoothed over a hierarchy. That paper's extraction builds a new graph and fills what stays
//! open, and may end with holes or faces that cross. Here the surface is never taken apart:
//! collapses that keep its topology bring every lattice cell down to one vertex, triangles
//! are paired along the lattice, and each face is split once around its centre. So the result is
//! closed and has the handles and shells of the input by construction, and holds quads only. What
//! can still go wrong is geometry: folds. They are pulled apart, and if that fails there is no
//! result, so that the caller keeps its triangles.
//!
//! Looked at first, November 2026: `quadrs` (MIT, Rust) is the paper's extraction and young; the
//! bindings of Instant Meshes (BSD, C++) leave holes its author calls a limit of the technique
//! (its issue 78); QuadriFlow (MIT, C++) has far fewer irregular vertices, but its bindings are
//! for Python only. None says anything about topology, and C++ would be a second build.

mod cells;
mod field;
mod frame;
mod halfedge;
mod hierarchy;
mod pair;
mod refine;
mod source;
mod split;

use glam::Vec3;

use crate::Surface;
use crate::measure::vertex_normals;
use cells::Draft;
use halfedge::Halfedges;
use source::Source;

/// Fewest and most quads that can be asked for.
const TARGETS: std::ops::RangeInclusive<usize> = 24..=500_000;
/// Fine edges are at most this long, in lattice spacings: cells need a few vertices across.
const LONGEST_EDGE: f32 = 0.4;
/// How often folded places are simplified before a finer lattice is tried.
const REPAIRS: usize = 6;
/// Lattice spacings to try, as shares of the one that gives the wanted number: what is thinner
/// than a cell may only work out with smaller ones.
const SPACINGS: [f32; 3] = [1.0, 0.8, 0.6];

/// A closed surface of quads.
#[derive(Clone)]
pub struct QuadMesh {
    /// Vertex positions, in the input's unit; on the input's surface except in sharp folds.
    pub positions: Vec<Vec3>,
    /// Corners of each quad, counter-clockwise seen from outside.
    pub quads: Vec<[u32; 4]>,
}

/// Why a surface could not be made of quads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuadError {
    /// An edge is not between exactly two triangles that agree which side is outside.
    #[error("the surface is not closed")]
    NotClosed,
    /// A coordinate is not finite or the area is zero.
    #[error("the surface has no size")]
    NoSize,
    /// Parts are too thin for quads of this size.
    #[error("some parts are too thin for so few quads")]
    TooThin,
}

/// Makes a closed surface of about `target` quads (24 to 500,000; usually within 5 %, more where
/// thin parts need it). The same surface gives the same quads on any number of threads.
///
/// # Errors
/// [`QuadError`]; the surface is to be kept as it is then.
pub fn quads(surface: &Surface, target: usize) -> Result<QuadMesh, QuadError> {
    let area = area(surface);
    if !(area.is_normal() && surface.positions.iter().all(|p| p.is_finite())) {
        return Err(QuadError::NoSize);
    }
    let target = target.clamp(*TARGETS.start(), *TARGETS.end());
    // The split at the end makes four quads of one.
    let spacing = (area / (target as f32 / 4.0)).sqrt();
    for share in SPACINGS {
        if let Some(quads) = quads_of(surface, share * spacing)? {
            return Ok(quads);
        }
    }
    Err(QuadError::TooThin)
}

/// Quads half as wide as `spacing`; none if some fold over.
fn quads_of(surface: &Surface, spacing: f32) -> Result<Option<QuadMesh>, QuadError> {
    let mut fine = refine::refined(surface, LONGEST_EDGE * spacing);
    let mesh = Halfedges::of(&mut fine).ok_or(QuadError::NotClosed)?;
    let normals = vertex_normals(&fine);
    let source = Source {
        mesh: &mesh,
        positions: &fine.positions,
        normals: &normals,
    };
    let frames = field::frames(
        &hierarchy::levels(&mesh, &fine.positions, &normals),
        spacing,
    );

    let mut draft = Draft::of(&source);
    draft.collapse_cells(&frames, spacing);
    draft.settle(&source, &frames);
    draft.flip_edges();
    draft.collapse_short(spacing);
    draft.collapse_centres(spacing);
    draft.flip_edges();

    for _ in 0..REPAIRS {
        let mut sheet = split::split(&draft, &pair::faces(&draft), &source);
        sheet.relax(&source);
        let folded = sheet.folded();
        if folded.is_empty() {
            let quads = QuadMesh {
                positions: sheet.feet.iter().map(|foot| foot.position).collect(),
                quads: sheet.quads,
            };
            return Ok(Some(quads).filter(|quads| has_topology_of(quads, &fine)));
        }
        for vertex in folded {
            draft.remove(vertex);
        }
        draft.flip_edges();
    }
    Ok(None)
}

fn area(surface: &Surface) -> f32 {
    let doubled = surface.triangles.iter().map(|t| {
        let [a, b, c] = t.map(|v| {
            surface
                .positions
                .get(v as usize)
                .copied()
                .unwrap_or(Vec3::NAN)
        });
        (b - a).cross(c - a).length()
    });
    0.5 * doubled.sum::<f32>()
}

/// Closed, one fan of faces per vertex, and as many handles, counting all shells. True by
/// construction; looked at all the same, since everything after relies on it.
fn has_topology_of(quads: &QuadMesh, fine: &Surface) -> bool {
    let mut surface = quads.surface();
    let vertices = surface.positions.len();
    let is_manifold = Halfedges::of(&mut surface).is_some() && surface.positions.len() == vertices;
    // Euler's characteristic of a closed triangle mesh, V - E + F with 2 E = 3 F, doubled.
    let euler = |s: &Surface| 2 * s.positions.len() as i64 - s.triangles.len() as i64;
    is_manifold && euler(&surface) == euler(fine)
}

impl QuadMesh {
    /// The quads cut along their shorter diagonals: triangles `2 i` and `2 i + 1` are the halves
    /// `a b c` and `a c d` of quad `i`, where `a` is the first or second of its corners.
    pub fn surface(&self) -> Surface {
        let halves = |&[a, b, c, d]: &[u32; 4]| {
            let at = |v: u32| self.positions[v as usize];
            if at(a).distance_squared(at(c)) <= at(b).distance_squared(at(d)) {
                [[a, b, c], [a, c, d]]
            } else {
                [[b, c, d], [b, d, a]]
            }
        };
        Surface {
            positions: self.positions.clone(),
            triangles: self.quads.iter().flat_map(halves).collect(),
        }
    }
}
