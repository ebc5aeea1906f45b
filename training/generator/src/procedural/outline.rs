//! Curves and closed outlines in the plane.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3, vec2};

/// Cells along either side of an outline's lists.
const CELLS: usize = 28;

/// A closed outline with lists of the edges that matter where.
pub struct Outline {
    edges: Vec<[Vec2; 2]>,
    low: Vec2,
    cell: Vec2,
    /// Per cell, the edges that can be nearest and those a ray towards +x can cross.
    lists: Vec<[Vec<u16>; 2]>,
}

/// Squared distance to an edge.
fn to_edge([a, b]: [Vec2; 2], p: Vec2) -> f32 {
    let (e, w) = (b - a, p - a);
    let t = (w.dot(e) / e.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (w - e * t).length_squared()
}

/// Whether a ray towards +x crosses an edge.
fn crosses([a, b]: [Vec2; 2], p: Vec2) -> bool {
    let (e, w) = (b - a, p - a);
    (p.y >= a.y) != (p.y >= b.y) && (e.x * w.y > e.y * w.x) == (e.y > 0.0)
}

impl Outline {
    /// `low` and `high` bound where lists are kept; elsewhere all edges are asked.
    pub fn new(points: &[Vec2], low: Vec2, high: Vec2) -> Self {
        let n = points.len();
        let edges: Vec<_> = (0..n)
            .map(|i| [points[(i + n - 1) % n], points[i]])
            .collect();
        let cell = (high - low) / CELLS as f32;
        let list = |i: usize| {
            let corner = low + vec2((i % CELLS) as f32, (i / CELLS) as f32) * cell;
            let centre = corner + cell / 2.0;
            let far: Vec<f32> = edges
                .iter()
                .map(|&edge| to_edge(edge, centre).sqrt())
                .collect();
            let most = far.iter().copied().fold(f32::MAX, f32::min) + cell.length() * 1.01;
            let (top, bottom) = (corner.y + cell.y * 1.01, corner.y - cell.y * 0.01);
            let near = (0..n)
                .filter(|&i| far[i] <= most)
                .map(|i| i as u16)
                .collect();
            let crossing = |&i: &usize| {
                let [a, b] = edges[i];
                a.y.min(b.y) <= top && a.y.max(b.y) >= bottom && a.x.max(b.x) >= corner.x
            };
            [near, (0..n).filter(crossing).map(|i| i as u16).collect()]
        };
        let lists = (0..CELLS * CELLS).map(list).collect();
        Self {
            lists,
            edges,
            low,
            cell,
        }
    }

    /// Around the points, with some margin.
    pub fn around(points: &[Vec2]) -> Self {
        let low = points.iter().copied().fold(Vec2::MAX, Vec2::min);
        let high = points.iter().copied().fold(Vec2::MIN, Vec2::max);
        let margin = (high - low).max_element() * 0.25;
        Self::new(points, low - margin, high + margin)
    }

    /// Distance in the plane, negative inside.
    pub fn value(&self, p: Vec2) -> f32 {
        let at = (p - self.low) / self.cell;
        let (d, odd) = if at.cmpge(Vec2::ZERO).all() && at.cmplt(Vec2::splat(CELLS as f32)).all() {
            let [near, crossing] = &self.lists[at.y as usize * CELLS + at.x as usize];
            let d = near.iter().map(|&i| to_edge(self.edges[i as usize], p));
            let odd = crossing
                .iter()
                .filter(|&&i| crosses(self.edges[i as usize], p))
                .count();
            (d.fold(f32::MAX, f32::min), odd)
        } else {
            let d = self.edges.iter().map(|&edge| to_edge(edge, p));
            let odd = self.edges.iter().filter(|&&edge| crosses(edge, p)).count();
            (d.fold(f32::MAX, f32::min), odd)
        };
        if odd % 2 == 1 { -d.sqrt() } else { d.sqrt() }
    }
}

/// A smooth curve through the profile points, `steps` per stretch (Catmull–Rom).
pub fn spline(points: &[(f32, f32)], steps: usize) -> Vec<(f32, f32)> {
    let v: Vec<Vec3> = points.iter().map(|&(r, y)| Vec3::new(r, y, 0.0)).collect();
    curve(&v, steps).iter().map(|p| (p.x, p.y)).collect()
}

/// A smooth curve through points in space (Catmull–Rom).
pub fn curve(points: &[Vec3], steps: usize) -> Vec<Vec3> {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut out = Vec::new();
    for i in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for s in 0..steps {
            let t = s as f32 / steps as f32;
            let (t2, t3) = (t * t, t * t * t);
            out.push(
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2
                    + (3.0 * b - a - 3.0 * c + d) * t3),
            );
        }
    }
    out.extend(points.last());
    out
}

/// A closed smooth outline around the origin whose radius at each of evenly spread angles is given.
pub fn blob(radii: &[f32], steps: usize) -> Vec<Vec2> {
    let n = radii.len();
    (0..n * steps)
        .map(|i| {
            let (k, t) = (i / steps, (i % steps) as f32 / steps as f32);
            let t = t * t * (3.0 - 2.0 * t);
            let r = radii[k] + (radii[(k + 1) % n] - radii[k]) * t;
            let angle = TAU * i as f32 / (n * steps) as f32;
            vec2(r * angle.cos(), r * angle.sin())
        })
        .collect()
}
