//! `GET /jobs/{id}/model?format=stl&size_mm=100`, `/jobs/{id}/picture.webp`: what was made, in another
//! format.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use formats::Format;
use imaging::PictureFormat;
use lifecycle::Artifact;
use serde::Deserialize;

use super::download::{derived, download};
use super::id::JobId;
use super::size::longest_side;
use crate::problem::Problem;
use crate::state::AppState;

/// What may be asked for. Forms send empty fields, too.
#[derive(Deserialize)]
pub struct Wishes {
    format: Option<String>,
    size_mm: Option<String>,
}

/// The model as a file to save: GLB unless another format is named, one metre along its longest
/// side unless a size is.
pub async fn export(
    State(state): State<AppState>,
    id: JobId,
    method: Method,
    headers: HeaderMap,
    wishes: Result<Query<Wishes>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wishes) = wishes.map_err(|_| Problem::unknown_format())?;
    let format = match wishes.format.as_deref() {
        Some(name) => Format::from_name(name).ok_or_else(Problem::unknown_format)?,
        None => Format::Glb,
    };
    made(state, id, &method, &headers, format, wishes.size_mm).await
}

/// How large, in an address that names its format.
#[derive(Deserialize)]
pub struct Size {
    size_mm: Option<String>,
}

/// The model in a format that the address ends in.
pub async fn file(
    State(state): State<AppState>,
    id: JobId,
    method: Method,
    headers: HeaderMap,
    size: Result<Query<Size>, QueryRejection>,
    format: Format,
) -> Result<Response, Problem> {
    let Query(size) = size.map_err(|_| Problem::unknown_size())?;
    made(state, id, &method, &headers, format, size.size_mm).await
}

/// A tool's picture in a format other than the one it is kept in.
pub async fn picture(
    State(state): State<AppState>,
    JobId(id): JobId,
    format: PictureFormat,
) -> Result<Response, Problem> {
    let picture = state.lifecycle.picture(id, format).await?;
    let name = format.name();
    let disposition = format!("attachment; filename=\"picture.{name}\"");
    let media_type = format.media_type();
    Ok(derived(
        state.lifecycle,
        id,
        picture,
        media_type,
        &disposition,
    ))
}

/// The model in that format, as a download.
pub async fn made(
    state: AppState,
    JobId(id): JobId,
    method: &Method,
    headers: &HeaderMap,
    format: Format,
    size_mm: Option<String>,
) -> Result<Response, Problem> {
    let longest_side = longest_side(size_mm.as_deref())?;
    if format == Format::Glb && longest_side.is_none() {
        let file = (Artifact::Model, "attachment");
        return download(State(state), JobId(id), file, method, headers, true).await;
    }
    let export = state.lifecycle.export(id, format, longest_side).await?;
    let disposition = format!("attachment; filename=\"model.{}\"", format.extension());
    let lifecycle = state.lifecycle;
    Ok(derived(
        lifecycle,
        id,
        export,
        format.media_type(),
        &disposition,
    ))
}
