//! Pages for people, JSON for programs.

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use locales::Language;
use vault::{Kind, Reason, Receipt};

use crate::around::Around;
use crate::assets;
use crate::layers::log::RequestNumber;
use crate::problem::Problem;
use crate::timestamp::{minute, rfc3339};

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
    /// Where the fault is ours: what the log calls the request.
    number: Option<String>,
}

impl ProblemPage<'_> {
    fn kind(receipt: &Receipt) -> &'static str {
        match receipt.kind {
            Kind::Picture => "receipt-picture",
            Kind::Model => "receipt-model",
            Kind::Preview => "receipt-preview",
            Kind::Edited => "receipt-edited",
        }
    }

    fn moment(receipt: &Receipt) -> String {
        rfc3339(receipt.deleted_at)
    }

    fn destroyed(&self, receipt: &Receipt) -> String {
        let t = self.around.t;
        let reason = t.get(match receipt.reason {
            Reason::Expired | Reason::EpochEnded => "receipt-expired",
            Reason::Asked => "receipt-asked",
            Reason::Downloaded => "receipt-downloaded",
            Reason::Restart => "receipt-restart",
            Reason::Unused => "receipt-unused",
        });
        let moment = minute(receipt.deleted_at, t);
        t.with(
            "receipt",
            [("moment", moment.into()), ("reason", reason.into())],
        )
    }
}

/// Renders problems as pages where a browser asks, and in the language of the address. An address
/// that is none of ours has no language: there it is the reader's.
pub async fn problems_as_pages(request: Request, next: Next) -> Response {
    let page = wants_page(request.headers());
    let language = Language::of_path(request.uri().path());
    let accepted = request.headers().get(ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let reader = Language::accepted(accepted.unwrap_or_default());
    let number = request.extensions().get::<RequestNumber>().cloned();

    let mut reply = next.run(request).await;
    let Some(problem) = reply.extensions_mut().remove::<Problem>() else {
        return reply;
    };
    if !page {
        if language != Language::English {
            *reply.body_mut() = Json(problem.json(language)).into_response().into_body();
        }
        return reply;
    }
    let language = match language {
        Language::English if problem.code == Problem::NO_SUCH_PAGE => reader,
        language => language,
    };
    let gone = problem.status == StatusCode::GONE;
    let ours = problem.status == StatusCode::INTERNAL_SERVER_ERROR;
    let around = match &problem.receipts {
        // What is gone is gone in every language, and whoever has the link may speak another.
        Some(receipts) => Around::of(language, &format!("/jobs/{}", receipts.job)),
        None => Around::only_in(language),
    };
    let Ok(html) = (ProblemPage {
        around,
        problem: &problem,
        gone,
        number: number.filter(|_| ours).map(|number| number.0),
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
        .insert(VARY, HeaderValue::from_static("accept, accept-language"));
    paged
}
