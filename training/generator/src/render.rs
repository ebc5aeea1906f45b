//! One training sample: an object, a random camera, random light, and what a network should say.
//!
//! Frame: the picture is a window that reaches from −1 to 1 both ways at depth 0, the mean depth of
//! what is seen; a point on the ray through (u, v) at depth `t` is `(u·s, v·s, −t)` with
//! `s = 1 + t·h`, v upwards, `h` the tangent of half the field of view.

use std::f32::consts::TAU;

use glam::{Mat3, Vec2, Vec3};
use mesh::raster::{Clip, rasterize};

use crate::Object;
use crate::look::{Decals, Light, Look};
use crate::random::Random;
use crate::solid::Solid;

/// Side of the input picture.
pub const INPUT: usize = 192;
/// Side of the picture of the back.
pub const BACK: usize = 96;
/// Depths that a sample may span.
pub const RANGE: [f32; 2] = [-0.90, 1.86];
/// Numbers before the pictures.
pub const NUMBERS: usize = 32;
/// Bytes of one sample.
pub const BYTES: usize = NUMBERS * 4 + INPUT * INPUT * (4 + 2 + 3) + BACK * BACK * (2 + 3);
/// Stored depth where there is no surface.
const NOTHING: u16 = u16::MAX;
/// Stored depths go from 0 to this over the range.
const DEPTHS: f32 = 65000.0;
/// Each pixel is looked at this many times along each axis.
const FINE: usize = 2;
/// Side of the grid of looks.
const SIDE: usize = INPUT * FINE;

/// An object ready to be rendered.
pub struct Subject {
    /// Its number in this run.
    pub id: u32,
    /// What it looks like.
    pub object: Object,
    /// What is inside it.
    pub solid: Solid,
    /// The axis across which it is mirrored, 0 (x) or 2 (z), if it is.
    pub mirror: Option<usize>,
    /// Some texture has see-through pixels.
    pub has_holes: bool,
}

impl Subject {
    /// Finds out what rendering needs to know.
    pub fn new(id: u32, object: Object, solid: Solid) -> Self {
        const MIRRORED: f32 = 0.94;
        let best = [0, 2]
            .map(|axis| (axis, solid.symmetry(axis)))
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        Self {
            id,
            mirror: best
                .filter(|(_, share)| *share >= MIRRORED)
                .map(|(axis, _)| axis),
            has_holes: object
                .textures
                .iter()
                .any(|texture| texture.pixels.iter().any(|pixel| pixel[3] < 100)),
            object,
            solid,
        }
    }
}

/// Where cameras may stand.
pub struct Cameras {
    /// Lowest and highest elevation in degrees.
    pub elevation: [f32; 2],
    /// Narrowest and widest field of view in degrees.
    pub field_of_view: [f32; 2],
    /// Deviation of the camera's roll in degrees.
    pub roll: f32,
    /// Share of objects that lie around any way up.
    pub tumbled: f32,
    /// Share of pictures that cut the object off.
    pub cut: f32,
}

/// For learning: wide.
pub const LEARNING: Cameras = Cameras {
    elevation: [-12.0, 65.0],
    field_of_view: [15.0, 55.0],
    roll: 3.0,
    tumbled: 0.10,
    cut: 0.05,
};

/// For validation: as people photograph things.
pub const JUDGING: Cameras = Cameras {
    elevation: [0.0, 45.0],
    field_of_view: [20.0, 42.0],
    roll: 1.0,
    tumbled: 0.0,
    cut: 0.0,
};

/// Appends one sample; false if this camera doesn't suit (another roll of the dice may).
pub fn sample(
    subject: &Subject,
    decals: &Decals,
    cameras: &Cameras,
    random: &mut Random,
    out: &mut Vec<u8>,
) -> bool {
    let Some(shot) = Shot::random(subject, cameras, random) else {
        return false;
    };
    let layers = Layers::of(subject, &shot);
    let Some(window) = Window::of(&shot, &layers) else {
        return false;
    };
    let look = Look::random(&subject.object, decals, random);
    let light = Light::random(shot.gravity_up, random);
    write(subject, &shot, &layers, &window, &look, &light, random, out);
    true
}

/// Where the camera stands.
struct Shot {
    /// Object → camera (x right, y up, z towards the viewer).
    turn: Mat3,
    shift: Vec3,
    /// Up in the camera's frame.
    gravity_up: Vec3,
    half_tan: f32,
    /// The object's vertices in the camera's frame.
    seen: Vec<Vec3>,
    /// What lies beyond is cut off: left, right, bottom, top in units of the window.
    limits: [f32; 4],
}

