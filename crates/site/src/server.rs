//! Connections: accepting them, ending the ones that stand still, stopping without cutting anyone off.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use domain::SystemClock;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use lifecycle::Lifecycle;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::Layer;

use crate::client::Peer;
use crate::router::router;
use crate::state::{AppState, Settings};

/// Connections open at a time; more wait in the kernel's queue. An idle one takes some 20 KiB.
const CONNECTIONS: usize = 4096;
/// Open files that are not connections: the vault's, the database's, pipes to workers.
const OTHER_FILES: u64 = 256;
/// A request's head, or the next request on an idle connection, comes within this.
const HEAD_LIMIT: Duration = Duration::from_secs(30);
/// A peer that acknowledges nothing of what was sent for this long is gone, or holds memory
/// hostage by not reading.
const UNREAD_LIMIT: Duration = Duration::from_secs(60);
/// What runs when the server stops may finish within this.
const GRACE: Duration = Duration::from_secs(10);

/// Serves `lifecycle` on `listener` until `shutdown` resolves, then lets running requests finish,
/// for at most ten seconds. `open_files`: how many
/// this process may have. Metrics are served on `metrics` only. The lifecycle's own loop runs elsewhere.
///
/// # Errors
/// None at present: a connection's failure is its own, and a lack of file handles is waited out.
pub async fn serve(
    listener: TcpListener,
    lifecycle: Arc<Lifecycle>,
    settings: Settings,
    metrics: Option<TcpListener>,
    open_files: u64,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let stopping = CancellationToken::new();
    let state = AppState::new(lifecycle, Arc::new(SystemClock), stopping.clone());
    let state = state.with(settings);
    if let Some(listener) = metrics {
        let stopped = stopping.clone().cancelled_owned();
        tokio::spawn(crate::metrics::serve(listener, state.clone(), stopped));
    }
    let app = router(state);
    let mut connections = http1::Builder::new();
    connections
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(places(open_files)));

    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = places.clone().acquire_owned();
        let accepted = async { (place.await, listener.accept().await) };
        let (place, stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (place, stream, Peer(peer.ip())),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        limit_unread(&stream);
        // Around the router, not within: `Router::layer` makes every route anew, for each connection.
        let service = TowerToHyperService::new(Extension(peer).layer(app.clone()));
        let connection = connections.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // How a connection ends is the peer's business; there is nothing to do about it here.
            let _ = connection.await;
            drop(place);
        });
    }

    drop(listener);
    stopping.cancel();
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

/// How many connections may be open at a time.
fn places(open_files: u64) -> usize {
    let left = open_files.saturating_sub(OTHER_FILES);
    usize::try_from(left).map_or(CONNECTIONS, |left| left.clamp(1, CONNECTIONS))
}

/// Has the kernel end a connection whose peer does not read.
fn limit_unread(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_LIMIT));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_everything_else() {
        assert_eq!(places(1024), 768);
        assert_eq!(places(u64::MAX), CONNECTIONS);
        assert_eq!(places(100), 1);
    }
}
