//! The service as its users see it.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt;

use ${{ values.crate }}::routes::{Readiness, router};
use ${{ values.crate }}::server::serve;

async fn get(readiness: Readiness, path: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router(readiness).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (status, body.to_vec())
}

async fn get_json(path: &str) -> (StatusCode, Value) {
    let (status, body) = get(Readiness::default(), path).await;
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn greets_by_name() {
    let (status, body) = get_json("/v1/greetings/Ada").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body, json!({"message": "Hello, Ada!"}));
}

#[tokio::test]
async fn refuses_a_name_that_is_too_long() {
    let path = format!("/v1/greetings/{}", "x".repeat(101));
    let (status, body) = get_json(&path).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["title"], "the name is too long");
}

#[tokio::test]
async fn is_alive_and_ready() {
    for path in ["/healthz", "/readyz"] {
        let (status, _) = get(Readiness::default(), path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn is_alive_but_not_ready_while_it_stops() {
    let readiness = Readiness::default();
    readiness.stop();
    let (status, _) = get(readiness.clone(), "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let (status, _) = get(readiness, "/healthz").await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn does_not_know_other_paths() {
    let (status, _) = get(Readiness::default(), "/v1/nothing").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn answers_on_a_port_until_it_is_stopped() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stop_signal = async move {
        stopped.await.unwrap();
    };
    let server = tokio::spawn(serve(listener, stop_signal, Duration::from_secs(10)));

    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
    connection.write_all(request).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}
