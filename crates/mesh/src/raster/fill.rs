//! Which grid points a triangle covers. Exact: two triangles that share an edge cover every
//! point along it once, never twice and never not at all.

use std::ops::Range;

use glam::{Vec2, Vec3};

/// Positions are rounded to 1/256 of a pixel, as graphics hardware does, so that the inside
/// test is integer arithmetic and has no rounding at all.
const SUBPIXEL_BITS: u32 = 8;
const SUBPIXELS: f32 = (1_u32 << SUBPIXEL_BITS) as f32;

/// Farther out than this (in pixels) a position is refused: products stay far inside 64 bits.
const REACH: f32 = (1_u32 << 20) as f32;

/// The part of the grid to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Columns.
    pub x: Range<u32>,
    /// Rows.
    pub y: Range<u32>,
}

/// Calls `visit(x, y, barycentric)` for every grid cell inside `clip` whose centre (x + ½, y + ½)
/// the triangle covers, row by row. `corners` are in cells: x to the right, y down. Either
/// winding is drawn; the weights are those of the three corners in the order given, and sum to 1.
///
/// Degenerate triangles and ones with corners that are not finite cover nothing.
#[inline]
pub fn rasterize(corners: [Vec2; 3], clip: &Clip, mut visit: impl FnMut(u32, u32, Vec3)) {
    let Some(setup) = Setup::of(corners, clip) else {
        return;
    };
    for y in setup.rows.clone() {
        let mut weights = setup.weights_at(setup.columns.start, y);
        for x in setup.columns.clone() {
            if (weights[0] | weights[1] | weights[2]) >= 0 {
                let inside = Vec3::new(
                    (weights[0] - setup.bias[0]) as f32,
                    (weights[1] - setup.bias[1]) as f32,
                    (weights[2] - setup.bias[2]) as f32,
                );
                visit(x, y, inside * setup.inverse_area);
            }
            for (weight, step) in weights.iter_mut().zip(setup.step_x) {
                *weight += step;
            }
        }
    }
}

/// One triangle, ready to walk. Edge *i* is the one opposite corner *i*.
struct Setup {
    columns: Range<u32>,
    rows: Range<u32>,
    corners: [[i64; 2]; 3],
    /// Change of each edge's weight from one column to the next.
    step_x: [i64; 3],
    /// 0 on edges that own the points on them, −1 on the others (the top-left rule).
    bias: [i64; 3],
    /// −1 for triangles that turn the other way round, whose weights are negated.
    sign: i64,
    inverse_area: f32,
}

impl Setup {
    fn of(corners: [Vec2; 3], clip: &Clip) -> Option<Self> {
        let far = |c: &Vec2| !(c.x.abs() < REACH && c.y.abs() < REACH);
        if corners.iter().any(far) {
            return None;
        }
        let corners = corners.map(|c| {
            [
                (c.x * SUBPIXELS).round() as i64,
                (c.y * SUBPIXELS).round() as i64,
            ]
        });
        let area = cross(corners[0], corners[1], corners[2]);
        if area == 0 {
            return None;
        }
        let columns = cells(corners.map(|c| c[0]), &clip.x);
        let rows = cells(corners.map(|c| c[1]), &clip.y);
        if columns.is_empty() || rows.is_empty() {
            return None;
        }
        let sign = area.signum();
        let edge = |i: usize| (corners[(i + 1) % 3], corners[(i + 2) % 3]);
        let owns_its_points = |i: usize| {
            let (a, b) = edge(i);
            let (dx, dy) = (sign * (b[0] - a[0]), sign * (b[1] - a[1]));
            dy < 0 || (dy == 0 && dx > 0)
        };
        Some(Self {
            columns,
            rows,
            corners,
            step_x: [0, 1, 2].map(|i| {
                let (a, b) = edge(i);
                (sign * (a[1] - b[1])) << SUBPIXEL_BITS
            }),
            bias: [0, 1, 2].map(|i| if owns_its_points(i) { 0 } else { -1 }),
            sign,
            inverse_area: 1.0 / (sign * area) as f32,
        })
    }

