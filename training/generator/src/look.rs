//! Colours, patterns and light, all of them random: shape must not be guessed from one kind of look.

use glam::{Mat3, Vec2, Vec3};

use crate::Object;
use crate::object::Texture;
use crate::random::Random;
use crate::render::{Hit, mix};
use crate::solid::Solid;

/// Pictures to print on objects that have none.
pub type Decals = Vec<Texture>;

/// How one object looks in one sample.
pub struct Look<'a> {
    colours: Vec<Vec3>,
    pattern: Option<Pattern>,
    decal: Option<(&'a Texture, f32, Vec2)>,
    gloss: f32,
    /// Normals are interpolated.
    pub smooth: bool,
}

struct Pattern {
    strength: f32,
    scale: f32,
    seed: u32,
    kind: usize,
    colour: Vec3,
}

impl<'a> Look<'a> {
    /// The object as it is, often enough; otherwise repainted.
    pub fn random(object: &Object, decals: &'a Decals, random: &mut Random) -> Self {
        let textured = object
            .material_of
            .iter()
            .any(|&material| object.materials[usize::from(material)].texture.is_some());
        let mut colours: Vec<Vec3> = object.materials.iter().map(|m| m.base).collect();
        if random.chance(if textured { 0.05 } else { 0.35 }) {
            colours.fill_with(|| random.colour());
        }
        let pattern = random
            .chance(if textured { 0.05 } else { 0.25 })
            .then(|| Pattern {
                strength: random.range(0.15, 0.9),
                scale: random.range(3.0, 25.0),
                seed: random.bits() as u32,
                kind: random.below(4),
                colour: random.colour(),
            });
        let printed = !decals.is_empty() && random.chance(if textured { 0.04 } else { 0.2 });
        let decal = printed.then(|| {
            let decal = &decals[random.below(decals.len())];
            let shift = Vec2::new(random.unit(), random.unit());
            (decal, random.range(0.7, 3.0), shift)
        });
        let gloss = if random.chance(0.4) {
            0.0
        } else {
            random.range(0.05, 1.0)
        };
        Self {
            colours,
            pattern,
            decal,
            gloss,
            smooth: random.chance(0.85),
        }
    }

    /// Linear colour at a hit.
    pub fn albedo(&self, object: &Object, hit: Hit) -> Vec3 {
        let triangle = object.triangles[hit.triangle as usize];
        let material = usize::from(object.material_of[hit.triangle as usize]);
        let mut colour = self.colours[material] * mix(&object.colours, triangle, hit);
        let texture = object.materials[material].texture;
        if let Some(texture) = texture.and_then(|i| object.textures.get(usize::from(i))) {
            colour *= texture.linear(mix(&object.uvs, triangle, hit));
        }
        if self.pattern.is_none() && self.decal.is_none() {
            return colour;
        }
        let position = mix(&object.positions, triangle, hit);
        if let Some((decal, scale, shift)) = self.decal {
            // Printed along the axis that the triangle faces most.
            let [a, b, c] = triangle.map(|i| object.positions[i as usize]);
            let normal = (b - a).cross(c - a).abs();
            let flat = if normal.x > normal.y && normal.x > normal.z {
                Vec2::new(position.z, -position.y)
            } else if normal.y > normal.z {
                Vec2::new(position.x, position.z)
            } else {
                Vec2::new(position.x, -position.y)
            };
            colour = decal.linear(flat * scale + shift);
        }
        if let Some(pattern) = &self.pattern {
            colour = colour.lerp(pattern.colour, pattern.amount(position));
        }
        colour
    }

    /// How shiny the look is overall, with the material's own roughness and metalness.
    pub fn gloss(&self, object: &Object, hit: Hit) -> [f32; 3] {
        let material = &object.materials[usize::from(object.material_of[hit.triangle as usize])];
        [self.gloss, material.roughness, material.metallic]
    }
}

impl Pattern {
    fn amount(&self, position: Vec3) -> f32 {
        let place = position * self.scale;
        let cloud =
            noise(place, self.seed) * 0.6 + noise(place * 2.1, self.seed.wrapping_add(7)) * 0.4;
        let amount = match self.kind {
            0 => cloud,
            1 => ((place.y * 3.0 + 2.0 * cloud).sin() * 0.5 + 0.5).round(),
            2 => {
                let cell = (place * 2.0).floor().as_ivec3();
                ((cell.x + cell.y + cell.z) & 1) as f32
            }
            _ => (cloud * 3.0 - 1.0).clamp(0.0, 1.0),
        };
        amount * self.strength
    }
}

