//! `GET /blog` and `/blog.xml`: what was written, the newest first, as a page and as RSS 2.0.

use askama::Template;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use locales::{Messages, Page, PageName};

use crate::api::base::Base;
use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::problem::Problem;
use crate::spoken::Spoken;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

struct Post {
    /// Without the language.
    address: String,
    page: &'static Page,
    /// For people.
    day: String,
    /// RFC 822, as feeds have it.
    published: String,
}

#[derive(Template)]
#[template(path = "blog.html")]
struct BlogPage {
    around: Around,
    posts: Vec<Post>,
}

#[derive(Template)]
#[template(path = "blog.xml")]
struct Feed {
    around: Around,
    base: Base,
    posts: Vec<Post>,
}

/// All posts.
pub async fn blog(Spoken(language): Spoken, visit: Visit) -> Result<Html<String>, Problem> {
    let around = Around::of(language, "/blog");
    let t = around.t;
    let posts = posts(t);
    let around = around.told(visit, t.get("blog-heading"), t.get("blog-description"));
    Ok(Html(BlogPage { around, posts }.render()?))
}

/// The same for programs that read feeds.
pub async fn feed(Spoken(language): Spoken, base: Base) -> Result<Response, Problem> {
    let around = Around::of(language, "/blog");
    let posts = posts(around.t);
    let feed = Feed {
        around,
        base,
        posts,
    };
    Ok(([(CONTENT_TYPE, "application/rss+xml")], feed.render()?).into_response())
}

fn posts(t: &Messages) -> Vec<Post> {
    let posts = PageName::POSTS.into_iter();
    posts.filter_map(|name| post(name, t)).collect()
}

fn post(name: PageName, t: &Messages) -> Option<Post> {
    let (year, month, day) = name.posted()?;
    let name_of_month = MONTHS.get(usize::from(month) - 1)?;
    Some(Post {
        address: format!("/{}", name.slug()),
        page: Page::of(name, t.language()),
        day: self::day(name, t)?,
        published: format!("{day:02} {name_of_month} {year} 00:00:00 GMT"),
    })
}

/// When it appeared, as people read it.
pub fn day(name: PageName, t: &Messages) -> Option<String> {
    let (year, month, day) = name.posted()?;
    let parts = [
        ("year", year.to_string().into()),
        ("month", format!("{month:02}").into()),
        ("day", format!("{day:02}").into()),
    ];
    Some(t.with("day", parts))
}
