//! One line per request, without anything that says whose it was.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Logs the route's pattern, never the path: paths have ids, and ids are capabilities.
pub async fn pattern_and_status(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let reply = next.run(request).await;
    tracing::info!(
        %method,
        route = pattern.as_ref().map_or("-", MatchedPath::as_str),
        status = reply.status().as_u16(),
        millis = begun.elapsed().as_millis() as u64,
        "answered"
    );
    reply
}
