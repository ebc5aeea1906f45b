//! Stability's two 3D endpoints. `docs/api/stability.md` has what differs.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use engine::Tier;
use formats::Format;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hunyuan::made;
use super::speak::{Asked, Ignored, Passing, in_shape};
use crate::api::caller::{Caller, Scope};
use crate::api::create::gathered;
use crate::api::error::{ApiError, Told, invalid};
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::state::AppState;

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let routes = Router::new()
        .route("/v2beta/3d/stable-fast-3d", post(generate))
        .route("/v2beta/3d/stable-point-aware-3d", post(generate));
    in_shape(scoped(routes, state, Scope::Generate), error)
}

fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "id": "", "name": told.code, "errors": [told.detail] })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    texture_resolution: Option<u32>,
    remesh: Option<String>,
    target_type: Option<String>,
    target_count: Option<u32>,
    seed: Option<u64>,
    #[serde(rename = "foreground_ratio")]
    _foreground_ratio: Ignored,
    #[serde(rename = "guidance_scale")]
    _guidance_scale: Ignored,
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
    }: Form<Fields>,
) -> Result<Response, ApiError> {
    let faces = match fields.target_type.as_deref() {
        None | Some("none") => None,
        Some("face") => fields.target_count,
        // A closed surface has about twice as many triangles as vertices.
        Some("vertex") => fields.target_count.map(|count| count.saturating_mul(2)),
        Some(_) => return Err(invalid("target_type is none, vertex or face.")),
    };
    let asked = Asked {
        tier: match fields.texture_resolution {
            None | Some(512 | 1024) => Tier::Base,
            Some(2048) => Tier::Pro,
            Some(_) => return Err(invalid("texture_resolution is 512, 1024 or 2048.")),
        },
        faces,
        quads: match fields.remesh.as_deref() {
            None | Some("none" | "triangle") => false,
            Some("quad") => true,
            Some(_) => return Err(invalid("remesh is none, triangle or quad.")),
        },
        seed: fields.seed,
        texture_px: fields.texture_resolution,
        ..Asked::default()
    };
    let wishes = asked.wishes()?;
    let picture = gathered(&state, place, files, None).await?;
    let job = Passing::begin(&state, &caller, picture, wishes).await?;
    made(state, job, Format::Glb, &method, &headers).await
}
