//! Tasks: a picture, or several, that become a model, and models in other formats.

use axum::Json;
use axum::extract::{Path, State};
use domain::JobState;
use formats::Format;
use serde_json::{Map, Value, json};

use super::request::{Convert, ImageToModel, MultiviewToModel, Several, Wanted, task_id};
use super::response::{data, task};
use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::create::{in_order, submit};
use crate::api::error::{ApiError, invalid, no_text_model};
use crate::api::form::Form;
use crate::place::Place;
use crate::problem::Problem;
use crate::state::AppState;

pub async fn image_to_model(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<ImageToModel>,
) -> Result<Json<Value>, ApiError> {
    make(&state, &caller, place, &[Some(fields.input)], fields.wanted).await
}

pub async fn multiview_to_model(
    State(state): State<AppState>,
    caller: Caller,
    Form { fields, place, .. }: Form<MultiviewToModel>,
) -> Result<Json<Value>, ApiError> {
    make(&state, &caller, place, &fields.inputs, fields.wanted).await
}

async fn make(
    state: &AppState,
    caller: &Caller,
    place: Place,
    inputs: &[Option<String>],
    wanted: Wanted,
) -> Result<Json<Value>, ApiError> {
    let wishes = wanted.wishes()?;
    let inputs: Vec<_> = inputs.iter().map(Option::as_deref).collect();
    let pictures = in_order(state, place, &inputs).await?;
    let view = submit(state, caller, pictures, wishes).await?;
    Ok(data(json!({ "task_id": view.id.to_string() })))
}

pub async fn text_to_model() -> ApiError {
    no_text_model()
}

/// A model is written in another format when it is fetched, so this task has ended already: its id
/// is the first one's and the format.
pub async fn convert(
    State(state): State<AppState>,
    Form { fields, .. }: Form<Convert>,
) -> Result<Json<Value>, ApiError> {
    let (id, _) = task_id(&fields.input)?;
    let format = Format::from_name(&fields.format.to_ascii_lowercase());
    let format = format.ok_or_else(Problem::unknown_format)?;
    let view = state.lifecycle.job(id).await?;
    if view.state != JobState::Done {
        return Err(invalid("That task has no model (yet)."));
    }
    Ok(data(
        json!({ "task_id": format!("{id}-{}", format.name()) }),
    ))
}

pub async fn show(
    State(state): State<AppState>,
    Path(text): Path<String>,
    base: Base,
) -> Result<Json<Value>, ApiError> {
    let (id, format) = task_id(&text)?;
    let view = state.lifecycle.job(id).await?;
    Ok(data(task(&view, text, format, &base)))
}

pub async fn list(
    State(state): State<AppState>,
    base: Base,
    Form { fields, .. }: Form<Several>,
) -> Result<Json<Value>, ApiError> {
    let (mut found, mut missed) = (Map::new(), Vec::new());
    for text in fields.task_ids.into_iter().take(100) {
        let Ok((id, format)) = task_id(&text) else {
            missed.push(text);
            continue;
        };
        match state.lifecycle.job(id).await {
            Ok(view) => {
                let task = task(&view, text.clone(), format, &base);
                found.insert(text, task);
            }
            Err(_) => missed.push(text),
        }
    }
    Ok(data(json!({ "tasks": found, "missed": missed })))
}

/// Nothing is paid for here: a credit is a job that may wait now.
pub async fn balance(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(data(json!({ "balance": left, "frozen": 0 })))
}
