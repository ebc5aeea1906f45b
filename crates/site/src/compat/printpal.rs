//! PrintPal's API, as its Python client speaks it. `docs/api/printpal.md` has what differs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Id, JobState};
use engine::Tier;
use formats::Format;
use serde::Deserialize;
use serde_json::{Value, json};

use super::speak::{Asked, Ignored, in_shape};
use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::create::{gathered, submit};
use crate::api::error::{ApiError, Refusal, Told, invalid, no_text_model};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::{rfc3339, secs_until};

const QUALITIES: [(&str, Tier); 7] = [
    ("default", Tier::Base),
    ("high", Tier::Pro),
    ("ultra", Tier::Ultra),
    ("super", Tier::Ultra),
    ("super_texture", Tier::Ultra),
    ("superplus", Tier::Ultra),
    ("superplus_texture", Tier::Ultra),
];

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new().route("/api/generate", post(generate));
    let read = Router::new()
        .route("/api/generate/{uid}/status", get(status))
        .route("/api/generate/{uid}/download", get(download))
        .route("/api/credits", get(credits))
        .route("/api/usage", get(usage));
    let open = Router::new().route("/api/pricing", get(pricing)).route(
        "/api/health",
        get(async || Json(json!({ "status": "healthy" }))),
    );
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(open);
    in_shape(routes, error)
}

fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "error": told.code, "message": told.detail })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generate {
    prompt: Option<String>,
    quality: Option<String>,
    format: Option<String>,
    #[serde(rename = "num_inference_steps")]
    _num_inference_steps: Ignored,
    #[serde(rename = "guidance_scale")]
    _guidance_scale: Ignored,
    #[serde(rename = "octree_resolution")]
    _octree_resolution: Ignored,
}

async fn generate(
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
    if fields.prompt.is_some() {
        return Err(no_text_model());
    }
    let quality = fields.quality.as_deref().unwrap_or("default");
    let known = QUALITIES.into_iter().find(|(name, _)| *name == quality);
    let (quality, tier) = known.ok_or_else(|| {
        invalid(format!(
            "There is no quality of that name; there are {}.",
            QUALITIES.map(|(name, _)| name).join(", ")
        ))
    })?;
    let format = fields.format.as_deref().unwrap_or("stl");
    let format = Format::from_name(format).ok_or_else(Problem::unknown_format)?;
    let wishes = Asked {
        tier,
        ..Asked::default()
    };
    let picture = gathered(&state, place, files, None).await?;
    let view = submit(&state, &caller, picture, wishes.wishes()?).await?;
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

/// The job, and the format that was asked for when it was made.
fn parts(uid: &str) -> Result<(Id, Format), ApiError> {
    let parts = uid
        .split_once('-')
        .and_then(|(id, format)| Some((id.parse().ok()?, Format::from_name(format)?)));
    Ok(parts.ok_or_else(Problem::no_such_job)?)
}

async fn status(
    State(state): State<AppState>,
    Path(uid): Path<String>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let (id, format) = parts(&uid)?;
    let view = state.lifecycle.job(id).await?;
    let status = match view.state {
        JobState::Queued => "pending",
        JobState::Running => "processing",
        JobState::Done => "completed",
        JobState::Failed | JobState::Cancelled => "failed",
    };
    let done = view.state == JobState::Done;
    Ok(Json(json!({
        "generation_uid": uid,
        "status": status,
        "created_at": rfc3339(view.created_at),
        "expires_at": rfc3339(view.expires_at),
        "format": format.extension(),
        "download_url": done.then(|| file(&base, id, format)),
        "error": view.failure_text(),
    })))
}

async fn download(
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

fn file(base: &Base, id: Id, format: Format) -> String {
    base.file(id, &format!("model.{}", format.extension()))
}

/// Nothing is paid for here: a credit is a job that may wait now.
async fn credits(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(
        json!({ "credits": left, "user_id": 0, "username": name(&caller) }),
    ))
}

/// No use of a key is counted.
async fn usage(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(json!({
        "api_key": { "name": name(&caller), "total_requests": 0, "credits_used": 0 },
        "user": { "credits_remaining": left },
        "recent_requests": [],
    })))
}

fn name(caller: &Caller) -> &str {
    caller.key.as_ref().map_or("", |(_, key)| &key.name)
}

async fn pricing() -> Json<Value> {
    let free = |(name, tier): (&str, Tier)| {
        let tier = json!({ "cost": 0, "description": tier.name(), "resolution": "", "estimated_time_seconds": 0 });
        (name.to_owned(), tier)
    };
    let credits: serde_json::Map<String, Value> = QUALITIES.into_iter().map(free).collect();
    Json(json!({
        "credits": credits,
        "supported_formats": Format::ALL.map(Format::name),
        "rate_limits": {},
    }))
}
