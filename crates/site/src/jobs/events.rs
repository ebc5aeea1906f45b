//! `GET /jobs/{id}/events`: the job live, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use domain::Clock;
use futures_util::{Stream, StreamExt, stream};
use lifecycle::JobView;
use tokio::sync::watch;

use super::id::JobId;
use super::view::JobJson;
use crate::problem::Problem;
use crate::state::AppState;

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(2);
/// Proxies close connections that are silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One `job` event at once and after each change; the stream ends with the final one. Connecting
/// again simply starts with the present state, so there is nothing to resume.
pub async fn events(
    State(state): State<AppState>,
    JobId(id): JobId,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let views = until_final(state.lifecycle.watch(id).await?);
    let clock = state.clock.clone();
    let open = state.metrics.stream();
    let events = views
        .take_until(state.stopping.clone().cancelled_owned())
        .map(move |view| {
            let _counted = &open;
            Ok(event(&view, &*clock))
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn event(view: &JobView, clock: &dyn Clock) -> Event {
    let event = Event::default().event("job").retry(RETRY);
    event
        .json_data(JobJson::new(view, clock.now()))
        .expect("a job is plain data, which always becomes JSON")
}

/// The present view, then each later one, up to the final one or the end of the channel.
fn until_final(receiver: watch::Receiver<JobView>) -> impl Stream<Item = JobView> {
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
