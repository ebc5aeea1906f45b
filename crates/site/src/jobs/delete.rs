//! `DELETE /jobs/{id}`, and `POST /jobs/{id}/delete` for forms: destroy everything now.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::id::JobId;
use crate::around::address_in;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// 204 when it is destroyed.
pub async fn delete(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<StatusCode, Problem> {
    state.lifecycle.destroy(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same for a form: a browser is led to the job's page, which now says that it is gone.
pub async fn delete_form(
    state: State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let status = delete(state, JobId(id)).await?;
    if wants_page(&headers) {
        return Ok(Redirect::to(&address_in(language, &format!("/jobs/{id}"))).into_response());
    }
    Ok(status.into_response())
}
