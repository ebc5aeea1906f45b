//! Facts about a surface: closedness, volume, bounds.

use std::collections::HashMap;

use glam::Vec3;

use crate::soup::{Side, edges, fans, sides};
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
    /// Vertices whose triangles form more than one fan, or one of fewer than three: parts that touch in
    /// a point, and triangles back to back.
    pub pinched_vertices: usize,
    /// Triangles that use a vertex twice or have (nearly) no area.
    pub degenerate: usize,
}

impl Topology {
    /// Counts over a surface whose shared vertices are stored once.
    pub fn of(surface: &Surface) -> Self {
        let sides = sides(&surface.triangles);
        let mut topology = Self {
            pinched_vertices: pinched(surface, &sides).count(),
            degenerate: degenerate(surface).count(),
            ..Self::default()
        };
        for edge in edges(&sides) {
            match edge {
                [one, other] if one.up != other.up => {}
                [_] => topology.open_edges += 1,
                [_, _] => topology.flipped_edges += 1,
                _ => topology.crowded_edges += 1,
            }
        }
        topology
    }

    /// The vertices at which something is wrong, ascending.
    pub fn trouble(surface: &Surface) -> Vec<u32> {
        let sides = sides(&surface.triangles);
        let wrong = |edge: &&[Side]| !matches!(edge, [one, other] if one.up != other.up);
        let mut vertices: Vec<u32> = edges(&sides)
            .filter(wrong)
            .flat_map(|edge| edge[0].ends)
            .chain(pinched(surface, &sides))
            .chain(degenerate(surface).flatten())
            .collect();
        vertices.sort_unstable();
        vertices.dedup();
        vertices
    }

    /// Closed, every edge between exactly two triangles that agree, every vertex with one fan of them,
    /// nothing degenerate.
    pub fn is_closed_manifold(&self) -> bool {
        *self == Self::default()
    }
}

fn degenerate(surface: &Surface) -> impl Iterator<Item = [u32; 3]> {
    let triangles = surface.triangles.iter().copied();
    triangles.filter(|&triangle| is_degenerate(surface, triangle))
}

/// Vertices with more than one fan, or one of fewer than three triangles.
fn pinched(surface: &Surface, sides: &[Side]) -> impl Iterator<Item = u32> {
    let corners = surface.triangles.as_flattened();
    let mut fans = fans(corners.len(), sides);
    // For each vertex its fan and how many triangles that has.
    let mut of_vertex = vec![(u32::MAX, 0); surface.positions.len()];
    let mut several = vec![false; surface.positions.len()];
    for (corner, &vertex) in (0..).zip(corners) {
        let fan = fans.find(corner);
        let (known, count) = &mut of_vertex[vertex as usize];
        several[vertex as usize] |= *count > 0 && *known != fan;
        (*known, *count) = (fan, *count + 1);
    }
    let vertices = (0..).zip(of_vertex).zip(several);
    vertices.filter_map(|((vertex, (_, count)), several)| {
        (several || (1..3).contains(&count)).then_some(vertex)
    })
}

fn is_degenerate(surface: &Surface, triangle: [u32; 3]) -> bool {
    let [a, b, c] = triangle;
    let [pa, pb, pc] = triangle.map(|v| surface.positions[v as usize]);
    let doubled_area = (pb - pa).cross(pc - pa).length();
    a == b || b == c || c == a || doubled_area.is_nan() || doubled_area <= 0.0
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

        // Two of them that share a vertex, and two triangles back to back.
        let mut pinched = whole.clone();
        pinched.positions.extend([-Vec3::X, -Vec3::Y, -Vec3::Z]);
        let other = [[0, 4, 5], [0, 6, 4], [0, 5, 6], [4, 6, 5]];
        pinched.triangles.extend(other);
        let mut folded = whole.clone();
        folded
            .positions
            .extend([Vec3::ONE, 2.0 * Vec3::X, 2.0 * Vec3::Y]);
        folded.triangles.extend([[4, 5, 6], [4, 6, 5]]);
        for (surface, vertices) in [(pinched, vec![0]), (folded, vec![4, 5, 6])] {
            let topology = Topology::of(&surface);
            assert_eq!(topology.pinched_vertices, vertices.len(), "{topology:?}");
            assert!(!topology.is_closed_manifold());
            assert_eq!(Topology::trouble(&surface), vertices);
        }

        let mut degenerate = whole;
        degenerate.triangles.push([0, 1, 1]);
        assert_eq!(Topology::of(&degenerate).degenerate, 1);
    }
}
