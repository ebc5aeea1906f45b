//! `GET /jobs/{id}/model.glb` and `/preview.png`: what was made, until its hour is over.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use lifecycle::Artifact;

use super::id::JobId;
use crate::problem::Problem;
use crate::state::AppState;
use crate::timestamp::rfc3339;

const EXPIRES_AT: HeaderName = HeaderName::from_static("x-expires-at");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The model, as a file to save.
pub async fn model(state: State<AppState>, id: JobId) -> Result<Response, Problem> {
    download(state, id, Artifact::Model, "attachment").await
}

/// The preview, as a picture to show.
pub async fn preview(state: State<AppState>, id: JobId) -> Result<Response, Problem> {
    download(state, id, Artifact::Preview, "inline").await
}

async fn download(
    State(state): State<AppState>,
    JobId(id): JobId,
    artifact: Artifact,
    disposition: &str,
) -> Result<Response, Problem> {
    let download = state.lifecycle.download(id, artifact).await?;
    let file_name = artifact.file_name();
    let headers = [
        (CONTENT_TYPE, artifact.content_type().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("{disposition}; filename=\"{file_name}\""),
        ),
        // No copy may outlive the original, in a browser or on the way to it.
        (CACHE_CONTROL, "no-store".to_owned()),
        (EXPIRES_AT, rfc3339(download.expires_at)),
        (ROBOTS, "noindex".to_owned()),
    ];
    Ok((headers, download.bytes).into_response())
}
