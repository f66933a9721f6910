//! The listener, and its end: streams are told to close, what is under way is answered, then the process goes.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;
use tower::ServiceExt;

use crate::app::App;
use crate::hall::told_to;
use crate::limits::{CONNECTION_IDLE, CONNECTIONS_WAITING_MAX, SHUTDOWN_WAIT, TCP_ASK_EVERY, TCP_IDLE};

/// A listener with room for a whole hall that comes at once.
pub fn listen(address: SocketAddr) -> Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that was stopped may be started again at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(CONNECTIONS_WAITING_MAX)
}

/// Serves until the app is told to stop, then closes it.
pub async fn serve(app: Arc<App>, router: Router, listener: TcpListener) -> Result<()> {
    let connections = take_connections(&router, listener, app.stopped(), CONNECTION_IDLE).await;
    tokio::select! {
        () = connections.shutdown() => {}
        () = sleep(SHUTDOWN_WAIT) => tracing::warn!("some connections did not end in time"),
    }
    app.close().await;
    Ok(())
}

/// Serves whoever comes until it is told to stop; returns the connections that are still open. One on which nothing is
/// asked for a while is closed: a full hall keeps its streams open, and not two idle connections beside each.
async fn take_connections(
    router: &Router,
    listener: TcpListener,
    mut stopped: watch::Receiver<bool>,
    idle: Duration,
) -> GracefulShutdown {
    let connections = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(idle);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to(&mut stopped) => return connections,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                recover(&error).await;
                continue;
            }
        };
        if let Err(error) = prepare(&stream) {
            tracing::debug!(%error, "a connection could not be set up as wished");
        }
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            router.clone().oneshot(request)
        });
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}

/// Events are small and must not wait for more of them. A phone that left the network says nothing; without asking, its
/// connection would stay for ever.
fn prepare(stream: &TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let asking = TcpKeepalive::new().with_time(TCP_IDLE).with_interval(TCP_ASK_EVERY);
    SockRef::from(stream).set_tcp_keepalive(&asking)
}

/// A caller who left already is no matter. Anything else is the machine's (no more open files), and passes.
async fn recover(error: &Error) {
    let left = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
    if !left.contains(&error.kind()) {
        tracing::error!(%error, "no connection can be taken");
        sleep(Duration::from_secs(1)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::{Body, Bytes};
    use axum::routing::get;
    use futures_util::stream;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_hall_that_comes_at_once_finds_a_place_before_anybody_is_served() {
        const PHONES: usize = 2_000;
        let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").ok();
        let allowed = allowed.and_then(|text| text.trim().parse().ok()).unwrap_or(PHONES);
        rlimit::increase_nofile_limit(PHONES as u64 + 500).unwrap();
        let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = |_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(500));
        let waiting: Result<Vec<_>> = (0..PHONES.min(allowed)).map(connect).collect();
        assert!(waiting.is_ok(), "{:?}", waiting.err());
    }

    #[tokio::test]
    async fn a_connection_without_a_request_is_closed_and_a_stream_stays() {
        const IDLE: Duration = Duration::from_millis(100);
        let beats = || async {
            Body::from_stream(stream::unfold(0, |beat| async move {
                sleep(IDLE / 2).await;
                (beat < 8).then(|| (Ok::<_, Infallible>(Bytes::from(format!("<{beat}>"))), beat + 1))
            }))
        };
        let router = Router::new().route("/stream", get(beats)).route("/", get(|| async { "here" }));
        let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(async move { take_connections(&router, listener, stopped, IDLE).await });
        // Everything that comes until the server closes the connection.
        let ask = async |request: &'static str| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let (silent, answered, listening) = tokio::join!(
            ask(""),
            ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
            ask("GET /stream HTTP/1.1\r\nhost: a\r\n\r\n"),
        );
        assert_eq!(silent, "");
        assert!(answered.ends_with("here"), "{answered}");
        assert!((0..8).all(|beat| listening.contains(&format!("<{beat}>"))), "{listening}");
        stop.send_replace(true);
        serving.await.unwrap().shutdown().await;
    }
}