impl Shot {
    fn random(subject: &Subject, cameras: &Cameras, random: &mut Random) -> Option<Self> {
        let [lowest, highest] = cameras.elevation;
        let usual = lowest + (highest - lowest) * 0.65;
        let top = if random.chance(0.75) { usual } else { highest };
        let elevation = random.range(lowest, top).to_radians();
        let azimuth = random.range(0.0, TAU);
        let roll = (random.normal() * cameras.roll).to_radians();
        let lying = if random.chance(cameras.tumbled) {
            Mat3::from_axis_angle(random.direction(), random.range(0.0, TAU))
        } else {
            Mat3::IDENTITY
        };
        let from = Mat3::from_rotation_z(roll)
            * Mat3::from_rotation_x(elevation)
            * Mat3::from_rotation_y(azimuth);
        let field_of_view = random
            .range(cameras.field_of_view[0], cameras.field_of_view[1])
            .to_radians();
        let distance = 0.60 / (field_of_view * 0.5).tan() + 0.25;
        let margin = random.range(1.07, 1.15);
        let cut = random
            .chance(cameras.cut)
            .then(|| (random.below(4), random.range(0.1, 0.4)));

        let (mut turn, mut shift) = (Mat3::IDENTITY, Vec3::new(0.0, 0.0, -distance));
        let mut half_tan = 0.0;
        let mut limits = [-2.0, 2.0, -2.0, 2.0];
        for round in 0..5 {
            let place = turn * from * lying;
            let (mut low, mut high) = (Vec2::MAX, Vec2::MIN);
            for position in &subject.object.positions {
                let point = place * *position + shift;
                if point.z > -0.05 {
                    return None;
                }
                let on_screen = point.truncate() / -point.z;
                low = low.min(on_screen);
                high = high.max(on_screen);
            }
            // The object is cut once, in the first round; the camera then looks at what is left.
            if round == 0
                && let Some((side, share)) = cut
            {
                let size = (high - low) * share;
                match side {
                    0 => low.x += size.x,
                    1 => high.x -= size.x,
                    2 => low.y += size.y,
                    _ => high.y -= size.y,
                }
                half_tan = 0.5 * (high - low).max_element();
            } else if cut.is_some() {
                let (middle, half) = (Vec2::ZERO, half_tan);
                low = low.max(middle - half);
                high = high.min(middle + half);
            }
            let reach = high.abs().max(low.abs()).max_element();
            if round == 4 {
                half_tan = reach * margin;
                if cut.is_some() {
                    limits = [-1.0, 1.0, -1.0, 1.0].map(|side: f32| side / margin);
                }
                break;
            }
            let middle = 0.5 * (low + high);
            let centre =
                Mat3::from_rotation_y(middle.x.atan()) * Mat3::from_rotation_x(-middle.y.atan());
            turn = centre * turn;
            shift = centre * shift;
        }
        if half_tan > 0.6 || half_tan <= 0.0 {
            return None;
        }
        let gravity_up = turn * from * Vec3::Y;
        let turn = turn * from * lying;
        let seen = subject
            .object
            .positions
            .iter()
            .map(|p| turn * *p + shift)
            .collect();
        Some(Self {
            turn,
            shift,
            gravity_up,
            half_tan,
            seen,
            limits,
        })
    }
}

/// A triangle and where on it.
#[derive(Clone, Copy)]
pub struct Hit {
    /// Index of the triangle, `u32::MAX` for none.
    pub triangle: u32,
    /// Weights of its first two corners.
    pub weights: [f32; 2],
}

const MISS: Hit = Hit {
    triangle: u32::MAX,
    weights: [0.0; 2],
};

impl Hit {
    fn is_miss(&self) -> bool {
        self.triangle == u32::MAX
    }
}

/// First and last surface along each ray of the fine grid.
struct Layers {
    /// One over the depth, 0 where nothing is.
    near: Vec<f32>,
    first: Vec<Hit>,
    far: Vec<f32>,
    last: Vec<Hit>,
}

