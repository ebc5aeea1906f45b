//! `GET /metrics`, on a listener of its own that is off unless somebody asks for it.
//!
//! Never in a label: ids, addresses, names, or a text that somebody sent. A route is its pattern, a
//! method one of those that we answer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lifecycle::{Lifecycle, Snapshot};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::state::AppState;

/// What Prometheus asks for first.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds for the time until a reply begins, seconds.
const REPLY_SECS: [f64; 9] = [0.002, 0.005, 0.02, 0.05, 0.2, 0.5, 2.0, 10.0, 60.0];

/// Everything that is counted. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Parts>);

struct Parts {
    registry: Registry,
    requests: Family<Answered, Counter>,
    reply_secs: Family<Route, Histogram>,
    streams: Gauge,
    moment: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What is asked for when somebody looks.
#[derive(Default)]
struct Moment {
    lag_secs: Gauge,
    since_pass_secs: Gauge,
    alarm: Gauge,
    objects: Gauge,
    destroyed: Family<[(&'static str, &'static str); 1], Counter>,
    jobs: Family<[(&'static str, &'static str); 1], Gauge>,
    oldest_wait_secs: Gauge,
    workers_started: Counter,
}

impl Metrics {
    /// With what the lifecycle counts.
    pub fn new(lifecycle: &Lifecycle) -> Self {
        let mut registry = Registry::with_prefix("ai3dgen");
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which version this is", build);
        lifecycle.figures().register(&mut registry);
        let moment = Moment::default();
        moment.register(&mut registry);
        let requests = Family::default();
        registry.register("requests", "Requests that were answered", requests.clone());
        let reply_secs = Family::new_with_constructor(reply_secs as fn() -> Histogram);
        registry.register(
            "reply_seconds",
            "Time until the reply began; an upload's own time is part of it",
            reply_secs.clone(),
        );
        let streams = Gauge::default();
        registry.register(
            "event_streams",
            "Progress streams that are open",
            streams.clone(),
        );
        Self(Arc::new(Parts {
            registry,
            requests,
            reply_secs,
            streams,
            moment,
        }))
    }

    /// Counts a reply that begins.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let route = route.to_owned();
        let secs = self.0.reply_secs.get_or_create_owned(&Route {
            route: route.clone(),
        });
        secs.observe(took.as_secs_f64());
        let answered = Answered {
            method: known(method),
            route,
            status: status.as_u16(),
        };
        self.0.requests.get_or_create(&answered).inc();
    }

    /// A progress stream is open as long as this is kept.
    pub fn stream(&self) -> OpenStream {
        self.0.streams.inc();
        OpenStream(self.0.streams.clone())
    }

    /// The page as it is now.
    fn page(&self, snapshot: &Snapshot) -> Result<String, std::fmt::Error> {
        self.0.moment.set(snapshot);
        let mut page = String::new();
        encode(&mut page, &self.0.registry)?;
        Ok(page)
    }
}

fn reply_secs() -> Histogram {
    Histogram::new(REPLY_SECS)
}

/// Anybody may invent methods.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Counts a stream while it is open.
pub struct OpenStream(Gauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Moment {
    fn register(&self, registry: &mut Registry) {
        let gauges = [
            (
                "reaper_lag_seconds",
                "How late the oldest object or job is that must be gone; 0 if none is",
                &self.lag_secs,
            ),
            (
                "reaper_last_pass_age_seconds",
                "How long ago the reaper last got through",
                &self.since_pass_secs,
            ),
            (
                "reaper_alarm",
                "1 if the reaper needs somebody to look after it",
                &self.alarm,
            ),
            ("objects", "Sealed objects that are held", &self.objects),
            (
                "queue_oldest_wait_seconds",
                "How long the oldest waiting job has been waiting; 0 if none waits",
                &self.oldest_wait_secs,
            ),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        registry.register(
            "objects_destroyed",
            "Objects destroyed since the start, by reason",
            self.destroyed.clone(),
        );
        registry.register(
            "jobs",
            "Jobs that are not destroyed, by where they stand; queued is the queue's length",
            self.jobs.clone(),
        );
        registry.register(
            "workers_started",
            "Worker processes started since the start",
            self.workers_started.clone(),
        );
    }

    fn set(&self, now: &Snapshot) {
        self.lag_secs.set(signed(now.punctuality.lag_secs));
        self.since_pass_secs
            .set(signed(now.punctuality.since_pass_secs));
        self.alarm.set(i64::from(now.punctuality.is_alarming()));
        self.objects.set(signed(now.objects as u64));
        self.oldest_wait_secs.set(signed(now.oldest_wait_secs));
        for (reason, count) in now.destroyed {
            let counter = self.destroyed.get_or_create(&[("reason", reason.name())]);
            is_now(&counter, count);
        }
        for (state, count) in now.jobs {
            let gauge = self.jobs.get_or_create(&[("state", state.name())]);
            gauge.set(signed(count));
        }
        is_now(&self.workers_started, now.workers_started);
    }
}

/// What somebody else counts.
fn is_now(counter: &Counter<u64, AtomicU64>, count: u64) {
    counter.inner().store(count, Ordering::Relaxed);
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The page for who watches; nothing else is on its listener.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(state)
}

async fn metrics(State(state): State<AppState>) -> Response {
    let snapshot = match state.lifecycle.snapshot().await {
        Ok(snapshot) => snapshot,
        Err(error) => {
            tracing::error!(%error, "the metrics can't be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match state.metrics.page(&snapshot) {
        Ok(page) => ([(CONTENT_TYPE, OPEN_METRICS)], page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Serves them until `shutdown` resolves.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(state))
        .with_graceful_shutdown(shutdown)
        .await
}
