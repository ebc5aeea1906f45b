//! How many more jobs of a caller may wait: `RateLimit-*`, as other services have it.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::caller::Caller;
use crate::state::AppState;

/// Adds it where a job was to be made: to what was made, and to the refusal of one too many.
pub async fn told(
    State(state): State<AppState>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Response {
    let mut reply = next.run(request).await;
    let status = reply.status();
    if !status.is_success() && status != StatusCode::TOO_MANY_REQUESTS {
        return reply;
    }
    // Without the job list nobody knows; what was made is made all the same.
    let Ok((left, limit)) = state.lifecycle.room_of(&caller.owner).await else {
        return reply;
    };
    let reset = match left == limit {
        true => 0,
        false => u64::from(state.lifecycle.likely_free_secs()),
    };
    for (name, value) in [
        ("ratelimit-limit", limit as u64),
        ("ratelimit-remaining", left as u64),
        ("ratelimit-reset", reset),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from(value));
    }
    reply
}
