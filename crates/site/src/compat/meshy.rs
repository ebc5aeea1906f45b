//! Meshy's API as its MCP server speaks it, also under `/proxy/meshy`, where ComfyUI looks for it.
//! `docs/api/meshy.md` has what differs.

use std::convert::Infallible;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Id, JobState};
use engine::{Symmetry, Tier};
use formats::Format;
use futures_util::StreamExt;
use lifecycle::JobView;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::speak::{Asked, Ignored, in_shape, refuse};
use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::create::{in_order, submit};
use crate::api::error::{ApiError, Told, invalid, no_text_model};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::jobs::delete;
use crate::jobs::events::until_final;
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::state::AppState;

/// Kinds of task whose lists and tasks are asked for; all of ours are of the first.
const IMAGE: &str = "v1/image-to-3d";
const SEVERAL: &str = "v1/multi-image-to-3d";
const TEXT: &str = "v2/text-to-3d";
const CONVERT: &str = "v1/convert";

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    below("/openapi", state).merge(below("/proxy/meshy/openapi", state))
}

fn below(root: &str, state: &AppState) -> Router<AppState> {
    let at = |path: &str| format!("{root}/{path}");
    let generate = Router::new()
        .route(&at(IMAGE), post(image_to_3d))
        .route(&at(SEVERAL), post(several_to_3d))
        .route(&at(TEXT), post(text_to_3d))
        .route(&at(CONVERT), post(convert));
    let read = Router::new()
        .route(&at(TEXT), get(async || Json(json!([]))))
        .route(&at(IMAGE), get(list))
        .route(&at(SEVERAL), get(async || Json(json!([]))))
        .route(&at(&format!("{SEVERAL}/{{id}}")), get(show))
        .route(&at(&format!("{SEVERAL}/{{id}}/stream")), get(stream))
        .route(&at(&format!("{IMAGE}/{{id}}")), get(show))
        .route(&at(&format!("{CONVERT}/{{id}}")), get(show))
        .route(&at(&format!("{IMAGE}/{{id}}/stream")), get(stream))
        .route(&at("v1/balance"), get(balance));
    let destroy = [IMAGE, SEVERAL]
        .into_iter()
        .fold(Router::new(), |routes, kind| {
            let task = at(&format!("{kind}/{{id}}"));
            routes.route(&task, axum::routing::delete(delete::delete))
        });
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(scoped(destroy, state, Scope::Delete));
    in_shape(routes, error)
}

fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "message": told.detail, "code": told.code })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    image_url: String,
    #[serde(flatten)]
    wishes: Wanted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    /// Front, left, back, right, as many as there are.
    image_urls: Vec<Option<String>>,
    #[serde(flatten)]
    wishes: Wanted,
}

#[derive(Deserialize)]
struct Wanted {
    topology: Option<String>,
    target_polycount: Option<u32>,
    symmetry_mode: Option<String>,
    enable_pbr: Option<bool>,
    hd_texture: Option<bool>,
    auto_size: Option<bool>,
    is_a_t_pose: Option<bool>,
    pose_mode: Option<String>,
    texture_prompt: Option<String>,
    texture_image_url: Option<String>,
    #[serde(rename = "ai_model")]
    _ai_model: Ignored,
    #[serde(rename = "should_remesh")]
    _should_remesh: Ignored,
    #[serde(rename = "should_texture")]
    _should_texture: Ignored,
    #[serde(rename = "remove_lighting")]
    _remove_lighting: Ignored,
    #[serde(rename = "moderation")]
    _moderation: Ignored,
    #[serde(rename = "target_formats")]
    _target_formats: Ignored,
    #[serde(rename = "model_type")]
    _model_type: Ignored,
    #[serde(rename = "image_enhancement")]
    _image_enhancement: Ignored,
    #[serde(rename = "save_pre_remeshed_model")]
    _save_pre_remeshed_model: Ignored,
}

impl Wanted {
    fn wishes(self) -> Result<lifecycle::Wishes, ApiError> {
        let named = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        refuse(self.auto_size == Some(true), "auto_size")?;
        refuse(self.is_a_t_pose == Some(true), "is_a_t_pose")?;
        refuse(named(&self.pose_mode), "pose_mode")?;
        refuse(named(&self.texture_prompt), "texture_prompt")?;
        refuse(named(&self.texture_image_url), "texture_image_url")?;
        Asked {
            tier: match (self.hd_texture, self.enable_pbr) {
                (Some(true), _) => Tier::Ultra,
                (_, Some(true)) => Tier::Pro,
                _ => Tier::Base,
            },
            faces: self.target_polycount,
            quads: match self.topology.as_deref() {
                None | Some("triangle") => false,
                Some("quad") => true,
                Some(_) => return Err(invalid("topology is triangle or quad.")),
            },
            symmetry: match self.symmetry_mode.as_deref() {
                None | Some("off") => Symmetry::None,
                Some("auto") => Symmetry::Auto,
                Some("on") => Symmetry::X,
                Some(_) => return Err(invalid("symmetry_mode is off, auto or on.")),
            },
            ..Asked::default()
        }
        .wishes()
    }
}

