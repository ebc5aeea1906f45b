//! The form that takes a picture, on every page that has it.

use engine::{FACES, Ground, PRINTED_METRES, Shaper, Symmetry, TEXTURE_PX, Tier, Topology};
use lifecycle::Role;
use locales::Messages;

use crate::jobs::life::{CHOICES_MINUTES, lifetime_title};
use crate::jobs::options::{engine_title, tier_title};
use crate::jobs::size::RANGE_MM;
use crate::state::AppState;

/// Kinds of pictures that a browser offers to choose.
pub const ACCEPTS: &str =
    "image/png,image/jpeg,image/webp,image/avif,image/gif,image/bmp,image/tiff";

/// What `form.html` shows.
pub struct Form {
    pub limit_bytes: usize,
    pub accepts: &'static str,
    pub formats: String,
    /// Other sides of the object: the field and what it is called.
    pub sides: [(&'static str, String); 3],
    /// The quality that the page is about; on others the visitor's last choice counts.
    pub about: Option<Tier>,
    pub tiers: [TierCard; Tier::ALL.len()],
    pub lifetimes: [(u32, String); CHOICES_MINUTES.len()],
    pub engines: [(&'static str, String); Shaper::ALL.len()],
    /// What few people need: one of several.
    pub choices: [Choice; 4],
    /// And numbers.
    pub numbers: [Number; 4],
}

/// One of several names, the usual one first.
pub struct Choice {
    pub name: &'static str,
    pub label: String,
    pub titles: Vec<(&'static str, String)>,
}

/// A whole number that may be left out.
pub struct Number {
    pub name: &'static str,
    pub label: String,
    pub least: u32,
    pub most: Option<u32>,
    /// What counts where none is said.
    pub usual: String,
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
            accepts: ACCEPTS,
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
            choices: choices(t),
            numbers: numbers(t),
        }
    }
}

fn choices(t: &Messages) -> [Choice; 4] {
    let background = [("false", "background-out"), ("true", "background-in")];
    let topology = Topology::ALL.map(|topology| {
        let title = match topology {
            Topology::Triangle => "topology-triangle",
            Topology::Quad => "topology-quad",
        };
        (topology.name(), title)
    });
    let symmetry = [Symmetry::None, Symmetry::Auto, Symmetry::X].map(|symmetry| {
        let title = match symmetry {
            Symmetry::None => "symmetry-none",
            Symmetry::Auto => "symmetry-auto",
            Symmetry::X => "symmetry-x",
        };
        (symmetry.name(), title)
    });
    let ground = Ground::ALL.map(|ground| {
        let title = match ground {
            Ground::Flat => "ground-flat",
            Ground::Lowest => "ground-lowest",
            Ground::Centre => "ground-centre",
        };
        (ground.name(), title)
    });
    [
        Choice::new("keep_background", "background-label", &background, t),
        Choice::new("topology", "topology-label", &topology, t),
        Choice::new("symmetry", "symmetry-label", &symmetry, t),
        Choice::new("ground", "ground-label", &ground, t),
    ]
}

fn numbers(t: &Messages) -> [Number; 4] {
    let number = |name, label: String, least, most, usual| Number {
        name,
        label,
        least,
        most,
        usual,
    };
    let by_quality = || t.get("by-quality");
    let printed_mm = (PRINTED_METRES * 1000.0) as u32;
    let printed = t.with("size-usual", [("size", printed_mm.into())]);
    let (faces, texture) = (t.get("faces-label"), t.get("texture-label"));
    let (faces_most, texture_most) = (*FACES.end(), *TEXTURE_PX.end());
    [
        number(
            "faces",
            faces,
            *FACES.start(),
            Some(faces_most),
            by_quality(),
        ),
        number(
            "texture",
            texture,
            *TEXTURE_PX.start(),
            Some(texture_most),
            by_quality(),
        ),
        number(
            "size_mm",
            t.get("size-label"),
            *RANGE_MM.start() as u32,
            Some(*RANGE_MM.end() as u32),
            printed,
        ),
        number("seed", t.get("seed-label"), 0, None, "0".into()),
    ]
}

impl Choice {
    fn new(name: &'static str, label: &str, titles: &[(&'static str, &str)], t: &Messages) -> Self {
        let titles = titles.iter().map(|(value, title)| (*value, t.get(title)));
        Self {
            name,
            label: t.get(label),
            titles: titles.collect(),
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
