//! `POST /tools/matte`, `/tools/edit` and `/tools/erase`: a picture comes in, a job comes out that
//! makes another one of it.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::Tool;
use lifecycle::{Role, Wishes};

use super::fields::Fields;
use super::order::recipe;
use crate::client::Peer;
use crate::jobs::create::{created, idempotency_key, owner, submit};
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;
use crate::upload;

/// Answers as `POST /jobs` does.
pub async fn create(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    Spoken(language): Spoken,
    tool: Tool,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (files, words) = upload::received(request, &state, Role::of_tool(tool)).await?;
    let pictures = upload::of_one(files)?;
    let mut fields = Fields::of_form(words)?;
    let wishes = Wishes {
        lifetime: fields.lifetime()?,
        owner: owner(&state, peer, &headers),
        idempotency_key: idempotency_key(&headers)?,
        ..recipe(tool, &mut fields, &pictures)?.into()
    };
    let view = submit(&state, pictures, wishes).await?;
    Ok(created(&state, &view, language, &headers))
}
