//! Replicate's files and predictions, as its Python client speaks them. `docs/api/replicate.md` has
//! what differs.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Id, JobState};
use engine::Tier;
use lifecycle::{Cursor, JobView, Role, Shelved};
use serde::Deserialize;
use serde_json::{Value, json};

use super::speak::{Asked, ended, in_shape};
use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::create::{gathered, submit};
use crate::api::error::{ApiError, Refusal, Told, invalid, no_text_model};
use crate::api::files::{self, shelve};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// How long a request may wait for its prediction, as at Replicate.
const LONGEST_WAIT_SECS: u64 = 60;
/// Predictions in a page of a list, as at Replicate.
const PAGE: u32 = 100;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/v1/files", post(upload))
        .route("/v1/predictions", post(predict_version))
        .route("/v1/models/{owner}/{name}/predictions", post(predict));
    let read = Router::new()
        .route("/v1/models/{owner}/{name}", get(model))
        .route("/v1/predictions", get(list))
        .route("/v1/predictions/{id}", get(show))
        .route("/v1/files", get(list_files))
        .route("/v1/files/{id}", get(show_file));
    let destroy = Router::new()
        .route("/v1/files/{id}", axum::routing::delete(files::delete))
        .route("/v1/predictions/{id}/cancel", post(cancel));
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(scoped(destroy, state, Scope::Delete));
    in_shape(routes, error)
}

fn error(status: StatusCode, told: &Told) -> Value {
    json!({ "title": told.code, "detail": told.detail, "status": status.as_u16() })
}

/// What comes beside a file, all of it without effect.
#[derive(Deserialize)]
struct About {}

async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    form: Form<About>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let shelved = shelve(&state, &caller, form).await?;
    Ok((StatusCode::CREATED, Json(told_file(&shelved, &base))))
}

async fn show_file(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told_file(&state.lifecycle.shelved_as(id)?, &base)))
}

/// The key's files, newest first: never so many that they need pages.
async fn list_files(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    caller.key()?;
    let files = state.lifecycle.shelved_of(&caller.owner);
    let files: Vec<Value> = files.iter().map(|file| told_file(file, &base)).collect();
    Ok(Json(
        json!({ "previous": null, "next": null, "results": files }),
    ))
}

/// Names and types of files are not kept, so all of them say the same.
fn told_file(file: &Shelved, base: &Base) -> Value {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Predict {
    version: Option<String>,
    input: Input,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Input {
    image: Option<String>,
    prompt: Option<String>,
    seed: Option<u64>,
    faces: Option<u32>,
    quads: Option<bool>,
}

async fn predict_version(
    state: State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Predict>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let tier = tier(fields.version.as_deref().unwrap_or_default())?;
    start(state, caller, base, headers, place, tier, fields.input).await
}

async fn predict(
    state: State<AppState>,
    caller: Caller,
    base: Base,
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Predict>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    start(
        state,
        caller,
        base,
        headers,
        place,
        tier(&name)?,
        fields.input,
    )
    .await
}

/// Models are the tiers, whoever owns them, and their only version has the same name.
fn tier(name: &str) -> Result<Tier, ApiError> {
    let detail = || format!("Models here are {}.", Tier::ALL.map(Tier::name).join(", "));
    let unknown = || Refusal::new(StatusCode::NOT_FOUND, "unknown_model", detail());
    Ok(Tier::from_name(name).ok_or_else(unknown)?)
}

async fn start(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    place: Place,
    tier: Tier,
    input: Input,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    if input.prompt.is_some() {
        return Err(no_text_model());
    }
    let wishes = Asked {
        tier,
        seed: input.seed,
        faces: input.faces,
        quads: input.quads == Some(true),
        ..Asked::default()
    };
    let named = input.image.unwrap_or_default();
    let picture = [(Role::Picture, Some(base.below("/v1/files/", &named)))];
    let picture = gathered(&state, place, None, picture).await?;
    let mut view = submit(&state, &caller, picture, wishes.wishes()?).await?;
    if let Some(wait) = wait(&headers) {
        view = ended(&state, view.id, wait).await?;
    }
    let status = match view.state.is_final() {
        true => StatusCode::CREATED,
        false => StatusCode::ACCEPTED,
    };
    let mut prediction = told(&view, &base);
    if !view.state.is_final() {
        // Its client takes any other state for the last one.
        prediction["status"] = "starting".into();
    }
    Ok((status, Json(prediction)))
}

/// `Prefer: wait` or `Prefer: wait=10`.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let wait = headers
        .get("prefer")?
        .to_str()
        .ok()?
        .trim()
        .strip_prefix("wait")?;
    let secs = wait.strip_prefix('=').and_then(|secs| secs.parse().ok());
    Some(Duration::from_secs(
        secs.unwrap_or(LONGEST_WAIT_SECS).min(LONGEST_WAIT_SECS),
    ))
}

#[derive(Deserialize)]
struct Part {
    cursor: Option<String>,
}

/// The key's predictions, newest first. What image tools make is none.
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Query(part): Query<Part>,
) -> Result<Json<Value>, ApiError> {
    let cursor = part.cursor.map(|cursor| cursor.parse::<Cursor>());
    let cursor = cursor.transpose();
    let cursor = cursor.map_err(|_| invalid("cursor is what an earlier reply had in “next”."))?;
    let (secret, key) = caller.key()?;
    let lifecycle = &state.lifecycle;
    let page = lifecycle.jobs_of(*secret, key, cursor.as_ref(), PAGE);
    let page = page.await?;
    let models = page.jobs.iter().filter(|view| view.tool.is_none());
    let predictions: Vec<Value> = models.map(|view| told(view, &base)).collect();
    let next = page
        .next
        .map(|cursor| base.at(&format!("/v1/predictions?cursor={cursor}")));
    Ok(Json(
        json!({ "previous": null, "next": next, "results": predictions }),
    ))
}

async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told(&state.lifecycle.job(id).await?, &base)))
}

async fn cancel(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told(&state.lifecycle.cancel(id).await?, &base)))
}

fn told(view: &JobView, base: &Base) -> Value {
    let id: Id = view.id;
    let status = match view.state {
        JobState::Queued => "starting",
        JobState::Running => "processing",
        JobState::Done => "succeeded",
        JobState::Failed => "failed",
        JobState::Cancelled => "canceled",
    };
    let tier = view.options.tier.name();
    json!({
        "id": id.to_string(),
        "model": format!("ai3dgen/{tier}"),
        "version": tier,
        "status": status,
        "input": {},
        "output": (view.state == JobState::Done).then(|| base.file(id, "model.glb")),
        "error": view.failure_text(),
        "logs": "",
        "metrics": {},
        "created_at": rfc3339(view.created_at),
        "started_at": null,
        "completed_at": null,
        "expires_at": rfc3339(view.expires_at),
        "urls": {
            "get": base.at(&format!("/v1/predictions/{id}")),
            "cancel": base.at(&format!("/v1/predictions/{id}/cancel")),
        },
    })
}

async fn model(
    Path((owner, name)): Path<(String, String)>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let tier = tier(&name)?.name();
    Ok(Json(json!({
        "url": base.at("/docs/api"),
        "owner": owner,
        "name": tier,
        "description": "A picture becomes a textured 3D model.",
        "visibility": "private",
        "github_url": null,
        "paper_url": null,
        "license_url": null,
        "run_count": 0,
        "cover_image_url": null,
        "default_example": null,
        "latest_version": null,
    })))
}
