//! What may be asked of the engine: three fields, in every form and address that has them.

use engine::{Options, Shaper, Tier};
use lifecycle::Again;
use locales::Messages;
use serde::Deserialize;

use super::life::flag;
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
}

impl EngineWishes {
    /// What is named, and nothing else.
    pub fn again(&self) -> Result<Again, Problem> {
        let tier = self.tier.as_deref().filter(|name| !name.is_empty());
        let tier = tier.map(|name| Tier::from_name(name).ok_or_else(Problem::unknown_tier));
        let shaper = self.engine.as_deref().filter(|name| !name.is_empty());
        let shaper = shaper.map(|name| Shaper::from_name(name).ok_or_else(Problem::unknown_engine));
        Ok(Again {
            tier: tier.transpose()?,
            shaper: shaper.transpose()?,
            keep_background: flag(self.keep_background.as_deref())?,
        })
    }

    /// The usual for what is not named.
    pub fn options(&self) -> Result<Options, Problem> {
        let named = self.again()?;
        Ok(Options {
            tier: named.tier.unwrap_or_default(),
            shaper: named.shaper.unwrap_or_default(),
            keep_background: named.keep_background.unwrap_or_default(),
            ..Options::default()
        })
    }
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
