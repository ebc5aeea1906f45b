//! A job of ours, and a model, in Replicate's words.

use axum::http::StatusCode;
use domain::{Id, JobState};
use lifecycle::JobView;
use serde_json::{Value, json};

use crate::api::base::Base;
use crate::api::error::Told;
use crate::compat::speak::Tier;
use crate::timestamp::rfc3339;

pub fn error(status: StatusCode, told: &Told) -> Value {
    json!({ "title": told.code, "detail": told.detail, "status": status.as_u16() })
}

pub fn prediction(view: &JobView, base: &Base) -> Value {
    let id: Id = view.id;
    let status = match view.state {
        JobState::Queued => "starting",
        JobState::Running => "processing",
        JobState::Done => "succeeded",
        JobState::Failed => "failed",
        JobState::Cancelled => "canceled",
    };
    let tier = view.options.tier.name();
    json!({
        "id": id.to_string(),
        "model": format!("ai3dgen/{tier}"),
        "version": tier,
        "status": status,
        "input": {},
        "output": (view.state == JobState::Done).then(|| base.file(id, "model.glb")),
        "error": view.failure_text(),
        "logs": "",
        "metrics": {},
        "created_at": rfc3339(view.created_at),
        "started_at": null,
        "completed_at": null,
        "expires_at": rfc3339(view.expires_at),
        "urls": {
            "get": base.at(&format!("/v1/predictions/{id}")),
            "cancel": base.at(&format!("/v1/predictions/{id}/cancel")),
        },
    })
}

pub fn model(owner: String, tier: Tier, base: &Base) -> Value {
    json!({
        "url": base.at("/docs/api"),
        "owner": owner,
        "name": tier.name(),
        "description": "A picture becomes a textured 3D model.",
        "visibility": "private",
        "github_url": null,
        "paper_url": null,
        "license_url": null,
        "run_count": 0,
        "cover_image_url": null,
        "default_example": null,
        "latest_version": null,
    })
}
