//! `POST /jobs/{id}/shorten`: keep it no longer than this. Never makes anything longer.

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::id::JobId;
use super::life::LifeWishes;
use super::view::{JobJson, path};
use crate::around::address_in;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// The job with the deadline that it has now: the earlier one of that and what was asked for.
pub async fn shorten(
    State(state): State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    headers: HeaderMap,
    wishes: Result<Form<LifeWishes>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(wishes) = wishes.map_err(|_| Problem::unknown_lifetime())?;
    let (secs, after_download) = (wishes.secs()?, wishes.until_first_download()?);
    if secs.is_none() && !after_download {
        return Err(Problem::unknown_lifetime());
    }
    let view = state.lifecycle.shorten(id, secs, after_download).await?;
    if wants_page(&headers) {
        return Ok(Redirect::to(&address_in(language, &path(&view))).into_response());
    }
    Ok(Json(JobJson::new(&view, state.clock.now())).into_response())
}
