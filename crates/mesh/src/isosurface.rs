//! The closed surface where a sampled field is zero (Lorensen and Cline, "Marching cubes", 1987).
//!
//! The usual 256-row table is not copied from anywhere: it is derived here from one rule, which is
//! what makes the surface closed. On each face of a cell the crossings are joined so that inside
//! corners stay apart where two readings are possible; the rule looks at that face alone, so the
//! neighbouring cell joins them the same way.

use std::sync::OnceLock;

use glam::Vec3;
use rayon::prelude::*;

use crate::Surface;

/// A field sampled on a regular grid; positive inside, negative outside.
pub struct Field {
    /// Samples along x, y and z.
    pub size: [usize; 3],
    /// `size[0] × size[1] × size[2]` values, x fastest. NaN counts as outside.
    pub values: Vec<f32>,
}

/// Corner `c` of a cell lies at these offsets: bit 0 is x, bit 1 is y, bit 2 is z.
const fn offset(corner: usize) -> [usize; 3] {
    [corner & 1, corner >> 1 & 1, corner >> 2 & 1]
}

/// The twelve cell edges as (lower corner, axis).
const EDGES: [(usize, usize); 12] = [
    (0, 0),
    (2, 0),
    (4, 0),
    (6, 0), //
    (0, 1),
    (1, 1),
    (4, 1),
    (5, 1), //
    (0, 2),
    (1, 2),
    (2, 2),
    (3, 2),
];

/// The six faces, each as its corners counter-clockwise seen from outside the cell.
const FACES: [[usize; 4]; 6] = [
    [0, 4, 6, 2],
    [1, 3, 7, 5],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 2, 3, 1],
    [4, 5, 7, 6],
];

/// The surface inside one cell: closed loops over cell edges, outward side counter-clockwise.
struct Loop {
    edges: Vec<usize>,
    /// The loop passes twice over a face with two readings: a diagonal could then lie in that
    /// face and be met by the neighbour's, so the loop is closed around a centre point instead.
    centred: bool,
}

fn edge_between(a: usize, b: usize) -> usize {
    let (low, axis) = (a.min(b), (a ^ b).trailing_zeros() as usize);
    EDGES
        .iter()
        .position(|&e| e == (low, axis))
        .expect("the corners are neighbours")
}

fn loops(inside: usize) -> Vec<Loop> {
    let is_inside = |corner: usize| inside >> corner & 1 == 1;
    // On each face the surface runs from the edge where the boundary walk enters the inside to
    // the edge where it leaves again.
    let mut next = [usize::MAX; 12];
    let mut ambiguous = false;
    for face in FACES {
        let at = |i: usize| face[i % 4];
        let entries: Vec<usize> = (0..4)
            .filter(|&i| !is_inside(at(i)) && is_inside(at(i + 1)))
            .collect();
        ambiguous |= entries.len() == 2;
        for i in entries {
            let mut j = i + 1;
            while is_inside(at(j + 1)) {
                j += 1;
            }
            next[edge_between(at(i), at(i + 1))] = edge_between(at(j), at(j + 1));
        }
    }
    let mut seen = [false; 12];
    let mut found = Vec::new();
    for start in 0..12 {
        if next[start] == usize::MAX || seen[start] {
            continue;
        }
        let mut edges = Vec::new();
        let mut edge = start;
        while !seen[edge] {
            seen[edge] = true;
            edges.push(edge);
            edge = next[edge];
        }
        found.push(Loop {
            centred: ambiguous && edges.len() > 3,
            edges,
        });
    }
    found
}

fn table() -> &'static [Vec<Loop>] {
    static TABLE: OnceLock<Vec<Vec<Loop>>> = OnceLock::new();
    TABLE.get_or_init(|| (0..256).map(loops).collect())
}

