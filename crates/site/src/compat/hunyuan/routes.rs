//! The HTTP interface of Hunyuan3D's own `api_server`, as Blender add-ons speak it.
//! `docs/api/hunyuan.md` has what differs.

use axum::Router;
use axum::routing::{get, post};

use super::models;
use super::response::error;
use crate::api::caller::Scope;
use crate::api::routes::scoped;
use crate::compat::speak::in_shape;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/generate", post(models::generate))
        .route("/send", post(models::send));
    let read = Router::new().route("/status/{uid}", get(models::status));
    let routes = scoped(generate, state, Scope::Generate).merge(scoped(read, state, Scope::Read));
    in_shape(routes, error)
}
