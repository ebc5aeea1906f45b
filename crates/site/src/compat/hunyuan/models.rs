//! Models: at once, or sent for and asked about.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use domain::JobState;
use lifecycle::Artifact;
use serde_json::{Value, json};

use super::request::Request;
use super::response::{completed, failed, processing};
use crate::api::caller::Caller;
use crate::api::create::submit;
use crate::api::error::ApiError;
use crate::api::form::Form;
use crate::compat::passing::{Passing, made};
use crate::jobs::id::JobId;
use crate::state::AppState;

/// The file itself, as soon as there is one.
pub async fn generate(
    State(state): State<AppState>,
    caller: Caller,
    method: Method,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Request>,
) -> Result<Response, ApiError> {
    let (pictures, wishes, format) = fields.read(place)?;
    let job = Passing::begin(&state, &caller, pictures, wishes).await?;
    made(state, job, format, &method, &headers).await
}

pub async fn send(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<Request>,
) -> Result<Json<Value>, ApiError> {
    let (pictures, wishes, _) = fields.read(place)?;
    let view = submit(&state, &caller, pictures, wishes).await?;
    Ok(Json(json!({ "uid": view.id.to_string() })))
}

pub async fn status(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<Json<Value>, ApiError> {
    let view = state.lifecycle.job(id).await?;
    Ok(Json(match view.state {
        JobState::Queued | JobState::Running => processing(),
        JobState::Done => {
            let model = state.lifecycle.download(id, Artifact::Model).await?;
            let told = completed(&model.bytes);
            state.lifecycle.downloaded(id).await?;
            told
        }
        JobState::Failed | JobState::Cancelled => failed(view.failure_text()),
    }))
}