/// Extracts the zero surface, in grid coordinates (sample (i, j, k) lies at exactly (i, j, k)).
///
/// The field is taken as negative beyond its border, so the result is always closed; it is
/// manifold along every edge, and outward faces are counter-clockwise. Empty where nothing is
/// inside. The result does not depend on the number of threads.
pub fn isosurface(field: &Field) -> Surface {
    let [nx, ny, nz] = field.size;
    assert_eq!(field.values.len(), nx * ny * nz, "one value per sample");
    let sample = |x: isize, y: isize, z: isize| -> f32 {
        let within = x >= 0
            && y >= 0
            && z >= 0
            && (x as usize) < nx
            && (y as usize) < ny
            && (z as usize) < nz;
        if within {
            field.values[(z as usize * ny + y as usize) * nx + x as usize]
        } else {
            -1.0
        }
    };
    // One slab of cells per z, each with its own vertices; edges are named by their lower sample
    // and axis, and equal names are merged when the slabs are joined.
    let slabs: Vec<Slab> = (-1..nz as isize)
        .into_par_iter()
        .map(|z| Slab::extract(z, [nx, ny], &sample))
        .collect();
    join(slabs)
}

#[derive(Default)]
struct Slab {
    /// Position and edge name; `None` for the centre point of a loop.
    vertices: Vec<(Vec3, Option<u64>)>,
    triangles: Vec<[u32; 3]>,
}

impl Slab {
    fn extract(
        z: isize,
        [nx, ny]: [usize; 2],
        sample: &impl Fn(isize, isize, isize) -> f32,
    ) -> Self {
        let mut slab = Self::default();
        let stride = nx + 2;
        // Vertex ids of this slab by (axis and z-offset, y, x): five edge families touch a slab.
        let mut ids = vec![u32::MAX; stride * (ny + 2) * 5];
        for y in -1..ny as isize {
            // The cell's right side is the next cell's left side.
            let mut values: [f32; 8] = std::array::from_fn(|corner| {
                let [_, dy, dz] = offset(corner);
                sample(-1, y + dy as isize, z + dz as isize)
            });
            for x in -1..nx as isize {
                for left in [0, 2, 4, 6] {
                    let [_, dy, dz] = offset(left);
                    values[left] = values[left + 1];
                    values[left + 1] = sample(x + 1, y + dy as isize, z + dz as isize);
                }
                let inside = (0..8).fold(0, |mask, corner| {
                    mask | usize::from(values[corner] > 0.0) << corner
                });
                if inside == 0 || inside == 255 {
                    continue;
                }
                for ring in &table()[inside] {
                    let corners: Vec<u32> = ring
                        .edges
                        .iter()
                        .map(|&edge| slab.vertex(edge, [x, y, z], &values, stride, ny, &mut ids))
                        .collect();
                    slab.fill(&corners, ring.centred);
                }
            }
        }
        slab
    }

    fn vertex(
        &mut self,
        edge: usize,
        cell: [isize; 3],
        values: &[f32; 8],
        stride: usize,
        ny: usize,
        ids: &mut [u32],
    ) -> u32 {
        let (low, axis) = EDGES[edge];
        let [dx, dy, dz] = offset(low);
        let [x, y, z] = [
            cell[0] + dx as isize,
            cell[1] + dy as isize,
            cell[2] + dz as isize,
        ];
        let family = if axis == 2 { 4 } else { axis * 2 + dz };
        let slot = (family * (ny + 2) + (y + 1) as usize) * stride + (x + 1) as usize;
        if ids[slot] == u32::MAX {
            let (a, b) = (values[low], values[low | 1 << axis]);
            // Never exactly on a sample, or several vertices would share one place.
            let t = (a / (a - b)).clamp(0.02, 0.98);
            let t = if t.is_nan() { 0.5 } else { t };
            let mut place = Vec3::new(x as f32, y as f32, z as f32);
            place[axis] += t;
            let name = (((z + 1) as u64 * (ny as u64 + 2) + (y + 1) as u64) * stride as u64
                + (x + 1) as u64)
                * 3
                + axis as u64;
            ids[slot] = self.vertices.len() as u32;
            self.vertices.push((place, Some(name)));
        }
        ids[slot]
    }

