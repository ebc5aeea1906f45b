//! Tripo's API, version 3, as its Python client speaks it. `docs/api/tripo.md` has what differs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use domain::{Id, JobState, LIFETIME_SECS};
use engine::Tier;
use formats::Format;
use lifecycle::JobView;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::speak::{Asked, Ignored, in_shape, refuse};
use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::create::{in_order, submit};
use crate::api::error::{ApiError, Told, invalid, no_text_model};
use crate::api::files::{self, Nothing, shelve};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::place::Place;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/v3/files", post(upload))
        .route("/v3/files/presign", post(presign))
        .route("/v3/generation/image-to-model", post(image_to_model))
        .route(
            "/v3/generation/multiview-to-model",
            post(multiview_to_model),
        )
        .route("/v3/generation/text-to-model", post(text_to_model))
        .route("/v3/models/convert", post(convert));
    let read = Router::new()
        .route("/v3/tasks/{id}", get(task))
        .route("/v3/tasks/list", post(tasks))
        .route("/v3/account/balance", get(balance));
    let signed = Router::new().route("/v3/files/{id}", put(files::deliver));
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(signed);
    in_shape(routes, error)
}

fn error(status: StatusCode, told: &Told) -> Value {
    let code = match status {
        StatusCode::UNAUTHORIZED => 1002,
        StatusCode::FORBIDDEN => 1005,
        StatusCode::NOT_FOUND | StatusCode::GONE => 2001,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => 2000,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => 2004,
        status if status.is_server_error() => 1001,
        _ => 1004,
    };
    json!({ "code": code, "message": told.detail, "suggestion": told.code })
}

fn data(data: Value) -> Json<Value> {
    Json(json!({ "code": 0, "data": data }))
}

async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<Nothing>,
) -> Result<Json<Value>, ApiError> {
    let shelved = shelve(&state, &caller, form).await?;
    Ok(data(json!({ "file_token": shelved.id.to_string() })))
}

/// What a file is told beforehand: which format it has is seen when it comes.
#[derive(Deserialize)]
struct Presign {
    #[serde(rename = "format")]
    _format: Ignored,
}

