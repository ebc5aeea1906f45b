//! What a key may ask about itself, and anybody about the service.

use axum::Json;
use axum::extract::State;
use formats::Format;
use serde_json::{Value, json};

use super::request::QUALITIES;
use crate::api::caller::Caller;
use crate::api::error::ApiError;
use crate::compat::speak::Tier;
use crate::state::AppState;

/// Nothing is paid for here: a credit is a job that may wait now.
pub async fn credits(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(
        json!({ "credits": left, "user_id": 0, "username": name(&caller) }),
    ))
}

/// No use of a key is counted.
pub async fn usage(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (left, _) = state.lifecycle.room_of(&caller.owner).await?;
    Ok(Json(json!({
        "api_key": { "name": name(&caller), "total_requests": 0, "credits_used": 0 },
        "user": { "credits_remaining": left },
        "recent_requests": [],
    })))
}

fn name(caller: &Caller) -> &str {
    caller.key.as_ref().map_or("", |(_, key)| &key.name)
}

pub async fn pricing() -> Json<Value> {
    let free = |(name, tier): (&str, Tier)| {
        let tier = json!({ "cost": 0, "description": tier.name(), "resolution": "", "estimated_time_seconds": 0 });
        (name.to_owned(), tier)
    };
    let credits: serde_json::Map<String, Value> = QUALITIES.into_iter().map(free).collect();
    Json(json!({
        "credits": credits,
        "supported_formats": Format::ALL.map(Format::name),
        "rate_limits": {},
    }))
}
