//! `GET /jobs/{id}/events`: the job live, as server-sent events.

use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use domain::{Clock, Id};
use futures_util::{Stream, StreamExt, stream};
use lifecycle::JobView;
use tokio::sync::watch;

use super::id::JobId;
use super::view::JobJson;
use crate::api::base::Base;
use crate::api::error::ApiError;
use crate::problem::Problem;
use crate::state::AppState;

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(2);
/// Proxies close connections that are silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One `job` event at once and after each change; the stream ends with the final one. Whoever
/// connects again gets the present state, unless that is the one they saw last.
pub async fn events(
    State(state): State<AppState>,
    JobId(id): JobId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    stream_of(state, id, &headers, None).await
}

/// The same with addresses that are whole.
pub async fn api(
    State(state): State<AppState>,
    JobId(id): JobId,
    base: Base,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(stream_of(state, id, &headers, Some(base)).await?)
}

async fn stream_of(
    state: AppState,
    id: Id,
    headers: &HeaderMap,
    base: Option<Base>,
) -> Result<Response, Problem> {
    let watched = state.lifecycle.watch(id).await?;
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let seen = seen.map(str::to_owned);
    let present = watched.borrow().clone();
    if present.state.is_final() && seen == Some(event_id(&present)) {
        // The whole stream was seen: a browser doesn't connect again after this answer.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let views = until_final(watched).skip_while(move |view| ready(seen == Some(event_id(view))));
    let clock = state.clock.clone();
    let open = state.metrics.stream();
    let events = views
        .take_until(state.stopping.clone().cancelled_owned())
        .map(move |view| {
            let _counted = &open;
            Ok::<_, Infallible>(event(&view, &*clock, base.as_ref()))
        });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(events.into_response())
}

/// Tells a state from the one before.
fn event_id(view: &JobView) -> String {
    let stage = view.stage.map_or("-", engine::Stage::name);
    let ahead = view.queue_position.unwrap_or_default();
    let permille = (view.progress * 1000.0).round();
    format!("{}.{stage}.{permille}.{ahead}", view.state.name())
}

fn event(view: &JobView, clock: &dyn Clock, base: Option<&Base>) -> Event {
    let event = Event::default()
        .event("job")
        .id(event_id(view))
        .retry(RETRY);
    let job = match base {
        Some(base) => JobJson::at(view, clock.now(), base),
        None => JobJson::new(view, clock.now()),
    };
    event
        .json_data(job)
        .expect("a job is plain data, which always becomes JSON")
}

/// The present view, then each later one, up to the final one or the end of the channel.
pub fn until_final(receiver: watch::Receiver<JobView>) -> impl Stream<Item = JobView> {
    stream::unfold((receiver, None), async |(mut receiver, last)| {
        match last {
            None => {}
            Some(state) if domain::JobState::is_final(state) => return None,
            Some(_) => receiver.changed().await.ok()?,
        }
        let view = receiver.borrow_and_update().clone();
        let state = view.state;
        Some((view, (receiver, Some(state))))
    })
}
