//! An object under construction: parts in order, each with a look.

use glam::{Vec2, Vec3};

use super::looks::{Mapping, Palette};
use super::shape::{Shape, blend};
use crate::object::{Material, Texture};
use crate::random::Random;

/// How a part joins what was there before it.
#[derive(Clone, Copy)]
pub enum Join {
    /// Union with a seam this soft.
    Add(f32),
    /// Taken away.
    Cut,
    /// Only colours what lies inside.
    Paint,
}

/// One part.
#[derive(Clone)]
pub struct Part {
    /// Its solid.
    pub shape: Shape,
    /// How it joins.
    pub join: Join,
    /// Its look; `None` leaves the look of what is cut.
    pub look: Option<u16>,
}

/// The parts and looks of an object.
pub struct Body {
    /// Parts, in order.
    pub parts: Vec<Part>,
    /// Materials by look.
    pub materials: Vec<Material>,
    /// How each look's texture lies on it.
    pub mappings: Vec<Mapping>,
    /// Pictures.
    pub textures: Vec<Texture>,
    /// Colours that go together.
    pub palette: Palette,
    /// Rounds of smoothing for soft things.
    pub soft: usize,
}

impl Body {
    /// Nothing yet.
    pub fn new(random: &mut Random) -> Self {
        Self {
            parts: Vec::new(),
            materials: Vec::new(),
            mappings: Vec::new(),
            textures: Vec::new(),
            palette: Palette::new(random),
            soft: 0,
        }
    }

    fn push(&mut self, shape: Shape, join: Join, look: Option<u16>) {
        self.parts.push(Part { shape, join, look });
    }

    /// Adds a part.
    pub fn add(&mut self, look: u16, shape: Shape) {
        self.push(shape, Join::Add(0.0), Some(look));
    }

    /// Adds a part with a soft seam.
    pub fn melt(&mut self, look: u16, k: f32, shape: Shape) {
        self.push(shape, Join::Add(k), Some(look));
    }

    /// Takes a shape away from all before.
    pub fn cut(&mut self, shape: Shape) {
        self.push(shape, Join::Cut, None);
    }

    /// Takes a shape away and colours where it was.
    pub fn carve(&mut self, look: u16, shape: Shape) {
        self.push(shape, Join::Cut, Some(look));
    }

    /// Colours what lies inside the shape.
    pub fn paint(&mut self, look: u16, shape: Shape) {
        self.push(shape, Join::Paint, Some(look));
    }

    /// Grows `solid` by `part` at distance `d`.
    pub fn join(solid: f32, part: &Part, d: f32) -> f32 {
        match part.join {
            Join::Add(k) => blend(solid, d, k),
            Join::Cut => solid.max(-d),
            Join::Paint => solid,
        }
    }

    /// Distance to the whole.
    pub fn value(parts: &[Part], p: Vec3) -> f32 {
        let mut solid = 1e9;
        for part in parts {
            if !matches!(part.join, Join::Paint) {
                solid = Self::join(solid, part, part.shape.value(p));
            }
        }
        solid
    }

    /// The part the surface belongs to at a point; paint aside.
    pub fn owner(&self, p: Vec3) -> usize {
        let (mut best, mut owner) = (f32::MAX, 0);
        for (index, part) in self.parts.iter().enumerate() {
            if part.look.is_none() || matches!(part.join, Join::Paint) {
                continue;
            }
            let d = part.shape.value(p);
            match part.join {
                // Later parts win ties: they lie on top.
                Join::Add(_) if d <= best + 1e-4 => (best, owner) = (d, index),
                Join::Cut if -d >= best - 2e-3 && d.abs() < 8e-3 => {
                    (best, owner) = (best.min(-d), index);
                }
                _ => {}
            }
        }
        owner
    }

    /// The look at a point of the surface.
    pub fn look(&self, p: Vec3) -> u16 {
        let mut owner = self.owner(p);
        for (index, part) in self.parts.iter().enumerate() {
            // Paint colours only what was there before it.
            let painted = matches!(part.join, Join::Paint) && index > owner;
            if painted && part.shape.value(p) < 0.0 {
                owner = index;
            }
        }
        self.parts[owner].look.unwrap_or(0)
    }

    /// Texture coordinates of a triangle's corners, `normal` its face.
    pub fn uvs(&self, look: u16, corners: [Vec3; 3], normal: Vec3) -> [Vec2; 3] {
        self.mappings[look as usize].uvs(corners, normal)
    }
}
