//! Files that are sent ahead of their prediction.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use lifecycle::Shelved;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::error::ApiError;
use crate::api::files::shelve;
use crate::api::form::Form;
use crate::jobs::id::JobId;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// What comes beside a file, all of it without effect.
#[derive(Deserialize)]
pub struct About {}

pub async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    form: Form<About>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let shelved = shelve(&state, &caller, form).await?;
    Ok((StatusCode::CREATED, Json(told(&shelved, &base))))
}

pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told(&state.lifecycle.shelved_as(id)?, &base)))
}

/// The key's files, newest first: never so many that they need pages.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    caller.key()?;
    let files = state.lifecycle.shelved_of(&caller.owner);
    let files: Vec<Value> = files.iter().map(|file| told(file, &base)).collect();
    Ok(Json(
        json!({ "previous": null, "next": null, "results": files }),
    ))
}

/// Names and types of files are not kept, so all of them say the same.
fn told(file: &Shelved, base: &Base) -> Value {
    json!({
        "id": file.id.to_string(),
        "name": "file",
        "content_type": "image/png",
        "size": file.sent_len,
        "etag": file.id.to_string(),
        "checksums": {},
        "metadata": {},
        "created_at": rfc3339(file.created_at),
        "expires_at": rfc3339(file.expires_at),
        "urls": { "get": base.at(&format!("/v1/files/{}", file.id)) },
    })
}
