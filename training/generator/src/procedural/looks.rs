//! Colours that go together, and how things are made of them.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3, vec2};

use super::body::Body;
use super::patterns;
use crate::object::Material;
use crate::random::Random;

/// How a texture lies on the object (its own coordinates, longest side 1). Textures repeat.
#[derive(Clone, Copy)]
pub enum Mapping {
    /// Each side of a box, this often over the longest side, shifted.
    Box(f32, Vec2),
    /// Around y, so often around and over the height.
    Round(f32, f32),
    /// Seen from the front (+z).
    Front(f32, Vec2),
}

impl Mapping {
    /// Texture coordinates of a triangle.
    pub fn uvs(self, corners: [Vec3; 3], normal: Vec3) -> [Vec2; 3] {
        match self {
            Self::Box(often, shift) => {
                let n = normal.abs();
                corners.map(|p| {
                    let flat = if n.x > n.y && n.x > n.z {
                        vec2(-p.z * normal.x.signum(), -p.y)
                    } else if n.y > n.z {
                        vec2(p.x, p.z)
                    } else {
                        vec2(p.x * normal.z.signum(), -p.y)
                    };
                    flat * often + shift
                })
            }
            Self::Round(around, high) => {
                let angle = |p: Vec3| p.x.atan2(p.z) / TAU;
                let middle = angle((corners[0] + corners[1] + corners[2]) / 3.0);
                corners.map(|p| {
                    // All corners on the same side of the seam.
                    let turn = angle(p) - middle;
                    vec2((middle + turn - turn.round()) * around, 0.5 - p.y * high)
                })
            }
            Self::Front(often, shift) => corners.map(|p| vec2(p.x, -p.y) * often + shift),
        }
    }
}

/// The colours of one object.
#[derive(Clone)]
pub struct Palette {
    main: Vec3,
    second: Vec3,
    accent: Vec3,
    patterned: bool,
}

