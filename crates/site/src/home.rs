//! `GET /`: the page with the drop zone.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use engine::Tier;

use crate::assets;
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    limit_bytes: usize,
    tiers: Vec<TierCard>,
}

struct TierCard {
    name: &'static str,
    title: &'static str,
    effort: &'static str,
    faces: u32,
    texture_px: u32,
    chosen: bool,
}

impl TierCard {
    fn new(tier: Tier) -> Self {
        let (title, effort) = match tier {
            Tier::Base => ("Base", "Quick"),
            Tier::Pro => ("Pro", "More detail"),
            Tier::Ultra => ("Ultra", "The finest"),
        };
        Self {
            name: tier.name(),
            title,
            effort,
            faces: tier.faces(),
            texture_px: tier.texture_px(),
            chosen: tier == Tier::default(),
        }
    }
}

/// The page; the same for everyone.
pub async fn home(State(state): State<AppState>) -> Result<Html<String>, Problem> {
    let page = HomePage {
        limit_bytes: state.lifecycle.max_upload_bytes(),
        tiers: Tier::ALL.into_iter().map(TierCard::new).collect(),
    };
    page.render().map(Html).map_err(Problem::from)
}
