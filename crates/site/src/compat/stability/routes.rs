//! Stability's two 3D endpoints. `docs/api/stability.md` has what differs.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::post;
use formats::Format;

use super::request::Request;
use super::response::error;
use crate::api::caller::{Caller, Scope};
use crate::api::create::gathered;
use crate::api::error::ApiError;
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::compat::passing::{Passing, made};
use crate::compat::speak::in_shape;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let routes = Router::new()
        .route("/v2beta/3d/stable-fast-3d", post(generate))
        .route("/v2beta/3d/stable-point-aware-3d", post(generate));
    in_shape(scoped(routes, state, Scope::Generate), error)
}

async fn generate(
    State(state): State<AppState>,
    caller: Caller,
    method: Method,
    headers: HeaderMap,
    Form {
        files,
        fields,
        place,
        ..
    }: Form<Request>,
) -> Result<Response, ApiError> {
    let wishes = fields.wishes()?;
    let picture = gathered(&state, place, files, None).await?;
    let job = Passing::begin(&state, &caller, picture, wishes).await?;
    made(state, job, Format::Glb, &method, &headers).await
}
