//! What every dialect of another service shares: its errors in its own shape, jobs of ours behind its
//! words, and waiting for the end where its requests wait.

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::Id;
use engine::{FACES, Options, TEXTURE_PX, Topology};
// All that dialects know of the engine: two options' values.
pub use engine::{Symmetry, Tier};
use lifecycle::{JobView, Wishes};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::api::error::{ApiError, LASTING, Told, unsupported};
use crate::api::order::within;
use crate::state::AppState;

/// A field that is documented as having no effect here.
pub type Ignored = Option<IgnoredAny>;

/// Says an error as a dialect does.
pub type Shape = fn(StatusCode, &Told) -> Value;

/// Errors of these routes, in that shape.
pub fn in_shape(routes: Router<AppState>, shape: Shape) -> Router<AppState> {
    routes.layer(from_fn_with_state(shape, reshape))
}

async fn reshape(State(shape): State<Shape>, request: Request, next: Next) -> Response {
    let mut reply = next.run(request).await;
    let Some(told) = Told::of(&reply) else {
        return reply;
    };
    let status = reply.status();
    let mut shaped = (status, Json(shape(status, &told))).into_response();
    for name in LASTING {
        if let Some(value) = reply.headers_mut().remove(&name) {
            shaped.headers_mut().insert(name, value);
        }
    }
    shaped
}

/// An option that nothing here corresponds to, if it is asked for.
pub fn refuse(asked: bool, option: &str) -> Result<(), ApiError> {
    match asked {
        true => Err(unsupported(format!(
            "{option} is not available here. Leave it away; docs/api says what is."
        ))),
        false => Ok(()),
    }
}

/// What most dialects can say about a model.
#[derive(Default)]
pub struct Asked {
    pub tier: Tier,
    pub faces: Option<u32>,
    pub quads: bool,
    pub symmetry: Symmetry,
    pub seed: Option<u64>,
    pub texture_px: Option<u32>,
}

impl Asked {
    /// The same for the engine, kept for an hour.
    pub fn wishes(self) -> Result<Wishes, ApiError> {
        let usual = Options::default();
        Ok(Options {
            tier: self.tier,
            faces: within("The number of faces", self.faces, FACES)?,
            topology: match self.quads {
                true => Topology::Quad,
                false => Topology::Triangle,
            },
            symmetry: self.symmetry,
            seed: self.seed.unwrap_or(usual.seed),
            texture_px: within("The texture’s size", self.texture_px, TEXTURE_PX)?,
            ..usual
        }
        .into())
    }
}

/// The job as soon as it has ended, or as it is after that time.
pub async fn ended(state: &AppState, id: Id, limit: Duration) -> Result<JobView, ApiError> {
    let mut watched = state.lifecycle.watch(id).await?;
    let wait = async {
        while !watched.borrow_and_update().state.is_final() && watched.changed().await.is_ok() {}
    };
    tokio::select! {
        _ = tokio::time::timeout(limit, wait) => {}
        () = state.stopping.cancelled() => {}
    }
    Ok(state.lifecycle.job(id).await?)
}
