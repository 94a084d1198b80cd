//! When a step runs.

use serde_json::Value;

/// Whether a condition asks how earlier steps went, so that it decides after a failure, too.
pub(super) fn asks_for_status(condition: Option<&Value>) -> bool {
    let text = condition.and_then(Value::as_str).unwrap_or_default();
    ["always(", "failure("]
        .iter()
        .any(|call| text.replace(' ', "").contains(call))
}

/// What Backstage takes for true: everything but nothing, `false`, `0`, an empty text, and an
/// empty list.
pub(super) fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(_)) => true,
    }
}
