//! `GET /jobs/{id}`: the job, as its page or as JSON.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{Html, IntoResponse, Response};

use super::id::JobId;
use super::page;
use super::view::JobJson;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// Never cached: what it tells changes by the second and is nobody else's business.
pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.lifecycle.job(id).await?;
    let now = state.clock.now();
    let body = if wants_page(&headers) {
        Html(page::render(&view, now, language)?).into_response()
    } else {
        Json(JobJson::new(&view, now)).into_response()
    };
    Ok(([(CACHE_CONTROL, "no-store"), (VARY, "accept")], body).into_response())
}
