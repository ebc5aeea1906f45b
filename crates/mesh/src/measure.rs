//! Facts about a surface: closedness, volume, bounds.

use std::collections::HashMap;

use glam::Vec3;

use crate::{Model, Surface};

/// How the triangles of a surface hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// Edges with a triangle on one side only: holes.
    pub open_edges: usize,
    /// Edges shared by more than two triangles.
    pub crowded_edges: usize,
    /// Edges whose two triangles disagree about which side is outside.
    pub flipped_edges: usize,
    /// Triangles that use a vertex twice or have (nearly) no area.
    pub degenerate: usize,
}

impl Topology {
    /// Counts over a surface whose shared vertices are stored once.
    pub fn of(surface: &Surface) -> Self {
        let degenerate = surface
            .triangles
            .iter()
            .filter(|&&t| is_degenerate(surface, t))
            .count();
        let mut topology = Self {
            degenerate,
            ..Self::default()
        };
        for [up, down] in edge_walks(surface).into_values() {
            match (up, down) {
                (1, 1) => {}
                (1, 0) | (0, 1) => topology.open_edges += 1,
                (2, 0) | (0, 2) => topology.flipped_edges += 1,
                _ => topology.crowded_edges += 1,
            }
        }
        topology
    }

    /// The vertices at which something is wrong, ascending.
    pub fn trouble(surface: &Surface) -> Vec<u32> {
        let edges = edge_walks(surface).into_iter();
        let mut vertices: Vec<u32> = edges
            .filter(|(_, walks)| *walks != [1, 1])
            .flat_map(|((a, b), _)| [a, b])
            .chain(
                surface
                    .triangles
                    .iter()
                    .copied()
                    .filter(|&t| is_degenerate(surface, t))
                    .flatten(),
            )
            .collect();
        vertices.sort_unstable();
        vertices.dedup();
        vertices
    }

    /// Closed, every edge between exactly two triangles that agree, nothing degenerate.
    pub fn is_closed_manifold(&self) -> bool {
        *self == Self::default()
    }
}

fn is_degenerate(surface: &Surface, triangle: [u32; 3]) -> bool {
    let [a, b, c] = triangle;
    let [pa, pb, pc] = triangle.map(|v| surface.positions[v as usize]);
    let doubled_area = (pb - pa).cross(pc - pa).length();
    a == b || b == c || c == a || doubled_area.is_nan() || doubled_area <= 0.0
}

/// For each undirected edge, how often it is walked upwards and downwards.
fn edge_walks(surface: &Surface) -> HashMap<(u32, u32), [u32; 2]> {
    let mut walks = HashMap::<_, [u32; 2]>::with_capacity(surface.triangles.len() * 2);
    for &[a, b, c] in &surface.triangles {
        for (from, to) in [(a, b), (b, c), (c, a)] {
            walks.entry((from.min(to), from.max(to))).or_default()[usize::from(from > to)] += 1;
        }
    }
    walks
}

/// Enclosed volume; positive where faces point outwards.
pub fn signed_volume(surface: &Surface) -> f64 {
    surface
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = t.map(|v| surface.positions[v as usize].as_dvec3());
            a.dot(b.cross(c)) / 6.0
        })
        .sum()
}

/// The smallest and largest coordinates; both zero for no points.
pub fn bounds(positions: &[Vec3]) -> (Vec3, Vec3) {
    let Some(&first) = positions.first() else {
        return (Vec3::ZERO, Vec3::ZERO);
    };
    positions
        .iter()
        .fold((first, first), |(low, high), &p| (low.min(p), high.max(p)))
}

/// Area-weighted unit normal of every vertex.
pub fn vertex_normals(surface: &Surface) -> Vec<Vec3> {
    let mut normals = vec![Vec3::ZERO; surface.positions.len()];
    for &triangle in &surface.triangles {
        let [a, b, c] = triangle.map(|v| surface.positions[v as usize]);
        let face = (b - a).cross(c - a);
        for v in triangle {
            normals[v as usize] += face;
        }
    }
    normals
        .into_iter()
        .map(|n| n.try_normalize().unwrap_or(Vec3::Y))
        .collect()
}

impl Model {
    /// The bare surface: vertices at equal positions merged.
    pub fn surface(&self) -> Surface {
        self.welded().0
    }

    /// The bare surface, and its vertex for each of the model's.
    pub fn welded(&self) -> (Surface, Vec<u32>) {
        let mut known = HashMap::with_capacity(self.positions.len());
        let mut positions = Vec::new();
        let ids: Vec<u32> = self
            .positions
            .iter()
            .map(|&p| {
                *known
                    .entry(p.to_array().map(f32::to_bits))
                    .or_insert_with(|| {
                        positions.push(p);
                        positions.len() as u32 - 1
                    })
            })
            .collect();
        let triangles = self
            .triangles
            .iter()
            .map(|t| t.map(|v| ids[v as usize]))
            .collect();
        let surface = Surface {
            positions,
            triangles,
        };
        (surface, ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tetrahedron() -> Surface {
        Surface {
            positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y, Vec3::Z],
            triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
        }
    }

    #[test]
    fn each_defect_is_counted() {
        let whole = tetrahedron();
        assert!(Topology::of(&whole).is_closed_manifold());
        assert!((signed_volume(&whole) - 1.0 / 6.0).abs() < 1e-9);

        let mut open = whole.clone();
        open.triangles.pop();
        assert_eq!(Topology::of(&open).open_edges, 3);

        let mut flipped = whole.clone();
        flipped.triangles[3].swap(0, 1);
        assert_eq!(Topology::of(&flipped).flipped_edges, 3);

        let mut degenerate = whole;
        degenerate.triangles.push([0, 1, 1]);
        assert_eq!(Topology::of(&degenerate).degenerate, 1);
    }
}
