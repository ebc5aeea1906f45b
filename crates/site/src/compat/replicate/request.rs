//! What may be asked for, and the same as a job of ours.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use lifecycle::Wishes;
use serde::Deserialize;

use crate::api::error::{ApiError, Refusal, no_text_model};
use crate::compat::speak::{Asked, Tier};

/// How long a request may wait for its prediction, as at Replicate.
const LONGEST_WAIT_SECS: u64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predict {
    pub version: Option<String>,
    pub input: Input,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Input {
    pub image: Option<String>,
    prompt: Option<String>,
    seed: Option<u64>,
    faces: Option<u32>,
    quads: Option<bool>,
}

impl Input {
    /// The same of a job of ours.
    pub fn wishes(&self, tier: Tier) -> Result<Wishes, ApiError> {
        if self.prompt.is_some() {
            return Err(no_text_model());
        }
        Asked {
            tier,
            seed: self.seed,
            faces: self.faces,
            quads: self.quads == Some(true),
            ..Asked::default()
        }
        .wishes()
    }
}

/// Models are the tiers, whoever owns them, and their only version has the same name.
pub fn tier(name: &str) -> Result<Tier, ApiError> {
    let detail = || format!("Models here are {}.", Tier::ALL.map(Tier::name).join(", "));
    let unknown = || Refusal::new(StatusCode::NOT_FOUND, "unknown_model", detail());
    Ok(Tier::from_name(name).ok_or_else(unknown)?)
}

/// `Prefer: wait` or `Prefer: wait=10`.
pub fn wait(headers: &HeaderMap) -> Option<Duration> {
    let wait = headers
        .get("prefer")?
        .to_str()
        .ok()?
        .trim()
        .strip_prefix("wait")?;
    let secs = wait.strip_prefix('=').and_then(|secs| secs.parse().ok());
    Some(Duration::from_secs(
        secs.unwrap_or(LONGEST_WAIT_SECS).min(LONGEST_WAIT_SECS),
    ))
}

#[derive(Deserialize)]
pub struct Part {
    pub cursor: Option<String>,
}
