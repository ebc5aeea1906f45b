//! The form that takes a picture, on every page that has it.

use engine::{Shaper, Tier};
use lifecycle::Role;
use locales::Messages;

use crate::jobs::life::{CHOICES_MINUTES, lifetime_title};
use crate::jobs::options::{engine_title, tier_title};
use crate::state::AppState;

/// What `form.html` shows.
pub struct Form {
    pub limit_bytes: usize,
    pub formats: String,
    /// Other sides of the object: the field and what it is called.
    pub sides: [(&'static str, String); 3],
    /// The quality that the page is about; on others the visitor's last choice counts.
    pub about: Option<Tier>,
    pub tiers: [TierCard; Tier::ALL.len()],
    pub lifetimes: [(u32, String); CHOICES_MINUTES.len()],
    pub engines: [(&'static str, String); Shaper::ALL.len()],
}

/// A quality to choose.
pub struct TierCard {
    pub name: &'static str,
    pub title: String,
    pub gives: String,
    pub chosen: bool,
}

impl Form {
    /// The form in a language.
    pub fn new(state: &AppState, about: Option<Tier>, t: &Messages) -> Self {
        let limit_bytes = state.lifecycle.max_upload_bytes();
        let chosen = about.unwrap_or_default();
        Self {
            limit_bytes,
            formats: t.with("drop-formats", [("megabytes", (limit_bytes >> 20).into())]),
            sides: [
                (Role::Left.name(), t.get("turn-left")),
                (Role::Back.name(), t.get("turn-back")),
                (Role::Right.name(), t.get("turn-right")),
            ],
            about,
            tiers: Tier::ALL.map(|tier| TierCard::new(tier, tier == chosen, t)),
            lifetimes: CHOICES_MINUTES.map(|minutes| (minutes, lifetime_title(minutes, t))),
            engines: Shaper::ALL.map(|shaper| (shaper.name(), engine_title(shaper, t))),
        }
    }
}

impl TierCard {
    fn new(tier: Tier, chosen: bool, t: &Messages) -> Self {
        let beside = t.get(match tier {
            Tier::Base => "tier-base-beside",
            Tier::Pro => "tier-pro-beside",
            Tier::Ultra => "tier-ultra-beside",
        });
        let gives = [
            ("texture", (tier.texture_px() / 1024).into()),
            ("faces", (tier.faces() / 1000).into()),
            ("beside", beside.into()),
        ];
        Self {
            name: tier.name(),
            title: tier_title(tier, t),
            gives: t.with("tier-gives", gives),
            chosen,
        }
    }
}
