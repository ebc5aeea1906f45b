//! A job of ours in PrintPal's words.

use axum::http::StatusCode;
use domain::{Id, JobState};
use formats::Format;
use lifecycle::JobView;
use serde_json::{Value, json};

use crate::api::base::Base;
use crate::api::error::Told;
use crate::timestamp::rfc3339;

pub fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "error": told.code, "message": told.detail })
}

pub fn generation(view: &JobView, uid: &str, format: Format, base: &Base) -> Value {
    let status = match view.state {
        JobState::Queued => "pending",
        JobState::Running => "processing",
        JobState::Done => "completed",
        JobState::Failed | JobState::Cancelled => "failed",
    };
    let done = view.state == JobState::Done;
    json!({
        "generation_uid": uid,
        "status": status,
        "created_at": rfc3339(view.created_at),
        "expires_at": rfc3339(view.expires_at),
        "format": format.extension(),
        "download_url": done.then(|| file(base, view.id, format)),
        "error": view.failure_text(),
    })
}

/// Where the model is.
pub fn file(base: &Base, id: Id, format: Format) -> String {
    base.file(id, &format!("model.{}", format.extension()))
}
