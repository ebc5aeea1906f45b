//! What isn't a file, in Stability's words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::error::Told;

pub fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "id": "", "name": told.code, "errors": [told.detail] })
}
