//! A closed triangle mesh that can be walked and changed without ever ceasing to be one.
//!
//! Edge collapse is allowed under the link condition only (Dey, Edelsbrunner, Guha, Nekhayev,
//! "Topology preserving edge contraction", 1999), so shells and handles stay what they were.

use crate::Surface;

/// No vertex, no half-edge: what has been removed.
pub(super) const NONE: u32 = u32::MAX;

/// Half-edges `3f`, `3f + 1`, `3f + 2` run counter-clockwise around triangle `f`.
#[derive(Clone)]
pub(super) struct Halfedges {
    /// The vertex each half-edge starts from; `NONE` in removed triangles.
    origin: Vec<u32>,
    /// The half-edge that runs the other way.
    twin: Vec<u32>,
    /// One half-edge that leaves each vertex; `NONE` for removed vertices.
    leaving: Vec<u32>,
}

fn next(h: u32) -> u32 {
    if h % 3 == 2 { h - 2 } else { h + 1 }
}

fn previous(h: u32) -> u32 {
    if h.is_multiple_of(3) { h + 2 } else { h - 1 }
}

impl Halfedges {
    /// Connects a surface, or `None` if an edge is not between exactly two agreeing triangles.
    ///
    /// A vertex whose triangles form several fans becomes one vertex per fan: `positions` grows.
    pub(super) fn of(surface: &mut Surface) -> Option<Self> {
        let count = surface.positions.len();
        let triangles = &surface.triangles;
        let is_sound =
            |&[a, b, c]: &[u32; 3]| a != b && b != c && c != a && a.max(b).max(c) < count as u32;
        if triangles.len() > (u32::MAX / 3) as usize || !triangles.iter().all(is_sound) {
            return None;
        }
        let origin = triangles.as_flattened().to_vec();
        let by_origin = Buckets::of(count, &origin);
        let mut twin = vec![NONE; origin.len()];
        for h in 0..origin.len() as u32 {
            let (from, to) = (origin[h as usize], origin[next(h) as usize]);
            let is_twin = |&&other: &&u32| origin[next(other) as usize] == from;
            let mut twins = by_origin.get(to).iter().filter(is_twin);
            let (Some(&only), None) = (twins.next(), twins.next()) else {
                return None;
            };
            twin[h as usize] = only;
        }
        let mut mesh = Self {
            origin,
            twin,
            leaving: vec![NONE; count],
        };
        let mut is_placed = vec![false; mesh.origin.len()];
        for vertex in 0..count as u32 {
            for &first in by_origin.get(vertex) {
                if is_placed[first as usize] {
                    continue;
                }
                let mut owner = vertex;
                if mesh.leaving[vertex as usize] != NONE {
                    owner = surface.positions.len() as u32;
                    surface.positions.push(surface.positions[vertex as usize]);
                    mesh.leaving.push(NONE);
                }
                mesh.leaving[owner as usize] = first;
                let mut h = first;
                loop {
                    is_placed[h as usize] = true;
                    mesh.origin[h as usize] = owner;
                    h = mesh.rotated(h);
                    if h == first {
                        break;
                    }
                }
            }
        }
        for (triangle, corners) in surface.triangles.iter_mut().zip(mesh.origin.as_chunks().0) {
            *triangle = *corners;
        }
        Some(mesh)
    }

    pub(super) fn vertex_count(&self) -> usize {
        self.leaving.len()
    }

    pub(super) fn halfedge_count(&self) -> u32 {
        self.origin.len() as u32
    }

    pub(super) fn is_vertex(&self, vertex: u32) -> bool {
        self.leaving[vertex as usize] != NONE
    }

    pub(super) fn is_halfedge(&self, h: u32) -> bool {
        self.origin[h as usize] != NONE
    }

    pub(super) fn from(&self, h: u32) -> u32 {
        self.origin[h as usize]
    }

    pub(super) fn to(&self, h: u32) -> u32 {
        self.origin[next(h) as usize]
    }

    /// The corner opposite to this edge in its triangle.
    pub(super) fn apex(&self, h: u32) -> u32 {
        self.origin[previous(h) as usize]
    }

    pub(super) fn twin(&self, h: u32) -> u32 {
        self.twin[h as usize]
    }

    /// The next half-edge that leaves the same vertex, clockwise.
    fn rotated(&self, h: u32) -> u32 {
        self.twin[previous(h) as usize]
    }

