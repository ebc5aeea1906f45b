//! Meshy's API as its MCP server speaks it, also under `/proxy/meshy`, where ComfyUI looks for it.
//! `docs/api/meshy.md` has what differs.

mod finished;
mod storage;
mod wanted;

use std::convert::Infallible;
use std::ops::RangeInclusive;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Id, JobState};
use formats::Format;
use futures_util::StreamExt;
use lifecycle::JobView;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::wanted::Wanted;
use super::speak::{in_shape, refuse};
use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::create::{in_order, submit};
use crate::api::error::{ApiError, Told, no_text_model};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::jobs::delete;
use crate::jobs::events::until_final;
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::state::AppState;

/// Kinds of task.
const IMAGE: &str = "v1/image-to-3d";
const SEVERAL: &str = "v1/multi-image-to-3d";
const TEXT: &str = "v2/text-to-3d";
const CONVERT: &str = "v1/convert";
const ANALYZE: &str = "v1/print/analyze";
/// What nothing here does: said in so many words, where 404 would look like a wrong address.
const REFUSED: [&str; 11] = [
    "creative-lab/{product}/v1/{step}",
    "v1/remesh",
    "v1/retexture",
    "v1/resize",
    "v1/uv-unwrap",
    "v1/rigging",
    "v1/animations",
    "v1/text-to-image",
    "v1/image-to-image",
    "v1/print/repair",
    "v1/print/multi-color",
];
/// Tasks of a list that are looked at, at a time.
const LOOK: u32 = 100;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    below("/openapi", state)
        .merge(below("/proxy/meshy/openapi", state))
        .merge(in_shape(storage::routes(state), error))
}

fn below(root: &str, state: &AppState) -> Router<AppState> {
    let at = |path: &str| format!("{root}/{path}");
    let generate = Router::new()
        .route(&at(IMAGE), post(image_to_3d))
        .route(&at(SEVERAL), post(several_to_3d))
        .route(&at(TEXT), post(text_to_3d))
        .route(&at(CONVERT), post(finished::convert))
        .route(&at(ANALYZE), post(finished::analyze));
    let generate = REFUSED.into_iter().fold(generate, |routes, kind| {
        routes.route(&at(kind), post(move || async move { refuse(true, kind) }))
    });
    let read = Router::new()
        .route(&at(TEXT), get(async || Json(json!([]))))
        .route(
            &at(IMAGE),
            get(|state, caller, base, part| list(state, caller, base, part, 1..=1)),
        )
        .route(
            &at(SEVERAL),
            get(|state, caller, base, part| list(state, caller, base, part, 2..=u32::MAX)),
        )
        .route(&at(&format!("{SEVERAL}/{{id}}")), get(show))
        .route(&at(&format!("{SEVERAL}/{{id}}/stream")), get(stream))
        .route(&at(&format!("{IMAGE}/{{id}}")), get(show))
        .route(&at(&format!("{CONVERT}/{{id}}")), get(show))
        .route(&at(&format!("{ANALYZE}/{{id}}")), get(finished::analyzed))
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

async fn image_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { fields, place, .. }: Form<Image>,
) -> Result<Response, ApiError> {
    let images = [Some(fields.image_url)];
    make(&state, &caller, &base, place, &images, fields.wishes).await
}

async fn several_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { fields, place, .. }: Form<Several>,
) -> Result<Response, ApiError> {
    let images = fields.image_urls;
    make(&state, &caller, &base, place, &images, fields.wishes).await
}

async fn make(
    state: &AppState,
    caller: &Caller,
    base: &Base,
    place: Place,
    images: &[Option<String>],
    wanted: Wanted,
) -> Result<Response, ApiError> {
    let wishes = wanted.wishes()?;
    let images = images.iter().map(Option::as_deref);
    let images: Vec<_> = images
        .map(|image| image.map(|image| storage::kept_at(base, image)))
        .collect();
    let pictures = in_order(state, place, &images).await?;
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

/// The key's tasks of so many pictures, newest first; without a key there are none to list.
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Query(part): Query<Part>,
    pictures: RangeInclusive<u32>,
) -> Result<Json<Value>, ApiError> {
    let Some((secret, key)) = &caller.key else {
        return Ok(Json(json!([])));
    };
    let size = part.page_size.unwrap_or(10).clamp(1, 50) as usize;
    let before = size * (part.page_num.unwrap_or(1).clamp(1, 100) as usize - 1);
    let is_listed = |view: &JobView| view.tool.is_none() && pictures.contains(&view.views);
    let (mut tasks, mut cursor) = (Vec::new(), None);
    loop {
        let jobs = &state.lifecycle;
        let page = jobs.jobs_of(*secret, key, cursor.as_ref(), LOOK).await?;
        tasks.extend(page.jobs.into_iter().filter(is_listed));
        cursor = page.next;
        if tasks.len() >= before + size || cursor.is_none() {
            break;
        }
    }
    let tasks = tasks.iter().skip(before).take(size);
    let told = tasks.map(|view| told(view, &base));
    Ok(Json(Value::Array(told.collect())))
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
        "type": if view.views > 1 { "multi-image-to-3d" } else { "image-to-3d" },
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
