//! Keeping secrets out of what is shown: by value, wherever they turn up.

use serde_json::{Map, Value};

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// Shorter texts are not hidden: they would turn up by chance, everywhere.
const SHORTEST: usize = 4;

/// Secrets, the longest first, so that one that contains another is hidden whole.
#[derive(Clone, Default)]
pub struct Redaction(Vec<String>);

impl Redaction {
    /// Hides all texts of these secrets.
    #[must_use]
    pub fn new(secrets: &Map<String, Value>) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut open: Vec<&Value> = secrets.values().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(number) => texts.push(number.to_string()),
                Value::Array(items) => open.extend(items),
                Value::Object(fields) => open.extend(fields.values()),
                Value::Null | Value::Bool(_) => {}
            }
        }
        texts.retain(|text| text.len() >= SHORTEST);
        texts.sort_by_key(|text| (std::cmp::Reverse(text.len()), text.clone()));
        texts.dedup();
        Self(texts)
    }

    /// The text without secrets.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| {
            if text.contains(secret.as_str()) {
                text.replace(secret.as_str(), HIDDEN)
            } else {
                text
            }
        })
    }

    /// The value without secrets.
    #[must_use]
    pub fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, field)| (name, self.value(field)))
                .collect(),
            other => other,
        }
    }
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redaction of {} secrets", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Redaction;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let secrets = json!({"token": "hunter22", "more": {"longer": "hunter2233", "short": "ab"}});
        let redaction = Redaction::new(secrets.as_object().expect("a mapping"));
        assert_eq!(
            redaction.text("hunter2233, hunter22 and ab"),
            "***, *** and ab"
        );
        assert_eq!(
            redaction.value(json!({"a": ["x hunter22"]})),
            json!({"a": ["x ***"]})
        );
        assert!(!format!("{redaction:?}").contains("hunter"));
    }
}
