//! Ever coarser graphs over the surface, so that a field settles everywhere in few sweeps.

use glam::Vec3;
use rayon::prelude::*;

use super::halfedge::{Buckets, Halfedges, NONE};

/// One graph: vertices with weighted edges.
pub(super) struct Level {
    pub positions: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    pub areas: Vec<f32>,
    starts: Vec<u32>,
    edges: Vec<(u32, f32)>,
    /// Vertices that may change at once, since no two of a group are neighbours.
    pub groups: Vec<Vec<u32>>,
    /// The vertex of the next coarser level that each vertex belongs to; empty on the last.
    pub parents: Vec<u32>,
}

impl Level {
    fn new(positions: Vec<Vec3>, normals: Vec<Vec3>, areas: Vec<f32>, edges: Vec<Edge>) -> Self {
        let mut starts = vec![0; positions.len() + 1];
        for edge in &edges {
            starts[edge.from as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let edges = edges.into_iter().map(|e| (e.to, e.weight)).collect();
        let mut level = Self {
            positions,
            normals,
            areas,
            starts,
            edges,
            groups: Vec::new(),
            parents: Vec::new(),
        };
        level.groups = level.independent_groups();
        level
    }

    /// Neighbours of a vertex with the edges' weights.
    pub(super) fn edges(&self, vertex: u32) -> &[(u32, f32)] {
        let at = |v: u32| self.starts[v as usize] as usize;
        &self.edges[at(vertex)..at(vertex + 1)]
    }

    /// Greedy colouring in vertex order.
    fn independent_groups(&self) -> Vec<Vec<u32>> {
        let mut group_of = vec![usize::MAX; self.positions.len()];
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for vertex in 0..self.positions.len() as u32 {
            let is_free = |group: &usize| {
                self.edges(vertex)
                    .iter()
                    .all(|&(other, _)| group_of[other as usize] != *group)
            };
            let group = (0..groups.len()).find(is_free).unwrap_or(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(vertex);
            group_of[vertex as usize] = group;
        }
        groups
    }

    /// Joins neighbours in pairs, those first that look the same way and are of equal size.
    fn coarser(&mut self) -> Self {
        let count = self.positions.len();
        let mut pairs: Vec<(f32, u32, u32)> = (0..count as u32)
            .flat_map(|v| self.edges(v).iter().map(move |&(w, _)| (v, w)))
            .filter(|(v, w)| v < w)
            .map(|(v, w)| {
                let (p, q) = (self.areas[v as usize], self.areas[w as usize]);
                let facing = self.normals[v as usize].dot(self.normals[w as usize]);
                (facing * p.min(q) / p.max(q).max(f32::MIN_POSITIVE), v, w)
            })
            .collect();
        pairs.par_sort_unstable_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
        let mut parents = vec![NONE; count];
        let mut coarse = 0;
        for &(_, v, w) in &pairs {
            if parents[v as usize] == NONE && parents[w as usize] == NONE {
                parents[v as usize] = coarse;
                parents[w as usize] = coarse;
                coarse += 1;
            }
        }
        // Who found all neighbours taken joins the best of them; else stars would never shrink.
        for (_, v, w) in pairs {
            for (v, w) in [(v, w), (w, v)] {
                if parents[v as usize] == NONE {
                    parents[v as usize] = parents[w as usize];
                }
            }
        }
        for parent in parents.iter_mut().filter(|parent| **parent == NONE) {
            *parent = coarse;
            coarse += 1;
        }
        let mut positions = vec![Vec3::ZERO; coarse as usize];
        let mut normals = vec![Vec3::ZERO; coarse as usize];
        let mut areas = vec![0.0; coarse as usize];
        for (v, &parent) in parents.iter().enumerate() {
            let area = self.areas[v].max(f32::MIN_POSITIVE);
            positions[parent as usize] += area * self.positions[v];
            normals[parent as usize] += area * self.normals[v];
            areas[parent as usize] += area;
        }
        for (position, area) in positions.iter_mut().zip(&areas) {
            *position /= *area;
        }
        for normal in &mut normals {
            *normal = normal.try_normalize().unwrap_or(Vec3::Y);
        }
        self.parents = parents;
        let edges = self.joined_edges(positions.len());
        Self::new(positions, normals, areas, edges)
    }

    /// The edges between parents; weights of edges that fall together add up.
    fn joined_edges(&self, count: usize) -> Vec<Edge> {
        let children = Buckets::of(count, &self.parents);
        (0..count as u32)
            .into_par_iter()
            .map(|from| {
                let mut out: Vec<Edge> = Vec::new();
                let fine = children
                    .get(from)
                    .iter()
                    .flat_map(|&child| self.edges(child));
                for &(other, weight) in fine {
                    let to = self.parents[other as usize];
                    match out.iter_mut().find(|edge| edge.to == to) {
                        _ if to == from => {}
                        Some(edge) => edge.weight += weight,
                        None => out.push(Edge { from, to, weight }),
                    }
                }
                out
            })
            .flatten_iter()
            .collect()
    }
}

struct Edge {
    from: u32,
    to: u32,
    weight: f32,
}

/// All levels, finest first; the last has no edges left or can't be joined further.
pub(super) fn levels(mesh: &Halfedges, positions: &[Vec3], normals: &[Vec3]) -> Vec<Level> {
    let mut areas = vec![0.0; positions.len()];
    for triangle in mesh.triangles() {
        let [a, b, c] = triangle.map(|v| positions[v as usize]);
        for v in triangle {
            areas[v as usize] += (b - a).cross(c - a).length() / 6.0;
        }
    }
    let edges = (0..positions.len() as u32)
        .flat_map(|from| {
            let edge = move |to| Edge {
                from,
                to,
                weight: 1.0,
            };
            mesh.neighbours(from).map(edge)
        })
        .collect();
    let mut levels = vec![Level::new(
        positions.to_vec(),
        normals.to_vec(),
        areas,
        edges,
    )];
    while let Some(last) = levels.last_mut().filter(|last| !last.edges.is_empty()) {
        let coarser = last.coarser();
        levels.push(coarser);
    }
    levels
}
