//! `POST /api/v1/jobs`: a picture comes in, a job comes out. Dialects come through here, too.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use lifecycle::{Bundle, JobView, Role, Wishes};

use super::base::Base;
use super::caller::Caller;
use super::error::{ApiError, invalid};
use super::form::{Form, Sides};
use super::order::Order;
use super::{picture, webhook};
use crate::jobs::create::idempotency_key;
use crate::jobs::view::JobJson;
use crate::problem::Problem;
use crate::state::AppState;

/// 201 with the job. The same again for a request that is the same.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Form {
        file,
        beside,
        fields,
        ..
    }: Form<Order, Sides>,
) -> Result<Response, ApiError> {
    let wishes = Wishes {
        idempotency_key: idempotency_key(&headers)?,
        ..fields.wishes()?
    };
    let (url, secret) = (&fields.webhook_url, &fields.webhook_secret);
    let hook = webhook::Hook::named(&state, url.as_deref(), secret.as_deref())?;
    let picture = the_picture(&state, file, fields.image.as_deref()).await?;
    let named = [
        (Role::Left, fields.left.as_deref()),
        (Role::Back, fields.back.as_deref()),
        (Role::Right, fields.right.as_deref()),
    ];
    let pictures = all_files(&state, picture, beside, named).await?;
    let view = submit(&state, &caller, pictures, wishes).await?;
    created(&state, &caller, &view, hook, &base).await
}

/// The reply with a job that is there now, whose end the hook is told.
pub async fn created(
    state: &AppState,
    caller: &Caller,
    view: &JobView,
    hook: Option<webhook::Hook>,
    base: &Base,
) -> Result<Response, ApiError> {
    if let Some(hook) = hook {
        webhook::watch(state, view, hook, base.clone());
    }
    let job = JobJson::at(view, state.clock.now(), base);
    let headers = [
        (LOCATION, base.at(&format!("/api/v1/jobs/{}", view.id))),
        (CACHE_CONTROL, "no-store".into()),
    ];
    let room = room(state, caller).await?;
    Ok((StatusCode::CREATED, headers, room, Json(job)).into_response())
}

/// The one picture of a request.
pub async fn the_picture(
    state: &AppState,
    file: Option<Vec<u8>>,
    name: Option<&str>,
) -> Result<Vec<u8>, ApiError> {
    match (file, name) {
        (Some(file), None) if !file.is_empty() => Ok(file),
        (None, Some(name)) => picture::named(state, name).await,
        (Some(_), Some(_)) => Err(invalid("Send one picture: as a file or named, not both.")),
        (_, None) => Err(Problem::no_picture().into()),
    }
}

/// The picture with those beside it, each sent or named. Together they are as long as one picture may
/// be.
pub async fn all_files(
    state: &AppState,
    picture: Vec<u8>,
    sent: Vec<(Role, Vec<u8>)>,
    named: impl IntoIterator<Item = (Role, Option<&str>)>,
) -> Result<Bundle, ApiError> {
    let limit = state.lifecycle.max_upload_bytes();
    let mut pictures = Bundle::from(picture);
    for (role, file) in sent {
        pictures.insert(role, file.into());
    }
    for (role, name) in named {
        let Some(name) = name else { continue };
        if pictures.get(role).is_some() {
            let name = role.name();
            return Err(invalid(format!(
                "Send {name} once: as a file or named, not both."
            )));
        }
        let file = picture::named(state, name).await?;
        if file.is_empty() {
            return Err(Problem::no_picture().into());
        }
        pictures.insert(role, file.into());
        if pictures.content_len() > limit {
            return Err(Problem::too_large(limit).into());
        }
    }
    Ok(pictures)
}

/// Pictures named in the order that other services have for them: front, left, back, right.
pub async fn in_order(state: &AppState, named: &[Option<String>]) -> Result<Bundle, ApiError> {
    let (front, sides) = named.split_first().ok_or_else(Problem::no_picture)?;
    let front = the_picture(state, None, front.as_deref()).await?;
    let roles = [Role::Left, Role::Back, Role::Right];
    if sides.len() > roles.len() {
        return Err(invalid("Four pictures at most: front, left, back, right."));
    }
    let sides = sides.iter().map(Option::as_deref);
    let sides: Vec<_> = roles.into_iter().zip(sides).collect();
    all_files(state, front, Vec::new(), sides).await
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
    let submitted = tokio::spawn(async move {
        let view = lifecycle
            .submit(pictures, Wishes { owner, ..wishes })
            .await?;
        if let Some(secret) = secret {
            lifecycle.list_for(secret, view.id).await?;
        }
        Ok::<_, ApiError>(view)
    });
    submitted.await.map_err(|_| Problem::our_fault())?
}

/// How many more jobs of this caller may wait: `RateLimit-*`, as other services have it.
pub async fn room(
    state: &AppState,
    caller: &Caller,
) -> Result<[(HeaderName, String); 3], ApiError> {
    let (left, limit) = state.lifecycle.room_of(&caller.owner).await?;
    let reset = match left == limit {
        true => 0,
        false => state.lifecycle.likely_free_secs(),
    };
    Ok([
        (
            HeaderName::from_static("ratelimit-limit"),
            limit.to_string(),
        ),
        (
            HeaderName::from_static("ratelimit-remaining"),
            left.to_string(),
        ),
        (
            HeaderName::from_static("ratelimit-reset"),
            reset.to_string(),
        ),
    ])
}
