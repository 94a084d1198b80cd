mod policy;

use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

const BATCH: i64 = 50;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let database = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    loop {
        let due: Vec<(Uuid, i32)> = sqlx::query_as(
            "select id, attempts from refund_requests \
             where status = 'queued' and not_before <= now() \
             order by requested_at limit $1",
        )
        .bind(BATCH)
        .fetch_all(&database)
        .await?;

        for (id, attempts) in &due {
            let delay = policy::delay_before_attempt(*attempts as u32 + 1);
            tracing::info!(%id, attempts, ?delay, "working off a refund");
        }
        if due.is_empty() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }
}
