//! Pictures that are sent ahead of their task.

use axum::Json;
use axum::extract::State;
use domain::LIFETIME_SECS;
use serde::Deserialize;
use serde_json::{Value, json};

use super::response::data;
use crate::api::base::Base;
use crate::api::caller::Caller;
use crate::api::error::ApiError;
use crate::api::files::{Nothing, shelve};
use crate::api::form::Form;
use crate::compat::speak::Ignored;
use crate::state::AppState;

pub async fn upload(
    State(state): State<AppState>,
    caller: Caller,
    form: Form<Nothing>,
) -> Result<Json<Value>, ApiError> {
    let shelved = shelve(&state, &caller, form).await?;
    Ok(data(json!({ "file_token": shelved.id.to_string() })))
}

/// What a file is told beforehand: which format it has is seen when it comes.
#[derive(Deserialize)]
pub struct Presign {
    #[serde(rename = "format")]
    _format: Ignored,
}

/// A place for a file that comes without a key.
pub async fn presign(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { .. }: Form<Presign>,
) -> Result<Json<Value>, ApiError> {
    let id = state.lifecycle.keep_free(caller.owner)?;
    Ok(data(json!({
        "file_token": id.to_string(),
        "presigned_url": base.at(&format!("/v3/files/{id}")),
        "expires_in": LIFETIME_SECS,
    })))
}