/// Smooth noise in 0..1 on the unit lattice.
fn noise(place: Vec3, seed: u32) -> f32 {
    let cell = place.floor();
    let t = place - cell;
    let t = t * t * (3.0 - 2.0 * t);
    let corner = |x: i32, y: i32, z: i32| {
        let at = cell.as_ivec3() + glam::IVec3::new(x, y, z);
        let mut hash = (at.x as u32).wrapping_mul(0x8DA6_B343)
            ^ (at.y as u32).wrapping_mul(0xD816_3841)
            ^ (at.z as u32).wrapping_mul(0xCB1A_B31F)
            ^ seed.wrapping_mul(0x9E37_79B9);
        hash ^= hash >> 15;
        hash = hash.wrapping_mul(0x2C1B_3C6D);
        hash ^= hash >> 12;
        (hash & 0xFFFF) as f32 / 65535.0
    };
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let row = |y, z| mix(corner(0, y, z), corner(1, y, z), t.x);
    mix(
        mix(row(0, 0), row(1, 0), t.y),
        mix(row(0, 1), row(1, 1), t.y),
        t.z,
    )
}

impl Texture {
    /// The pixel at a texture coordinate; repeats.
    pub fn nearest(&self, uv: Vec2) -> [u8; 4] {
        let place = (uv - uv.floor()) * Vec2::new(self.width as f32, self.height as f32);
        let x = (place.x as u32).min(self.width - 1);
        let y = (place.y as u32).min(self.height - 1);
        self.pixels[(y * self.width + x) as usize]
    }

    /// The linear colour at a texture coordinate, between pixels; repeats.
    pub fn linear(&self, uv: Vec2) -> Vec3 {
        let size = Vec2::new(self.width as f32, self.height as f32);
        let place = (uv - uv.floor()) * size - 0.5;
        let cell = place.floor();
        let t = place - cell;
        let at = |dx: i32, dy: i32| {
            let x = (cell.x as i32 + dx).rem_euclid(self.width as i32) as u32;
            let y = (cell.y as i32 + dy).rem_euclid(self.height as i32) as u32;
            let [r, g, b, _] = self.pixels[(y * self.width + x) as usize];
            Vec3::new(f32::from(r), f32::from(g), f32::from(b)) / 255.0
        };
        let mixed = at(0, 0)
            .lerp(at(1, 0), t.x)
            .lerp(at(0, 1).lerp(at(1, 1), t.x), t.y);
        // Close to the sRGB curve, and cheap.
        mixed * mixed * (mixed * 0.305_306 + 0.682_171) + mixed * 0.012_523
    }
}

/// One to three lamps, a sky and a ground, and what shiny things mirror.
pub struct Light {
    lamps: Vec<Lamp>,
    sky: Vec3,
    ground: Vec3,
    up: Vec3,
    windows: Vec<(Vec3, f32, Vec3)>,
    occlusion: f32,
}

struct Lamp {
    /// Towards the lamp, camera's frame.
    direction: Vec3,
    colour: Vec3,
    /// How hard its shadow is; none throws no shadow.
    shadow: Option<f32>,
}

impl Light {
    /// Light of a random place; `up` in the camera's frame.
    pub fn random(up: Vec3, random: &mut Random) -> Self {
        let lamps = (0..1 + random.below(3))
            .map(|k| {
                let mut direction = random.direction();
                if direction.dot(up) < 0.0 && random.chance(0.8) {
                    direction = -direction;
                }
                if direction.z < -0.3 && random.chance(0.6) {
                    direction.z = -direction.z;
                }
                let strength = if k == 0 {
                    random.range(0.5, 1.6)
                } else {
                    random.range(0.1, 0.7)
                };
                let warmth = random.range(-0.2, 0.2);
                Lamp {
                    direction: direction.normalize(),
                    colour: Vec3::new(1.0 + warmth, 1.0, 1.0 - warmth) * strength,
                    shadow: (k == 0 && random.chance(0.65)).then(|| random.range(3.0, 40.0)),
                }
            })
            .collect();
        let (ambient, warmth) = (random.range(0.15, 1.0), random.range(-0.15, 0.15));
        let windows = (0..random.below(4))
            .map(|_| {
                let direction = random.direction();
                let size = random.range(0.55, 0.97);
                (direction, size, Vec3::splat(random.range(0.5, 4.0)))
            })
            .collect();
        Self {
            lamps,
            sky: Vec3::new(1.0 - warmth, 1.0, 1.0 + warmth) * ambient,
            ground: Vec3::new(1.0 + warmth, 1.0, 1.0 - warmth) * ambient * random.range(0.2, 0.8),
            up,
            windows,
            occlusion: random.range(0.4, 1.2),
        }
    }

