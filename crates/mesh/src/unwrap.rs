//! Unwrapping by projection: every part of the surface is flattened along the side it faces most.
//!
//! A general unwrapper would cut the front, which holds the photograph, wherever it likes. Here
//! the caller names the sides and how to flatten each, so that the front becomes one island whose
//! texels line up with the photograph's pixels.

mod charts;
mod pack;

use glam::{Vec2, Vec3};

use crate::Surface;
use pack::Island;

/// One direction to flatten along.
pub struct Side<'a> {
    /// How much a face, given by its middle and unit normal, faces this side: 1 straight at it,
    /// 0 edge-on, negative away from it.
    pub facing: Box<dyn Fn(Vec3, Vec3) -> f32 + Sync + 'a>,
    /// Added to `facing` when sides compete for a face.
    pub bonus: f32,
    /// Position on the flat sheet. Must not mirror: seen from the side, x runs right and y down.
    pub flatten: Box<dyn Fn(Vec3) -> Vec2 + Sync + 'a>,
    /// Distance towards the viewer on this side; of two layers that overlap on the sheet the
    /// nearer one keeps its place.
    pub nearness: Box<dyn Fn(Vec3) -> f32 + Sync + 'a>,
    /// Texels per unit of the sheet, relative to the other sides.
    pub density: f32,
}

impl Side<'static> {
    /// The side of a box that looks towards `out`, a unit axis, without perspective; the sheet's down
    /// is −Y, on top and bottom ±Z.
    pub fn of_box(out: Vec3, density: f32) -> Self {
        let right = if out.y == 0.0 {
            Vec3::Y.cross(out)
        } else {
            Vec3::X
        };
        let down = right.cross(out);
        Self {
            facing: Box::new(move |_, normal| normal.dot(out)),
            bonus: 0.0,
            flatten: Box::new(move |p| Vec2::new(p.dot(right), p.dot(down))),
            nearness: Box::new(move |p| p.dot(out)),
            density,
        }
    }
}

/// A surface with its vertices doubled along the seams.
pub struct Unwrapped {
    /// Vertex of the surface that each new vertex came from.
    pub source: Vec<u32>,
    /// Texture position of each new vertex, in texels, (0, 0) the top left corner.
    pub texels: Vec<Vec2>,
    /// Triangles as indices into the two lists above, in the surface's order.
    pub triangles: Vec<[u32; 3]>,
    /// Texels per unit of the sheet at density 1.
    pub scale: f32,
}

/// Unwraps a surface into a square texture of `size` texels, with at least `gutter` texels
/// between islands and to the border.
///
/// The surface's first `2 * quads` triangles are halves of quads, one after the other, and no seam
/// runs between the two halves of one.
pub fn unwrap(
    surface: &Surface,
    quads: usize,
    sides: &[Side],
    size: u32,
    gutter: u32,
) -> Unwrapped {
    let charts = charts::charts(surface, quads, sides);
    let islands: Vec<Island> = (charts.iter())
        .map(|chart| Island {
            triangles: &chart.sheet,
            low: chart.low,
            extent: chart.extent(),
        })
        .collect();
    let packed = pack::pack(&islands, size, gutter);

    let mut unwrapped = Unwrapped {
        source: Vec::with_capacity(surface.positions.len() * 5 / 4),
        texels: Vec::with_capacity(surface.positions.len() * 5 / 4),
        triangles: vec![[0; 3]; surface.triangles.len()],
        scale: packed.scale,
    };
    // The copy of each vertex in the chart at hand.
    let mut copies = vec![(usize::MAX, 0); surface.positions.len()];
    for (number, (chart, corner)) in charts.iter().zip(&packed.corners).enumerate() {
        for (&face, sheet) in chart.faces.iter().zip(&chart.sheet) {
            for (k, &vertex) in surface.triangles[face as usize].iter().enumerate() {
                let copy = &mut copies[vertex as usize];
                if copy.0 != number {
                    *copy = (number, unwrapped.source.len() as u32);
                    unwrapped.source.push(vertex);
                    unwrapped
                        .texels
                        .push(*corner + (sheet[k] - chart.low) * packed.scale);
                }
                unwrapped.triangles[face as usize][k] = copy.1;
            }
        }
    }
    unwrapped
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::isosurface::{Field, isosurface};
    use crate::raster::{Clip, rasterize};

    fn box_sides() -> Vec<Side<'static>> {
        [
            Vec3::X,
            Vec3::NEG_X,
            Vec3::Y,
            Vec3::NEG_Y,
            Vec3::Z,
            Vec3::NEG_Z,
        ]
        .map(|out| Side::of_box(out, 1.0))
        .into()
    }

    /// Two interlocked shapes with folds: plenty of overlaps along every side.
    fn folded() -> Surface {
        let n = 48;
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| {
                let q = p - Vec3::splat(23.5);
                let ring = 4.0 - ((q.truncate().length() - 16.0).powi(2) + q.z * q.z).sqrt();
                let bar = 3.0 - (q.y * q.y + (q.z - 9.0).powi(2)).sqrt();
                ring.max(if q.x.abs() < 20.0 { bar } else { -1.0 })
            })
            .collect();
        isosurface(&Field {
            size: [n, n, n],
            values,
        })
    }

    #[test]
    fn no_texel_belongs_to_two_triangles_and_islands_keep_their_distance() {
        let surface = folded();
        let (size, gutter) = (512, 4);
        let flat = unwrap(&surface, 0, &box_sides(), size, gutter);
        let clip = Clip {
            x: 0..size,
            y: 0..size,
        };
        let mut owner = HashMap::new();
        let mut overlaps = 0;
        for (face, triangle) in flat.triangles.iter().enumerate() {
            rasterize(
                triangle.map(|v| flat.texels[v as usize]),
                &clip,
                |x, y, _| {
                    overlaps += usize::from(owner.insert((x, y), face).is_some());
                },
            );
        }
        assert!(owner.len() > 60_000, "the texture is used: {}", owner.len());
        assert!(
            overlaps * 500 < owner.len(),
            "{overlaps} of {}",
            owner.len()
        );
        let border = gutter as f32 - 0.01;
        for texel in &flat.texels {
            assert!(texel.min_element() >= border && texel.max_element() <= size as f32 - border);
        }
    }

    #[test]
    fn no_seam_cuts_through_a_quad() {
        let quads = crate::quads::quads(&folded(), 3000).expect("a closed surface");
        let surface = quads.surface();
        let halves_apart = |count: usize| {
            let flat = unwrap(&surface, count, &box_sides(), 512, 4);
            let is_cut =
                |pair: &[[u32; 3]]| pair[1].iter().filter(|v| pair[0].contains(v)).count() != 2;
            flat.triangles.chunks(2).filter(|pair| is_cut(pair)).count()
        };
        assert_eq!(halves_apart(quads.quads.len()), 0);
        assert!(halves_apart(0) > 50, "nothing would have been cut anyway");
    }

    #[test]
    fn the_geometry_is_untouched_and_nothing_is_mirrored() {
        let surface = folded();
        let flat = unwrap(&surface, 0, &box_sides(), 512, 4);
        let mut mirrored = 0;
        for (face, triangle) in flat.triangles.iter().enumerate() {
            assert_eq!(
                triangle.map(|v| flat.source[v as usize]),
                surface.triangles[face]
            );
            let [a, b, c] = triangle.map(|v| flat.texels[v as usize]);
            // Texture rows run down, so an outward face turns clockwise in numbers.
            mirrored += usize::from((b - a).perp_dot(c - a) > 1e-3);
        }
        assert!(mirrored * 200 < flat.triangles.len(), "{mirrored}");
    }
}
