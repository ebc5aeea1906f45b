//! The long pages: features, questions, our story, privacy, terms, cookies, posts of the blog.

use askama::Template;
use axum::response::Html;
use locales::{Language, Page, PageName};

use crate::around::Around;
use crate::consent::Visit;
use crate::problem::Problem;
use crate::{assets, blog};

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage {
    around: Around,
    page: &'static Page,
    /// When it appeared, if it is a post.
    day: Option<String>,
}

/// A long page in a language; the same for everyone.
pub async fn text(
    name: PageName,
    visit: Visit,
    language: Language,
) -> Result<Html<String>, Problem> {
    let page = Page::of(name, language);
    let around = Around::of(language, &format!("/{}", name.slug()));
    let around = around.told(visit, page.title.clone(), page.description.clone());
    let day = blog::day(name, around.t);
    Ok(Html(TextPage { around, page, day }.render()?))
}
