//! `GET /components`, in development builds only: every part that pages are made of, by day and by night.

use askama::Template;
use axum::response::Html;
use locales::Language;

use crate::around::Around;
use crate::assets;
use crate::problem::Problem;

/// The colours of `tokens.css` that stand beside each other: behind, and on it.
const COLOURS: [(&str, &str); 8] = [
    ("paper", "ink"),
    ("paper", "ink-soft"),
    ("card", "clay"),
    ("clay", "on-clay"),
    ("clay-wash", "ink"),
    ("alarm-wash", "alarm"),
    ("card", "good"),
    ("stage-low", "ink"),
];

#[derive(Template)]
#[template(path = "components.html")]
struct ComponentsPage {
    around: Around,
    colours: [(&'static str, &'static str); COLOURS.len()],
}

/// The page; in English, for those who make these pages.
pub async fn components() -> Result<Html<String>, Problem> {
    let around = Around::only_in(Language::English);
    let colours = COLOURS;
    Ok(Html(ComponentsPage { around, colours }.render()?))
}
