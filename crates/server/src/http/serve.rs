//! The listener, and its end: streams are told to close, what is under way is answered, then the process goes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::app::App;
use crate::hall::told_to;
use crate::limits::{SHUTDOWN_WAIT, TCP_ASK_EVERY, TCP_IDLE};

/// A phone that left the network says nothing; without asking, its connection would stay for ever.
fn watch_peer(stream: &TcpStream) -> std::io::Result<()> {
    let asking = TcpKeepalive::new().with_time(TCP_IDLE).with_interval(TCP_ASK_EVERY);
    SockRef::from(stream).set_tcp_keepalive(&asking)
}

/// Serves until the app is told to stop, then closes it.
pub async fn serve(app: Arc<App>, router: Router, listener: TcpListener) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Events are small and must not wait for more of them.
        if let Err(error) = stream.set_nodelay(true).and_then(|()| watch_peer(stream)) {
            tracing::debug!(%error, "a connection could not be set up as wished");
        }
    });
    let (mut stopped, mut late) = (app.stopped(), app.stopped());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { told_to(&mut stopped).await });
    let overdue = async {
        told_to(&mut late).await;
        sleep(SHUTDOWN_WAIT).await;
    };
    let served = tokio::select! {
        served = server => served,
        () = overdue => {
            tracing::warn!("some connections did not end in time");
            Ok(())
        }
    };
    app.close().await;
    served
}