    fn fill(&mut self, ring: &[u32], centred: bool) {
        if centred {
            let sum: Vec3 = ring.iter().map(|&v| self.vertices[v as usize].0).sum();
            let centre = self.vertices.len() as u32;
            self.vertices.push((sum / ring.len() as f32, None));
            for i in 0..ring.len() {
                self.triangles
                    .push([centre, ring[i], ring[(i + 1) % ring.len()]]);
            }
        } else {
            for i in 1..ring.len() - 1 {
                self.triangles.push([ring[0], ring[i], ring[i + 1]]);
            }
        }
    }
}

fn join(slabs: Vec<Slab>) -> Surface {
    let mut surface = Surface::default();
    // Only neighbouring slabs share edges, so only the last slab's names are kept.
    let mut known = std::collections::HashMap::<u64, u32>::new();
    for slab in slabs {
        let mut names = std::collections::HashMap::with_capacity(slab.vertices.len());
        let ids: Vec<u32> = slab
            .vertices
            .iter()
            .map(|&(place, name)| {
                let id = match name.and_then(|name| known.get(&name)) {
                    Some(&id) => id,
                    None => {
                        surface.positions.push(place);
                        surface.positions.len() as u32 - 1
                    }
                };
                if let Some(name) = name {
                    names.insert(name, id);
                }
                id
            })
            .collect();
        surface
            .triangles
            .extend(slab.triangles.iter().map(|t| t.map(|v| ids[v as usize])));
        known = names;
    }
    surface
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Topology, signed_volume};

    fn field(n: usize, f: impl Fn(Vec3) -> f32) -> Field {
        let values = (0..n * n * n)
            .map(|i| {
                f(Vec3::new(
                    (i % n) as f32,
                    (i / n % n) as f32,
                    (i / n / n) as f32,
                ))
            })
            .collect();
        Field {
            size: [n, n, n],
            values,
        }
    }

    #[test]
    fn a_sphere_has_the_sphere_s_volume_and_faces_outwards() {
        let centre = Vec3::splat(15.5);
        let surface = isosurface(&field(32, |p| 10.0 - p.distance(centre)));
        assert!(Topology::of(&surface).is_closed_manifold());
        let volume = signed_volume(&surface);
        let exact = 4.0 / 3.0 * std::f64::consts::PI * 1000.0;
        assert!(
            (volume / exact - 1.0).abs() < 0.01,
            "{volume} against {exact}"
        );
    }

    #[test]
    fn any_field_gives_a_closed_manifold_even_at_the_border_and_with_exact_zeros() {
        let mut state = 7_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as f32 / 128.0 - 1.0
        };
        for _ in 0..20 {
            let random = Field {
                size: [9, 8, 7],
                values: (0..9 * 8 * 7).map(|_| noise()).collect(),
            };
            let topology = Topology::of(&isosurface(&random));
            assert!(topology.is_closed_manifold(), "{topology:?}");
        }
        let signs = Field {
            size: [6, 6, 6],
            values: (0..216).map(|_| noise().signum()).collect(),
        };
        assert!(Topology::of(&isosurface(&signs)).is_closed_manifold());
        let zeros = field(6, |p| if p.x > 2.0 { 0.0 } else { 1.0 });
        assert!(Topology::of(&isosurface(&zeros)).is_closed_manifold());
    }

    #[test]
    fn nothing_inside_gives_nothing() {
        assert!(isosurface(&field(4, |_| -1.0)).triangles.is_empty());
        assert!(isosurface(&field(4, |_| f32::NAN)).triangles.is_empty());
    }

    #[test]
    fn one_thread_gives_the_same_surface_as_two() {
        let shape = field(20, |p| {
            (p.x * 0.7).sin() + (p.y * 0.9).cos() + (p.z * 0.5).sin()
        });
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| isosurface(&shape))
        };
        let (one, two) = (on(1), on(2));
        assert_eq!(one.positions, two.positions);
        assert_eq!(one.triangles, two.triangles);
    }
}
