//! The surface of a density lattice as triangles: marching cubes (Lorensen and Cline 1987) with the
//! reference's conventions.
//!
//! Which triangles a cell gets is worked out here and not looked up: its faces are walked around,
//! and what crosses them is linked into loops. Where a face has two opposite corners inside, the
//! inside is taken to hang together, as in the tables that the reference uses: cells on both sides
//! of a face agree, so the surface has no holes. A vertex belongs to the lattice edge it lies on and
//! is shared by all cells around it.

use std::collections::HashMap;

use crate::grid::Grid;
use crate::scene::Scene;

/// Triangles in the scene's axes.
pub struct Mesh {
    /// Corners, in units of the scene.
    pub vertices: Vec<[f32; 3]>,
    /// Three corners each, counter-clockwise seen from outside.
    pub faces: Vec<[u32; 3]>,
}

/// An edge of a cell: the corner where it begins and the axis along which it goes. Bit 0 of a
/// corner is one step along x, bit 1 along y, bit 2 along z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    corner: usize,
    axis: usize,
}

impl Edge {
    fn between(a: usize, b: usize) -> Self {
        Self {
            corner: a & b,
            axis: (a ^ b).trailing_zeros() as usize,
        }
    }
}

impl Grid {
    /// The surface at [`Scene::ISO`] of a lattice that reaches from −radius to radius; vertices
    /// are where the density, taken to be linear along an edge, is just that. It is open where the
    /// object is cut off by the lattice's sides.
    pub fn surface(&self, radius: f32) -> Mesh {
        let cases: Vec<Vec<[Edge; 3]>> = (0..256).map(triangles).collect();
        let mut mesh = Mesh {
            vertices: Vec::new(),
            faces: Vec::new(),
        };
        let mut vertex_on = HashMap::new();
        let densities = self.densities();
        let (side, cells) = (self.side, self.side - 1);
        for cell in 0..cells.pow(3) {
            let [x, y, z] = [cell / (cells * cells), cell / cells % cells, cell % cells];
            let point = |corner: usize| {
                let [x, y, z] = [x + (corner & 1), y + (corner >> 1 & 1), z + (corner >> 2)];
                (x * side + y) * side + z
            };
            let case = (0..8).fold(0, |case, corner| {
                case | usize::from(densities[point(corner)] > Scene::ISO) << corner
            });
            for triangle in &cases[case] {
                let face = triangle.map(|edge| {
                    let at = point(edge.corner);
                    *vertex_on.entry((at, edge.axis)).or_insert_with(|| {
                        mesh.vertices
                            .push(self.crossing(&densities, at, edge.axis, radius));
                        mesh.vertices.len() as u32 - 1
                    })
                });
                mesh.faces.push(face);
            }
        }
        mesh
    }

    /// Where the lattice edge from a point along an axis crosses the surface.
    fn crossing(&self, densities: &[f32], point: usize, axis: usize, radius: f32) -> [f32; 3] {
        let strides = [self.side * self.side, self.side, 1];
        let ends = [point, point + strides[axis]].map(|at| densities[at] - Scene::ISO);
        let part = ends[0] / (ends[0] - ends[1]);
        std::array::from_fn(|along| {
            let index = (point / strides[along] % self.side) as f32;
            let place = index + if along == axis { part } else { 0.0 };
            (2.0 * place / (self.side - 1) as f32 - 1.0) * radius
        })
    }
}

/// Triangles of a cell whose corners are inside where `case` has a bit.
fn triangles(case: usize) -> Vec<[Edge; 3]> {
    let mut segments: Vec<[Edge; 2]> = (0..6).flat_map(|face| segments(case, face)).collect();
    let mut triangles = Vec::new();
    while let Some([first, mut last]) = segments.pop() {
        // Each loop is filled with a fan around its first vertex.
        while let Some(next) = segments.iter().position(|segment| segment[0] == last) {
            let [from, to] = segments.swap_remove(next);
            if to != first {
                triangles.push([first, from, to]);
            }
            last = to;
        }
    }
    triangles
}

