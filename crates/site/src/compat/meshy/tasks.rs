//! Tasks: a picture, or several, that become a model.

use std::convert::Infallible;
use std::ops::RangeInclusive;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use lifecycle::JobView;
use serde_json::{Value, json};

use super::request::{Image, Part, Several, Wanted};
use super::response::{begun, task};
use super::storage;
use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::create::{in_order, submit};
use crate::api::error::{ApiError, no_text_model};
use crate::api::form::Form;
use crate::jobs::events::until_final;
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::state::AppState;

/// Tasks of a list that are looked at, at a time.
const LOOK: u32 = 100;

pub async fn image_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { fields, place, .. }: Form<Image>,
) -> Result<Response, ApiError> {
    let images = [Some(fields.image_url)];
    make(&state, &caller, &base, place, &images, fields.wanted).await
}

pub async fn several_to_3d(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { fields, place, .. }: Form<Several>,
) -> Result<Response, ApiError> {
    let images = fields.image_urls;
    make(&state, &caller, &base, place, &images, fields.wanted).await
}

async fn make(
    state: &AppState,
    caller: &Caller,
    base: &Base,
    place: Place,
    images: &[Option<String>],
    wanted: Wanted,
) -> Result<Response, ApiError> {
    let wishes = wanted.wishes()?;
    let images = images.iter().map(Option::as_deref);
    let images: Vec<_> = images
        .map(|image| image.map(|image| storage::kept_at(base, image)))
        .collect();
    let pictures = in_order(state, place, &images).await?;
    let view = submit(state, caller, pictures, wishes).await?;
    Ok(begun(view.id))
}

pub async fn text_to_3d() -> ApiError {
    no_text_model()
}

pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(task(&state.lifecycle.job(id).await?, &base)))
}

pub async fn stream(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Response, ApiError> {
    let views = until_final(state.lifecycle.watch(id).await?);
    let views = views.take_until(state.stopping.clone().cancelled_owned());
    let events = views.map(move |view| {
        let event = Event::default()
            .event("message")
            .json_data(task(&view, &base));
        Ok::<_, Infallible>(event.expect("a task is plain data, which always becomes JSON"))
    });
    Ok(Sse::new(events).into_response())
}

/// The key's tasks of so many pictures, newest first; without a key there are none to list.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Query(part): Query<Part>,
    pictures: RangeInclusive<u32>,
) -> Result<Json<Value>, ApiError> {
    let Some((secret, key)) = &caller.key else {
        return Ok(Json(json!([])));
    };
    let size = part.page_size.unwrap_or(10).clamp(1, 50) as usize;
    let before = size * (part.page_num.unwrap_or(1).clamp(1, 100) as usize - 1);
    let is_listed = |view: &JobView| view.tool.is_none() && pictures.contains(&view.views);
    let (mut tasks, mut cursor) = (Vec::new(), None);
    loop {
        let jobs = &state.lifecycle;
        let page = jobs.jobs_of(*secret, key, cursor.as_ref(), LOOK).await?;
        tasks.extend(page.jobs.into_iter().filter(is_listed));
        cursor = page.next;
        if tasks.len() >= before + size || cursor.is_none() {
            break;
        }
    }
    let tasks = tasks.iter().skip(before).take(size);
    let tasks = tasks.map(|view| task(view, &base));
    Ok(Json(Value::Array(tasks.collect())))
}

/// Nothing is paid for here: a credit is a job that may wait now.
pub async fn balance(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(json!({ "balance": left })))
}
