//! `GET /` and, in other languages, `/es`, `/fr`…: the page with the drop zone.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use engine::{Shaper, Tier};
use locales::{Language, Messages};

use crate::around::Around;
use crate::assets;
use crate::jobs::life::{CHOICES_MINUTES, lifetime_title};
use crate::jobs::options::{engine_title, tier_title};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    around: Around,
    limit_bytes: usize,
    formats: String,
    tiers: Vec<TierCard>,
    lifetimes: [(u32, String); CHOICES_MINUTES.len()],
    engines: [(&'static str, String); Shaper::ALL.len()],
}

struct TierCard {
    name: &'static str,
    title: String,
    gives: String,
    chosen: bool,
}

impl TierCard {
    fn new(tier: Tier, t: &Messages) -> Self {
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
            chosen: tier == Tier::default(),
        }
    }
}

/// The page; the same for everyone who reads that language.
pub async fn home(
    State(state): State<AppState>,
    language: Language,
) -> Result<Html<String>, Problem> {
    let around = Around::of(language, "/");
    let t = around.t;
    let limit_bytes = state.lifecycle.max_upload_bytes();
    let page = HomePage {
        limit_bytes,
        formats: t.with("drop-formats", [("megabytes", (limit_bytes >> 20).into())]),
        tiers: Tier::ALL.map(|tier| TierCard::new(tier, t)).into(),
        lifetimes: CHOICES_MINUTES.map(|minutes| (minutes, lifetime_title(minutes, t))),
        engines: Shaper::ALL.map(|shaper| (shaper.name(), engine_title(shaper, t))),
        around,
    };
    page.render().map(Html).map_err(Problem::from)
}
