//! `POST /api/v1/jobs`: a picture comes in, a job comes out. Dialects come through here, too.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::try_join_all;
use lifecycle::{Bundle, JobView, Role, Wishes};
use tracing::Instrument;

use super::base::Base;
use super::caller::Caller;
use super::error::{ApiError, invalid};
use super::form::{Form, Sides};
use super::order::Order;
use super::{picture, webhook};
use crate::jobs::create::idempotency_key;
use crate::jobs::view::JobJson;
use crate::place::Place;
use crate::problem::Problem;
use crate::state::AppState;

/// 201 with the job. The same again for a request that is the same.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Form {
        files,
        fields,
        place,
        ..
    }: Form<Order, Sides>,
) -> Result<Response, ApiError> {
    let wishes = Wishes {
        idempotency_key: idempotency_key(&headers)?,
        ..fields.wanted.wishes()?
    };
    let hook = fields.wanted.hook(&state)?;
    let named = [
        (Role::Picture, fields.image.as_deref()),
        (Role::Left, fields.left.as_deref()),
        (Role::Back, fields.back.as_deref()),
        (Role::Right, fields.right.as_deref()),
    ];
    let pictures = gathered(&state, place, files, named).await?;
    let view = submit(&state, &caller, pictures, wishes).await?;
    Ok(created(&state, &view, hook, &base))
}

/// The reply with a job that is there now, whose end the hook is told.
pub fn created(
    state: &AppState,
    view: &JobView,
    hook: Option<webhook::Hook>,
    base: &Base,
) -> Response {
    if let Some(hook) = hook {
        webhook::watch(state, view, hook, base.clone());
    }
    let job = JobJson::at(view, state.clock.now(), base);
    let headers = [
        (LOCATION, base.at(&format!("/api/v1/jobs/{}", view.id))),
        (CACHE_CONTROL, "no-store".into()),
    ];
    (StatusCode::CREATED, headers, Json(job)).into_response()
}

/// The pictures of one object, each sent or named; those that are named come side by side. Together
/// they are as long as one picture may be.
pub async fn gathered(
    state: &AppState,
    place: Place,
    sent: impl IntoIterator<Item = (Role, Vec<u8>)>,
    named: impl IntoIterator<Item = (Role, Option<&str>)>,
) -> Result<Bundle, ApiError> {
    let mut pictures = Bundle::default();
    for (role, file) in sent {
        pictures.insert(role, file.into());
    }
    let mut fetches = Vec::new();
    for (role, name) in named {
        let Some(name) = name else { continue };
        if pictures.get(role).is_some() {
            let role = role.name();
            return Err(invalid(format!(
                "Send {role} once: as a file or named, not both."
            )));
        }
        let fetch = picture::named(state, &place, name);
        fetches.push(async move { Ok::<_, ApiError>((role, fetch.await?)) });
    }
    for (role, file) in try_join_all(fetches).await? {
        pictures.insert(role, file.into());
    }
    match pictures.get(Role::Picture) {
        Some(picture) if !picture.is_empty() => Ok(pictures),
        _ => Err(Problem::no_picture().into()),
    }
}

/// Pictures named in the order that other services have for them: front, left, back, right.
pub async fn in_order(
    state: &AppState,
    place: Place,
    named: &[Option<&str>],
) -> Result<Bundle, ApiError> {
    let roles = [Role::Picture, Role::Left, Role::Back, Role::Right];
    if named.len() > roles.len() {
        return Err(invalid("Four pictures at most: front, left, back, right."));
    }
    let named = roles.into_iter().zip(named.iter().copied());
    gathered(state, place, None, named).await
}

/// Makes a job for whoever calls, and lists it for their key.
pub async fn submit(
    state: &AppState,
    caller: &Caller,
    pictures: impl Into<Bundle>,
    wishes: Wishes,
) -> Result<JobView, ApiError> {
    let pictures = pictures.into();
    let owner = caller.owner.clone();
    let secret = caller.key.as_ref().map(|(secret, _)| *secret);
    let lifecycle = state.lifecycle.clone();
    // A task of its own: a client that leaves now must not leave half a job behind.
    let submitted = async move {
        let view = lifecycle
            .submit(pictures, Wishes { owner, ..wishes })
            .await?;
        if let Some(secret) = secret {
            lifecycle.list_for(secret, view.id).await?;
        }
        Ok::<_, ApiError>(view)
    };
    let submitted = tokio::spawn(submitted.in_current_span());
    submitted.await.map_err(|_| Problem::our_fault())?
}
