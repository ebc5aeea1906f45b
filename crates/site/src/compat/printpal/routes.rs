//! PrintPal's API, as its Python client speaks it. `docs/api/printpal.md` has what differs.

use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use super::response::error;
use super::{account, generations};
use crate::api::caller::Scope;
use crate::api::routes::scoped;
use crate::compat::speak::in_shape;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new().route("/api/generate", post(generations::generate));
    let read = Router::new()
        .route("/api/generate/{uid}/status", get(generations::status))
        .route("/api/generate/{uid}/download", get(generations::download))
        .route("/api/credits", get(account::credits))
        .route("/api/usage", get(account::usage));
    let open = Router::new()
        .route("/api/pricing", get(account::pricing))
        .route(
            "/api/health",
            get(async || Json(json!({ "status": "healthy" }))),
        );
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(open);
    in_shape(routes, error)
}
