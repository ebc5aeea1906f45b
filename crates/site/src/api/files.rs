//! `POST /api/v1/files`: a picture that is sent ahead of its job.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lifecycle::Shelved;
use serde::Deserialize;
use serde_json::json;

use super::caller::Caller;
use super::error::ApiError;
use super::form::Form;
use crate::jobs::id::JobId;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// Nothing is asked for beside the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// 201 with the id that a job then names as its picture.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<Nothing>,
) -> Result<Response, ApiError> {
    let Shelved { id, expires_at, .. } = shelve(&state, &caller, form).await?;
    let body = json!({ "id": id.to_string(), "expires_at": rfc3339(expires_at) });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// 200 when a file is where a place was kept free for it. It comes without a key: knowing the address
/// is the permission.
pub async fn deliver(
    State(state): State<AppState>,
    JobId(id): JobId,
    form: Form<Nothing>,
) -> Result<StatusCode, ApiError> {
    match state.lifecycle.deliver(id, form.picture()?).await? {
        Some(_) => Ok(StatusCode::OK),
        None => Err(Problem::no_such_job().into()),
    }
}

/// 204 when it is destroyed.
pub async fn delete(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<StatusCode, ApiError> {
    state.lifecycle.unshelve(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Admits and seals a file for whoever calls.
pub async fn shelve<T>(
    state: &AppState,
    caller: &Caller,
    form: Form<T>,
) -> Result<Shelved, ApiError> {
    let file = form.picture()?;
    Ok(state.lifecycle.shelve(file, caller.owner.clone()).await?)
}
