//! What comes back for a target.

use serde_json::Value;

use super::{Answer, CollectError, CollectErrorKind};
use crate::fact::Observation;

impl Answer {
    /// An answer that is a failure.
    #[must_use]
    pub fn failed(error: CollectError) -> Self {
        Self {
            observations: Vec::new(),
            errors: vec![error],
        }
    }

    /// Adds what is observed of the entities of the target.
    pub fn add(&mut self, observation: Observation) {
        self.observations.push((None, observation));
    }

    /// The value of a step, or nothing, with the failure kept.
    pub fn keep<T>(&mut self, result: Result<T, CollectError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// Whether the failures so far mean that asking on is of no use.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        let mut errors = self.errors.iter();
        errors.any(|error| {
            matches!(
                error.kind,
                CollectErrorKind::NeedsCredential | CollectErrorKind::Unreachable
            )
        })
    }
}

/// A text of an answer: where a connector needs one that is not there, the answer does not fit.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str, CollectError> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| missing(pointer))
}

/// A list of an answer.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a [Value], CollectError> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| missing(pointer))
}

/// An answer without what its documentation promises.
pub(super) fn missing(pointer: &str) -> CollectError {
    let field = pointer.trim_start_matches('/').replace('/', ".");
    CollectError::failed(format!("the answer has no \"{field}\" of the right type"))
}

/// A number as people write it: a whole one without `.0`.
pub(super) fn number(number: f64) -> Value {
    let text = number.to_string();
    match text.parse::<i64>() {
        Ok(whole) => whole.into(),
        Err(_) => number.into(),
    }
}
