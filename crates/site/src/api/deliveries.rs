//! `/api/v1/jobs/{id}/webhook`: how telling a client's server went, and telling it once more.
//!
//! Kept in memory until an hour after the job's end: moments and statuses, nothing that was told.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Id, UnixMillis};
use lifecycle::ReadError;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::error::{ApiError, Refusal};
use crate::jobs::id::JobId;
use crate::state::AppState;
use crate::timestamp::rfc3339;

/// Only the last are kept of more.
const MOST_TRIES: usize = 64;

/// A time that it was tried: when, and the status that came, if one did.
type Try = (UnixMillis, Option<StatusCode>);

/// What is told of one job.
pub struct Delivery {
    /// What tells the message from others, in `webhook-id`.
    pub message: Id,
    /// Somebody wants it told now.
    pub again: Notify,
    tries: Mutex<Vec<Try>>,
}

impl Delivery {
    pub fn note(&self, at: UnixMillis, status: Option<StatusCode>) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() == MOST_TRIES {
            tries.remove(0);
        }
        tries.push((at, status));
    }

    fn told(&self) -> Value {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let told = tries.iter().map(|(at, status)| {
            json!({ "at": rfc3339(*at), "status": status.map(|status| status.as_u16()) })
        });
        let taken = |(_, status): &Try| status.is_some_and(|status| status.is_success());
        json!({
            "id": self.message.to_string(),
            "delivered": tries.iter().any(taken),
            "tries": told.collect::<Vec<_>>(),
        })
    }
}

/// All of them, by the job.
#[derive(Clone, Default)]
pub struct Deliveries(Arc<Mutex<HashMap<Id, Arc<Delivery>>>>);

impl Deliveries {
    /// Begins one, if none is under way: a request that came twice makes one job, which is told once.
    pub fn begin(&self, job: Id) -> Option<Arc<Delivery>> {
        match self.all().entry(job) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => {
                let delivery = Arc::new(Delivery {
                    message: Id::random(),
                    again: Notify::new(),
                    tries: Mutex::default(),
                });
                Some(place.insert(delivery).clone())
            }
        }
    }

    pub fn forget(&self, job: Id) {
        self.all().remove(&job);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Id, Arc<Delivery>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tries until now.
pub async fn show(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<Json<Value>, ApiError> {
    state.lifecycle.job(id).await?;
    Ok(Json(of(&state, id)?.told()))
}

/// 202: it is told now, and then as after the job's end.
pub async fn again(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    if !state.lifecycle.job(id).await?.state.is_final() {
        return Err(ReadError::NotReady.into());
    }
    let delivery = of(&state, id)?;
    delivery.again.notify_one();
    Ok((StatusCode::ACCEPTED, Json(delivery.told())))
}

fn of(state: &AppState, job: Id) -> Result<Arc<Delivery>, ApiError> {
    let detail = "Nothing is known of a webhook of that job: it named none, ended more than an hour \
                  ago, or the server was started anew since.";
    let found = state.deliveries.all().get(&job).cloned();
    Ok(found.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no_webhook", detail))?)
}
