mod score;

use axum::{routing::post, Json, Router};
use score::{Facts, Score};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let app = Router::new().route(
        "/v1/scores",
        post(|Json(facts): Json<Facts>| async move { Json(Score::of(&facts)) }),
    );
    let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