/// What crosses one face of a cell, so that loops of it run counter-clockwise seen from outside.
fn segments(case: usize, face: usize) -> Vec<[Edge; 2]> {
    let (axis, end) = (face / 2, face % 2);
    let [u, v] = [1, 2].map(|further| 1 << ((axis + further) % 3));
    let mut corners = [0, u, u | v, v].map(|corner| corner | end << axis);
    if end == 0 {
        corners.reverse();
    }
    let corner = |at: usize| corners[at % 4];
    let inside = |at: usize| case >> corner(at) & 1 == 1;
    let edge = |at: usize| Edge::between(corner(at), corner(at + 1));
    // Each run of corners outside is cut off by one segment.
    (4..8)
        .filter(|&entry| !inside(entry) && inside(entry + 1))
        .map(|entry| {
            let run = (0..4).take_while(|back| !inside(entry - back)).count();
            [edge(entry), edge(entry - run)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize, density: impl Fn([f32; 3]) -> f32) -> Grid {
        let place = |index: usize| 2.0 * index as f32 / (side - 1) as f32 - 1.0;
        let points = 0..side.pow(3);
        let densities =
            points.map(|at| density([at / (side * side), at / side % side, at % side].map(place)));
        Grid {
            side,
            logits: densities.map(f32::ln).collect(),
            asked: 0,
        }
    }

    fn volume(mesh: &Mesh) -> f32 {
        let corner = |at: u32| mesh.vertices[at as usize];
        let parts = mesh.faces.iter().map(|face| {
            let [a, b, c] = face.map(corner);
            let cross = [
                b[1] * c[2] - b[2] * c[1],
                b[2] * c[0] - b[0] * c[2],
                b[0] * c[1] - b[1] * c[0],
            ];
            (a[0] * cross[0] + a[1] * cross[1] + a[2] * cross[2]) / 6.0
        });
        parts.sum()
    }

    #[test]
    fn a_ball_is_closed_faces_outwards_and_has_its_volume() {
        let ball = grid(40, |[x, y, z]| {
            Scene::ISO + 0.7 - (x * x + y * y + z * z).sqrt()
        });
        let mesh = ball.surface(2.0);
        let wanted = 4.0 / 3.0 * std::f32::consts::PI * 1.4f32.powi(3);
        assert!(
            (volume(&mesh) / wanted - 1.0).abs() < 0.01,
            "{}",
            volume(&mesh)
        );
        // Euler's formula for something without handles, in which every edge has two faces.
        assert_eq!(2 * mesh.vertices.len(), mesh.faces.len() + 4);
    }

    /// All cases, ambiguous ones in all neighbourhoods: every edge of the mesh that isn't at the
    /// lattice's sides is passed as often in one direction as in the other.
    #[test]
    fn noise_has_no_holes() {
        let mut state = 1u32;
        let noise = grid(16, |_| 1.0);
        let densities = noise.logits.iter().map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            Scene::ISO + (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        });
        let noise = Grid {
            logits: densities.map(f32::ln).collect(),
            ..noise
        };
        let mesh = noise.surface(1.0);
        let mut edges = HashMap::new();
        for &[a, b, c] in &mesh.faces {
            for [from, to] in [[a, b], [b, c], [c, a]] {
                *edges.entry([from, to]).or_insert(0) += 1;
            }
        }
        let at_side = |vertex: u32| {
            let [x, y, z] = mesh.vertices[vertex as usize].map(|x| x.abs() > 1.0 - 1e-6);
            [x, y, z]
        };
        for ([from, to], count) in &edges {
            let back = edges.get(&[*to, *from]).copied().unwrap_or(0);
            let shared = at_side(*from).into_iter().zip(at_side(*to));
            let open = shared.into_iter().any(|(from, to)| from && to);
            assert!(*count == back || open, "{from} {to}: {count} {back}");
        }
        assert!(mesh.faces.len() > 4000);
    }
}