    /// Linear colour of a point; `position` in the object's frame, directions in the camera's.
    #[expect(clippy::too_many_arguments, reason = "a shading point")]
    pub fn shade(
        &self,
        solid: &Solid,
        position: Vec3,
        turn: Mat3,
        normal: Vec3,
        to_viewer: Vec3,
        albedo: Vec3,
        [gloss, roughness, metallic]: [f32; 3],
    ) -> Vec3 {
        let in_object = |direction: Vec3| turn.transpose() * direction;
        let outwards = in_object(normal);
        let open =
            |reach: f32| (solid.distance(position + outwards * reach) / reach).clamp(0.0, 1.0);
        let openness = 0.5 * open(0.03) + 0.5 * open(0.06);
        let occlusion = (1.0 - self.occlusion * (0.85 - openness)).clamp(0.15, 1.0);
        let upness = normal.dot(self.up) * 0.5 + 0.5;
        let mut diffuse = self.ground.lerp(self.sky, upness) * occlusion;
        let mut mirrored = Vec3::ZERO;
        let shine = gloss * (0.15 + 0.85 * (1.0 - roughness));
        let sharpness = 6.0 + 150.0 * (1.0 - roughness).powi(2);
        for lamp in &self.lamps {
            let facing = normal.dot(lamp.direction);
            if facing <= 0.0 {
                continue;
            }
            let reaches = lamp.shadow.map_or(1.0, |hardness| {
                let start = position + outwards * 0.02;
                lit_share(solid, start, in_object(lamp.direction), hardness)
            });
            diffuse += lamp.colour * (facing * reaches);
            let half = (lamp.direction + to_viewer).normalize_or(Vec3::Z);
            mirrored += lamp.colour * (normal.dot(half).max(0.0).powf(sharpness) * reaches);
        }
        if shine <= 0.02 {
            return albedo * diffuse;
        }
        let grazing = (1.0 - normal.dot(to_viewer).clamp(0.0, 1.0)).powi(5);
        let reflected = 2.0 * normal.dot(to_viewer) * normal - to_viewer;
        mirrored += self.surroundings(reflected, roughness) * occlusion;
        let dielectric = Vec3::splat(0.06 + 0.6 * grazing);
        let tint = dielectric.lerp(albedo, metallic);
        albedo * diffuse * (1.0 - 0.8 * metallic * shine) + mirrored * tint * shine
    }

    /// What a mirror would show in a direction.
    fn surroundings(&self, direction: Vec3, roughness: f32) -> Vec3 {
        let height = (direction.dot(self.up) * (6.0 - 4.5 * roughness)).clamp(-1.0, 1.0);
        let mut colour = self.ground.lerp(self.sky, height * 0.5 + 0.5);
        for (towards, size, brightness) in &self.windows {
            let soft = 0.03 + 0.5 * roughness;
            let inside = (direction.dot(*towards) - size) / soft;
            colour += *brightness * (inside + 0.5).clamp(0.0, 1.0) * (1.0 - 0.6 * roughness);
        }
        colour
    }

    /// Light on a surface that faces `normal`, without shadows and mostly even.
    pub fn mean(&self, normal: Vec3) -> Vec3 {
        let upness = normal.dot(self.up) * 0.25 + 0.5;
        let lamps: Vec3 = self.lamps.iter().map(|lamp| lamp.colour * 0.4).sum();
        self.ground.lerp(self.sky, upness) + lamps
    }
}

/// Share of a lamp that a point sees, by walking along the distance field.
fn lit_share(solid: &Solid, start: Vec3, direction: Vec3, hardness: f32) -> f32 {
    let (mut share, mut travelled) = (1.0_f32, 0.02);
    for _ in 0..28 {
        let distance = solid.distance(start + direction * travelled);
        if distance < 0.0 {
            return 0.0;
        }
        share = share.min(0.35 + distance * hardness / travelled);
        travelled += distance.max(0.012);
        if travelled > 0.9 {
            break;
        }
    }
    share.clamp(0.0, 1.0)
}
