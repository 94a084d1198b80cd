//! Which entities a picker offers: `catalogFilter` and its likes.

use serde_json::{Map, Value};

use super::schema::hint;

/// Which entities a picker offers: those that any of the alternatives takes. None takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityFilter {
    alternatives: Vec<Vec<Condition>>,
}

/// What a field of an entity must be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    /// Names with `.` between them, from the root of the entity.
    field: String,
    /// One of these values, in lower case; any value where there are none.
    values: Vec<String>,
}

impl EntityFilter {
    /// The filter of a field of the form.
    pub(super) fn of(schema: &Map<String, Value>, default_kinds: &[&str]) -> Self {
        let filter = hint(schema, "catalogFilter");
        let mut alternatives: Vec<Vec<Condition>> = match filter {
            Some(Value::Array(filters)) => filters.iter().map(conditions).collect(),
            Some(filter @ Value::Object(_)) => vec![conditions(filter)],
            _ => Vec::new(),
        };
        alternatives.retain(|conditions| !conditions.is_empty());
        if alternatives.is_empty() {
            let kinds = hint(schema, "allowedKinds").map(texts);
            let kinds = kinds
                .unwrap_or_else(|| default_kinds.iter().map(|&kind| kind.to_owned()).collect());
            if !kinds.is_empty() {
                alternatives.push(vec![Condition {
                    field: "kind".to_owned(),
                    values: kinds.iter().map(|kind| kind.to_lowercase()).collect(),
                }]);
            }
        }
        Self { alternatives }
    }

    /// The kinds that it is limited to, in lower case; none where any kind fits.
    #[must_use]
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds = Vec::new();
        for conditions in &self.alternatives {
            let kind = conditions.iter().find(|it| it.field == "kind");
            match kind {
                Some(kind) => kinds.extend(kind.values.iter().map(String::as_str)),
                None => return Vec::new(),
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Whether it takes an entity, of which `values` gives the values of a field.
    pub fn takes(&self, values: &dyn Fn(&str) -> Vec<String>) -> bool {
        let holds = |condition: &Condition| {
            let found = values(&condition.field);
            if condition.values.is_empty() {
                return !found.is_empty();
            }
            let mut found = found.iter();
            found.any(|value| condition.values.contains(&value.to_lowercase()))
        };
        self.alternatives.is_empty()
            || self
                .alternatives
                .iter()
                .any(|conditions| conditions.iter().all(holds))
    }
}

fn conditions(filter: &Value) -> Vec<Condition> {
    let fields = filter.as_object().into_iter().flatten();
    fields
        .map(|(field, values)| Condition {
            field: field.clone(),
            values: texts(values).iter().map(|it| it.to_lowercase()).collect(),
        })
        .collect()
}

/// A text, or a list of texts; `{exists: true}` is none of both, and means any value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
