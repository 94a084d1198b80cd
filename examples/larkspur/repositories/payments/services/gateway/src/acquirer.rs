use async_trait::async_trait;
use money::Money;
use uuid::Uuid;

#[async_trait]
pub trait Acquirer: Send + Sync {
    async fn authorise(&self, amount: Money, card_reference: &str) -> anyhow::Result<bool>;
    async fn void(&self, payment: Uuid) -> anyhow::Result<()>;
}

pub struct HostedAcquirer {
    base_url: String,
    client: reqwest::Client,
}

impl HostedAcquirer {
    pub fn new(base_url: String) -> Self {
        Self {
            base_url,
            client: reqwest::Client::new(),
        }
    }
}

#[async_trait]
impl Acquirer for HostedAcquirer {
    async fn authorise(&self, amount: Money, card_reference: &str) -> anyhow::Result<bool> {
        let response = self
            .client
            .post(format!("{}/authorisations", self.base_url))
            .json(&serde_json::json!({ "amount": amount, "card": card_reference }))
            .send()
            .await?;
        Ok(response.status().is_success())
    }

    async fn void(&self, payment: Uuid) -> anyhow::Result<()> {
        let url = format!("{}/authorisations/{payment}", self.base_url);
        self.client.delete(url).send().await?.error_for_status()?;
        Ok(())
    }
}

/// Approves everything except amounts that end in .13.
pub struct Simulator;

#[async_trait]
impl Acquirer for Simulator {
    async fn authorise(&self, amount: Money, _: &str) -> anyhow::Result<bool> {
        Ok(!amount.amount.to_string().ends_with(".13"))
    }

    async fn void(&self, _: Uuid) -> anyhow::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use money::Currency;
    use rust_decimal::Decimal;

    use super::*;

    #[tokio::test]
    async fn thirteen_cents_are_declined() {
        let amount = |cents| Money::new(Decimal::new(cents, 2), Currency::Eur);
        assert!(Simulator.authorise(amount(4_990), "card").await.unwrap());
        assert!(!Simulator.authorise(amount(5_013), "card").await.unwrap());
    }
}
