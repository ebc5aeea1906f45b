//! `POST /api/v1/batches`: many pictures come in, a job for each comes out.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::base::Base;
use super::caller::Caller;
use super::create::submit;
use super::error::ApiError;
use super::form::Many;
use super::order::Orders;
use super::{picture, webhook};
use crate::jobs::batch::{overview, unless_all_refused, wishes_of};
use crate::jobs::create::idempotency_key;
use crate::jobs::view::JobJson;
use crate::problem::Problem;
use crate::state::AppState;
use crate::upload::MOST_PICTURES;

/// 201 with a job or a problem for each picture, those that were sent before those that were named.
/// If all of them were refused, the first one's problem.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Many {
        files,
        fields,
        place,
    }: Many<Orders>,
) -> Result<Response, ApiError> {
    let wishes = fields.wanted.wishes()?;
    let key = idempotency_key(&headers)?;
    let hook = fields.wanted.hook(&state)?;
    match files.len() + fields.images.len() {
        0 => return Err(Problem::no_picture().into()),
        1..=MOST_PICTURES => {}
        _ => return Err(Problem::too_many(MOST_PICTURES).into()),
    }
    let named = fields.images.iter();
    let named = named.map(|name| picture::named(&state, &place, name));
    let named = join_all(named).await;
    drop(place);
    let pictures = files.into_iter().map(Ok).chain(named);
    let mut entries = Vec::new();
    for (nth, picture) in pictures.enumerate() {
        let wishes = wishes_of(nth, &wishes, key.as_deref());
        entries.push(match picture {
            Ok(picture) => submit(&state, &caller, picture, wishes).await,
            Err(refusal) => Err(refusal),
        });
    }
    let entries = unless_all_refused(entries)?;

    let now = state.clock.now();
    let mut told: Vec<Value> = Vec::new();
    for entry in &entries {
        told.push(match entry {
            Ok(view) => json!({ "job": JobJson::at(view, now, &base) }),
            Err(refusal) => json!({ "problem": refusal.json() }),
        });
        if let (Ok(view), Some(hook)) = (entry, &hook) {
            webhook::watch(&state, view, hook.clone(), base.clone());
        }
    }
    let body = json!({ "overview": base.at(&overview(&entries)), "pictures": told });
    Ok((
        StatusCode::CREATED,
        [(CACHE_CONTROL, "no-store")],
        Json(body),
    )
        .into_response())
}
