//! From the fine mesh to one vertex per lattice point, one topology-preserving collapse at a time.

use glam::IVec2;

use super::frame::{Frame, matching_points};
use super::halfedge::{Halfedges, NONE};
use super::source::{Foot, Source};

/// A triangle counts as upright if its normal and the source's mean normal over its corners are
/// closer than acos(this).
const UPRIGHT: f32 = 0.25;
/// Triangles must stay this high, as a share of their longest side.
const THINNEST: f32 = 0.01;
/// Edges shorter than this share of the spacing join vertices that mean the same place.
const SHORT: f32 = 0.65;
/// From a cell's middle to its corners it is 0.71 of the spacing, between corners 1.
const SPOKE: f32 = 0.85;
/// Rounds of collapsing or flipping, at most: each ends early once nothing changes.
const ROUNDS: usize = 40;
/// A move that topples a triangle is tried again half as far, this often.
const HALVINGS: usize = 4;
/// Across sharper bends than acos(this) no edge is flipped, or the crease would be cut.
const CREASE: f32 = 0.7;

/// The triangle mesh on its way to being coarse. Vertices keep their numbers from the source.
pub(super) struct Draft {
    pub mesh: Halfedges,
    pub feet: Vec<Foot>,
}

impl Draft {
    /// Starts with the source as it is.
    pub(super) fn of(source: &Source) -> Self {
        Self {
            mesh: source.mesh.clone(),
            feet: (0..source.positions.len() as u32)
                .map(|v| source.vertex(v))
                .collect(),
        }
    }

    /// Joins the vertices that share a lattice point, outermost of each cell first.
    pub(super) fn collapse_cells(&mut self, frames: &[Frame], spacing: f32) {
        let offset = |v: u32| {
            let frame = &frames[v as usize];
            frame.origin.distance_squared(frame.position)
        };
        let mut order: Vec<u32> = (0..frames.len() as u32).collect();
        order.sort_by(|&p, &q| offset(q).total_cmp(&offset(p)).then(p.cmp(&q)));
        for _ in 0..ROUNDS {
            let before = order.len();
            order.retain(|&vertex| {
                let inward = self
                    .mesh
                    .around(vertex)
                    .filter(|&h| offset(self.mesh.to(h)) < offset(vertex))
                    .filter(|&h| {
                        let (from, to) =
                            (&frames[vertex as usize], &frames[self.mesh.to(h) as usize]);
                        matching_points(from, to, spacing).steps == IVec2::ZERO
                    })
                    .filter(|&h| self.may_collapse(h))
                    .min_by(|&p, &q| offset(self.mesh.to(p)).total_cmp(&offset(self.mesh.to(q))));
                if let Some(h) = inward {
                    self.mesh.collapse(h);
                }
                inward.is_none()
            });
            if order.len() == before {
                break;
            }
        }
    }

