//! What a source observed, as facts: declared, of their type, without secrets, of no future.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Answer, CollectError, Source, Target};
use crate::fact::{Dimensions, Fact, Observation, Register, TimeToLive, ValueType};
use crate::model::EntityRef;

/// Clocks differ by so much without anybody noticing.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);
/// The longest text of a value.
const LONGEST_TEXT: usize = 4096;

/// What makes facts of observations.
pub(super) struct Observing<'a> {
    pub(super) register: &'a Register,
    pub(super) source: &'a dyn Source,
    pub(super) now: Timestamp,
}

/// What an answer comes to.
pub(super) struct Observed {
    pub(super) facts: Vec<Fact>,
    pub(super) errors: Vec<CollectError>,
}

impl Observing<'_> {
    /// The facts of an answer, and what of it is none.
    pub(super) fn observed(&self, target: &Target, answer: Answer) -> Observed {
        let mut observed = Observed {
            facts: Vec::new(),
            errors: answer.errors,
        };
        for (entity, observation) in answer.observations {
            let entities = entity.map_or_else(|| target.entities.clone(), |entity| vec![entity]);
            match self.facts(&entities, observation, &mut observed.errors) {
                Ok(facts) => observed.facts.extend(facts),
                Err(error) => observed.errors.push(CollectError::failed(error)),
            }
        }
        observed.errors.dedup();
        observed
    }

    /// The same fact of each entity.
    fn facts(
        &self,
        entities: &[EntityRef],
        seen: Observation,
        errors: &mut Vec<CollectError>,
    ) -> Result<Vec<Fact>, String> {
        let clean = |text: &str| self.source.redact(text);
        let name = clean(&seen.name);
        let declaration = self.register.declaration(&seen.name).ok_or_else(|| {
            format!("fact \"{name}\" is not declared: \"facts\" of devportal.yaml declares it")
        })?;
        if !fits(declaration.value_type, &seen.value) {
            let expected = declaration.value_type.name();
            return Err(format!(
                "fact \"{name}\" is not what it is declared to be, a {expected}"
            ));
        }
        let mut observed_at = seen.observed_at.unwrap_or(self.now);
        let latest = self.now.checked_add(CLOCKS_DIFFER).unwrap_or(self.now);
        if observed_at > latest {
            errors.push(CollectError::failed(format!(
                "fact \"{name}\" is said to be observed in the future, at {observed_at}"
            )));
        }
        observed_at = observed_at.min(self.now);
        let valid_until = match declaration.time_to_live {
            TimeToLive::State => None,
            TimeToLive::Lasting(time) => observed_at.checked_add(time).ok(),
        };
        let dimensions: Dimensions = seen
            .dimensions
            .iter()
            .map(|(name, value)| (clean(name), clean(value)))
            .collect();
        let fact = Fact {
            entity: EntityRef::clone(entities.first().ok_or("it is about no entity")?),
            name: Arc::from(name),
            dimensions,
            value: without_secrets(seen.value, &clean),
            observed_at,
            valid_until,
            source: Arc::from(self.source.name()),
            evidence: seen.evidence.map(|evidence| Arc::from(clean(&evidence))),
            is_shared: entities.len() > 1,
        };
        let of = |entity: &EntityRef| Fact {
            entity: entity.clone(),
            ..fact.clone()
        };
        Ok(entities.iter().map(of).collect())
    }
}

/// Whether a value is of a type; `null`, which was there and is not any more, is of each.
fn fits(value_type: ValueType, value: &Value) -> bool {
    let is_short = |text: &str| text.len() <= LONGEST_TEXT;
    match (value_type, value) {
        (_, Value::Null)
        | (ValueType::Boolean, Value::Bool(_))
        | (ValueType::Number, Value::Number(_)) => true,
        (ValueType::Text | ValueType::Version, Value::String(text)) => is_short(text),
        (ValueType::Time, Value::String(text)) => text.parse::<Timestamp>().is_ok(),
        (ValueType::List, Value::Array(items)) => {
            let mut texts = items.iter().map(Value::as_str);
            texts.all(|text| text.is_some_and(is_short))
        }
        _ => false,
    }
}

fn without_secrets(value: Value, clean: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text)),
        Value::Array(items) => {
            let items = items.into_iter();
            items.map(|item| without_secrets(item, clean)).collect()
        }
        other => other,
    }
}
