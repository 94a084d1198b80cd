mod posting;

use posting::{Entry, Transaction};
use sqlx::PgPool;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let database = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let unbalanced: i64 = sqlx::query_scalar(
        "select count(*) from (select transaction_id from entries \
         group by transaction_id, currency having sum(minor_units) <> 0) as broken",
    )
    .fetch_one(&database)
    .await?;
    if unbalanced > 0 {
        tracing::error!(unbalanced, "the ledger does not balance");
    }
    Ok(())
}

pub async fn post(database: &PgPool, transaction: Transaction) -> anyhow::Result<()> {
    transaction.check()?;
    let mut work = database.begin().await?;
    for Entry {
        account,
        minor_units,
    } in &transaction.entries
    {
        sqlx::query(
            "insert into entries (transaction_id, account, minor_units) values ($1, $2, $3)",
        )
        .bind(transaction.id)
        .bind(account)
        .bind(minor_units)
        .execute(&mut *work)
        .await?;
    }
    Ok(work.commit().await?)
}
