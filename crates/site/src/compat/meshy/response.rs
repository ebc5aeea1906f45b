//! A job of ours in Meshy's words.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Id, JobState};
use formats::Format;
use lifecycle::JobView;
use serde_json::{Map, Value, json};

use crate::api::base::Base;
use crate::api::error::Told;

pub fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "message": told.detail, "code": told.code })
}

pub fn begun(id: Id) -> Response {
    (
        StatusCode::ACCEPTED,
        Json(json!({ "result": id.to_string() })),
    )
        .into_response()
}

pub fn task(view: &JobView, base: &Base) -> Value {
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
