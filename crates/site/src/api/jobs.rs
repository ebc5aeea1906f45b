//! `/api/v1/jobs`, and one job below it. What is the same on pages is in `crate::jobs`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use lifecycle::{Cursor, JobView};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::base::Base;
use super::caller::Caller;
use super::error::{ApiError, invalid};
use super::form::Form;
use super::order::{Again, Shorter};
use crate::jobs::id::JobId;
use crate::jobs::view::JobJson;
use crate::state::AppState;

/// Jobs in a page of a list, at most.
const MOST: u32 = 100;
const USUAL: u32 = 20;

/// Which part of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The key's jobs that are still there, newest first.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Response, ApiError> {
    let unusable = || {
        invalid(format!(
            "limit is a whole number from 1 to {MOST}, cursor what an earlier reply had as “next”."
        ))
    };
    let Query(part) = part.map_err(|_| unusable())?;
    let most = part.limit.unwrap_or(USUAL);
    let cursor = part.cursor.map(|text| text.parse::<Cursor>()).transpose();
    let (true, Ok(cursor)) = ((1..=MOST).contains(&most), cursor) else {
        return Err(unusable());
    };
    let (secret, key) = caller.key()?;
    let page = state
        .lifecycle
        .jobs_of(*secret, key, cursor.as_ref(), most)
        .await?;
    let now = state.clock.now();
    let jobs = page.jobs.iter().map(|view| JobJson::at(view, now, &base));
    let jobs: Vec<JobJson> = jobs.collect();
    let next = page.next.map(|cursor| cursor.to_string());
    let body = json!({ "jobs": jobs, "next": next });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The job as it is now.
pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Response, ApiError> {
    let view = state.lifecycle.job(id).await?;
    Ok(told(&state, &view, &base))
}

/// Stops it.
pub async fn cancel(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Response, ApiError> {
    let view = state.lifecycle.cancel(id).await?;
    Ok(told(&state, &view, &base))
}

/// Once more, with other options if they are named.
pub async fn retry(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
    request: Request,
) -> Result<Response, ApiError> {
    let wishes: Again = fields(request, &state).await?;
    let view = state.lifecycle.retry(id, wishes.changes()?).await?;
    Ok(told(&state, &view, &base))
}

/// Keeps it no longer than this.
pub async fn shorten(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
    request: Request,
) -> Result<Response, ApiError> {
    let wishes: Shorter = fields(request, &state).await?;
    let (secs, after_download) = wishes.wishes()?;
    let view = state.lifecycle.shorten(id, secs, after_download).await?;
    Ok(told(&state, &view, &base))
}

/// A body that may be left away.
async fn fields<T: DeserializeOwned + Default>(
    request: Request,
    state: &AppState,
) -> Result<T, ApiError> {
    if !request.headers().contains_key(CONTENT_TYPE) {
        return Ok(T::default());
    }
    let form: Form<T> = Form::from_request(request, state).await?;
    match form.files.is_empty() {
        false => Err(invalid(
            "No file is taken here; send a JSON object or nothing.",
        )),
        true => Ok(form.fields),
    }
}

fn told(state: &AppState, view: &JobView, base: &Base) -> Response {
    let job = JobJson::at(view, state.clock.now(), base);
    ([(CACHE_CONTROL, "no-store")], Json(job)).into_response()
}
