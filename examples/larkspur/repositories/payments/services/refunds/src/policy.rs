use std::time::Duration;

use money::{Currency, Money};
use rust_decimal::Decimal;

pub const MAX_ATTEMPTS: u32 = 6;

/// What a customer may get in one day without approval by a second person.
pub fn daily_limit() -> Money {
    Money::new(Decimal::from(5_000), Currency::Eur)
}

/// One minute, then five times as long before each further attempt.
pub fn delay_before_attempt(attempt: u32) -> Duration {
    let minutes = 5u64.pow(attempt.clamp(1, MAX_ATTEMPTS) - 1);
    Duration::from_secs(60 * minutes.min(24 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_a_day() {
        assert_eq!(delay_before_attempt(1), Duration::from_secs(60));
        assert_eq!(delay_before_attempt(3), Duration::from_secs(25 * 60));
        assert_eq!(delay_before_attempt(40), Duration::from_secs(24 * 60 * 60));
    }
}