impl Layers {
    fn of(subject: &Subject, shot: &Shot) -> Self {
        let side = SIDE as f32;
        let on_grid: Vec<Vec3> = shot
            .seen
            .iter()
            .map(|point| {
                let depth = -point.z;
                let window = point.truncate() / (depth * shot.half_tan);
                let x = (window.x * 0.5 + 0.5) * side;
                Vec3::new(x, (0.5 - window.y * 0.5) * side, 1.0 / depth)
            })
            .collect();
        let mut layers = Self {
            near: vec![0.0; SIDE * SIDE],
            first: vec![MISS; SIDE * SIDE],
            far: vec![f32::MAX; SIDE * SIDE],
            last: vec![MISS; SIDE * SIDE],
        };
        let object = &subject.object;
        let clip = Clip {
            x: 0..SIDE as u32,
            y: 0..SIDE as u32,
        };
        for (index, triangle) in object.triangles.iter().enumerate() {
            let corners = triangle.map(|i| on_grid[i as usize]);
            rasterize(corners.map(Vec3::truncate), &clip, |x, y, weights| {
                let pixel = y as usize * SIDE + x as usize;
                let nearness = weights.dot(Vec3::from(corners.map(|c| c.z)));
                let (is_first, is_last) =
                    (nearness > layers.near[pixel], nearness < layers.far[pixel]);
                if !is_first && !is_last {
                    return;
                }
                let hit = Hit {
                    triangle: index as u32,
                    weights: [0, 1].map(|i| weights[i] * corners[i].z / nearness),
                };
                if subject.has_holes && is_hole(object, hit) {
                    return;
                }
                if is_first {
                    layers.near[pixel] = nearness;
                    layers.first[pixel] = hit;
                }
                if is_last {
                    layers.far[pixel] = nearness;
                    layers.last[pixel] = hit;
                }
            });
        }
        layers.cut(shot.limits);
        layers
    }

    fn cut(&mut self, [left, right, bottom, top]: [f32; 4]) {
        if left < -1.0 && right > 1.0 {
            return;
        }
        for y in 0..SIDE {
            for x in 0..SIDE {
                let u = (x as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0;
                let v = 1.0 - (y as f32 + 0.5) / SIDE as f32 * 2.0;
                if u < left || u > right || v < bottom || v > top {
                    let i = y * SIDE + x;
                    self.near[i] = 0.0;
                    self.first[i] = MISS;
                    self.last[i] = MISS;
                }
            }
        }
    }
}

fn is_hole(object: &Object, hit: Hit) -> bool {
    let triangle = hit.triangle as usize;
    let material = &object.materials[object.material_of[triangle] as usize];
    let Some(texture) = material
        .texture
        .and_then(|i| object.textures.get(usize::from(i)))
    else {
        return false;
    };
    let uv = mix(&object.uvs, object.triangles[triangle], hit);
    texture.nearest(uv)[3] < 100
}

/// A vertex attribute at a hit.
pub fn mix<T>(values: &[T], triangle: [u32; 3], hit: Hit) -> T
where
    T: Copy + std::ops::Mul<f32, Output = T> + std::ops::Add<Output = T>,
{
    let [a, b] = hit.weights;
    let [va, vb, vc] = triangle.map(|i| values[i as usize]);
    va * a + vb * b + vc * (1.0 - a - b)
}

/// From camera space to the frame of the sample.
struct Window {
    /// Mean depth of what is seen.
    depth: f32,
    /// Window half widths per unit of camera space.
    scale: f32,
    /// Depths spanned by all of the object.
    span: [f32; 2],
}

impl Window {
    fn of(shot: &Shot, layers: &Layers) -> Option<Self> {
        const LEAST_SHARE: usize = 70;
        let (mut sum, mut count) = (0.0_f64, 0_usize);
        for &nearness in layers.near.iter().filter(|nearness| **nearness > 0.0) {
            sum += 1.0 / f64::from(nearness);
            count += 1;
        }
        if count < SIDE * SIDE / LEAST_SHARE {
            return None;
        }
        let depth = (sum / count as f64) as f32;
        let scale = 1.0 / (shot.half_tan * depth);
        let t = |point: &Vec3| (-point.z - depth) * scale;
        let low = shot.seen.iter().map(t).fold(f32::MAX, f32::min);
        let high = shot.seen.iter().map(t).fold(f32::MIN, f32::max);
        (low > RANGE[0] + 0.03 && high < RANGE[1] - 0.03).then_some(Self {
            depth,
            scale,
            span: [low, high],
        })
    }