fn hsv(hue: f32, saturation: f32, value: f32) -> Vec3 {
    let channel = |n: f32| {
        let k = (n + hue * 6.0).rem_euclid(6.0);
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    let srgb = Vec3::new(channel(5.0), channel(3.0), channel(1.0));
    srgb.powf(2.2)
}

fn neutral(random: &mut Random) -> Vec3 {
    let value = if random.chance(0.4) {
        random.range(0.75, 0.97)
    } else {
        random.range(0.1, 0.8)
    };
    hsv(
        random.range(0.02, 0.16),
        random.unit() * random.unit() * 0.35,
        value,
    )
}

impl Palette {
    /// A random palette: mostly neutral, often with one accent.
    pub fn new(random: &mut Random) -> Self {
        let hue = random.unit();
        let vivid = |random: &mut Random, hue: f32| {
            hsv(hue, random.range(0.35, 0.95), random.range(0.3, 0.95))
        };
        let main = if random.chance(0.5) {
            neutral(random)
        } else {
            vivid(random, hue)
        };
        let second = match random.below(3) {
            0 => neutral(random),
            1 => hsv(
                hue + random.range(-0.06, 0.06),
                random.range(0.1, 0.6),
                random.range(0.2, 0.9),
            ),
            _ => main * random.range(0.3, 0.75),
        };
        let apart = [0.5, 0.33, 0.08, 0.0][random.below(4)];
        let accent = vivid(random, hue + apart);
        Self {
            main,
            second,
            accent,
            patterned: random.chance(0.42),
        }
    }
}

/// Looks to choose from; each call makes a new one.
impl Body {
    fn push_look(&mut self, base: Vec3, roughness: f32, metallic: f32) -> u16 {
        self.materials.push(Material {
            base,
            texture: None,
            roughness,
            metallic,
        });
        self.mappings.push(Mapping::Box(1.0, Vec2::ZERO));
        self.materials.len() as u16 - 1
    }

    /// A plain look.
    pub fn plain(&mut self, base: Vec3, roughness: f32) -> u16 {
        self.push_look(base, roughness, 0.0)
    }

    /// A look from hue, saturation, value.
    pub fn hsv(&mut self, hue: f32, saturation: f32, value: f32, roughness: f32) -> u16 {
        self.push_look(hsv(hue, saturation, value), roughness, 0.0)
    }

    /// The main colour, sometimes metal, in two of five objects with a printed pattern.
    pub fn main(&mut self, random: &mut Random, mapping: Mapping) -> u16 {
        let (roughness, metallic) = match random.below(8) {
            0 => (random.range(0.15, 0.5), 1.0),
            1..=3 => (random.range(0.1, 0.35), 0.0),
            _ => (random.range(0.4, 0.95), 0.0),
        };
        let look = self.push_look(self.palette.main, roughness, metallic);
        if self.palette.patterned {
            self.print(random, look, mapping);
        }
        look
    }

    /// The main colour, prints lying on each side.
    pub fn main_box(&mut self, random: &mut Random) -> u16 {
        let mapping = boxed(random);
        self.main(random, mapping)
    }

    /// The main colour, prints running around.
    pub fn main_round(&mut self, random: &mut Random) -> u16 {
        let mapping = rounded(random);
        self.main(random, mapping)
    }

    /// The main colour, prints lying on from the front.
    pub fn main_front(&mut self, random: &mut Random) -> u16 {
        let mapping = Mapping::Front(random.range(1.0, 3.0), vec2(0.5, 0.5));
        self.main(random, mapping)
    }

    /// A print running around.
    pub fn print_round(&mut self, random: &mut Random, look: u16) {
        let mapping = rounded(random);
        self.print(random, look, mapping);
    }

    /// The second colour.
    pub fn second(&mut self, random: &mut Random) -> u16 {
        let metallic = if random.chance(0.12) { 1.0 } else { 0.0 };
        self.push_look(self.palette.second, random.range(0.2, 0.9), metallic)
    }

    /// The accent colour.
    pub fn accent(&mut self, random: &mut Random) -> u16 {
        self.push_look(self.palette.accent, random.range(0.2, 0.8), 0.0)
    }

    /// Any of the palette's colours.
    pub fn some(&mut self, random: &mut Random) -> u16 {
        match random.below(4) {
            0 => self.accent(random),
            1 => self.push_look(self.palette.main, random.range(0.2, 0.9), 0.0),
            2 => self.dark(random),
            _ => self.second(random),
        }
    }

    /// Nearly black: tyres, windows, screens.
    pub fn dark(&mut self, random: &mut Random) -> u16 {
        let base = Vec3::new(0.9, 1.0, 1.1) * random.range(0.008, 0.05);
        self.push_look(base, random.range(0.1, 0.8), 0.0)
    }

    /// Bare metal.
    pub fn metal(&mut self, random: &mut Random) -> u16 {
        let base = match random.below(6) {
            0 => Vec3::new(0.85, 0.6, 0.25),
            1 => Vec3::new(0.75, 0.4, 0.25),
            2 => Vec3::splat(random.range(0.08, 0.3)),
            _ => Vec3::splat(random.range(0.4, 0.85)),
        };
        self.push_look(base, random.range(0.12, 0.6), 1.0)
    }

    /// Wood, mostly with grain.
    pub fn wood(&mut self, random: &mut Random) -> u16 {
        let base = hsv(
            random.range(0.04, 0.11),
            random.range(0.3, 0.75),
            random.range(0.2, 0.85),
        );
        let look = self.push_look(base, random.range(0.3, 0.9), 0.0);
        if random.chance(0.6) {
            let picture = patterns::wood(random, base);
            self.texture(
                look,
                picture,
                Mapping::Box(random.range(1.0, 3.0), Vec2::ZERO),
            );
        }
        look
    }

    /// Cloth in the main colour, sometimes woven or printed.
    pub fn cloth(&mut self, random: &mut Random) -> u16 {
        let base = self.palette.main;
        let look = self.push_look(base, random.range(0.75, 1.0), 0.0);
        match random.below(5) {
            0 | 1 => {
                let picture = patterns::weave(random, base);
                self.texture(
                    look,
                    picture,
                    Mapping::Box(random.range(3.0, 9.0), Vec2::ZERO),
                );
            }
            2 => {
                let mapping = Mapping::Box(random.range(1.0, 4.0), Vec2::ZERO);
                self.print(random, look, mapping);
            }
            _ => {}
        }
        look
    }

    /// Wood, metal or the main colour.
    pub fn frame(&mut self, random: &mut Random) -> u16 {
        match random.below(4) {
            0 | 1 => self.wood(random),
            2 => self.metal(random),
            _ => self.some(random),
        }
    }

    /// Gives a look a random printed pattern in the palette's colours.
    pub fn print(&mut self, random: &mut Random, look: u16, mapping: Mapping) {
        let colours = [self.palette.main, self.palette.second, self.palette.accent];
        let picture = patterns::any(random, colours);
        self.texture(look, picture, mapping);
    }

    /// Gives a look a picture.
    pub fn texture(&mut self, look: u16, picture: crate::object::Texture, mapping: Mapping) {
        self.textures.push(picture);
        let material = &mut self.materials[look as usize];
        material.base = Vec3::ONE;
        material.texture = Some(self.textures.len() as u16 - 1);
        self.mappings[look as usize] = mapping;
    }
}

/// A box mapping with a random shift.
pub fn boxed(random: &mut Random) -> Mapping {
    let often = if random.chance(0.6) {
        1.0
    } else {
        random.range(1.0, 4.0)
    };
    Mapping::Box(
        often,
        vec2(0.5 + random.range(-0.1, 0.1), 0.5 + random.range(-0.1, 0.1)),
    )
}

/// A mapping around y.
pub fn rounded(random: &mut Random) -> Mapping {
    let around = [1.0, 1.0, 2.0, 2.0, 3.0, 4.0][random.below(6)];
    Mapping::Round(around, random.range(0.8, 2.0))
}