    /// The three edge weights at a cell's centre, biased: all ≥ 0 means covered.
    fn weights_at(&self, x: u32, y: u32) -> [i64; 3] {
        let center = [x, y].map(|c| (i64::from(c) << SUBPIXEL_BITS) + (1 << (SUBPIXEL_BITS - 1)));
        [0, 1, 2].map(|i| {
            let (a, b) = (self.corners[(i + 1) % 3], self.corners[(i + 2) % 3]);
            self.sign * cross(a, b, center) + self.bias[i]
        })
    }
}

/// Twice the signed area of a triangle.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The cells inside `clip` whose centres lie within the corners' extent.
fn cells(corners: [i64; 3], clip: &Range<u32>) -> Range<u32> {
    let half = 1 << (SUBPIXEL_BITS - 1);
    let [a, b, c] = corners;
    let first = (a.min(b).min(c) - half + (1 << SUBPIXEL_BITS) - 1) >> SUBPIXEL_BITS;
    let last = (a.max(b).max(c) - half) >> SUBPIXEL_BITS;
    let clamp = |cell: i64| cell.clamp(clip.start.into(), clip.end.into()) as u32;
    clamp(first)..clamp(last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: Clip = Clip { x: 0..32, y: 0..32 };

    #[test]
    fn triangles_around_a_point_cover_every_cell_once() {
        // A fan whose hub and spokes lie exactly on cell centres, in both windings.
        let hub = Vec2::new(16.5, 16.5);
        let rim = [
            (0, 0),
            (16, 0),
            (32, 0),
            (32, 16),
            (32, 32),
            (16, 32),
            (0, 32),
            (0, 16),
        ]
        .map(|(x, y)| Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * 1.5 - Vec2::splat(8.0));
        let mut hits = [0; 32 * 32];
        for i in 0..8 {
            let (a, b) = (rim[i], rim[(i + 1) % 8]);
            let corners = if i % 2 == 0 { [hub, a, b] } else { [hub, b, a] };
            rasterize(corners, &CLIP, |x, y, _| hits[(y * 32 + x) as usize] += 1);
        }
        assert!(hits.iter().all(|&hits| hits == 1));
    }

    #[test]
    fn weights_rebuild_the_position() {
        let corners = [
            Vec2::new(1.25, 2.0),
            Vec2::new(29.0, 7.5),
            Vec2::new(11.0, 30.75),
        ];
        let mut covered = 0;
        rasterize(corners, &CLIP, |x, y, weights| {
            let [a, b, c] = corners;
            let rebuilt = a * weights.x + b * weights.y + c * weights.z;
            let center = Vec2::new(x as f32 + 0.5, y as f32 + 0.5);
            assert!(rebuilt.distance(center) < 1e-3);
            covered += 1;
        });
        let area = (corners[1] - corners[0]).perp_dot(corners[2] - corners[0]) / 2.0;
        assert!(
            (covered as f32 - area).abs() < 12.0,
            "{covered} cells, area {area}"
        );
    }

    #[test]
    fn nothing_is_visited_outside_the_clip_or_for_broken_triangles() {
        let clip = Clip { x: 3..5, y: 4..9 };
        let all = [
            Vec2::splat(-900.0),
            Vec2::new(900.0, -900.0),
            Vec2::new(0.0, 900.0),
        ];
        let mut visited = 0;
        rasterize(all, &clip, |x, y, _| {
            assert!(clip.x.contains(&x) && clip.y.contains(&y));
            visited += 1;
        });
        assert_eq!(visited, 10);
        for broken in [f32::NAN, f32::INFINITY, 1e30] {
            let corners = [Vec2::ZERO, Vec2::new(broken, 1.0), Vec2::new(3.0, 30.0)];
            rasterize(corners, &CLIP, |_, _, _| panic!("visited"));
        }
        rasterize([Vec2::ONE; 3], &CLIP, |_, _, _| panic!("visited"));
    }
}
