//! Meshy's API as its MCP server speaks it, also under `/proxy/meshy`, where ComfyUI looks for it.
//! `docs/api/meshy.md` has what differs.

use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::json;

use super::response::error;
use super::{finished, storage, tasks};
use crate::api::caller::Scope;
use crate::api::routes::scoped;
use crate::compat::speak::{in_shape, refuse};
use crate::jobs;
use crate::state::AppState;

/// Kinds of task.
const IMAGE: &str = "v1/image-to-3d";
const SEVERAL: &str = "v1/multi-image-to-3d";
const TEXT: &str = "v2/text-to-3d";
const CONVERT: &str = "v1/convert";
const ANALYZE: &str = "v1/print/analyze";
/// What nothing here does: said in so many words, where 404 would look like a wrong address.
const REFUSED: [&str; 11] = [
    "creative-lab/{product}/v1/{step}",
    "v1/remesh",
    "v1/retexture",
    "v1/resize",
    "v1/uv-unwrap",
    "v1/rigging",
    "v1/animations",
    "v1/text-to-image",
    "v1/image-to-image",
    "v1/print/repair",
    "v1/print/multi-color",
];

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    below("/openapi", state)
        .merge(below("/proxy/meshy/openapi", state))
        .merge(in_shape(storage::routes(state), error))
}

fn below(root: &str, state: &AppState) -> Router<AppState> {
    let at = |path: &str| format!("{root}/{path}");
    let generate = Router::new()
        .route(&at(IMAGE), post(tasks::image_to_3d))
        .route(&at(SEVERAL), post(tasks::several_to_3d))
        .route(&at(TEXT), post(tasks::text_to_3d))
        .route(&at(CONVERT), post(finished::convert))
        .route(&at(ANALYZE), post(finished::analyze));
    let generate = REFUSED.into_iter().fold(generate, |routes, kind| {
        routes.route(&at(kind), post(move || async move { refuse(true, kind) }))
    });
    let read = Router::new()
        .route(&at(TEXT), get(async || Json(json!([]))))
        .route(
            &at(IMAGE),
            get(|state, caller, base, part| tasks::list(state, caller, base, part, 1..=1)),
        )
        .route(
            &at(SEVERAL),
            get(|state, caller, base, part| tasks::list(state, caller, base, part, 2..=u32::MAX)),
        )
        .route(&at(&format!("{SEVERAL}/{{id}}")), get(tasks::show))
        .route(&at(&format!("{SEVERAL}/{{id}}/stream")), get(tasks::stream))
        .route(&at(&format!("{IMAGE}/{{id}}")), get(tasks::show))
        .route(&at(&format!("{CONVERT}/{{id}}")), get(tasks::show))
        .route(&at(&format!("{ANALYZE}/{{id}}")), get(finished::analyzed))
        .route(&at(&format!("{IMAGE}/{{id}}/stream")), get(tasks::stream))
        .route(&at("v1/balance"), get(tasks::balance));
    let destroy = [IMAGE, SEVERAL]
        .into_iter()
        .fold(Router::new(), |routes, kind| {
            let task = at(&format!("{kind}/{{id}}"));
            routes.route(&task, delete(jobs::delete::delete))
        });
    let routes = scoped(generate, state, Scope::Generate)
        .merge(scoped(read, state, Scope::Read))
        .merge(scoped(destroy, state, Scope::Delete));
    in_shape(routes, error)
}
