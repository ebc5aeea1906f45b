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
    Form { file, .. }: Form<Nothing>,
) -> Result<Response, ApiError> {
    let Shelved { id, expires_at, .. } = shelve(&state, &caller, file).await?;
    let body = json!({ "id": id.to_string(), "expires_at": rfc3339(expires_at) });
    Ok((StatusCode::CREATED, Json(body)).into_response())
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
pub async fn shelve(
    state: &AppState,
    caller: &Caller,
    file: Option<Vec<u8>>,
) -> Result<Shelved, ApiError> {
    let file = file.filter(|file| !file.is_empty());
    let file = file.ok_or_else(Problem::no_picture)?;
    Ok(state.lifecycle.shelve(file, caller.owner.clone()).await?)
}
