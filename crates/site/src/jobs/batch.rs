//! `POST /batch`: many pictures come in, a job for each comes out. `GET /batch?jobs=…`: all of them
//! at a glance. Nothing is kept about them belonging together: the address is the list.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use domain::UnixMillis;
use lifecycle::{JobView, Wishes};
use locales::Language;
use serde::Deserialize;
use serde_json::{Value, json};

use super::create::{idempotency_key, submit};
use super::id::looked_up;
use super::page;
use super::view::{JobJson, path};
use crate::around::{Around, address_in};
use crate::assets;
use crate::client::Peer;
use crate::consent::Visit;
use crate::form::Form;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;
use crate::tiers::TierPage;
use crate::timestamp::{clock_text, secs_until};
use crate::upload::{Batch, MOST_PICTURES};

/// What became of one of the pictures.
type Entry = Result<JobView, Problem>;

/// What is wished of the `nth` picture. One idempotency key counts for all of them.
pub fn wishes_of(nth: usize, wishes: &Wishes, key: Option<&str>) -> Wishes {
    Wishes {
        idempotency_key: key.map(|key| format!("{key} {nth}")),
        ..wishes.clone()
    }
}

/// A refused picture stops no other, but if all of them are refused, the first refusal is the answer.
pub fn unless_all_refused<T, E>(entries: Vec<Result<T, E>>) -> Result<Vec<Result<T, E>>, E> {
    if entries.iter().any(Result::is_ok) {
        return Ok(entries);
    }
    let first = entries.into_iter().find_map(Result::err);
    first.map_or(Ok(Vec::new()), Err)
}

/// 201 with a job or a problem for each picture, in their order; for plain forms 303 to the overview,
/// or the overview itself where a picture was refused. If all of them were, the first one's problem.
pub async fn create(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    Spoken(language): Spoken,
    headers: HeaderMap,
    batch: Batch,
) -> Result<Response, Problem> {
    let mut wishes = batch.wishes;
    wishes.owner = (state.clients).owner(peer.map(|Extension(peer)| peer), &headers);
    let key = idempotency_key(&headers)?;
    let mut entries: Vec<Entry> = Vec::new();
    for (nth, picture) in batch.pictures.into_iter().enumerate() {
        let wishes = wishes_of(nth, &wishes, key.as_deref());
        entries.push(submit(&state, picture, wishes).await);
    }
    let entries = unless_all_refused(entries)?;
    if wants_page(&headers) && entries.iter().all(Result::is_ok) {
        return Ok(Redirect::to(&address_in(language, &overview(&entries))).into_response());
    }
    let address = [(LOCATION, address_in(language, &overview(&entries)))];
    let body = answer(&headers, language, &entries, state.clock.now())?;
    Ok((StatusCode::CREATED, address, body).into_response())
}

/// Which jobs.
#[derive(Deserialize)]
pub struct Asked {
    /// Ids, separated by commas.
    jobs: Option<String>,
}

/// All jobs that the address names; to a browser the form if it names none.
pub async fn show(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    visit: Visit,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) = asked.map_err(|_| Problem::said_twice())?;
    let ids = asked.jobs.unwrap_or_default();
    let ids: Vec<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
    if ids.len() > MOST_PICTURES {
        return Err(Problem::too_many(MOST_PICTURES));
    }
    let mut entries: Vec<Entry> = Vec::new();
    for id in ids {
        let job = state.lifecycle.job(looked_up(id)).await;
        entries.push(job.map_err(Problem::from));
    }
    if entries.is_empty() && wants_page(&headers) {
        return Ok(Html(BatchForm::new(&state, visit, language).render()?).into_response());
    }
    answer(&headers, language, &entries, state.clock.now())
}

fn answer(
    headers: &HeaderMap,
    language: Language,
    entries: &[Entry],
    now: UnixMillis,
) -> Result<Response, Problem> {
    let body = if wants_page(headers) {
        Html(BatchList::new(entries, now, language).render()?).into_response()
    } else {
        let pictures: Vec<Value> = entries
            .iter()
            .map(|entry| json_of(entry, now, language))
            .collect();
        let overview = overview(entries);
        Json(json!({ "overview": overview, "pictures": pictures })).into_response()
    };
    Ok(([(CACHE_CONTROL, "no-store"), (VARY, "accept")], body).into_response())
}

fn json_of(entry: &Entry, now: UnixMillis, language: Language) -> Value {
    match entry {
        Ok(view) => json!(JobJson::new(view, now)),
        Err(problem) => problem.json(language),
    }
}

/// The address that shows all of those jobs.
pub fn overview<E>(entries: &[Result<JobView, E>]) -> String {
    let ids = entries.iter().flatten().map(|view| view.id.to_string());
    format!("/batch?jobs={}", ids.collect::<Vec<_>>().join(","))
}

#[derive(Template)]
#[template(path = "batch.html")]
struct BatchForm {
    around: Around,
    form: Form,
    most: usize,
    lead: String,
}

#[derive(Template)]
#[template(path = "batch-list.html")]
struct BatchList {
    around: Around,
    overview: String,
    lines: Vec<Line>,
    live: bool,
}

/// One of the pictures.
struct Line {
    /// The job's page, if there is a job.
    address: Option<String>,
    /// Whether there is a model to look at.
    done: bool,
    title: String,
    status: String,
}

impl BatchForm {
    fn new(state: &AppState, visit: Visit, language: Language) -> Self {
        let around = Around::of(language, "/batch");
        let t = around.t;
        Self {
            form: Form::new(state, None, t),
            most: MOST_PICTURES,
            lead: t.with("batch-lead", [("most", MOST_PICTURES.into())]),
            around: around.told(visit, t.get("batch-heading"), t.get("batch-description")),
        }
    }
}

impl BatchList {
    fn new(entries: &[Entry], now: UnixMillis, language: Language) -> Self {
        let overview = overview(entries);
        let around = Around::of(language, &overview);
        let is_live = |view: &JobView| !view.state.is_final();
        Self {
            overview: around.to(&overview),
            lines: entries
                .iter()
                .map(|entry| Line::new(entry, now, &around))
                .collect(),
            live: entries.iter().flatten().any(is_live),
            around,
        }
    }
}

impl Line {
    fn new(entry: &Entry, now: UnixMillis, around: &Around) -> Self {
        let t = around.t;
        match entry {
            Ok(view) => Self {
                address: Some(around.to(&path(view))),
                done: view.state == domain::JobState::Done,
                title: page::title(view, t),
                status: match view.state.is_final() {
                    false => page::status(view, now, t),
                    true => {
                        let left = clock_text(secs_until(view.expires_at, now));
                        t.with("batch-destroyed", [("time", left.into())])
                    }
                },
            },
            Err(problem) => Self {
                address: None,
                done: false,
                title: problem.title(t),
                status: problem.detail(t),
            },
        }
    }
}
