//! One line and one count per request, without anything that says whose it was.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// Logs and counts the route's pattern, never the path: paths have ids, and ids are capabilities.
pub async fn pattern_and_status(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let reply = next.run(request).await;
    let route = pattern.as_ref().map_or("-", MatchedPath::as_str);
    let (status, took) = (reply.status(), begun.elapsed());
    state.metrics.answered(&method, route, status, took);
    tracing::info!(
        %method,
        route,
        status = status.as_u16(),
        millis = took.as_millis() as u64,
        "answered"
    );
    reply
}
