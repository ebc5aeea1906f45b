//! Whoever is told that something is gone is told where the proof is.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::Id;
use locales::Language;

use crate::problem::Problem;
use crate::state::AppState;

/// Adds the receipts to every 410 about a job.
pub async fn offered_when_gone(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let id = job_in(request.uri().path());
    let mut reply = next.run(request).await;
    if reply.status() != StatusCode::GONE {
        return reply;
    }
    let (Some(id), Some(problem)) = (id, reply.extensions_mut().remove::<Problem>()) else {
        return reply;
    };
    // A job past its deadline that the reaper has not reached has none yet.
    let receipts = state.lifecycle.receipts(id).await.unwrap_or_default();
    let mut told = problem.with_receipts(id, &receipts).into_reply();
    // Whether pages of other sites may read it was said by an inner layer.
    let said = reply.headers().iter();
    let said = said.filter(|(name, _)| name.as_str().starts_with("access-control-"));
    told.headers_mut()
        .extend(said.map(|(name, value)| (name.clone(), value.clone())));
    told
}

fn job_in(path: &str) -> Option<Id> {
    let before = match Language::of_path(path) {
        Language::English => "/api/v1",
        language => language.prefix(),
    };
    let path = path.strip_prefix(before).unwrap_or(path);
    path.strip_prefix("/jobs/")?.split('/').next()?.parse().ok()
}
