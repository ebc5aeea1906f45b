//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::Id;

use crate::problem::Problem;
use crate::state::AppState;

/// A well-formed job id. Anything else is a job that doesn't exist.
pub struct JobId(pub Id);

impl FromRequestParts<AppState> for JobId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::no_such_job())?;
        text.parse().map(Self).map_err(|_| Problem::no_such_job())
    }
}
