//! One line and one count per request, without anything that says whose it was.
//!
//! All that is logged for a request carries its number. Who meets a failure of ours is told it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::Id;
use tracing::Instrument;

use crate::state::AppState;

/// Tells programs the number of a request that failed through us.
const NUMBER: HeaderName = HeaderName::from_static("x-request-id");
/// Forty bits: no two requests of a log share theirs, and none passes for an id.
const LETTERS: usize = 8;

/// What a request is called in the log: random letters and digits that mean nothing anywhere else.
#[derive(Clone)]
pub struct RequestNumber(pub String);

impl RequestNumber {
    fn random() -> Self {
        let mut letters = Id::random().to_string();
        Self(letters.split_off(letters.len() - LETTERS))
    }
}

/// Logs and counts the route's pattern, never the path: paths have ids, and ids are capabilities.
pub async fn pattern_and_status(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let number = RequestNumber::random();
    let span = tracing::error_span!("request", number = number.0);
    let header = HeaderValue::from_str(&number.0);
    request.extensions_mut().insert(number);
    let mut reply = answered(state, request, next).instrument(span).await;
    if let (StatusCode::INTERNAL_SERVER_ERROR, Ok(number)) = (reply.status(), header) {
        reply.headers_mut().insert(NUMBER, number);
    }
    reply
}

async fn answered(state: AppState, request: Request, next: Next) -> Response {
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
