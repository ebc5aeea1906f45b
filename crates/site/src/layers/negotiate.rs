//! Pages for people, JSON for programs.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::around::Around;
use crate::assets;
use crate::problem::Problem;

/// Whether the client is a browser showing a page: only those ask for HTML by name.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    around: Around,
    problem: &'a Problem,
    gone: bool,
}

/// Renders problems as pages where a browser asks.
pub async fn problems_as_pages(request: Request, next: Next) -> Response {
    let page = wants_page(request.headers());
    let mut reply = next.run(request).await;
    let Some(problem) = reply.extensions_mut().remove::<Problem>().filter(|_| page) else {
        return reply;
    };
    let gone = problem.status == axum::http::StatusCode::GONE;
    let Ok(html) = (ProblemPage {
        around: Around::english(),
        problem: &problem,
        gone,
    })
    .render() else {
        return reply;
    };
    let mut paged = (problem.status, Html(html)).into_response();
    for name in Problem::LASTING_HEADERS {
        if let Some(value) = reply.headers_mut().remove(&name) {
            paged.headers_mut().insert(name, value);
        }
    }
    paged
        .headers_mut()
        .insert(VARY, HeaderValue::from_static("accept"));
    paged
}
