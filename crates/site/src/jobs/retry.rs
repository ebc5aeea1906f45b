//! `POST /jobs/{id}/retry`: once more, with other options if they are named.

use axum::Json;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};

use super::id::JobId;
use super::options::EngineWishes;
use super::view::{JobJson, path};
use crate::around::address_in;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// The job as it waits now. Asking twice changes nothing and is no error.
pub async fn retry(
    State(state): State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    request: Request,
) -> Result<Response, Problem> {
    let page = wants_page(request.headers());
    // Who sends no form wants nothing changed.
    let wishes = match request.headers().contains_key(CONTENT_TYPE) {
        true => {
            let form = Form::<EngineWishes>::from_request(request, &state).await;
            form.map_err(|_| Problem::not_a_form())?.0
        }
        false => EngineWishes::default(),
    };
    let view = state.lifecycle.retry(id, wishes.again()?).await?;
    if page {
        return Ok(Redirect::to(&address_in(language, &path(&view))).into_response());
    }
    Ok(Json(JobJson::new(&view, state.clock.now())).into_response())
}
