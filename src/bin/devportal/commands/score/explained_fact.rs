//! A fact that decides about a rule, as people and machines see it.

use devportal::diagnostic::Severity;
use devportal::fact::{Declaration, FactSelector, Facts, Knowledge, Known};
use devportal::model::EntityRef;
use devportal::view::{Role, Text};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A fact that a rule asks for, and what is known of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::commands) struct ExplainedFact<'a> {
    fact: String,
    /// `known`, `expired` or `unknown`.
    state: &'static str,
    value: Option<Value>,
    unit: Option<&'a str>,
    observed_at: Option<String>,
    source: Option<&'a str>,
    /// The file and line, or the page, that it was read from.
    evidence: Option<&'a str>,
    /// Whether it is of a home that other entities have, too.
    shared: bool,
    #[serde(skip)]
    age: Option<String>,
}

impl<'a> ExplainedFact<'a> {
    pub(super) fn new(facts: &'a Facts, entity: &EntityRef, selector: &FactSelector) -> Self {
        let declaration = facts.register().declaration(&selector.name);
        let unit = declaration.and_then(|it: &Declaration| it.unit.as_deref());
        let (state, known) = match facts.get(entity, selector) {
            Knowledge::Known(known) => ("known", Some(known)),
            Knowledge::Expired(known) => ("expired", Some(known)),
            Knowledge::Unknown => ("unknown", None),
        };
        let Some(Known { value, fact }) = known else {
            return Self {
                fact: selector.to_string(),
                state,
                value: None,
                unit,
                observed_at: None,
                source: None,
                evidence: None,
                shared: false,
                age: None,
            };
        };
        Self {
            fact: selector.to_string(),
            state,
            value: Some(value),
            unit,
            observed_at: Some(fact.observed_at.to_string()),
            source: Some(&fact.source),
            evidence: fact.evidence.as_deref(),
            shared: fact.is_shared,
            // What a repository says is as old as its state.
            age: fact.valid_until.map(|_| ago(fact.observed_at, facts.now())),
        }
    }

    pub(super) fn text(&self) -> Text {
        let mut text = Text::new(format!("{} ", self.fact), Role::Faint);
        text = match (&self.value, self.state) {
            (Some(value), "known") => text.then(shown_value(value), Role::Plain),
            (Some(value), _) => text
                .then(shown_value(value), Role::Faint)
                .then(" expired", Role::Bad(Severity::Warning)),
            (None, _) => text.then("not known", Role::Bad(Severity::Note)),
        };
        if let (Some(unit), Some(_)) = (self.unit, &self.value) {
            text = text.then(format!(" {unit}"), Role::Faint);
        }
        let mut said: Vec<String> = Vec::new();
        said.extend(self.source.map(str::to_owned));
        said.extend(self.age.clone());
        if self.shared {
            said.push("shared".to_owned());
        }
        if !said.is_empty() {
            text = text.then(format!(" ({})", said.join(", ")), Role::Faint);
        }
        match self.evidence {
            Some(evidence) if evidence.starts_with("https://") => {
                text.then(" ", Role::Plain).then(evidence, Role::Url)
            }
            Some(evidence) => text.then(format!(" {evidence}"), Role::Plain),
            None => text,
        }
    }
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().filter_map(Value::as_str);
            items.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// How long ago something was.
fn ago(time: Timestamp, now: Timestamp) -> String {
    let days = now.as_second().saturating_sub(time.as_second()).max(0) / DAY;
    match days {
        0 => "today".to_owned(),
        1 => "1 day old".to_owned(),
        days => format!("{days} days old"),
    }
}
