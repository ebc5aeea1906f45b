//! `GET /api/v1/openapi.json`, and `/docs/api`, which shows it to people.
//!
//! The text is written by hand: most of what it has to say (limits, deadlines, which errors) is not
//! in any type, and names come from other crates. Tests hold every route, name and code against it.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::Value;

/// The contract, as committed.
pub const TEXT: &str = include_str!("../../../../docs/api/openapi.json");

/// The same, read.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(TEXT).expect("the committed text is JSON, tests read it")
});

/// As it is committed.
pub async fn text() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], TEXT)
}
