//! Every address of `/api/v1`, by the scope that a key needs for it.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use domain::Tool;

use super::caller::{Scope, admit};
use super::{batches, create, deliveries, deprecated, files, jobs, openapi, page, room, tools};
use crate::jobs as shared;
use crate::layers::cors;
use crate::problem::Problem;
use crate::state::AppState;

/// The whole of this API.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/jobs", post(create::create))
        .route("/batches", post(batches::create))
        .route("/jobs/{id}/retry", post(jobs::retry));
    let generate = Tool::ALL.into_iter().fold(generate, |router, tool| {
        let create = post(move |state, caller, base, headers, form| {
            tools::create(state, caller, base, headers, form, tool)
        });
        router.route(&format!("/tools/{}", tool.name()), create)
    });
    let generate = generate
        .route_layer(from_fn_with_state(state.clone(), room::told))
        .route("/files", post(files::create))
        .route("/jobs/{id}/webhook", post(deliveries::again));
    let read = Router::new()
        .route("/jobs", get(jobs::list))
        .route("/jobs/{id}", get(jobs::show))
        .route("/jobs/{id}/events", get(shared::events::api))
        .route("/jobs/{id}/receipts", get(shared::receipts::receipts))
        .route("/jobs/{id}/webhook", get(deliveries::show))
        .route("/jobs/{id}/report", get(shared::report::report))
        .route("/jobs/{id}/report.png", get(shared::report::picture));
    let destroy = Router::new()
        .route("/jobs/{id}", delete(shared::delete::delete))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .route("/jobs/{id}/shorten", post(jobs::shorten))
        .route("/files/{id}", delete(files::delete));
    let gated = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(scoped(destroy, state, Scope::Delete));
    Router::new()
        .nest("/api/v1", gated)
        .route("/api/v1/openapi.json", get(openapi::text))
        .route("/docs/api", get(page::page))
        // Here already: what it is set to later no layer of these would see, and so no preflight.
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(&*deprecated::NOTICES, deprecated::told))
        .layer(cors::api())
}

/// Lets in keys of that scope only.
pub fn scoped(routes: Router<AppState>, state: &AppState, scope: Scope) -> Router<AppState> {
    routes.route_layer(from_fn_with_state((state.clone(), scope), admit))
}