async fn image_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<Image>,
) -> Result<Response, ApiError> {
    make(
        &state,
        &caller,
        place,
        &[Some(fields.image_url)],
        fields.wishes,
    )
    .await
}

async fn several_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<Several>,
) -> Result<Response, ApiError> {
    make(&state, &caller, place, &fields.image_urls, fields.wishes).await
}

async fn make(
    state: &AppState,
    caller: &Caller,
    place: Place,
    images: &[Option<String>],
    wanted: Wanted,
) -> Result<Response, ApiError> {
    let wishes = wanted.wishes()?;
    let pictures = in_order(state, place, images).await?;
    let view = submit(state, caller, pictures, wishes).await?;
    Ok(begun(view.id))
}

fn begun(id: Id) -> Response {
    (
        StatusCode::ACCEPTED,
        Json(json!({ "result": id.to_string() })),
    )
        .into_response()
}

async fn text_to_3d() -> ApiError {
    no_text_model()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Convert {
    input_task_id: String,
    #[serde(rename = "target_formats")]
    _target_formats: Ignored,
}

/// Every task's model can be fetched in every format, so the task that is asked for is there already.
async fn convert(
    State(state): State<AppState>,
    Form { fields, .. }: Form<Convert>,
) -> Result<Response, ApiError> {
    let id = fields.input_task_id.parse();
    let id: Id = id.map_err(|_| crate::problem::Problem::no_such_job())?;
    match state.lifecycle.job(id).await?.state {
        JobState::Done => Ok(begun(id)),
        _ => Err(invalid("That task has no model (yet).")),
    }
}

async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(told(&state.lifecycle.job(id).await?, &base)))
}

async fn stream(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Response, ApiError> {
    let views = until_final(state.lifecycle.watch(id).await?);
    let views = views.take_until(state.stopping.clone().cancelled_owned());
    let events = views.map(move |view| {
        let event = Event::default()
            .event("message")
            .json_data(told(&view, &base));
        Ok::<_, Infallible>(event.expect("a task is plain data, which always becomes JSON"))
    });
    Ok(Sse::new(events).into_response())
}

#[derive(Deserialize)]
struct Part {
    page_num: Option<u32>,
    page_size: Option<u32>,
}

/// The key's tasks, newest first; without a key there are none to list.
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Query(part): Query<Part>,
) -> Result<Json<Value>, ApiError> {
    let Some((secret, key)) = &caller.key else {
        return Ok(Json(json!([])));
    };
    let size = part.page_size.unwrap_or(10).clamp(1, 50);
    let mut cursor = None;
    for _ in 1..part.page_num.unwrap_or(1).min(100) {
        let page = state
            .lifecycle
            .jobs_of(*secret, key, cursor.as_ref(), size)
            .await?;
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(Json(json!([]))),
        }
    }
    let page = state
        .lifecycle
        .jobs_of(*secret, key, cursor.as_ref(), size)
        .await?;
    let tasks = page.jobs.iter().map(|view| told(view, &base));
    Ok(Json(Value::Array(tasks.collect())))
}

fn told(view: &JobView, base: &Base) -> Value {
    let status = match view.state {
        JobState::Queued => "PENDING",
        JobState::Running => "IN_PROGRESS",
        JobState::Done => "SUCCEEDED",
        JobState::Failed => "FAILED",
        JobState::Cancelled => "CANCELED",
    };
    let done = view.state == JobState::Done;
    let file = |format: Format| {
        let name = format!("model.{}", format.extension());
        (format.name().to_owned(), base.file(view.id, &name).into())
    };
    let files = Format::ALL.into_iter().filter(|_| done).map(file);
    let models: Map<String, Value> = files.collect();
    json!({
        "id": view.id.to_string(),
        "type": "image-to-3d",
        "status": status,
        "progress": (view.progress * 100.0).round() as u32,
        "created_at": view.created_at.0,
        "started_at": 0,
        "finished_at": 0,
        "expires_at": view.expires_at.0,
        "preceding_tasks": view.queue_position.unwrap_or_default(),
        "task_error": { "message": view.failure_text().unwrap_or_default() },
        "model_urls": models,
        "thumbnail_url": if done { base.file(view.id, "preview.png") } else { String::new() },
        "texture_urls": [],
        "consumed_credits": 0,
    })
}

/// Nothing is paid for here: a credit is a job that may wait now.
async fn balance(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(json!({ "balance": left })))
}