    /// Stored form of the depth of a surface at one over its camera depth.
    fn stored(&self, nearness: f32) -> u16 {
        let t = (1.0 / nearness - self.depth) * self.scale;
        (((t - RANGE[0]) / (RANGE[1] - RANGE[0])).clamp(0.0, 1.0) * DEPTHS) as u16
    }
}

/// A lit pixel, before exposure.
#[derive(Clone, Copy, Default)]
struct Pixel {
    colour: Vec3,
    normal: Vec3,
    covered: u8,
    nearness: f32,
}

#[expect(clippy::too_many_arguments, reason = "the parts of one picture")]
fn write(
    subject: &Subject,
    shot: &Shot,
    layers: &Layers,
    window: &Window,
    look: &Look,
    light: &Light,
    random: &mut Random,
    out: &mut Vec<u8>,
) {
    let scene = Scene {
        subject,
        shot,
        look,
        light,
    };
    let pixels: Vec<Pixel> = (0..INPUT * INPUT)
        .map(|i| scene.pixel(layers, i % INPUT, i / INPUT))
        .collect();
    let exposure = exposure(&pixels, random);

    out.extend(
        numbers(subject, shot, window)
            .iter()
            .flat_map(|value| value.to_le_bytes()),
    );
    let developed = |colour: Vec3| (colour * exposure).map(to_srgb).map(|c| c * 255.0 + 0.5);
    let colours: Vec<Vec3> = pixels.iter().map(|pixel| developed(pixel.colour)).collect();
    for channel in 0..3 {
        out.extend(colours.iter().map(|colour| colour[channel] as u8));
    }
    let full = (FINE * FINE) as u32;
    out.extend(
        pixels
            .iter()
            .map(|p| (u32::from(p.covered) * 255 / full) as u8),
    );
    for pixel in &pixels {
        let depth = if pixel.covered > 0 {
            window.stored(pixel.nearness)
        } else {
            NOTHING
        };
        out.extend(depth.to_le_bytes());
    }
    for channel in 0..3 {
        out.extend(
            pixels
                .iter()
                .map(|p| (p.normal[channel] * 127.0) as i8 as u8),
        );
    }

    let middles = (0..BACK * BACK).map(|i| {
        let step = SIDE / BACK;
        (i / BACK * step + step / 2) * SIDE + i % BACK * step + step / 2
    });
    let mut backs = Vec::with_capacity(BACK * BACK);
    for i in middles {
        let hit = layers.last[i];
        if hit.is_miss() {
            out.extend(NOTHING.to_le_bytes());
            backs.push(Vec3::ZERO);
        } else {
            out.extend(window.stored(layers.far[i]).to_le_bytes());
            backs.push(developed(scene.plain(hit)));
        }
    }
    for channel in 0..3 {
        out.extend(backs.iter().map(|colour| colour[channel] as u8));
    }
}

/// The 32 numbers: 0 half tangent, 1 subject, 2–3 depths spanned, 4–6 up, 7–9 normal and 10 offset
/// of the mirror plane, 11 whether there is one, 12–23 sample frame → object, rows of 3 × 4.
fn numbers(subject: &Subject, shot: &Shot, window: &Window) -> [f32; NUMBERS] {
    let mut numbers = [0.0; NUMBERS];
    numbers[0] = shot.half_tan;
    numbers[1] = subject.id as f32;
    numbers[2..4].copy_from_slice(&window.span);
    numbers[4..7].copy_from_slice(&shot.gravity_up.to_array());
    // sample = (turn · object + shift + (0, 0, depth)) · scale
    let back = shot.turn.transpose();
    let origin = -(back * (shot.shift + Vec3::new(0.0, 0.0, window.depth)));
    if let Some(axis) = subject.mirror {
        let mut normal = shot.turn.col(axis);
        if normal.x < 0.0 {
            normal = -normal;
        }
        let middle = (shot.shift + Vec3::new(0.0, 0.0, window.depth)) * window.scale;
        numbers[7..10].copy_from_slice(&normal.to_array());
        numbers[10] = normal.dot(middle);
        numbers[11] = 1.0;
    }
    for row in 0..3 {
        for column in 0..3 {
            numbers[12 + row * 4 + column] = back.col(column)[row] / window.scale;
        }
        numbers[12 + row * 4 + 3] = origin[row];
    }
    numbers
}

/// Brightness and white balance as a camera would choose them, not quite: dark things stay darker.
fn exposure(pixels: &[Pixel], random: &mut Random) -> Vec3 {
    let mut luma: Vec<f32> = pixels
        .iter()
        .filter(|pixel| pixel.covered > 0)
        .step_by(5)
        .map(|pixel| pixel.colour.dot(Vec3::new(0.2, 0.7, 0.1)))
        .collect();
    luma.sort_by(f32::total_cmp);
    let bright = luma
        .get(luma.len() * 9 / 10)
        .copied()
        .unwrap_or(0.5)
        .max(1e-3);
    let mean = (luma.iter().sum::<f32>() / luma.len().max(1) as f32).max(1e-3);
    let goal = random.range(0.12, 0.5);
    let gain = (goal / mean).powf(0.6).min(1.15 / bright).clamp(0.2, 6.0);
    Vec3::new(
        1.0 + random.normal() * 0.05,
        1.0,
        1.0 + random.normal() * 0.05,
    ) * gain
}

struct Scene<'a> {
    subject: &'a Subject,
    shot: &'a Shot,
    look: &'a Look<'a>,
    light: &'a Light,
}

