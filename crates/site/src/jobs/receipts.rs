//! `GET /jobs/{id}/receipts` and `/.well-known/ai3dgen-receipts.pub`: proof of destruction, and what
//! it is verified with.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::id::JobId;
use crate::problem::Problem;
use crate::state::AppState;

/// One receipt a line, as it was signed; none while nothing is destroyed.
pub async fn receipts(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<Response, Problem> {
    let receipts = state.lifecycle.receipts(id).await?;
    let lines: String = receipts.iter().map(|one| format!("{one}\n")).collect();
    let headers = [
        (CONTENT_TYPE, "application/jsonl"),
        (CONTENT_DISPOSITION, "inline; filename=\"receipts.jsonl\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, lines).into_response())
}

/// The installation's public key, one line.
pub async fn public_key(State(state): State<AppState>) -> String {
    format!("{}\n", state.lifecycle.public_key())
}
