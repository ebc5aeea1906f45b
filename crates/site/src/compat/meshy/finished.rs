//! What is asked about a finished task. Each is answered by that task itself, so nothing is made anew:
//! its files are there in every format, and whether it can be printed is found out when it is asked.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::{Id, JobState};
use serde::Deserialize;
use serde_json::{Value, json};

use super::response::begun;
use crate::api::error::{ApiError, invalid};
use crate::api::form::Form;
use crate::compat::speak::{Ignored, refuse};
use crate::jobs::id::JobId;
use crate::jobs::size::USUAL_MM;
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convert {
    input_task_id: String,
    #[serde(rename = "target_formats")]
    _target_formats: Ignored,
}

pub async fn convert(
    State(state): State<AppState>,
    Form { fields, .. }: Form<Convert>,
) -> Result<Response, ApiError> {
    Ok(begun(done(&state, &fields.input_task_id).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analyze {
    input_task_id: Option<String>,
    model_url: Option<String>,
}

pub async fn analyze(
    State(state): State<AppState>,
    Form { fields, .. }: Form<Analyze>,
) -> Result<Response, ApiError> {
    refuse(fields.model_url.is_some(), "model_url")?;
    let task = fields.input_task_id.unwrap_or_default();
    Ok(begun(done(&state, &task).await?))
}

/// The id of a task that has a model.
async fn done(state: &AppState, text: &str) -> Result<Id, ApiError> {
    let id: Id = text.parse().map_err(|_| Problem::no_such_job())?;
    match state.lifecycle.job(id).await?.state {
        JobState::Done => Ok(id),
        _ => Err(invalid("That task has no model (yet).")),
    }
}

/// What stands against printing the model as large as is usual, and its volume at that size.
pub async fn analyzed(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<Json<Value>, ApiError> {
    let findings = state.lifecycle.report(id, USUAL_MM / 1000.0).await?;
    let report = findings.report;
    let (errors, warnings) = (report.problems.len(), report.advice.len());
    let status = match (errors, warnings) {
        (0, 0) => "healthy",
        (0, _) => "warning",
        _ => "error",
    };
    Ok(Json(json!({
        "id": id.to_string(),
        "type": "print-analyze",
        "status": "SUCCEEDED",
        "progress": 100,
        "expires_at": findings.expires_at.0,
        "task_error": { "message": "" },
        "consumed_credits": 0,
        "printability": {
            "status": status,
            "issue_count": errors + warnings,
            "error_count": errors,
            "warning_count": warnings,
            "metrics": {
                "is_watertight": report.watertight,
                "volume": report.volume.unwrap_or_default(),
                "non_manifold_edges": report.crowded_edges,
                "degenerate_faces": report.degenerate,
                "holes": report.holes.len(),
            },
        },
    })))
}