impl Scene<'_> {
    /// Everything under one pixel of the input.
    fn pixel(&self, layers: &Layers, x: usize, y: usize) -> Pixel {
        /// Two looks whose normals differ by less are lit as one.
        const ALIKE: f32 = 0.95;
        let mut pixel = Pixel::default();
        let mut groups: [(Hit, Vec3, Vec3, f32); FINE * FINE] =
            [(MISS, Vec3::ZERO, Vec3::ZERO, 0.0); FINE * FINE];
        let mut count = 0;
        for k in 0..FINE * FINE {
            let i = (y * FINE + k / FINE) * SIDE + x * FINE + k % FINE;
            let hit = layers.first[i];
            if hit.is_miss() {
                continue;
            }
            pixel.covered += 1;
            pixel.nearness = pixel.nearness.max(layers.near[i]);
            let normal = self.normal(hit);
            let albedo = self.look.albedo(&self.subject.object, hit);
            pixel.normal += normal;
            let alike = groups[..count]
                .iter_mut()
                .find(|group| group.1.dot(normal) > ALIKE);
            match alike {
                Some(group) => {
                    group.2 += albedo;
                    group.3 += 1.0;
                }
                None => {
                    groups[count] = (hit, normal, albedo, 1.0);
                    count += 1;
                }
            }
        }
        if pixel.covered == 0 {
            return pixel;
        }
        for &(hit, normal, albedo, weight) in &groups[..count] {
            pixel.colour += self.lit(hit, normal, albedo / weight) * weight;
        }
        pixel.colour /= f32::from(pixel.covered);
        pixel.normal = pixel.normal.normalize_or(Vec3::Z);
        pixel
    }

    fn triangle(&self, hit: Hit) -> [u32; 3] {
        self.subject.object.triangles[hit.triangle as usize]
    }

    /// Normal at a hit in the camera's frame, towards the camera.
    fn normal(&self, hit: Hit) -> Vec3 {
        let triangle = self.triangle(hit);
        let [a, b, c] = triangle.map(|i| self.shot.seen[i as usize]);
        let flat = (b - a).cross(c - a).normalize_or(Vec3::Z);
        let flat = if flat.dot(a) > 0.0 { -flat } else { flat };
        let smooth = self.shot.turn * mix(&self.subject.object.normals, triangle, hit);
        if !self.look.smooth || smooth.length_squared() < 0.1 {
            return flat;
        }
        let smooth = smooth.normalize();
        let smooth = if smooth.dot(flat) < 0.0 {
            -smooth
        } else {
            smooth
        };
        if smooth.dot(flat) < 0.2 { flat } else { smooth }
    }

    fn lit(&self, hit: Hit, normal: Vec3, albedo: Vec3) -> Vec3 {
        let object = &self.subject.object;
        let position = mix(&object.positions, self.triangle(hit), hit);
        let to_viewer = -(self.shot.turn * position + self.shot.shift).normalize();
        let material = self.look.gloss(object, hit);
        self.light.shade(
            &self.subject.solid,
            position,
            self.shot.turn,
            normal,
            to_viewer,
            albedo,
            material,
        )
    }

    /// The last surface under light from everywhere: nobody can guess where its shadows fall.
    fn plain(&self, hit: Hit) -> Vec3 {
        let albedo = self.look.albedo(&self.subject.object, hit);
        albedo * self.light.mean(-self.normal(hit))
    }
}

fn to_srgb(linear: f32) -> f32 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 {
        linear * 12.92
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    }
}
