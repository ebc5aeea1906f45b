//! `GET /health`: for whoever watches the service.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::AppState;

/// 200 `ok`, or 503 when the storage does not answer or the reaper does not keep up.
pub async fn health(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.lifecycle.punctuality().await {
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the storage does not answer\n",
        ),
        Ok(punctuality) if punctuality.is_alarming() => (
            StatusCode::SERVICE_UNAVAILABLE,
            "what must be gone is overdue: look at the log, and whether the disk can be written\n",
        ),
        Ok(_) => (StatusCode::OK, "ok\n"),
    }
}
