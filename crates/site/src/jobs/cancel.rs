//! `POST /jobs/{id}/cancel`: stop making it.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::id::JobId;
use super::view::{JobJson, path};
use crate::around::address_in;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// Stopping twice, or what is finished, changes nothing and is no error.
pub async fn cancel(
    State(state): State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.lifecycle.cancel(id).await?;
    if wants_page(&headers) {
        return Ok(Redirect::to(&address_in(language, &path(&view))).into_response());
    }
    Ok(Json(JobJson::new(&view, state.clock.now())).into_response())
}
