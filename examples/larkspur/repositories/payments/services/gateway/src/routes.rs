use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
    routing::{get, post},
    Json, Router,
};
use money::Money;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::State;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorisationRequest {
    order_id: String,
    amount: Money,
    card_reference: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    id: Uuid,
    order_id: String,
    status: &'static str,
    authorised: Money,
}

pub fn router(state: State) -> Router {
    Router::new()
        .route("/v1/payments", post(authorise))
        .route("/v1/payments/{id}/void", post(void))
        .route("/health", get(|| async { "ok" }))
        .with_state(state)
}

async fn authorise(
    Extract(state): Extract<State>,
    Json(request): Json<AuthorisationRequest>,
) -> Result<(StatusCode, Json<Payment>), StatusCode> {
    let approved = state
        .acquirer
        .authorise(request.amount, &request.card_reference)
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let payment = Payment {
        id: Uuid::now_v7(),
        order_id: request.order_id,
        status: if approved { "authorised" } else { "declined" },
        authorised: request.amount,
    };
    Ok((StatusCode::CREATED, Json(payment)))
}

async fn void(Extract(state): Extract<State>, Path(id): Path<Uuid>) -> StatusCode {
    match state.acquirer.void(id).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::CONFLICT,
    }
}
