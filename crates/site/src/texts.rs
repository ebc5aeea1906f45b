//! The long pages: features, questions, our story, privacy, terms, cookies.

use askama::Template;
use axum::response::Html;
use locales::{Language, Page, PageName};

use crate::around::Around;
use crate::assets;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage {
    around: Around,
    page: &'static Page,
}

/// A long page in a language; the same for everyone.
pub async fn text(name: PageName, language: Language) -> Result<Html<String>, Problem> {
    let page = TextPage {
        around: Around::of(language, &format!("/{}", name.slug())),
        page: Page::of(name, language),
    };
    page.render().map(Html).map_err(Problem::from)
}
