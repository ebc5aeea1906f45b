//! `POST /jobs/{id}/model`: a model of the picture that a tool made, without sending it again.

use axum::Extension;
use axum::extract::{Form, FromRequest, Request, State};
use axum::response::Response;
use lifecycle::{Artifact, Bundle, Role, Wishes};

use super::create::{created, idempotency_key, owner, submit};
use super::id::JobId;
use crate::client::Peer;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;
use crate::upload::{Words, wishes};

/// A job of its own, with its own deadline; the tool's stays as it is. Answers as `POST /jobs` does.
pub async fn onward(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let form = Form::<Words>::from_request(request, &state).await;
    let Form(words) = form.map_err(|_| Problem::not_a_form())?;
    let wishes = Wishes {
        owner: owner(&state, peer, &headers),
        idempotency_key: idempotency_key(&headers)?,
        ..wishes(words)?
    };
    let made = state.lifecycle.download(id, Artifact::Edited).await?;
    let mut picture = Bundle::default();
    picture.insert(Role::Picture, made.bytes.to_vec().into());
    let view = submit(&state, picture, wishes).await?;
    Ok(created(&state, &view, language, &headers))
}
