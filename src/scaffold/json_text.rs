//! JSON as `JSON.stringify` of JavaScript writes it.

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Number, Serializer, Value};

use super::StepError;

/// The indentation that actions write with, where nothing else is said.
pub(super) const INDENT: &str = "  ";
/// The most of an indentation that JavaScript takes.
const LONGEST_INDENT: usize = 10;
/// Up to here, a float that is whole is an integer and written as one.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_992.0;

/// A value as text; on one line when the indentation is empty.
///
/// # Errors
/// When it has no text, which no value of ours is.
pub(super) fn to_json(value: &Value, indent: &str) -> Result<String, StepError> {
    let value = with_plain_numbers(value);
    let failed = |_| StepError::new("the value cannot be written as JSON");
    if indent.is_empty() {
        return serde_json::to_string(&value).map_err(failed);
    }
    let indent: String = indent.chars().take(LONGEST_INDENT).collect();
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| StepError::new("the value cannot be written as JSON"))
}

/// What the list of a `replacer` lets pass: in every mapping only those keys, in its order.
pub(super) fn with_keys(value: &Value, keys: &[String]) -> Value {
    match value {
        Value::Object(map) => {
            let kept = keys
                .iter()
                .filter_map(|key| Some((key.clone(), with_keys(map.get(key)?, keys))));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| with_keys(item, keys)).collect(),
        other => other.clone(),
    }
}

/// The value with `1` for `1.0`: JavaScript has one kind of numbers.
pub(super) fn with_plain_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(plain_number(number)),
        Value::Array(items) => items.iter().map(with_plain_numbers).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), with_plain_numbers(value)))
            .collect(),
        other => other.clone(),
    }
}

fn plain_number(number: &Number) -> Number {
    let whole = number
        .as_f64()
        .filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < LARGEST_INTEGER);
    match whole {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and smaller than what an i64 holds"
        )]
        Some(float) => (float as i64).into(),
        None => number.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{to_json, with_keys};

    #[test]
    fn the_text_is_that_of_javascript() {
        let value = json!({"b": [1.0, 2.5, {}], "a": {"b": null, "c": []}, "e": "é\u{7}\""});
        assert_eq!(
            to_json(&value, "").expect("text"),
            r#"{"b":[1,2.5,{}],"a":{"b":null,"c":[]},"e":"é\u0007\""}"#
        );
        assert_eq!(
            to_json(&json!({"a": [1], "b": {}}), "--").expect("text"),
            "{\n--\"a\": [\n----1\n--],\n--\"b\": {}\n}"
        );
        let keys = ["a".to_owned(), "b".to_owned()];
        assert_eq!(
            to_json(&with_keys(&value, &keys), "").expect("text"),
            r#"{"a":{"b":null},"b":[1,2.5,{}]}"#
        );
    }
}
