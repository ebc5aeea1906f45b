//! Which points are inside an object, for meshes of any quality.
//!
//! Meshes from the wild are open, intersect themselves and turn inside out, so parity and winding
//! fail on them. Here a block is carved by what is seen from many directions: a point that any
//! direction sees in front of the first or behind the last surface is outside.

use glam::Vec3;
use mesh::raster::{Clip, rasterize};

use crate::Object;

/// Samples along each side of the grid.
pub const SIDE: usize = 128;
/// The grid spans `-HALF..HALF` along each axis.
pub const HALF: f32 = 0.53;
/// Distances are kept up to this many samples.
const REACH: usize = 8;
/// Stored distance per sample.
const SCALE: f32 = 127.0 / REACH as f32;
/// Directions looked along, each both ways.
const AXES: usize = 36;
/// Pixels along each side of a depth picture.
const PICTURE: usize = 272;
/// Half the width of a depth picture: the cube's diagonal fits.
const PICTURE_HALF: f32 = 0.93;

/// Signed distances to the surface of an object on a grid.
pub struct Solid {
    /// `SIDE³` values, x fastest: 128 on the surface, larger inside, `SCALE` steps per sample.
    pub values: Vec<u8>,
}

/// Edge length of one sample.
pub const fn step() -> f32 {
    2.0 * HALF / SIDE as f32
}

impl Solid {
    /// From one bit per grid point.
    pub fn of_bits(bits: &[bool]) -> Self {
        Self {
            values: distances(bits),
        }
    }

    /// Distance to the surface in object units, positive outside, truncated; trilinear.
    pub fn distance(&self, point: Vec3) -> f32 {
        let place = (point + HALF) / step() - 0.5;
        let place = place.clamp(Vec3::ZERO, Vec3::splat(SIDE as f32 - 1.001));
        let cell = place.as_usizevec3();
        let f = place - place.floor();
        let base = (cell.z * SIDE + cell.y) * SIDE + cell.x;
        let at = |offset: usize| f32::from(self.values[base + offset]);
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
        let row = |offset: usize| mix(at(offset), at(offset + 1), f.x);
        let slab = |offset: usize| mix(row(offset), row(offset + SIDE), f.y);
        let value = mix(slab(0), slab(SIDE * SIDE), f.z);
        (128.0 - value) / SCALE * step()
    }

    /// How well the object is mirrored by the plane through the middle across x (0) or z (2):
    /// share of inside points whose mirror image is inside as well.
    pub fn symmetry(&self, axis: usize) -> f32 {
        let (mut inside, mut both) = (0_u32, 0_u32);
        for z in 0..SIDE {
            for y in 0..SIDE {
                for x in 0..SIDE {
                    let at =
                        |x: usize, y: usize, z: usize| self.values[(z * SIDE + y) * SIDE + x] > 128;
                    if at(x, y, z) {
                        inside += 1;
                        both += u32::from(match axis {
                            0 => at(SIDE - 1 - x, y, z),
                            _ => at(x, y, SIDE - 1 - z),
                        });
                    }
                }
            }
        }
        both as f32 / inside.max(1) as f32
    }
}

/// One bit per grid point, x fastest: inside or not.
pub fn carve(object: &Object) -> Vec<bool> {
    let mut inside = vec![true; SIDE * SIDE * SIDE];
    let mut depths = Depths::default();
    for k in 0..AXES {
        let direction = match k {
            0 => Vec3::Y,
            1 => Vec3::X,
            2 => Vec3::Z,
            _ => fibonacci(k),
        };
        depths.look(object, direction);
        depths.carve(&mut inside);
    }
    inside
}

/// Points spread evenly over the upper half sphere (spherical Fibonacci).
fn fibonacci(k: usize) -> Vec3 {
    let height = 1.0 - (k as f32 + 0.5) / AXES as f32;
    let (sin, cos) = (k as f32 * 2.399_963).sin_cos();
    let radius = (1.0 - height * height).sqrt();
    Vec3::new(radius * cos, height, radius * sin)
}

/// First and last surface along one direction.
#[derive(Default)]
struct Depths {
    axes: [Vec3; 3],
    near: Vec<f32>,
    far: Vec<f32>,
}

