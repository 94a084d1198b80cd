mod acquirer;
mod routes;

use std::sync::Arc;

use acquirer::{Acquirer, HostedAcquirer, Simulator};
use sqlx::PgPool;

#[derive(Clone)]
pub struct State {
    pub database: PgPool,
    pub acquirer: Arc<dyn Acquirer>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().json().init();

    let database = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let acquirer: Arc<dyn Acquirer> = match std::env::var("ACQUIRER_BASE_URL") {
        Ok(url) => Arc::new(HostedAcquirer::new(url)),
        Err(_) => {
            tracing::warn!("ACQUIRER_BASE_URL is not set, payments are simulated");
            Arc::new(Simulator)
        }
    };

    let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    tracing::info!(address = %listener.local_addr()?, "the gateway is listening");
    axum::serve(listener, routes::router(State { database, acquirer }))
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}
