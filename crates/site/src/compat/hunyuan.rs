//! The HTTP interface of Hunyuan3D's own `api_server`, as Blender add-ons speak it.
//! `docs/api/hunyuan.md` has what differs.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::JobState;
use engine::Tier;
use formats::Format;
use lifecycle::{Bundle, Role};
use serde::Deserialize;
use serde_json::{Value, json};

use super::speak::{Asked, Passing, ended, in_shape, refuse};
use crate::api::caller::{Caller, Scope};
use crate::api::create::submit;
use crate::api::error::{ApiError, Refusal, Told, no_text_model};
use crate::api::form::Form;
use crate::api::picture;
use crate::api::routes::scoped;
use crate::jobs::export;
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::problem::Problem;
use crate::state::AppState;

/// How long a request waits for its model.
const LONGEST_WAIT: Duration = Duration::from_secs(1800);

/// Every address of it.
pub fn routes(state: &AppState) -> Router<AppState> {
    let generate = Router::new()
        .route("/generate", post(generate))
        .route("/send", post(send));
    let read = Router::new().route("/status/{uid}", get(status));
    let routes = scoped(generate, state, Scope::Generate).merge(scoped(read, state, Scope::Read));
    in_shape(routes, error)
}

fn error(_: StatusCode, told: &Told) -> Value {
    json!({ "text": told.detail, "error": told.detail, "error_code": 1, "code": told.code })
}

/// Other fields are skipped, as the original does.
#[derive(Deserialize)]
struct Request {
    image: Option<String>,
    image_front: Option<String>,
    image_left: Option<String>,
    image_back: Option<String>,
    image_right: Option<String>,
    text: Option<String>,
    mesh: Option<String>,
    seed: Option<u64>,
    octree_resolution: Option<u32>,
    face_count: Option<u32>,
    #[serde(rename = "type")]
    format: Option<String>,
}

impl Request {
    /// The pictures, what to make of them, and in which format it is wanted.
    fn read(self, place: Place) -> Result<(Bundle, lifecycle::Wishes, Format), ApiError> {
        refuse(self.mesh.is_some(), "mesh")?;
        let Some(front) = self.image.or(self.image_front) else {
            return Err(match self.text {
                Some(_) => no_text_model(),
                None => Problem::no_picture().into(),
            });
        };
        let mut pictures = Bundle::from(plain(&front, &place)?);
        let sides = [
            (Role::Left, self.image_left),
            (Role::Back, self.image_back),
            (Role::Right, self.image_right),
        ];
        for (role, side) in sides {
            if let Some(side) = side {
                pictures.insert(role, plain(&side, &place)?.into());
            }
        }
        let asked = Asked {
            tier: match self.octree_resolution {
                Some(512..) => Tier::Ultra,
                Some(384..) => Tier::Pro,
                _ => Tier::Base,
            },
            faces: self.face_count,
            seed: self.seed,
            ..Asked::default()
        };
        let format = self.format.as_deref().unwrap_or("glb");
        let format = Format::from_name(format).ok_or_else(Problem::unknown_format)?;
        Ok((pictures, asked.wishes()?, format))
    }
}

/// The bytes of a picture in base64, as a data URI or without its head.
fn plain(image: &str, place: &Place) -> Result<Vec<u8>, ApiError> {
    let text = image.split_once(";base64,").map_or(image, |(_, text)| text);
    Ok(place.counted(picture::base64(text, place.allowance.left())?)?)
}

/// The file itself, as soon as there is one.
async fn generate(
    State(state): State<AppState>,
    caller: Caller,
    method: Method,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Request>,
) -> Result<Response, ApiError> {
    let (pictures, wishes, format) = fields.read(place)?;
    let job = Passing::begin(&state, &caller, pictures, wishes).await?;
    made(state, job, format, &method, &headers).await
}

/// Waits for a job and gives its model out, which ends it.
pub async fn made(
    state: AppState,
    job: Passing,
    format: Format,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let view = ended(&state, job.id, LONGEST_WAIT).await?;
    if view.state != JobState::Done {
        let reason = view.failure_text().unwrap_or("It was not made in time.");
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "failed", reason).into());
    }
    let file = export::made(state, JobId(job.id), method, headers, format, None).await?;
    job.given_out();
    Ok(file)
}

async fn send(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<Request>,
) -> Result<Json<Value>, ApiError> {
    let (pictures, wishes, _) = fields.read(place)?;
    let view = submit(&state, &caller, pictures, wishes).await?;
    Ok(Json(json!({ "uid": view.id.to_string() })))
}

async fn status(State(state): State<AppState>, JobId(id): JobId) -> Result<Json<Value>, ApiError> {
    let view = state.lifecycle.job(id).await?;
    Ok(Json(match view.state {
        JobState::Queued | JobState::Running => json!({ "status": "processing" }),
        JobState::Done => {
            let model = state
                .lifecycle
                .download(id, lifecycle::Artifact::Model)
                .await?;
            let body =
                json!({ "status": "completed", "model_base64": STANDARD.encode(&*model.bytes) });
            state.lifecycle.downloaded(id).await?;
            body
        }
        JobState::Failed | JobState::Cancelled => {
            json!({ "status": "failed", "message": view.failure_text() })
        }
    }))
}
