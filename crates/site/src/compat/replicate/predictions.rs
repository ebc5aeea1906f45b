//! Predictions: a picture that becomes a model of some tier.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use lifecycle::{Cursor, Role};
use serde_json::{Value, json};

use super::request::{Input, Part, Predict, tier, wait};
use super::response::{self, prediction};
use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::create::{gathered, submit};
use crate::api::error::{ApiError, invalid};
use crate::api::form::Form;
use crate::compat::speak::{Tier, ended};
use crate::jobs::id::JobId;
use crate::place::Place;
use crate::state::AppState;

/// Predictions in a page of a list, as at Replicate.
const PAGE: u32 = 100;

pub async fn predict_version(
    state: State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Predict>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let tier = tier(fields.version.as_deref().unwrap_or_default())?;
    start(state, caller, base, headers, place, tier, fields.input).await
}

pub async fn predict(
    state: State<AppState>,
    caller: Caller,
    base: Base,
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
    Form { fields, place, .. }: Form<Predict>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    start(
        state,
        caller,
        base,
        headers,
        place,
        tier(&name)?,
        fields.input,
    )
    .await
}

async fn start(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    headers: HeaderMap,
    place: Place,
    tier: Tier,
    input: Input,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let wishes = input.wishes(tier)?;
    let named = input.image.unwrap_or_default();
    let picture = [(Role::Picture, Some(base.below("/v1/files/", &named)))];
    let picture = gathered(&state, place, None, picture).await?;
    let mut view = submit(&state, &caller, picture, wishes).await?;
    if let Some(wait) = wait(&headers) {
        view = ended(&state, view.id, wait).await?;
    }
    let status = match view.state.is_final() {
        true => StatusCode::CREATED,
        false => StatusCode::ACCEPTED,
    };
    let mut prediction = prediction(&view, &base);
    if !view.state.is_final() {
        // Its client takes any other state for the last one.
        prediction["status"] = "starting".into();
    }
    Ok((status, Json(prediction)))
}

/// The key's predictions, newest first. What image tools make is none.
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Query(part): Query<Part>,
) -> Result<Json<Value>, ApiError> {
    let cursor = part.cursor.map(|cursor| cursor.parse::<Cursor>());
    let cursor = cursor.transpose();
    let cursor = cursor.map_err(|_| invalid("cursor is what an earlier reply had in “next”."))?;
    let (secret, key) = caller.key()?;
    let lifecycle = &state.lifecycle;
    let page = lifecycle.jobs_of(*secret, key, cursor.as_ref(), PAGE);
    let page = page.await?;
    let models = page.jobs.iter().filter(|view| view.tool.is_none());
    let predictions: Vec<Value> = models.map(|view| prediction(view, &base)).collect();
    let next = page
        .next
        .map(|cursor| base.at(&format!("/v1/predictions?cursor={cursor}")));
    Ok(Json(
        json!({ "previous": null, "next": next, "results": predictions }),
    ))
}

pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(prediction(&state.lifecycle.job(id).await?, &base)))
}

pub async fn cancel(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(prediction(&state.lifecycle.cancel(id).await?, &base)))
}

pub async fn model(
    Path((owner, name)): Path<(String, String)>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(response::model(owner, tier(&name)?, &base)))
}
