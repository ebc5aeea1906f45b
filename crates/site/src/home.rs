//! `GET /` and, in other languages, `/es`, `/fr`…: the page with the drop zone.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use locales::Language;

use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::form::Form;
use crate::problem::Problem;
use crate::state::AppState;
use crate::tiers::{Example, TierPage};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    around: Around,
    form: Form,
    example: Example,
}

/// The page; the same for everyone who reads that language.
pub async fn home(
    State(state): State<AppState>,
    visit: Visit,
    language: Language,
) -> Result<Html<String>, Problem> {
    let around = Around::of(language, "/");
    let (title, description) = (around.t.get("home-title"), around.t.get("home-description"));
    let around = around.told(visit, title, description);
    let shown = HomePage {
        form: Form::new(&state, None, around.t),
        example: TierPage::Free.example(around.t),
        around,
    };
    Ok(Html(shown.render()?))
}