    /// The half-edges that leave a vertex.
    pub(super) fn around(&self, vertex: u32) -> impl Iterator<Item = u32> {
        let first = self.leaving[vertex as usize];
        let mut at = (first != NONE).then_some(first);
        std::iter::from_fn(move || {
            let h = at?;
            at = Some(self.rotated(h)).filter(|&h| h != first);
            Some(h)
        })
    }

    pub(super) fn neighbours(&self, vertex: u32) -> impl Iterator<Item = u32> {
        self.around(vertex).map(|h| self.to(h))
    }

    pub(super) fn valence(&self, vertex: u32) -> usize {
        self.around(vertex).count()
    }

    pub(super) fn corners(&self, face: u32) -> [u32; 3] {
        [0, 1, 2].map(|k| self.origin[(3 * face + k) as usize])
    }

    /// The triangles that are left.
    pub(super) fn triangles(&self) -> impl Iterator<Item = [u32; 3]> {
        self.origin
            .as_chunks::<3>()
            .0
            .iter()
            .copied()
            .filter(|t| t[0] != NONE)
    }

    /// Whether moving the start of `h` onto its end keeps the topology: the two ends share
    /// exactly the two vertices beside the edge, and more than a tetrahedron is there.
    pub(super) fn can_collapse(&self, h: u32) -> bool {
        let (from, to) = (self.from(h), self.to(h));
        let beside = [self.apex(h), self.apex(self.twin(h))];
        let is_shared = |&v: &u32| self.neighbours(to).any(|w| w == v);
        self.neighbours(from).filter(is_shared).count() == 2
            && beside.iter().all(|&v| self.valence(v) > 3)
    }

    /// Moves the start of `h` onto its end; the edge and the two triangles beside it go.
    pub(super) fn collapse(&mut self, h: u32) {
        let (from, to, other) = (self.from(h), self.to(h), self.twin(h));
        let leaving: Vec<u32> = self.around(from).collect();
        for around in leaving {
            self.origin[around as usize] = to;
        }
        self.leaving[from as usize] = NONE;
        for h in [h, other] {
            let (p, q) = (self.twin(next(h)), self.twin(previous(h)));
            self.twin[p as usize] = q;
            self.twin[q as usize] = p;
            for h in [p, q] {
                self.leaving[self.origin[h as usize] as usize] = h;
            }
        }
        for h in [h, other] {
            for gone in [h, next(h), previous(h)] {
                self.origin[gone as usize] = NONE;
            }
        }
    }

    /// Whether the edge may be turned to join the two vertices beside it.
    pub(super) fn can_flip(&self, h: u32) -> bool {
        let (p, q) = (self.apex(h), self.apex(self.twin(h)));
        p != q
            && [self.from(h), self.to(h)]
                .iter()
                .all(|&v| self.valence(v) > 3)
            && self.neighbours(p).all(|v| v != q)
    }

    /// Turns the edge inside its two triangles.
    pub(super) fn flip(&mut self, h: u32) {
        let t = self.twin(h);
        let (u, v) = (self.from(h), self.to(h));
        let (c, d) = (self.apex(h), self.apex(t));
        let outer = [
            self.twin(next(t)),
            self.twin(previous(t)),
            self.twin(next(h)),
            self.twin(previous(h)),
        ];
        // The triangles become c d v and d c u.
        let slots = [
            (h, c),
            (next(h), d),
            (previous(h), v),
            (t, d),
            (next(t), c),
            (previous(t), u),
        ];
        for (slot, from) in slots {
            self.origin[slot as usize] = from;
            self.leaving[from as usize] = slot;
        }
        // In the order of `outer`: u-d, d-v, v-c, c-u.
        let inner = [previous(t), next(h), previous(h), next(t)];
        for (p, q) in outer.into_iter().zip(inner) {
            self.twin[p as usize] = q;
            self.twin[q as usize] = p;
        }
    }
}

/// Indices grouped by a key below `count`, ascending within each group.
pub(super) struct Buckets {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Buckets {
    pub(super) fn of(count: usize, keys: &[u32]) -> Self {
        let mut starts = vec![0; count + 1];
        for &key in keys {
            starts[key as usize + 1] += 1;
        }
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut free = starts.clone();
        let mut items = vec![0; keys.len()];
        for (i, &key) in keys.iter().enumerate() {
            items[free[key as usize] as usize] = i as u32;
            free[key as usize] += 1;
        }
        Self { starts, items }
    }

    pub(super) fn get(&self, key: u32) -> &[u32] {
        &self.items[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}
