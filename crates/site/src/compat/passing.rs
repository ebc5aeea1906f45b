//! Jobs of requests that wait for their file, and go with it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::{Id, JobState, Lifetime};
use formats::Format;
use lifecycle::{Bundle, Lifecycle, Wishes};

use super::speak::ended;
use crate::api::caller::Caller;
use crate::api::create::submit;
use crate::api::error::{ApiError, Refusal};
use crate::jobs::download::EXPIRES_AT;
use crate::jobs::export;
use crate::jobs::id::JobId;
use crate::state::AppState;

/// How long a request waits for its model.
const LONGEST_WAIT: Duration = Duration::from_secs(1800);

/// A job for a request that waits for its file and never learns its id: destroyed when the file was
/// given out, or when this is dropped.
pub struct Passing {
    lifecycle: Arc<Lifecycle>,
    pub id: Id,
    given_out: bool,
}

impl Passing {
    pub async fn begin(
        state: &AppState,
        caller: &Caller,
        pictures: impl Into<Bundle>,
        wishes: Wishes,
    ) -> Result<Self, ApiError> {
        let wishes = Wishes {
            lifetime: Lifetime::HOUR.until_first_download(),
            ..wishes
        };
        let view = submit(state, caller, pictures, wishes).await?;
        Ok(Self {
            lifecycle: state.lifecycle.clone(),
            id: view.id,
            given_out: false,
        })
    }

    /// Its download ends it from here on.
    pub fn given_out(mut self) {
        self.given_out = true;
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if self.given_out {
            return;
        }
        let (lifecycle, id) = (self.lifecycle.clone(), self.id);
        tokio::spawn(async move {
            // What can't be destroyed now is at its deadline.
            let _ = lifecycle.destroy(id).await;
        });
    }
}

/// Waits for a job and gives its model out, which ends it.
pub async fn made(
    state: AppState,
    job: Passing,
    format: Format,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let view = ended(&state, job.id, LONGEST_WAIT).await?;
    if view.state != JobState::Done {
        let reason = view.failure_text().unwrap_or("It was not made in time.");
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "failed", reason).into());
    }
    let mut file = export::made(state, JobId(job.id), method, headers, format, None).await?;
    // It goes with this answer, and not at its job's moment.
    file.headers_mut().remove(EXPIRES_AT);
    job.given_out();
    Ok(file)
}
