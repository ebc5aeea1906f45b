//! Signed-distance-like shapes: negative inside, never steeper than a true distance.

use std::f32::consts::{PI, TAU};
use std::sync::Arc;

use super::outline::Outline;
pub use super::outline::{blob, curve, spline};
use glam::{EulerRot, Mat3, Vec2, Vec3, vec2};

/// A solid as a function; cheap to clone.
#[derive(Clone)]
pub struct Shape(Arc<dyn Fn(Vec3) -> f32 + Send + Sync>);

/// A shape from any function whose slope is at most 1.
pub fn shape(f: impl Fn(Vec3) -> f32 + Send + Sync + 'static) -> Shape {
    Shape(Arc::new(f))
}

/// Union with a soft seam of width `k` (polynomial smooth minimum).
pub fn blend(a: f32, b: f32, k: f32) -> f32 {
    if k <= 0.0 {
        return a.min(b);
    }
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

impl Shape {
    /// The value at `p`.
    pub fn value(&self, p: Vec3) -> f32 {
        (self.0)(p)
    }

    /// Moved by `by`.
    pub fn at(self, x: f32, y: f32, z: f32) -> Self {
        let by = Vec3::new(x, y, z);
        shape(move |p| self.value(p - by))
    }

    /// Turned by angles around x, then y, then z.
    pub fn turn(self, x: f32, y: f32, z: f32) -> Self {
        let back = Mat3::from_euler(EulerRot::ZYX, z, y, x).transpose();
        shape(move |p| self.value(back * p))
    }

    /// Scaled along the axes.
    pub fn stretch(self, x: f32, y: f32, z: f32) -> Self {
        let by = Vec3::new(x, y, z);
        let least = by.min_element();
        shape(move |p| self.value(p / by) * least)
    }

    /// Grown outwards by `by`, which rounds outer edges.
    pub fn grow(self, by: f32) -> Self {
        shape(move |p| self.value(p) - by)
    }

    /// Both.
    pub fn or(self, other: Self) -> Self {
        shape(move |p| self.value(p).min(other.value(p)))
    }

    /// Both, with a soft seam.
    pub fn melt(self, other: Self, k: f32) -> Self {
        shape(move |p| blend(self.value(p), other.value(p), k))
    }

    /// Without `other`.
    pub fn minus(self, other: Self) -> Self {
        shape(move |p| self.value(p).max(-other.value(p)))
    }

    /// Without `other`, with a soft edge.
    pub fn minus_soft(self, other: Self, k: f32) -> Self {
        shape(move |p| -blend(-self.value(p), other.value(p), k))
    }

    /// What both share.
    pub fn and(self, other: Self) -> Self {
        shape(move |p| self.value(p).max(other.value(p)))
    }

    /// What both share, with a soft edge.
    pub fn and_soft(self, other: Self, k: f32) -> Self {
        shape(move |p| -blend(-self.value(p), -other.value(p), k))
    }

    /// Only what lies below `y`.
    pub fn below(self, y: f32) -> Self {
        shape(move |p| self.value(p).max(p.y - y))
    }

    /// Only what lies above `y`.
    pub fn above(self, y: f32) -> Self {
        shape(move |p| self.value(p).max(y - p.y))
    }

    /// The x ≥ 0 side and its mirror image.
    pub fn mirror_x(self) -> Self {
        shape(move |p| self.value(Vec3::new(p.x.abs(), p.y, p.z)))
    }

    /// The z ≥ 0 side and its mirror image.
    pub fn mirror_z(self) -> Self {
        shape(move |p| self.value(Vec3::new(p.x, p.y, p.z.abs())))
    }

    /// `count` copies around the y axis of what lies around the +x axis.
    pub fn ring(self, count: usize) -> Self {
        let sector = TAU / count.max(1) as f32;
        shape(move |p| {
            let angle = p.z.atan2(p.x);
            let turned = angle - (angle / sector).round() * sector;
            let radius = vec2(p.x, p.z).length();
            self.value(Vec3::new(radius * turned.cos(), p.y, radius * turned.sin()))
        })
    }

    /// Copies along x at `step`, `-count..=count`.
    pub fn row(self, step: f32, count: i32) -> Self {
        shape(move |p| {
            let n = (p.x / step).round().clamp(-count as f32, count as f32);
            self.value(p - Vec3::X * (n * step))
        })
    }

    /// A vessel: open above `top`, with walls of this thickness.
    pub fn open(self, wall: f32, top: f32) -> Self {
        shape(move |p| {
            let d = self.value(p);
            d.max(p.y - top).max(-(d + wall))
        })
    }

    /// Bent in the x–y plane: x moves with the square of y.
    pub fn bend(self, amount: f32) -> Self {
        shape(move |p| {
            let slope = 1.0 + 2.0 * (amount * p.y).abs();
            self.value(Vec3::new(p.x - amount * p.y * p.y, p.y, p.z)) / slope
        })
    }

    /// Twisted around y, in radians per unit.
    pub fn twist(self, amount: f32) -> Self {
        shape(move |p| {
            let (sin, cos) = (amount * p.y).sin_cos();
            let radius = vec2(p.x, p.z).length();
            let turned = Vec3::new(cos * p.x - sin * p.z, p.y, sin * p.x + cos * p.z);
            self.value(turned) / (1.0 + (amount * radius).abs())
        })
    }

    /// Narrower (positive) or wider upwards, per unit.
    pub fn taper(self, amount: f32) -> Self {
        shape(move |p| {
            let scale = (1.0 - amount * p.y).clamp(0.25, 3.0);
            let d = self.value(Vec3::new(p.x / scale, p.y, p.z / scale));
            d * scale.min(1.0) / (1.0 + amount.abs())
        })
    }

    /// Dented by shallow waves.
    pub fn wavy(self, height: f32, frequency: f32, phase: f32) -> Self {
        shape(move |p| {
            let q = p * frequency + Vec3::splat(phase);
            let wave = (q.x + q.y * 0.3).sin() * (q.y - q.z * 0.4).sin() * (q.z + 0.7).cos();
            (self.value(p) + height * wave) / (1.0 + height * frequency * 1.5)
        })
    }
}

/// A ball around the origin.
pub fn ball(r: f32) -> Shape {
    shape(move |p| p.length() - r)
}

/// An ellipsoid with these half axes.
pub fn egg(x: f32, y: f32, z: f32) -> Shape {
    let r = Vec3::new(x, y, z);
    let least = r.min_element();
    shape(move |p| {
        let k0 = (p / r).length();
        let k1 = (p / (r * r)).length();
        // The usual estimate is good near the surface; far off the plain bound is safe.
        let near = if k1 > 1e-6 {
            k0 * (k0 - 1.0) / k1
        } else {
            -least
        };
        if k0 < 1.0 {
            near.max((k0 - 1.0) * r.max_element())
        } else {
            near * 0.8
        }
    })
}

/// A box with these half sides, edges rounded by `r`.
pub fn block(x: f32, y: f32, z: f32, r: f32) -> Shape {
    let r = r.min(x.min(y).min(z));
    let half = Vec3::new(x, y, z) - r;
    shape(move |p| {
        let q = p.abs() - half;
        q.max(Vec3::ZERO).length() + q.max_element().min(0.0) - r
    })
}

/// A board with these half sides whose corners, seen along z, are rounded by `r`.
pub fn plate(x: f32, y: f32, z: f32, r: f32) -> Shape {
    let r = r.min(x).min(y);
    shape(move |p| {
        let q = vec2(p.x.abs() - x + r, p.y.abs() - y + r);
        let flat = q.max(Vec2::ZERO).length() + q.max_element().min(0.0) - r;
        let q = vec2(flat, p.z.abs() - z);
        q.max(Vec2::ZERO).length() + q.max_element().min(0.0)
    })
}

/// A rod between two points with a radius at either.
pub fn limb(a: Vec3, b: Vec3, ra: f32, rb: f32) -> Shape {
    let axis = b - a;
    let length2 = axis.length_squared().max(1e-9);
    let steep = 1.0 + ((ra - rb) / length2.sqrt()).abs() * 0.5;
    shape(move |p| {
        let t = ((p - a).dot(axis) / length2).clamp(0.0, 1.0);
        ((p - a - axis * t).length() - (ra + (rb - ra) * t)) / steep
    })
}

/// A rod of even thickness.
pub fn rod(a: Vec3, b: Vec3, r: f32) -> Shape {
    limb(a, b, r, r)
}

/// An upright cylinder, `h` half its height, edges rounded by `e`.
pub fn drum(r: f32, h: f32, e: f32) -> Shape {
    let e = e.min(r).min(h);
    shape(move |p| {
        let q = vec2(vec2(p.x, p.z).length() - r + e, p.y.abs() - h + e);
        q.max(Vec2::ZERO).length() + q.max_element().min(0.0) - e
    })
}

/// A lying cylinder along x (a wheel).
pub fn wheel(r: f32, h: f32, e: f32) -> Shape {
    drum(r, h, e).turn(0.0, 0.0, PI / 2.0)
}

/// A ring in the x–z plane.
pub fn torus(big: f32, small: f32) -> Shape {
    shape(move |p| vec2(vec2(p.x, p.z).length() - big, p.y).length() - small)
}

/// The profile (radius, height) turned around y; the axis closes it.
pub fn lathe(profile: &[(f32, f32)]) -> Shape {
    let mut points: Vec<Vec2> = profile.iter().map(|&(r, y)| vec2(r.max(0.0), y)).collect();
    // Beyond the axis, so that the axis itself is no surface.
    let (first, last) = (points[0].y, points[points.len() - 1].y);
    let reach = (last - first).abs() + 1.0;
    points.push(vec2(-reach, last));
    points.push(vec2(-reach, first));
    let wide = points.iter().map(|p| p.x).fold(0.0, f32::max);
    let (low, high) = (first.min(last), first.max(last));
    let (low, high) = points
        .iter()
        .fold((low, high), |(l, h), p| (l.min(p.y), h.max(p.y)));
    let outline = Outline::new(&points, vec2(0.0, low - 0.2), vec2(wide + 0.2, high + 0.2));
    shape(move |p| outline.value(vec2(vec2(p.x, p.z).length(), p.y)))
}

/// An outline in the x–y plane, `half` deep either way along z, edges rounded by `e`.
pub fn slab(points: &[Vec2], half: f32, e: f32) -> Shape {
    let outline = Outline::around(points);
    let e = e.min(half);
    shape(move |p| {
        let q = vec2(outline.value(p.truncate()) + e, p.z.abs() - half + e);
        q.max(Vec2::ZERO).length() + q.max_element().min(0.0) - e
    })
}

/// A pipe along points, its radius running evenly from `from` to `to`.
pub fn pipe(points: &[Vec3], from: f32, to: f32) -> Shape {
    let points = points.to_vec();
    let last = (points.len() - 1).max(1) as f32;
    shape(move |p| {
        let mut best = f32::MAX;
        for (i, pair) in points.windows(2).enumerate() {
            let axis = pair[1] - pair[0];
            let t = ((p - pair[0]).dot(axis) / axis.length_squared().max(1e-9)).clamp(0.0, 1.0);
            let r = from + (to - from) * ((i as f32 + t) / last);
            best = best.min((p - pair[0] - axis * t).length() - r);
        }
        best * 0.95
    })
}

/// A smooth pipe through points.
pub fn hose(points: &[Vec3], from: f32, to: f32) -> Shape {
    pipe(&curve(points, 6), from, to)
}
