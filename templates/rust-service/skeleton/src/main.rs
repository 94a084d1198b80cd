//! The program: reads the configuration, serves, and stops when it is told to.

use std::env;
use std::io;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal;
use tracing::{error, info};

use ${{ values.crate }}::config::{Config, LogFormat};
use ${{ values.crate }}::server::serve;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::read(|name| env::var(name).ok()) {
        Ok(config) => config,
        Err(problems) => {
            eprintln!("the configuration is wrong:\n{problems}");
            return ExitCode::from(2);
        }
    };
    start_logging(&config);
    match run(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!(%error, "stopped by an error");
            ExitCode::FAILURE
        }
    }
}

fn start_logging(config: &Config) {
    let logs = tracing_subscriber::fmt().with_max_level(config.log_level);
    match config.log_format {
        LogFormat::Json => logs.json().flatten_event(true).init(),
        LogFormat::Text => logs.init(),
    }
}

async fn run(config: &Config) -> io::Result<()> {
    let listener = TcpListener::bind(config.address).await?;
    info!(address = %listener.local_addr()?, version = env!("CARGO_PKG_VERSION"), "listening");
    let stop = stop_signal()?;
    serve(listener, stop, config.shutdown_grace).await?;
    info!("stopped");
    Ok(())
}

/// Resolves on SIGTERM, which orchestrators send, and on Ctrl-C.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves on Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
