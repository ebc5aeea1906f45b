//! Generations: a picture that becomes a model in one format.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::JobState;
use serde_json::{Value, json};

use super::request::{Generate, Wanted, parts};
use super::response::{file, generation};
use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::create::{gathered, submit};
use crate::api::error::{ApiError, Refusal};
use crate::api::form::Form;
use crate::state::AppState;
use crate::timestamp::secs_until;

pub async fn generate(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form {
        files,
        fields,
        place,
        ..
    }: Form<Generate>,
) -> Result<Json<Value>, ApiError> {
    let Wanted {
        quality,
        format,
        wishes,
    } = fields.wanted()?;
    let picture = gathered(&state, place, files, None).await?;
    let view = submit(&state, &caller, picture, wishes).await?;
    let uid = format!("{}-{}", view.id, format.name());
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(json!({
        "generation_uid": uid,
        "status": "processing",
        "quality": quality,
        "credits_used": 0,
        "credits_remaining": left,
        "estimated_time_seconds": state.lifecycle.likely_free_secs(),
        "status_url": base.at(&format!("/api/generate/{uid}/status")),
        "download_url": base.at(&format!("/api/generate/{uid}/download")),
        "has_texture": true,
    })))
}

pub async fn status(
    State(state): State<AppState>,
    Path(uid): Path<String>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let (id, format) = parts(&uid)?;
    let view = state.lifecycle.job(id).await?;
    Ok(Json(generation(&view, &uid, format, &base)))
}

pub async fn download(
    State(state): State<AppState>,
    Path(uid): Path<String>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let (id, format) = parts(&uid)?;
    let view = state.lifecycle.job(id).await?;
    if view.state != JobState::Done {
        let detail = "There is no model (yet). Ask for the status.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "not_ready", detail).into());
    }
    Ok(Json(json!({
        "download_url": file(&base, id, format),
        "format": format.extension(),
        "expires_in": secs_until(view.expires_at, state.clock.now()),
    })))
}
