//! What the service answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tracing::{debug, info};

/// Whether new requests may be sent to this instance.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<AtomicBool>);

impl Default for Readiness {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl Readiness {
    /// Asks for no more requests, from the next look at `/readyz` on.
    pub fn stop(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    fn is_ready(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// All routes of the service.
pub fn router(readiness: Readiness) -> Router {
    Router::new()
        .route("/v1/greetings/{name}", get(greeting))
        .layer(middleware::from_fn(log_request))
        // Probes come every few seconds: they stay out of the log.
        .route("/healthz", get(|| async { "alive" }))
        .route("/readyz", get(ready))
        .with_state(readiness)
}

/// Says whether the instance wants requests. Ask here for what it cannot work without.
async fn ready(State(readiness): State<Readiness>) -> (StatusCode, &'static str) {
    if readiness.is_ready() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping")
    }
}

#[derive(Serialize)]
struct Greeting {
    message: String,
}

async fn greeting(Path(name): Path<String>) -> Result<Json<Greeting>, Problem> {
    const LONGEST_NAME: usize = 100;
    if name.chars().count() > LONGEST_NAME {
        return Err(Problem {
            status: StatusCode::BAD_REQUEST,
            title: "the name is too long",
        });
    }
    debug!("greeting");
    Ok(Json(Greeting {
        message: format!("Hello, {name}!"),
    }))
}

/// A request that cannot be answered, said as RFC 9457 has it.
struct Problem {
    status: StatusCode,
    title: &'static str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            status: u16,
            title: &'static str,
        }
        let body = Body {
            status: self.status.as_u16(),
            title: self.title,
        };
        let content_type = [("content-type", "application/problem+json")];
        (self.status, content_type, Json(body)).into_response()
    }
}

async fn log_request(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    info!(%method, path, status, milliseconds, "answered");
    response
}
