//! Known shapes with known colours: exact distances, so that errors are errors.

use glam::{Quat, Vec2, Vec3};
use rayon::prelude::*;

/// Tangent of half the camera's field of view.
pub const HALF_FOV_TAN: f32 = 0.2;
/// Steps along a ray at most.
const MARCH: usize = 600;
/// The object's longer side in half window widths, as the engine cuts it out.
const FILLED: f32 = 2.0 / engine::MARGIN;

/// Places per side at which the distance is sampled for placing the shape, and for looking at it.
const SAMPLED: [usize; 2] = [64, 200];
/// They span so much of the camera's frame each way from the origin.
const SPAN: f32 = 1.2;

/// A shape in the camera's frame: x right, y up, z towards the camera, so placed that the picture
/// is the engine's own cut around it.
pub struct Shape {
    pub name: &'static str,
    /// Distance to the surface, positive inside, or a close bound of it.
    raw: fn(Vec3) -> f32,
    shift: Vec3,
    scale: f32,
    /// `inside` on a grid of `side`³ places: rays march through this.
    sampled: Vec<f32>,
    side: usize,
}

/// All shapes.
pub fn all() -> [Shape; 3] {
    [
        Shape::placed("knot", knot),
        Shape::placed("figure", figure),
        Shape::placed("crate", open_crate),
    ]
}

impl Shape {
    fn placed(name: &'static str, raw: fn(Vec3) -> f32) -> Self {
        let mut shape = Self {
            name,
            raw,
            shift: Vec3::ZERO,
            scale: 1.0,
            sampled: Vec::new(),
            side: 0,
        };
        // Perspective makes both depend on each other a little.
        for _ in 0..5 {
            shape.sample(SAMPLED[0]);
            let (low, high) = shape.outline();
            let middle = 0.5 * (low + high);
            shape.shift += (middle * shape.scale).extend(0.0);
            shape.scale *= (high - low).max_element() / FILLED;
        }
        shape.sample(SAMPLED[1]);
        shape
    }

    fn sample(&mut self, side: usize) {
        self.side = side;
        let at = |i: usize| (i as f32 / (side - 1) as f32 * 2.0 - 1.0) * SPAN;
        self.sampled = (0..side * side * side)
            .into_par_iter()
            .map(|i| {
                let (x, y, z) = (i % side, i / side % side, i / side / side);
                self.inside(Vec3::new(at(x), at(y), at(z)))
            })
            .collect();
    }

    /// Distance to the surface, positive inside.
    pub fn inside(&self, p: Vec3) -> f32 {
        (self.raw)(p * self.scale + self.shift) / self.scale
    }

    /// The same between the samples.
    fn near(&self, p: Vec3) -> f32 {
        let side = self.side;
        let last = (side - 1) as f32;
        let at = ((p / SPAN + 1.0) * 0.5 * last).clamp(Vec3::ZERO, Vec3::splat(last - 1e-3));
        let (low, f) = (at.floor(), at - at.floor());
        let corner = (low.z as usize * side + low.y as usize) * side + low.x as usize;
        let value = |c: usize| {
            self.sampled[corner + (c & 1) + (c >> 1 & 1) * side + (c >> 2) * side * side]
        };
        let x = |c: usize| value(c) + (value(c + 1) - value(c)) * f.x;
        let y = |c: usize| x(c) + (x(c + 2) - x(c)) * f.y;
        y(0) + (y(4) - y(0)) * f.z
    }

    /// The outline's box in the window.
    fn outline(&self) -> (Vec2, Vec2) {
        const SIDE: usize = 512;
        let seen: Vec<Vec2> = (0..SIDE * SIDE)
            .into_par_iter()
            .map(|i| window(i % SIDE, i / SIDE, SIDE) * 1.3)
            .filter(|&at| self.depth(at, 1.0).is_some())
            .collect();
        let corners = (Vec2::MAX, Vec2::MIN);
        seen.into_iter()
            .fold(corners, |(low, high), at| (low.min(at), high.max(at)))
    }

