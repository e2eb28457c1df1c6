//! Sockets in, requests out: HTTP/1.1 served with bounded buffers and bounded waits, and an end that cuts nobody off.
//!
//! `axum::serve` is not used: it rebuilds the router per connection and leaves hyper's buffers unbounded. With very
//! many live streams that is what memory is spent on.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use crate::app::App;
use crate::keys::watch::watch;
use crate::{router, worker};

const HEADER_WAIT: Duration = Duration::from_secs(10);
const READ_BUFFER: usize = 16 * 1024;
const BACKLOG: u32 = 4096;

/// Opens the listening socket.
pub fn listen(app: &App) -> io::Result<TcpListener> {
    let address = app.config.listen;
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    // What is set here is inherited by every accepted connection.
    socket.set_nodelay(true)?;
    socket.set_keepalive(true)?;
    if let Some(bytes) = app.config.socket_buffer {
        socket.set_send_buffer_size(bytes)?;
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` is cancelled, then lets requests finish and streams end, within the configured time.
pub async fn serve(app: App, listener: TcpListener, stop: CancellationToken) {
    let router = router::router(app.clone());
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(app.config.max_connections));
    app.tasks.spawn(worker::run(app.clone()));
    app.tasks.spawn(watch(app.clone()));
    loop {
        let place = tokio::select! {
            () = stop.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = converse(router.clone(), stream, peer, app.stopping.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of descriptors, most likely: others must end first.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    tracing::info!(open = connections.len(), "stopping");
    connections.close();
    let limit = Duration::from_secs(app.config.shutdown_seconds);
    app.stopping.cancel();
    if tokio::time::timeout(limit, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "some connections did not end in time");
    }
    if tokio::time::timeout(limit, app.stop()).await.is_err() {
        tracing::warn!("some background work did not end in time");
    }
}

/// One connection: requests one after another until either side ends it.
async fn converse(router: Router, stream: TcpStream, peer: SocketAddr, stopping: CancellationToken) {
    let service = hyper::service::service_fn(move |request: http::Request<Incoming>| {
        let mut router = router.clone();
        async move {
            let mut request: Request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.call(request).await.map_err(|never: Infallible| never)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WAIT)
        .max_buf_size(READ_BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Resolves on SIGTERM or SIGINT (Ctrl-C elsewhere).
pub async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
