//! Keeps the sheets of a smoothed surface from running through each other.

use glam::{UVec3, Vec3};

use crate::Surface;
use crate::bvh::Bvh;
use crate::check::{MOST_CROSSINGS, crossings::crossings};
use crate::measure::bounds;
use crate::neighbours::Neighbours;

/// How often what crosses is put back, each time with one more ring of neighbours.
const UNTANGLING: usize = 4;
/// Cells in which it is seen which way the surface faces are so many mean edges wide: more than
/// smoothing moves anything.
const CELL: f32 = 3.0;
/// At most so many cells along the longest side.
const MOST_CELLS: f32 = 160.0;

/// Smoothing can push thin sheets through each other: vertices of faces that cross go back to where they
/// were before, and after them their neighbours, until nothing crosses or a few rings have gone.
pub fn keep_apart(surface: &mut Surface, before: &[Vec3]) {
    let mut neighbours = None;
    for rings in 0..UNTANGLING {
        let near = where_sheets_are_near(surface);
        let crossing = crossings(&near, &Bvh::of(&near), MOST_CROSSINGS).pairs;
        if crossing.is_empty() {
            return;
        }
        let faces = crossing.as_flattened().iter();
        let mut back: Vec<u32> = faces
            .flat_map(|&face| near.triangles[face as usize])
            .collect();
        let neighbours = neighbours.get_or_insert_with(|| Neighbours::of(surface));
        for _ in 0..rings {
            let around = (back.iter()).flat_map(|&vertex| neighbours.around(vertex as usize));
            back.extend(around.copied().collect::<Vec<_>>());
            back.sort_unstable();
            back.dedup();
        }
        for vertex in back {
            surface.positions[vertex as usize] = before[vertex as usize];
        }
    }
}

/// The faces that can cross: of most shapes few, and found much sooner than crossings are.
///
/// What is pushed through another sheet, or folds, faces the other way; where all that touches a cell
/// faces one way, nothing does. (Two such sheets could only cross if one had come from beyond the cell.)
fn where_sheets_are_near(surface: &Surface) -> Surface {
    let cells = Cells::of(surface);
    let normal = |&triangle: &[u32; 3]| {
        let [a, b, c] = triangle.map(|vertex| surface.positions[vertex as usize]);
        (b - a).cross(c - a).normalize_or_zero()
    };
    let mut facing = vec![Vec3::ZERO; cells.count()];
    for triangle in &surface.triangles {
        let normal = normal(triangle);
        cells.each(surface, triangle, |cell| facing[cell] += normal);
    }
    let mut is_near = vec![false; facing.len()];
    for triangle in &surface.triangles {
        let normal = normal(triangle);
        cells.each(surface, triangle, |cell| {
            is_near[cell] |= normal.dot(facing[cell]) <= 0.0;
        });
    }
    let suspects = surface.triangles.iter().filter(|triangle| {
        let mut is_suspect = false;
        cells.each(surface, triangle, |cell| is_suspect |= is_near[cell]);
        is_suspect
    });
    Surface {
        positions: surface.positions.clone(),
        triangles: suspects.copied().collect(),
    }
}

/// A grid over a surface.
struct Cells {
    low: Vec3,
    side: f32,
    size: UVec3,
}

impl Cells {
    fn of(surface: &Surface) -> Self {
        let (low, high) = bounds(&surface.positions);
        let first = |&[a, b, _]: &[u32; 3]| {
            surface.positions[a as usize].distance(surface.positions[b as usize])
        };
        let edges: f32 = surface.triangles.iter().map(first).sum();
        let longest = (high - low).max_element();
        let side = (CELL * edges / surface.triangles.len().max(1) as f32)
            .max(longest / MOST_CELLS)
            .max(f32::MIN_POSITIVE);
        let size = ((high - low) / side).as_uvec3() + 1;
        Self { low, side, size }
    }

    fn count(&self) -> usize {
        self.size.to_array().iter().map(|&n| n as usize).product()
    }

    /// Tells `visit` of each cell that a triangle's box touches.
    fn each(&self, surface: &Surface, triangle: &[u32; 3], mut visit: impl FnMut(usize)) {
        let [a, b, c] = triangle.map(|vertex| surface.positions[vertex as usize]);
        let cell = |p: Vec3| {
            let cell = ((p - self.low) / self.side).as_uvec3();
            cell.min(self.size - 1).to_array().map(|at| at as usize)
        };
        let [from, to] = [cell(a.min(b).min(c)), cell(a.max(b).max(c))];
        let [width, height] = [self.size.x as usize, self.size.y as usize];
        for z in from[2]..=to[2] {
            for y in from[1]..=to[1] {
                for x in from[0]..=to[0] {
                    visit((z * height + y) * width + x);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::smooth::taubin_along_edges;

    #[test]
    fn thin_sheets_stay_apart() {
        let n = 64;
        // A wavy sheet about as thick as the field's samples are apart.
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| {
                let p = p - Vec3::splat(31.5);
                let [x, y, z] = (p / 2.5).to_array();
                let sheet = x.sin() * y.cos() + y.sin() * z.cos() + z.sin() * x.cos();
                (0.16 - sheet.abs()).min(28.0 - p.length())
            });
        let rough = isosurface(&Field {
            size: [n, n, n],
            values: values.collect(),
        });
        let count = |surface: &Surface| {
            let found = crossings(surface, &Bvh::of(surface), MOST_CROSSINGS);
            found.pairs.len()
        };
        assert_eq!(count(&rough), 0);
        let mut smooth = rough.clone();
        taubin_along_edges(&mut smooth, 18);
        assert!(count(&smooth) > 100, "nothing to keep apart");
        assert_eq!(count(&where_sheets_are_near(&smooth)), count(&smooth));
        keep_apart(&mut smooth, &rough.positions);
        assert_eq!(count(&smooth), 0);
    }
}
