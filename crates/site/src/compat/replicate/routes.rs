//! Replicate's files and predictions, as its Python client speaks them. `docs/api/replicate.md` has
//! what differs.

use axum::Router;
use axum::routing::{delete, get, post};

use super::response::error;
use super::{files, predictions};
use crate::api;
use crate::api::caller::Scope;
use crate::api::routes::scoped;
use crate::compat::speak::in_shape;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/v1/files", post(files::upload))
        .route("/v1/predictions", post(predictions::predict_version))
        .route(
            "/v1/models/{owner}/{name}/predictions",
            post(predictions::predict),
        );
    let read = Router::new()
        .route("/v1/models/{owner}/{name}", get(predictions::model))
        .route("/v1/predictions", get(predictions::list))
        .route("/v1/predictions/{id}", get(predictions::show))
        .route("/v1/files", get(files::list))
        .route("/v1/files/{id}", get(files::show));
    let destroy = Router::new()
        .route("/v1/files/{id}", delete(api::files::delete))
        .route("/v1/predictions/{id}/cancel", post(predictions::cancel));
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(scoped(destroy, state, Scope::Delete));
    in_shape(routes, error)
}
