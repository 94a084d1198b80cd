//! Values of facts as people see them.

use jiff::Timestamp;
use serde_json::Value;

/// A value for people: times as days, numbers with two places.
#[must_use]
pub fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => {
            let text = format!("{:.2}", number.as_f64().unwrap_or_default());
            let text = text.trim_end_matches('0').trim_end_matches('.');
            text.to_owned()
        }
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(time) => day(time),
            Err(_) => text.split_whitespace().collect::<Vec<&str>>().join(" "),
        },
        Value::Array(items) => items.iter().map(shown).collect::<Vec<String>>().join(", "),
        other => other.to_string(),
    }
}

/// The day of a time, as `2026-03-31` (UTC).
#[must_use]
pub fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
