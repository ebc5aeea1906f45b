//! `GET /health`: for whoever watches the service.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::AppState;

/// 200 `ok`, or 503 when the storage does not answer.
pub async fn health(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.lifecycle.healthy().await {
        (StatusCode::OK, "ok\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the storage does not answer\n",
        )
    }
}