/// A place for a file that comes without a key.
async fn presign(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { .. }: Form<Presign>,
) -> Result<Json<Value>, ApiError> {
    let id = state.lifecycle.keep_free(caller.owner)?;
    Ok(data(json!({
        "file_token": id.to_string(),
        "presigned_url": base.at(&format!("/v3/files/{id}")),
        "expires_in": LIFETIME_SECS,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageToModel {
    input: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Front, left, back and right; a side that there is no picture of is null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MultiviewToModel {
    inputs: Vec<Option<String>>,
    #[serde(flatten)]
    wanted: Wanted,
}

#[derive(Deserialize)]
struct Wanted {
    face_limit: Option<u32>,
    quad: Option<bool>,
    model_seed: Option<u64>,
    geometry_quality: Option<String>,
    texture_quality: Option<String>,
    auto_size: Option<bool>,
    compress: Option<String>,
    generate_parts: Option<bool>,
    smart_low_poly: Option<bool>,
    #[serde(rename = "model")]
    _model: Ignored,
    #[serde(rename = "texture")]
    _texture: Ignored,
    #[serde(rename = "pbr")]
    _pbr: Ignored,
    #[serde(rename = "texture_seed")]
    _texture_seed: Ignored,
    #[serde(rename = "texture_alignment")]
    _texture_alignment: Ignored,
    #[serde(rename = "orientation")]
    _orientation: Ignored,
    #[serde(rename = "enable_image_autofix")]
    _enable_image_autofix: Ignored,
    #[serde(rename = "export_uv")]
    _export_uv: Ignored,
}

impl Wanted {
    fn wishes(self) -> Result<lifecycle::Wishes, ApiError> {
        refuse(self.auto_size == Some(true), "auto_size")?;
        refuse(self.compress.is_some(), "compress")?;
        refuse(self.generate_parts == Some(true), "generate_parts")?;
        refuse(self.smart_low_poly == Some(true), "smart_low_poly")?;
        let detailed = |quality: &Option<String>| quality.as_deref() == Some("detailed");
        Asked {
            tier: match (
                detailed(&self.geometry_quality),
                detailed(&self.texture_quality),
            ) {
                (true, _) => Tier::Ultra,
                (false, true) => Tier::Pro,
                (false, false) => Tier::Base,
            },
            faces: self.face_limit,
            quads: self.quad == Some(true),
            seed: self.model_seed,
            ..Asked::default()
        }
        .wishes()
    }
}

async fn image_to_model(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<ImageToModel>,
) -> Result<Json<Value>, ApiError> {
    make(&state, &caller, place, &[Some(fields.input)], fields.wanted).await
}

async fn multiview_to_model(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<MultiviewToModel>,
) -> Result<Json<Value>, ApiError> {
    make(&state, &caller, place, &fields.inputs, fields.wanted).await
}

async fn make(
    state: &AppState,
    caller: &Caller,
    place: Place,
    inputs: &[Option<String>],
    wanted: Wanted,
) -> Result<Json<Value>, ApiError> {
    let wishes = wanted.wishes()?;
    let inputs: Vec<_> = inputs.iter().map(Option::as_deref).collect();
    let pictures = in_order(state, place, &inputs).await?;
    let view = submit(state, caller, pictures, wishes).await?;
    Ok(data(json!({ "task_id": view.id.to_string() })))
}

async fn text_to_model() -> ApiError {
    no_text_model()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Convert {
    input: String,
    format: String,
}

/// A model is written in another format when it is fetched, so this task has ended already: its id
/// is the first one's and the format.
async fn convert(
    State(state): State<AppState>,
    Form { fields, .. }: Form<Convert>,
) -> Result<Json<Value>, ApiError> {
    let (id, _) = task_id(&fields.input)?;
    let format = Format::from_name(&fields.format.to_ascii_lowercase());
    let format = format.ok_or_else(Problem::unknown_format)?;
    let view = state.lifecycle.job(id).await?;
    if view.state != JobState::Done {
        return Err(invalid("That task has no model (yet)."));
    }
    Ok(data(
        json!({ "task_id": format!("{id}-{}", format.name()) }),
    ))
}

/// A job, and the format in which it is converted.
fn task_id(text: &str) -> Result<(Id, Option<Format>), ApiError> {
    let (id, format) = match text.split_once('-') {
        Some((id, format)) => (
            id,
            Some(Format::from_name(format).ok_or_else(Problem::no_such_job)?),
        ),
        None => (text, None),
    };
    Ok((id.parse().map_err(|_| Problem::no_such_job())?, format))
}

async fn task(
    State(state): State<AppState>,
    Path(text): Path<String>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let (id, format) = task_id(&text)?;
    let view = state.lifecycle.job(id).await?;
    Ok(data(told(&view, text, format, &base)))
}

#[derive(Deserialize)]
struct Several {
    task_ids: Vec<String>,
}

async fn tasks(
    State(state): State<AppState>,
    base: Base,
    Form { fields, .. }: Form<Several>,
) -> Result<Json<Value>, ApiError> {
    let (mut found, mut missed) = (Map::new(), Vec::new());
    for text in fields.task_ids.into_iter().take(100) {
        let Ok((id, format)) = task_id(&text) else {
            missed.push(text);
            continue;
        };
        match state.lifecycle.job(id).await {
            Ok(view) => {
                let task = told(&view, text.clone(), format, &base);
                found.insert(text, task);
            }
            Err(_) => missed.push(text),
        }
    }
    Ok(data(json!({ "tasks": found, "missed": missed })))
}

fn told(view: &JobView, task_id: String, format: Option<Format>, base: &Base) -> Value {
    let status = match view.state {
        JobState::Queued => "queued",
        JobState::Running => "running",
        JobState::Done => "success",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    };
    let output = match view.state {
        JobState::Done => {
            let model = format!("model.{}", format.unwrap_or(Format::Glb).extension());
            json!({
                "model_url": base.file(view.id, &model),
                "rendered_image_url": base.file(view.id, "preview.png"),
            })
        }
        _ => json!({}),
    };
    json!({
        "task_id": task_id,
        "type": if format.is_some() { "convert_model" } else { "image_to_model" },
        "status": status,
        "progress": (view.progress * 100.0).round(),
        "created_at": rfc3339(view.created_at),
        "expires_at": rfc3339(view.expires_at),
        "queuing_num": view.queue_position,
        "input": {},
        "output": output,
        "credits_consumed": 0,
        "error_msg": view.failure_text(),
    })
}

/// Nothing is paid for here: a credit is a job that may wait now.
async fn balance(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(data(json!({ "balance": left, "frozen": 0 })))
}
