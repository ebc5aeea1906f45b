//! What may be asked of the engine, in every form and address that has it: the options of
//! `ai3dgen convert`, by the same names, but lengths in millimetres.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use engine::{FACES, Ground, Options, Shaper, Symmetry, TEXTURE_PX, Tier, Topology};
use lifecycle::Again;
use locales::Messages;
use serde::Deserialize;

use super::life::flag;
use super::size::longest_side;
use crate::problem::Problem;

/// Forms send empty fields, too.
#[derive(Default, Deserialize)]
pub struct EngineWishes {
    /// Name of the tier.
    pub tier: Option<String>,
    /// Name of the engine.
    pub engine: Option<String>,
    /// Whether to leave the background in.
    pub keep_background: Option<String>,
    /// A number.
    pub seed: Option<String>,
    /// How many.
    pub faces: Option<String>,
    /// Side in pixels.
    pub texture: Option<String>,
    /// Name of what the faces are.
    pub topology: Option<String>,
    /// Name of the way in which both sides are made alike.
    pub symmetry: Option<String>,
    /// Longest side of the model, millimetres.
    pub size_mm: Option<String>,
    /// Name of where the model lies.
    pub ground: Option<String>,
    /// Whether to prepare it for a printer.
    pub print: Option<String>,
}

impl EngineWishes {
    /// What is named of that which may change when a job is tried again.
    pub fn again(&self) -> Result<Again, Problem> {
        let tier =
            said(&self.tier).map(|name| Tier::from_name(name).ok_or_else(Problem::unknown_tier));
        let shaper = said(&self.engine)
            .map(|name| Shaper::from_name(name).ok_or_else(Problem::unknown_engine));
        Ok(Again {
            tier: tier.transpose()?,
            shaper: shaper.transpose()?,
            keep_background: flag(self.keep_background.as_deref())?,
        })
    }

    /// The usual for what is not named.
    pub fn options(&self) -> Result<Options, Problem> {
        let named = self.again()?;
        let print = flag(self.print.as_deref())?.unwrap_or_default();
        let size = longest_side(self.size_mm.as_deref())?;
        Ok(Options {
            tier: named.tier.unwrap_or_default(),
            shaper: named.shaper.unwrap_or_default(),
            seed: number("seed", &self.seed, 0..=u64::MAX)?.unwrap_or_default(),
            faces: number("faces", &self.faces, FACES)?,
            texture_px: number("texture", &self.texture, TEXTURE_PX)?,
            topology: one_of("topology", &self.topology, Topology::ALL, Topology::name)?,
            symmetry: one_of("symmetry", &self.symmetry, Symmetry::ALL, Symmetry::name)?,
            size_metres: size.or(print.then_some(engine::PRINTED_METRES)),
            ground: one_of("ground", &self.ground, Ground::ALL, Ground::name)?,
            print,
            keep_background: named.keep_background.unwrap_or_default(),
        })
    }
}

fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn number<T: FromStr + PartialOrd + Display>(
    field: &'static str,
    text: &Option<String>,
    range: RangeInclusive<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = said(text) else {
        return Ok(None);
    };
    let value = text.parse().ok().filter(|value| range.contains(value));
    value
        .map(Some)
        .ok_or_else(|| Problem::out_of_range(field, &range))
}

fn one_of<T: Copy + Default, const N: usize>(
    field: &'static str,
    text: &Option<String>,
    all: [T; N],
    name_of: fn(T) -> &'static str,
) -> Result<T, Problem> {
    let Some(text) = said(text) else {
        return Ok(T::default());
    };
    let named = all.into_iter().find(|one| name_of(*one) == text);
    named.ok_or_else(|| Problem::unknown_choice(field, &all.map(name_of)))
}

/// A tier as people read it.
pub fn tier_title(tier: Tier, t: &Messages) -> String {
    t.get(match tier {
        Tier::Base => "tier-base",
        Tier::Pro => "tier-pro",
        Tier::Ultra => "tier-ultra",
    })
}

/// An engine as people read it.
pub fn engine_title(shaper: Shaper, t: &Messages) -> String {
    t.get(match shaper {
        Shaper::Auto => "engine-auto",
        Shaper::Builtin => "engine-builtin",
        Shaper::TripoSr => "engine-triposr",
        Shaper::Inflate => "engine-inflate",
    })
}
