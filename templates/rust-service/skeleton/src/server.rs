//! Serving, and stopping without losing a request.

use std::future::{IntoFuture, pending};
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::routes::{Readiness, router};

/// Serves until `stop` resolves. Then takes no new connections, and lets the requests that are
/// being answered go on for at most `grace`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let readiness = Readiness::default();
    let router = router(readiness.clone());
    let (stopping, has_begun_to_stop) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.await;
        info!("stopping");
        readiness.stop();
        // Nobody listens any more where the server has ended by itself.
        let _ = stopping.send(());
    });
    let end_of_grace = async {
        if has_begun_to_stop.await.is_err() {
            pending::<()>().await;
        }
        sleep(grace).await;
    };
    tokio::select! {
        result = server.into_future() => result,
        () = end_of_grace => {
            warn!("some requests took too long and were cut off");
            Ok(())
        }
    }
}
