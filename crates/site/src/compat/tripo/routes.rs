//! Tripo's API, version 3, as its Python client speaks it. `docs/api/tripo.md` has what differs.

use axum::Router;
use axum::routing::{get, post, put};

use super::response::error;
use super::{files, tasks};
use crate::api::caller::Scope;
use crate::api::files::deliver;
use crate::api::routes::scoped;
use crate::compat::speak::in_shape;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/v3/files", post(files::upload))
        .route("/v3/files/presign", post(files::presign))
        .route("/v3/generation/image-to-model", post(tasks::image_to_model))
        .route(
            "/v3/generation/multiview-to-model",
            post(tasks::multiview_to_model),
        )
        .route("/v3/generation/text-to-model", post(tasks::text_to_model))
        .route("/v3/models/convert", post(tasks::convert));
    let read = Router::new()
        .route("/v3/tasks/{id}", get(tasks::show))
        .route("/v3/tasks/list", post(tasks::list))
        .route("/v3/account/balance", get(tasks::balance));
    let signed = Router::new().route("/v3/files/{id}", put(deliver));
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(signed);
    in_shape(routes, error)
}
