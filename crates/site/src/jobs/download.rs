//! `GET /jobs/{id}/model.glb` and `/preview.png`: what was made, until its hour is over.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use domain::UnixMillis;
use lifecycle::{Artifact, Download};

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
    let name = artifact.file_name();
    Ok(file(
        download,
        artifact.content_type(),
        &format!("{disposition}; filename=\"{name}\""),
    ))
}

/// A file that came out of the vault, or was made of one that did.
pub fn file(download: Download, media_type: &'static str, disposition: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, disposition.to_owned()),
    ];
    let passing = passing(download.expires_at);
    // Owned as it is: the bytes are wiped when the last of them is sent.
    let body = Body::from(Bytes::from_owner(download.bytes));
    (headers, passing, body).into_response()
}

/// The headers of what passes with its hour.
pub fn passing(expires_at: UnixMillis) -> [(HeaderName, String); 3] {
    [
        // No copy may outlive the original, in a browser or on the way to it.
        (CACHE_CONTROL, "no-store".to_owned()),
        (EXPIRES_AT, rfc3339(expires_at)),
        (ROBOTS, "noindex".to_owned()),
    ]
}
