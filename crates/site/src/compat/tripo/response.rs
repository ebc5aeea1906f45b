//! A job of ours in Tripo's words.

use axum::Json;
use axum::http::StatusCode;
use domain::JobState;
use formats::Format;
use lifecycle::JobView;
use serde_json::{Value, json};

use crate::api::base::Base;
use crate::api::error::Told;
use crate::timestamp::rfc3339;

pub fn error(status: StatusCode, told: &Told) -> Value {
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

/// What every answer that is no error is wrapped in.
pub fn data(data: Value) -> Json<Value> {
    Json(json!({ "code": 0, "data": data }))
}

pub fn task(view: &JobView, task_id: String, format: Option<Format>, base: &Base) -> Value {
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
