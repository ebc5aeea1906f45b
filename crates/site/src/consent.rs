//! `/cookies`, and what a visitor has chosen there or in the banner: whether visits may be counted.
//!
//! Only pages below the layer [`asked`] have the banner and are counted: the router lists them, and none
//! shows content.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequestParts, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use locales::{Messages, Page, PageName};
use serde::Deserialize;

use crate::analytics::Analytics;
use crate::api::base::Base;
use crate::around::{Around, address_in};
use crate::assets;
use crate::layers::security;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// The only cookie there is.
const NAME: &str = "ai3dgen_consent";
/// Half a year; then people are asked again.
const KEPT_SECS: u32 = 182 * 24 * 3600;

/// What a visitor says to being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing so far, which counts as a no.
    Undecided,
    /// Yes.
    Accepted,
    /// No.
    Rejected,
    /// No, said by the browser: Global Privacy Control.
    Signalled,
}

/// What a visitor is asked, on a page that may be counted.
#[derive(Clone)]
pub struct Question {
    /// What would count.
    pub analytics: Arc<Analytics>,
    /// What they said to it.
    pub answer: Answer,
}

impl Question {
    /// As it is put.
    pub fn text(&self, t: &Messages) -> String {
        t.with(
            "consent-question",
            [("services", self.analytics.names().into())],
        )
    }
}

/// A visitor of a public page.
pub struct Visit {
    /// Where they are.
    pub base: Base,
    /// What they are asked; nothing where nothing is counted.
    pub question: Option<Question>,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self {
            base: Base::from_request_parts(parts, state).await?,
            question: parts.extensions.get().cloned(),
        })
    }
}

impl Answer {
    fn in_headers(headers: &HeaderMap) -> Self {
        if headers.get("sec-gpc").is_some_and(|value| value == "1") {
            return Self::Signalled;
        }
        let lines = headers.get_all(COOKIE).iter();
        let cookies = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'));
        let mut ours = cookies.filter_map(|cookie| cookie.trim().strip_prefix(NAME));
        match ours.find_map(|rest| rest.strip_prefix('=')) {
            Some("accept") => Self::Accepted,
            Some("reject") => Self::Rejected,
            _ => Self::Undecided,
        }
    }
}

/// Asks whoever visits the pages below it, and lets the browser of somebody who agreed connect to what counts.
pub async fn asked(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if !state.analytics.is_on() {
        return next.run(request).await;
    }
    let answer = Answer::in_headers(request.headers());
    request.extensions_mut().insert(Question {
        analytics: state.analytics.clone(),
        answer,
    });
    let mut reply = next.run(request).await;
    let headers = reply.headers_mut();
    headers.append(VARY, HeaderValue::from_static("cookie, sec-gpc"));
    if answer == Answer::Accepted {
        let policy = security::policy_reaching(state.analytics.hosts());
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    reply
}

#[derive(Template)]
#[template(path = "cookies.html")]
struct CookiesPage {
    around: Around,
    page: &'static Page,
    question: Option<Question>,
    /// Where the choice leads to: here.
    back: String,
}

/// `GET /cookies`: what is kept, what is chosen, and the other choice.
pub async fn show(Spoken(language): Spoken, visit: Visit) -> Result<Html<String>, Problem> {
    let page = Page::of(PageName::Cookies, language);
    let question = visit.question.clone();
    let around = Around::of(language, "/cookies");
    let back = around.to("/cookies");
    let around = around.told(visit, page.title.clone(), page.description.clone());
    let shown = CookiesPage {
        around,
        page,
        question,
        back,
    };
    Ok(Html(shown.render()?))
}

/// The banner's form, and the one at `/cookies`.
#[derive(Deserialize)]
pub struct Choice {
    consent: Word,
    /// The page it was chosen on.
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Accept,
    Reject,
}

/// `POST /cookies`: keeps the choice in the visitor's browser and leads back to the page.
pub async fn choose(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    base: Base,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let settings = address_in(language, "/cookies");
    // Whatever else was sent is no choice: the page asks again.
    let Some(Form(choice)) = choice.ok().filter(|_| state.analytics.is_on()) else {
        return Redirect::to(&settings).into_response();
    };
    let back = if is_ours(&choice.back) {
        choice.back
    } else {
        settings
    };
    let word = match choice.consent {
        Word::Accept => "accept",
        Word::Reject => "reject",
    };
    let secure = if base.is_encrypted() { "; Secure" } else { "" };
    let cookie =
        format!("{NAME}={word}; Path=/; Max-Age={KEPT_SECS}; HttpOnly; SameSite=Lax{secure}");
    ([(SET_COOKIE, cookie)], Redirect::to(&back)).into_response()
}

/// Whether it leads to a page here, and not to another server (`//host`, `/\host`).
fn is_ours(address: &str) -> bool {
    let mut letters = address.chars();
    letters.next() == Some('/')
        && !letters
            .next()
            .is_some_and(|second| second == '/' || second == '\\')
        && address.chars().all(|letter| letter.is_ascii_graphic())
}
