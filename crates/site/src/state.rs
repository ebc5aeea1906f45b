//! What every handler may use.

use std::sync::Arc;

use domain::Clock;
use lifecycle::Lifecycle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::client::Clients;
use crate::metrics::Metrics;

/// Uploads read at a time. Each may hold one picture in memory, so this times the upload limit
/// bounds the memory that strangers can take: 512 MiB with the usual 32 MiB.
const CONCURRENT_UPLOADS: usize = 16;

/// Shared by all requests; cloning it is cheap.
#[derive(Clone)]
pub struct AppState {
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) uploads: Arc<Semaphore>,
    pub(crate) stopping: CancellationToken,
    pub(crate) clients: Arc<Clients>,
    pub(crate) metrics: Metrics,
}

impl AppState {
    /// `clock` is the lifecycle's, so that countdowns agree with deadlines. Cancelling `stopping`
    /// ends the progress streams that are open.
    pub fn new(
        lifecycle: Arc<Lifecycle>,
        clock: Arc<dyn Clock>,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            metrics: Metrics::new(&lifecycle),
            lifecycle,
            clock,
            uploads: Arc::new(Semaphore::new(CONCURRENT_UPLOADS)),
            stopping,
            clients: Arc::default(),
        }
    }

    /// Clients are behind a proxy that says who they are, in the last entry of `X-Forwarded-For`.
    #[must_use]
    pub fn behind_a_proxy(mut self) -> Self {
        self.clients = Arc::new(Clients::behind_a_proxy());
        self
    }
}