impl Depths {
    fn look(&mut self, object: &Object, direction: Vec3) {
        let aside = if direction.y.abs() > 0.9 {
            Vec3::X
        } else {
            Vec3::Y
        };
        let u = aside.cross(direction).normalize();
        self.axes = [u, direction.cross(u), direction];
        self.near.clear();
        self.near.resize(PICTURE * PICTURE, f32::MAX);
        self.far.clear();
        self.far.resize(PICTURE * PICTURE, f32::MIN);
        let [u, v, w] = self.axes;
        let scale = PICTURE as f32 / (2.0 * PICTURE_HALF);
        let seen: Vec<Vec3> = object
            .positions
            .iter()
            .map(|p| {
                Vec3::new(
                    (p.dot(u) + PICTURE_HALF) * scale,
                    (p.dot(v) + PICTURE_HALF) * scale,
                    p.dot(w),
                )
            })
            .collect();
        for triangle in &object.triangles {
            let corners = triangle.map(|i| seen[i as usize]);
            let clip = Clip {
                x: 0..PICTURE as u32,
                y: 0..PICTURE as u32,
            };
            rasterize(corners.map(Vec3::truncate), &clip, |x, y, weights| {
                let depth = weights.dot(Vec3::from(corners.map(|c| c.z)));
                self.put(y as usize * PICTURE + x as usize, depth);
            });
            // A triangle between the pixels leaves a trace all the same.
            for corner in corners {
                let (x, y) = (corner.x as usize, corner.y as usize);
                if x < PICTURE && y < PICTURE {
                    self.put(y * PICTURE + x, corner.z);
                }
            }
        }
        spread(&mut self.near, f32::min);
        spread(&mut self.far, f32::max);
    }

    fn put(&mut self, pixel: usize, depth: f32) {
        self.near[pixel] = self.near[pixel].min(depth);
        self.far[pixel] = self.far[pixel].max(depth);
    }

    fn carve(&self, inside: &mut [bool]) {
        let [u, v, w] = self.axes;
        let scale = PICTURE as f32 / (2.0 * PICTURE_HALF);
        let slack = 0.35 * step();
        let advance = Vec3::new(u.x * scale, v.x * scale, w.x) * step();
        for (row, points) in inside.chunks_exact_mut(SIDE).enumerate() {
            let (y, z) = (row % SIDE, row / SIDE);
            let start = (Vec3::new(0.0, y as f32, z as f32) + 0.5) * step() - HALF;
            let mut seen = Vec3::new(
                (start.dot(u) + PICTURE_HALF) * scale,
                (start.dot(v) + PICTURE_HALF) * scale,
                start.dot(w),
            );
            for point in points {
                if *point {
                    let x = (seen.x as usize).min(PICTURE - 1);
                    let pixel = (seen.y as usize).min(PICTURE - 1) * PICTURE + x;
                    *point =
                        seen.z >= self.near[pixel] - slack && seen.z <= self.far[pixel] + slack;
                }
                seen += advance;
            }
        }
    }
}

/// Takes over the best of the eight neighbours: cracks between triangles close.
fn spread(picture: &mut [f32], best: fn(f32, f32) -> f32) {
    let before = picture.to_vec();
    for y in 0..PICTURE {
        for x in 1..PICTURE - 1 {
            let i = y * PICTURE + x;
            picture[i] = best(best(before[i - 1], before[i]), before[i + 1]);
        }
    }
    let before = picture.to_vec();
    for i in PICTURE..PICTURE * (PICTURE - 1) {
        picture[i] = best(best(before[i - PICTURE], before[i]), before[i + PICTURE]);
    }
}

/// Signed distances, smoothed a little: a grid of bits has steps. What is inside stays inside, or
/// plates one sample thick would dissolve.
fn distances(inside: &[bool]) -> Vec<u8> {
    let to_inside = squared_distances(inside, true);
    let to_outside = squared_distances(inside, false);
    let signed: Vec<i16> = to_inside
        .iter()
        .zip(&to_outside)
        .map(|(&outwards, &inwards)| {
            let distance = if inwards > 0 {
                f32::from(inwards).sqrt() - 0.5
            } else {
                0.5 - f32::from(outwards).sqrt()
            };
            (distance.clamp(-(REACH as f32), REACH as f32) * SCALE) as i16
        })
        .collect();
    let mut smooth = signed;
    for stride in [1, SIDE, SIDE * SIDE] {
        let before = smooth.clone();
        for i in stride..smooth.len() - stride {
            smooth[i] = (before[i - stride] + 2 * before[i] + before[i + stride]) / 4;
        }
    }
    let least = (0.25 * SCALE) as i16;
    smooth
        .iter()
        .zip(inside)
        .map(|(&value, &inside)| (if inside { value.max(least) } else { value } + 128) as u8)
        .collect()
}

/// Squared distance in samples to the nearest point of the kind, up to `REACH`², axis by axis.
fn squared_distances(inside: &[bool], kind: bool) -> Vec<u16> {
    let far = (REACH * REACH) as u16;
    let mut squared: Vec<u16> = inside
        .iter()
        .map(|&is_inside| if is_inside == kind { 0 } else { far })
        .collect();
    for stride in [1, SIDE, SIDE * SIDE] {
        let before = squared.clone();
        for k in 1..REACH {
            let (cost, reach) = ((k * k) as u16, k * stride);
            let length = squared.len();
            let (from, to) = (&before[..length - reach], &mut squared[reach..]);
            for (value, &other) in to.iter_mut().zip(from) {
                *value = (*value).min(other + cost);
            }
            for (value, &other) in squared[..length - reach].iter_mut().zip(&before[reach..]) {
                *value = (*value).min(other + cost);
            }
        }
    }
    squared
}