    /// Depth of the first (`step` 1) or last (−1) surface along a ray, if it meets any.
    pub fn depth(&self, window: Vec2, step: f32) -> Option<f32> {
        let mut t = -1.1 * step;
        for _ in 0..MARCH {
            let outside = -self.near(point(window, t));
            if outside < 1e-4 {
                return Some(t);
            }
            t += step * (0.8 * outside).max(1e-3);
            if t.abs() > 1.15 {
                return None;
            }
        }
        None
    }
}

/// The point at depth `t` on the ray through a window position, as `engine::Guess` has it.
pub fn point(window: Vec2, t: f32) -> Vec3 {
    (window * (1.0 + t * HALF_FOV_TAN)).extend(-t)
}

/// The window position (−1…1, y up) of a pixel's centre.
pub fn window(x: usize, y: usize, side: usize) -> Vec2 {
    let centre = |c: usize| (c as f32 + 0.5) / side as f32 * 2.0 - 1.0;
    Vec2::new(centre(x), -centre(y))
}

/// A trefoil knot's tube: genus one, crossing itself in front of itself.
fn knot(p: Vec3) -> f32 {
    const STEPS: usize = 64;
    let at = |t: f32| {
        Vec3::new(
            t.sin() + 2.0 * (2.0 * t).sin(),
            t.cos() - 2.0 * (2.0 * t).cos(),
            -(3.0 * t).sin(),
        ) * 0.22
    };
    let point = |i: usize| at(i as f32 / STEPS as f32 * std::f32::consts::TAU);
    let nearest = (0..STEPS)
        .map(|i| to_segment(p, point(i), point(i + 1)))
        .fold(f32::MAX, f32::min);
    0.13 - nearest
}

/// Body, head, limbs, a little bent: smooth joints and thin parts.
fn figure(p: Vec3) -> f32 {
    let limb = |a: [f32; 3], b: [f32; 3], radius: f32| radius - to_segment(p, a.into(), b.into());
    let parts = [
        0.28 - (p - Vec3::new(0.0, 0.0, 0.0)).length(),
        0.2 - (p - Vec3::new(0.02, 0.45, 0.06)).length(),
        limb([-0.12, -0.2, 0.0], [-0.2, -0.75, 0.1], 0.08),
        limb([0.12, -0.2, 0.0], [0.22, -0.75, -0.05], 0.08),
        limb([-0.2, 0.12, 0.0], [-0.65, 0.3, 0.2], 0.06),
        limb([0.2, 0.12, 0.0], [0.6, -0.15, 0.15], 0.06),
    ];
    parts
        .into_iter()
        .reduce(|a, b| smooth_union(a, b, 0.08))
        .unwrap_or(-1.0)
}

/// A turned box with rounded edges and a hole through it: flats, edges, genus one.
fn open_crate(p: Vec3) -> f32 {
    let q = Quat::from_euler(glam::EulerRot::XYZ, 0.35, 0.6, 0.0) * p;
    let beyond = q.abs() - Vec3::new(0.46, 0.38, 0.4);
    let distance = beyond.max(Vec3::ZERO).length() + beyond.max_element().min(0.0);
    let hole = q.truncate().length() - 0.2;
    (0.05 - distance).min(hole)
}

fn to_segment(p: Vec3, a: Vec3, b: Vec3) -> f32 {
    let along = b - a;
    let t = ((p - a).dot(along) / along.length_squared()).clamp(0.0, 1.0);
    p.distance(a + along * t)
}

fn smooth_union(a: f32, b: f32, k: f32) -> f32 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.max(b) + h * h * k * 0.25
}

/// sRGB, 0–1, of the picture at a place of the window (−1…1, y up): soft colours with sharp print.
pub fn colour(window: Vec2) -> [f32; 3] {
    let soft = |phase: f32| 0.55 + 0.25 * (3.1 * window.x + 2.3 * window.y + phase).sin();
    let print = ((window.x * 14.0).floor() as i32 + (window.y * 14.0).floor() as i32) % 5 == 0;
    let shade = if print { 0.45 } else { 1.0 };
    [soft(0.0), soft(2.0), soft(4.0)].map(|c| c * shade)
}
