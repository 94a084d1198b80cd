//! Amounts of money. An amount knows its currency, and two amounts of different
//! currencies cannot be added.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Gbp,
    Sek,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub amount: Decimal,
    pub currency: Currency,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cannot combine {0:?} with {1:?}")]
pub struct CurrencyMismatch(Currency, Currency);

impl Money {
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        let amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
        Self { amount, currency }
    }

    pub fn checked_add(self, other: Money) -> Result<Money, CurrencyMismatch> {
        if self.currency != other.currency {
            return Err(CurrencyMismatch(self.currency, other.currency));
        }
        Ok(Money::new(self.amount + other.amount, self.currency))
    }

    /// Splits an amount into `parts` that differ by at most one cent and sum to
    /// the whole.
    pub fn allocate(self, parts: u32) -> Vec<Money> {
        assert!(parts > 0, "an amount cannot be split into no parts");
        let cents = (self.amount * Decimal::ONE_HUNDRED).trunc();
        let share = (cents / Decimal::from(parts)).floor();
        let mut rest = cents - share * Decimal::from(parts);
        (0..parts)
            .map(|_| {
                let extra = if rest > Decimal::ZERO {
                    Decimal::ONE
                } else {
                    Decimal::ZERO
                };
                rest -= extra;
                Money::new((share + extra) / Decimal::ONE_HUNDRED, self.currency)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_differ_by_a_cent_and_sum_to_the_whole() {
        let whole = Money::new(Decimal::new(10_000, 2), Currency::Eur);
        let parts = whole.allocate(3);
        let cents: Vec<Decimal> = parts.iter().map(|part| part.amount).collect();
        assert_eq!(cents, [3_334, 3_333, 3_333].map(|it| Decimal::new(it, 2)));
    }

    #[test]
    fn currencies_do_not_mix() {
        let euros = Money::new(Decimal::ONE, Currency::Eur);
        let pounds = Money::new(Decimal::ONE, Currency::Gbp);
        let mismatch = CurrencyMismatch(Currency::Eur, Currency::Gbp);
        assert_eq!(euros.checked_add(pounds), Err(mismatch));
    }
}
