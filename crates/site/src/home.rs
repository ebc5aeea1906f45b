//! `GET /`: the page with the drop zone.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use engine::{Shaper, Tier};

use crate::assets;
use crate::jobs::life::CHOICES_MINUTES;
use crate::jobs::options::{engine_title, tier_title};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    limit_bytes: usize,
    tiers: Vec<TierCard>,
    lifetimes: [u32; CHOICES_MINUTES.len()],
    engines: [(&'static str, &'static str); Shaper::ALL.len()],
}

struct TierCard {
    name: &'static str,
    title: &'static str,
    gives: String,
    chosen: bool,
}

impl TierCard {
    fn new(tier: Tier) -> Self {
        let beside = match tier {
            Tier::Base => "quick",
            Tier::Pro => "less of the photo’s own light, normal and roughness maps",
            Tier::Ultra => "all that Pro has, the finest grid",
        };
        let (faces, texture) = (tier.faces() / 1000, tier.texture_px() / 1024);
        Self {
            name: tier.name(),
            title: tier_title(tier),
            gives: format!("{texture}K texture, {faces}k faces, {beside}"),
            chosen: tier == Tier::default(),
        }
    }
}

/// The page; the same for everyone.
pub async fn home(State(state): State<AppState>) -> Result<Html<String>, Problem> {
    let page = HomePage {
        limit_bytes: state.lifecycle.max_upload_bytes(),
        tiers: Tier::ALL.into_iter().map(TierCard::new).collect(),
        lifetimes: CHOICES_MINUTES,
        engines: Shaper::ALL.map(|shaper| (shaper.name(), engine_title(shaper))),
    };
    page.render().map(Html).map_err(Problem::from)
}