    /// Joins vertices that came to lie too close, as where the lattice does not fit.
    pub(super) fn collapse_short(&mut self, spacing: f32) {
        for _ in 0..ROUNDS {
            let mut short: Vec<(f32, u32)> = self
                .edges()
                .map(|h| (self.length(h), h))
                .filter(|(length, _)| *length < SHORT * spacing)
                .collect();
            short.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
            let mut changed = false;
            for (_, h) in short {
                for h in [h, self.mesh.twin(h)] {
                    let is_there = self.mesh.is_halfedge(h);
                    if is_there && self.length(h) < SHORT * spacing && self.may_collapse(h) {
                        self.mesh.collapse(h);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Moves vertices towards their lattice points, as far as no triangle topples over.
    pub(super) fn settle(&mut self, source: &Source, frames: &[Frame]) {
        for vertex in 0..self.feet.len() as u32 {
            if !self.mesh.is_vertex(vertex) {
                continue;
            }
            let old = self.feet[vertex as usize];
            let mut wish = frames[vertex as usize].origin;
            for _ in 0..HALVINGS {
                self.feet[vertex as usize] = source.foot(wish, old.anchor);
                let mut triangles = self.mesh.around(vertex).map(|h| self.mesh.corners(h / 3));
                if triangles.all(|corners| self.is_upright(corners)) {
                    break;
                }
                self.feet[vertex as usize] = old;
                wish = 0.5 * (wish + old.position);
            }
        }
    }

    /// Removes vertices in the middle of a cell's four corners, where two patches of the lattice
    /// met half a step apart: else the cell would fall into four triangles.
    pub(super) fn collapse_centres(&mut self, spacing: f32) {
        for vertex in 0..self.feet.len() as u32 {
            let is_spoke = |h: u32| self.length(h) < SPOKE * spacing;
            if self.mesh.is_vertex(vertex)
                && self.mesh.valence(vertex) == 4
                && self.mesh.around(vertex).all(is_spoke)
            {
                let allowed = self.mesh.around(vertex).find(|&h| self.may_collapse(h));
                if let Some(h) = allowed {
                    self.mesh.collapse(h);
                }
            }
        }
    }

    /// Joins a vertex with the neighbour that leaves the fewest triangles toppled over.
    pub(super) fn remove(&mut self, vertex: u32) {
        let allowed = self
            .mesh
            .around(vertex)
            .filter(|&h| self.mesh.can_collapse(h));
        let cost = |h: u32| (self.toppled_by(h), self.length(h));
        let cheapest = allowed.min_by(|&p, &q| {
            let (p, q) = (cost(p), cost(q));
            p.0.cmp(&q.0).then(p.1.total_cmp(&q.1))
        });
        if let Some(h) = cheapest {
            self.mesh.collapse(h);
        }
    }

    /// Flips edges until the angles opposite to each add up to at most a half turn (Delaunay).
    pub(super) fn flip_edges(&mut self) {
        for _ in 0..ROUNDS {
            let mut changed = false;
            for h in 0..self.mesh.halfedge_count() {
                if self.mesh.is_halfedge(h) && h < self.mesh.twin(h) && self.wants_flip(h) {
                    self.mesh.flip(h);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    fn wants_flip(&self, h: u32) -> bool {
        let at = |v: u32| self.feet[v as usize].position;
        let (u, v) = (self.mesh.from(h), self.mesh.to(h));
        let (p, q) = (self.mesh.apex(h), self.mesh.apex(self.mesh.twin(h)));
        let angle = |apex| (at(u) - at(apex)).angle_between(at(v) - at(apex));
        let normal = |a, b, c| (at(b) - at(a)).cross(at(c) - at(a)).normalize_or_zero();
        angle(p) + angle(q) > std::f32::consts::PI + 1e-3
            && normal(u, v, p).dot(normal(v, u, q)) > CREASE
            && normal(p, q, v).dot(normal(q, p, u)) > CREASE
            && self.is_upright([p, q, v])
            && self.is_upright([q, p, u])
            && self.mesh.can_flip(h)
    }

    /// One half-edge of every edge that is left.
    fn edges(&self) -> impl Iterator<Item = u32> {
        (0..self.mesh.halfedge_count())
            .filter(|&h| self.mesh.is_halfedge(h) && h < self.mesh.twin(h))
    }

    fn length(&self, h: u32) -> f32 {
        let at = |v: u32| self.feet[v as usize].position;
        at(self.mesh.from(h)).distance(at(self.mesh.to(h)))
    }

    /// Whether the start of `h` may move onto its end: neither topology nor a normal breaks.
    fn may_collapse(&self, h: u32) -> bool {
        self.toppled_by(h) == 0 && self.mesh.can_collapse(h)
    }

    /// How many triangles are not upright once the start of `h` lies on its end.
    fn toppled_by(&self, h: u32) -> usize {
        let (from, to) = (self.mesh.from(h), self.mesh.to(h));
        let moved = |side: u32| {
            self.mesh
                .corners(side / 3)
                .map(|v| if v == from { to } else { v })
        };
        let stays = self
            .mesh
            .around(from)
            .filter(|&side| ![self.mesh.to(side), self.mesh.apex(side)].contains(&to));
        stays.filter(|&side| !self.is_upright(moved(side))).count()
    }

    fn is_upright(&self, corners: [u32; 3]) -> bool {
        debug_assert!(!corners.contains(&NONE));
        let [a, b, c] = corners.map(|v| &self.feet[v as usize]);
        let (ab, bc, ca) = (
            b.position - a.position,
            c.position - b.position,
            a.position - c.position,
        );
        let normal = ab.cross(bc);
        let expected = a.normal + b.normal + c.normal;
        let longest = ab
            .length_squared()
            .max(bc.length_squared())
            .max(ca.length_squared());
        let doubled_area = normal.length();
        doubled_area > THINNEST * longest
            && normal.dot(expected) > UPRIGHT * doubled_area * expected.length()
    }
}
