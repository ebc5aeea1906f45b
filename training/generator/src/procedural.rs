//! An endless supply of plausible objects, each a pure function of its seed.
//!
//! Every family puts an object together from signed-distance-like parts; the whole is sampled,
//! simplified and coloured by the part that is nearest. Textures repeat.

pub mod body;
pub mod borders;
pub mod build;
pub mod looks;
pub mod outline;
pub mod patterns;
pub mod shape;

mod animals;
mod boxes;
mod craft;
mod creatures;
mod devices;
mod figures;
mod food;
mod free;
mod furniture;
mod hollow;
mod lathes;
mod parts;
mod plants;
mod pouring;
mod seats;
mod tools;
mod toys;
mod vehicles;
mod wear;
mod worn;

#[cfg(test)]
mod tests;

use glam::Vec3;

use crate::object::Object;
use crate::random::Random;
use body::Body;

/// An object and its exact solid.
pub struct Procedural {
    /// The mesh: closed once equal positions are merged.
    pub object: Object,
    /// What kind of thing it is.
    pub family: &'static str,
    /// Signed-distance-like, negative inside, in the object's own coordinates.
    pub inside: Box<dyn Fn(Vec3) -> f32 + Send + Sync>,
}

/// A family's name, its share, and how its objects are made.
type Family = (&'static str, usize, fn(&mut Random, &mut Body));

const FAMILIES: [Family; 11] = [
    ("hollow", 8, hollow::make),
    ("lathes", 6, lathes::make),
    ("boxes", 6, boxes::make),
    ("furniture", 8, furniture::make),
    ("vehicles", 6, vehicles::make),
    ("animals", 5, animals::make),
    ("figures", 3, figures::make),
    ("wear", 4, wear::make),
    ("food", 4, food::make),
    ("tools", 4, tools::make),
    ("free", 4, free::make),
];

/// How often another body is tried when one falls apart.
const TRIES: u64 = 8;

/// The names of all families.
pub fn families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.0)
}

/// The object of this seed.
pub fn object(seed: u64) -> Procedural {
    let total = FAMILIES.iter().map(|family| family.1).sum();
    let mut left = Random::new(seed).below(total);
    for (index, family) in FAMILIES.iter().enumerate() {
        if left < family.1 {
            return object_of(index, seed);
        }
        left -= family.1;
    }
    unreachable!("the shares add up")
}

/// The object of this seed in the `index`-th family.
pub fn object_of(index: usize, seed: u64) -> Procedural {
    let (family, _, make) = FAMILIES[index];
    let mut last = None;
    for attempt in 0..TRIES {
        let mut random = Random::new(seed.wrapping_mul(31).wrapping_add(attempt << 40));
        let mut body = Body::new(&mut random);
        make(&mut random, &mut body);
        if let Some(built) = build::build(&body) {
            let whole = built.whole;
            last = Some((built, body));
            if whole {
                break;
            }
        }
    }
    let (built, body) = last.expect("every family makes something");
    let (scale, shift, parts) = (built.scale, built.shift, body.parts);
    let inside = move |p: Vec3| Body::value(&parts, (p - shift) / scale) * scale;
    Procedural {
        object: built.object,
        family,
        inside: Box::new(inside),
    }
}
