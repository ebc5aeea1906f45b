//! A job of ours in its words.

use axum::http::StatusCode;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::api::error::Told;

pub fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "text": told.detail, "error": told.detail, "error_code": 1, "code": told.code })
}

pub fn processing() -> Value {
    json!({ "status": "processing" })
}

pub fn completed(model: &[u8]) -> Value {
    json!({ "status": "completed", "model_base64": BASE64_STANDARD.encode(model) })
}

pub fn failed(reason: Option<&str>) -> Value {
    json!({ "status": "failed", "message": reason })
}
