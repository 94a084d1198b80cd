use axum::{http::StatusCode, routing::post, Router};

/// The previous acquirer takes fixed-width records over HTTPS. The adapter only
/// refunds; it has taken no payment since March 2026.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = Router::new().route("/refunds", post(refund));
    let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn refund(body: String) -> StatusCode {
    let Some((reference, cents)) = body.split_once(';') else {
        return StatusCode::BAD_REQUEST;
    };
    let record = format!("RF{reference:>16}{cents:>12}");
    if record.len() == 30 {
        StatusCode::ACCEPTED
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
