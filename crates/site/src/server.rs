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

use crate::client::Peer;
use crate::router::router;
use crate::state::AppState;

/// Connections open at a time; more wait in the kernel's queue.
const CONNECTIONS: usize = 1024;
/// A request's head, or the next request on an idle connection, comes within this.
const HEAD_LIMIT: Duration = Duration::from_secs(30);
/// A peer that acknowledges nothing of what was sent for this long is gone, or holds memory
/// hostage by not reading.
const UNREAD_LIMIT: Duration = Duration::from_secs(60);
/// What runs when the server stops may finish within this.
const GRACE: Duration = Duration::from_secs(10);

/// Serves `lifecycle` on `listener` until `shutdown` resolves, then lets running requests finish,
/// for at most ten seconds. `trust_proxy`: see [`AppState::behind_a_proxy`]. Metrics are served on
/// `metrics` only. The lifecycle's own loop runs elsewhere.
///
/// # Errors
/// None at present: a connection's failure is its own, and a lack of file handles is waited out.
pub async fn serve(
    listener: TcpListener,
    lifecycle: Arc<Lifecycle>,
    trust_proxy: bool,
    metrics: Option<TcpListener>,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let stopping = CancellationToken::new();
    let state = AppState::new(lifecycle, Arc::new(SystemClock), stopping.clone());
    if let Some(listener) = metrics {
        let stopped = stopping.clone().cancelled_owned();
        tokio::spawn(crate::metrics::serve(listener, state.clone(), stopped));
    }
    let app = router(match trust_proxy {
        true => state.behind_a_proxy(),
        false => state,
    });
    let mut connections = http1::Builder::new();
    connections
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));

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
        let service = TowerToHyperService::new(app.clone().layer(Extension(peer)));
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

/// Has the kernel end a connection whose peer does not read.
fn limit_unread(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_LIMIT));
}
