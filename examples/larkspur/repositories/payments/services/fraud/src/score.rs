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

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::*;

    fn facts(amount: i64, account_age_days: u32) -> Facts {
        Facts {
            amount: Money::new(Decimal::from(amount), Currency::Eur),
            account_age_days,
            payments_last_hour: 4,
            new_delivery_address: true,
        }
    }

    #[test]
    fn rules_add_up_to_a_hundred_at_most() {
        assert_eq!(Score::of(&facts(80, 400)).score, 55);
        let worst = Score::of(&facts(2_000, 0));
        assert_eq!(worst.score, 100);
        assert_eq!(worst.reasons.len(), 4);
    }
}
