//! `POST /jobs`: a picture comes in, a job comes out.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use lifecycle::{Bundle, JobView, Wishes};
use locales::Language;
use tracing::Instrument;

use super::view::{JobJson, path};
use crate::around::address_in;
use crate::client::Peer;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;
use crate::upload::Upload;

/// Longest idempotency key that is taken.
const LONGEST_KEY: usize = 255;

/// 201 with the job for programs, 303 to its page for plain forms. The same again for a request that
/// is the same.
pub async fn create(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    Spoken(language): Spoken,
    headers: HeaderMap,
    mut upload: Upload,
) -> Result<Response, Problem> {
    upload.wishes.owner = owner(&state, peer, &headers);
    upload.wishes.idempotency_key = idempotency_key(&headers)?;
    let view = submit(&state, upload.pictures, upload.wishes).await?;
    Ok(created(&state, &view, language, &headers))
}

/// Whose job it is.
pub fn owner(state: &AppState, peer: Option<Extension<Peer>>, headers: &HeaderMap) -> String {
    state
        .clients
        .owner(peer.map(|Extension(peer)| peer), headers)
}

/// The reply with a job that is there now.
pub fn created(
    state: &AppState,
    view: &JobView,
    language: Language,
    headers: &HeaderMap,
) -> Response {
    let address = address_in(language, &path(view));
    if wants_page(headers) {
        return Redirect::to(&address).into_response();
    }
    let headers = [(LOCATION, address), (CACHE_CONTROL, "no-store".into())];
    let job = JobJson::new(view, state.clock.now());
    (StatusCode::CREATED, headers, Json(job)).into_response()
}

/// A job of those pictures.
pub async fn submit(
    state: &AppState,
    pictures: Bundle,
    wishes: Wishes,
) -> Result<JobView, Problem> {
    let lifecycle = state.lifecycle.clone();
    // A task of its own: a client that leaves now must not leave half a job behind.
    let submitted = async move { lifecycle.submit(pictures, wishes).await };
    let submitted = tokio::spawn(submitted.in_current_span());
    Ok(submitted.await.map_err(|_| Problem::our_fault())??)
}

/// What makes a second request the same as this one, if its sender says so.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else {
        return Ok(None);
    };
    let key = key.to_str().ok().filter(|key| {
        let length = key.trim().len();
        (1..=LONGEST_KEY).contains(&length) && keys.next().is_none()
    });
    let key = key.ok_or_else(|| Problem::unusable_idempotency_key(LONGEST_KEY))?;
    Ok(Some(key.trim().to_owned()))
}
