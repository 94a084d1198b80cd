use money::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is known about a payment before it is authorised.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    pub amount: Money,
    pub account_age_days: u32,
    pub payments_last_hour: u32,
    pub new_delivery_address: bool,
}

#[derive(Serialize)]
pub struct Score {
    pub score: u8,
    pub reasons: Vec<&'static str>,
}

impl Score {
    pub fn of(facts: &Facts) -> Score {
        let rules = [
            (
                facts.amount.amount > Decimal::from(1_500),
                25,
                "high amount",
            ),
            (facts.account_age_days < 2, 30, "new account"),
            (
                facts.payments_last_hour > 3,
                40,
                "many payments within an hour",
            ),
            (facts.new_delivery_address, 15, "new delivery address"),
        ];
        let hit = rules.iter().filter(|(applies, _, _)| *applies);
        let (sum, reasons) = hit.fold(
            (0u8, Vec::new()),
            |(sum, mut reasons), (_, points, reason)| {
                reasons.push(*reason);
                (sum.saturating_add(*points), reasons)
            },
        );
        Score {
            score: sum.min(100),
            reasons,
        }
    }
}
