//! What every handler may use.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use lifecycle::Lifecycle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::analytics::Analytics;
use crate::api::deliveries::Deliveries;
use crate::client::Clients;
use crate::metrics::Metrics;
use crate::reach::Reach;

/// Uploads read at a time. Each may hold one picture in memory, so this times the upload limit
/// bounds the memory that strangers can take: 512 MiB with the usual 32 MiB.
const CONCURRENT_UPLOADS: usize = 16;

/// No upload takes longer than this; 32 MiB in this time is 900 kbit/s.
const LONGEST_UPLOAD: Duration = Duration::from_secs(300);

/// What an operator decides about requests.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// See [`AppState::behind_a_proxy`].
    pub trust_proxy: bool,
    /// Programs need a key. Pages don't.
    pub require_keys: bool,
    /// Scheme and host by which clients know this server, without a slash at the end; `None`: what
    /// each request names.
    pub public_url: Option<String>,
    /// Where people write to, an e-mail address; `None`: the page says that there is none.
    pub contact: Option<String>,
    /// Fetch pictures from, and deliver webhooks to, private networks too.
    pub allow_private_targets: bool,
    /// How long an upload may take; `None`: five minutes.
    pub longest_upload: Option<Duration>,
    /// What counts visits of public pages, of visitors who agreed.
    pub analytics: Analytics,
}

/// Shared by all requests; cloning it is cheap.
#[derive(Clone)]
pub struct AppState {
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) uploads: Arc<Semaphore>,
    pub(crate) longest_upload: Duration,
    pub(crate) stopping: CancellationToken,
    pub(crate) clients: Arc<Clients>,
    pub(crate) metrics: Metrics,
    pub(crate) reach: Reach,
    pub(crate) deliveries: Deliveries,
    pub(crate) public_url: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) require_keys: bool,
    pub(crate) analytics: Arc<Analytics>,
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
            longest_upload: LONGEST_UPLOAD,
            stopping,
            clients: Arc::default(),
            reach: Reach::new(false),
            deliveries: Deliveries::default(),
            public_url: None,
            contact: None,
            require_keys: false,
            analytics: Arc::default(),
        }
    }

    /// As its operator wants it.
    #[must_use]
    pub fn with(mut self, settings: Settings) -> Self {
        if settings.trust_proxy {
            self = self.behind_a_proxy();
        }
        self.reach = Reach::new(settings.allow_private_targets);
        self.public_url = settings.public_url;
        self.contact = settings.contact;
        self.require_keys = settings.require_keys;
        self.longest_upload = settings.longest_upload.unwrap_or(LONGEST_UPLOAD);
        self.analytics = Arc::new(settings.analytics);
        self
    }

    /// Clients are behind a proxy that says who they are, in the last entry of `X-Forwarded-For`.
    #[must_use]
    pub fn behind_a_proxy(mut self) -> Self {
        self.clients = Arc::new(Clients::behind_a_proxy());
        self
    }
}
