//! Cases: what a scorecard must say of made-up entities, so that rules are tested like code.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::evaluate::{EvaluationRequest, Outcome, evaluate};
use super::reading::Reading;
use super::scorecard::{Level, Rule, Scorecard};
use crate::catalog::{BuildInput, Catalog, EntityId};
use crate::diagnostic::{did_you_mean, register};
use crate::fact::{Fact, FactSelector, Facts, Register, SelectorError, ValueType};
use crate::model::{Entity, EntityRef, Node, Place, Source, TreeBuilder, seconds_of_time};
use crate::query::{DocumentedEntities, Query, QueryContext};

/// Who has what the entity of a case lacks.
const SOMEBODY: &str = "somebody-else";

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is tried.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    entity: Entity,
    /// Other entities that there are.
    others: Vec<Entity>,
    facts: Vec<(FactSelector, Value)>,
    /// The first second of the day on which it is tried; now without one.
    at: Option<i64>,
    /// What must become of rules, by their indexes.
    expect: Vec<(usize, Outcome)>,
    /// The level that must be reached, where the case says one.
    level: Option<ExpectedLevel>,
}

/// The level that a case expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExpectedLevel {
    /// None is reached.
    Nothing,
    /// That of this index.
    Reached(usize),
}

impl ExpectedLevel {
    const fn index(self) -> Option<usize> {
        match self {
            Self::Nothing => None,
            Self::Reached(index) => Some(index),
        }
    }
}

/// What became of a case.
#[derive(Clone, Debug)]
pub struct CaseResult<'a> {
    /// The case.
    pub case: &'a Case,
    /// What is not as it must be; nothing when the case passes.
    pub mismatches: Vec<String>,
}

impl Scorecard {
    /// Tries its cases.
    #[must_use]
    pub fn test(&self, register: &Register, now: Timestamp) -> Vec<CaseResult<'_>> {
        let cases = self.cases.iter();
        cases
            .map(|case| CaseResult {
                case,
                mismatches: self.mismatches(case, register, now),
            })
            .collect()
    }

    fn mismatches(&self, case: &Case, register: &Register, now: Timestamp) -> Vec<String> {
        let at = case.at.and_then(|at| Timestamp::from_second(at).ok());
        let now = at.unwrap_or(now);
        let entities = case.others.iter().chain([&case.entity]).cloned();
        let catalog = Catalog::build(BuildInput {
            entities: entities.collect(),
            ..BuildInput::default()
        });
        let Some(id) = catalog.id(case.entity.reference()) else {
            return vec!["there is no such entity".to_owned()];
        };
        let facts = Facts::new(
            case.facts(register, now),
            register.clone(),
            now,
            "production",
        );
        let (outcomes, level, problems) = self.outcomes(&catalog, &facts, id);
        let mut mismatches: Vec<String> = problems;
        for (rule, expected) in &case.expect {
            let outcome = outcomes.get(*rule).copied();
            let outcome = outcome.unwrap_or(Outcome::NotApplicable);
            if let Some(rule) = self.rules.get(*rule)
                && outcome != *expected
            {
                let (expected, outcome) = (expected.name(), outcome.name());
                mismatches.push(format!("{}: expected {expected}, got {outcome}", rule.id));
            }
        }
        if let Some(expected) = case.level.map(ExpectedLevel::index)
            && expected != level
        {
            let name = |level: Option<usize>| {
                let level = level.and_then(|level| self.levels.get(level));
                level.map_or("none", |level: &Level| level.name.as_str())
            };
            mismatches.push(format!(
                "level: expected {}, got {}",
                name(expected),
                name(level)
            ));
        }
        mismatches
    }

    /// What becomes of the rules and which level is reached; nothing of an entity that it is not
    /// about.
    fn outcomes(
        &self,
        catalog: &Catalog,
        facts: &Facts,
        id: EntityId,
    ) -> (Vec<Outcome>, Option<usize>, Vec<String>) {
        let context = QueryContext {
            catalog,
            user: None,
            documented: &DocumentedEntities::default,
            facts: Some(facts),
        };
        let request = EvaluationRequest {
            catalog,
            facts,
            entities: &[id],
            now: facts.now(),
            ask: &|query: &Query| query.answers(&context),
        };
        let results = evaluate(std::slice::from_ref(self), &request);
        let problems = results.iter().flat_map(|card| &card.problems);
        let problems = problems.map(ToString::to_string).collect();
        let result = results.iter().find_map(|card| card.entities.first());
        let Some(result) = result else {
            return (Vec::new(), None, problems);
        };
        let outcomes = result.rules.iter().map(|rule| rule.outcome).collect();
        (outcomes, result.standing.level, problems)
    }
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Passed,
        Self::Failed,
        Self::Exempt,
        Self::Unknown,
        Self::NotMeasured,
        Self::NotApplicable,
    ];

    /// The name, as cases and machines have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Exempt => "exempt",
            Self::Unknown => "unknown",
            Self::NotMeasured => "not-measured",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl Case {
    /// What must become of which rules, by their indexes.
    #[cfg(test)]
    pub(super) fn expected(&self) -> impl Iterator<Item = (usize, Outcome)> {
        self.expect.iter().copied()
    }

    /// What is known: the facts of the entity, and what somebody else has and it lacks. What is not
    /// named is measured for nobody.
    fn facts(&self, register: &Register, now: Timestamp) -> Vec<Fact> {
        let somebody = EntityRef::new("component", "default", SOMEBODY);
        let facts = self.facts.iter();
        facts
            .filter_map(|(selector, value)| {
                let declaration = register.declaration(&selector.name)?;
                let age_of = declaration.age_of;
                let (entity, value) = match value {
                    Value::Null => (&somebody, stand_in(declaration.value_type)),
                    value => (self.entity.reference(), value.clone()),
                };
                let value = match (age_of, value.as_i64()) {
                    (Some(_), days) => {
                        let hours = days.unwrap_or_default().saturating_mul(24);
                        let then = now.checked_sub(SignedDuration::from_hours(hours)).ok()?;
                        Value::from(then.to_string())
                    }
                    (None, _) => value,
                };
                Some(fact(
                    entity,
                    age_of.unwrap_or(&selector.name),
                    selector,
                    value,
                    now,
                ))
            })
            .collect()
    }
}

fn fact(
    entity: &EntityRef,
    name: &str,
    selector: &FactSelector,
    value: Value,
    now: Timestamp,
) -> Fact {
    Fact {
        entity: entity.clone(),
        name: Arc::from(name),
        dimensions: selector.dimensions.clone(),
        value,
        observed_at: now,
        valid_until: None,
        source: Arc::from("case"),
        evidence: None,
        is_shared: false,
    }
}

/// Any value of a type.
fn stand_in(value_type: ValueType) -> Value {
    match value_type {
        ValueType::Boolean => Value::Bool(true),
        ValueType::Number => Value::from(1),
        ValueType::Text | ValueType::Version => Value::from("1"),
        ValueType::Time => Value::from(Timestamp::UNIX_EPOCH.to_string()),
        ValueType::List => Value::Array(Vec::new()),
    }
}

impl Reading<'_, '_> {
    /// The cases of a scorecard with these rules and levels.
    pub(super) fn cases(&mut self, rules: &[Rule], levels: &[Level]) -> Vec<Case> {
        let entity = self.entity;
        let Some(cases) = entity.spec_field("cases") else {
            return Vec::new();
        };
        let cases = cases.items();
        cases
            .filter_map(|node| self.case(node, rules, levels))
            .collect()
    }

    fn case(&mut self, node: Node<'_>, rules: &[Rule], levels: &[Level]) -> Option<Case> {
        let problems = self.problems.len();
        let entity = self.made_up(node.get("entity")?);
        let others = node.get("others").into_iter().flat_map(Node::items);
        let others: Vec<Entity> = others.filter_map(|other| self.made_up(other)).collect();
        let facts = node.get("facts").into_iter().flat_map(Node::entries);
        let facts: Vec<_> = facts
            .filter_map(|(name, value)| self.case_fact(name, value))
            .collect();
        let expect = node.get("expect").into_iter().flat_map(Node::entries);
        let expect: Vec<_> = expect
            .filter_map(|(rule, outcome)| self.expectation(rule, outcome, rules))
            .collect();
        let level = node
            .get("level")
            .and_then(|level| self.expected_level(level, levels));
        let at = node.get("at").and_then(|at| {
            let seconds = seconds_of_time(at.text());
            if seconds.is_none() {
                self.wrong(at, format!("\"{}\" is no date", at.text()), None);
            }
            seconds
        });
        (self.problems.len() == problems).then_some(Case {
            name: node.str_at("name")?.to_owned(),
            place: self.place(node.span()),
            entity: entity?,
            others,
            facts,
            at,
            expect,
            level,
        })
    }

    /// An entity that a case makes up.
    fn made_up(&mut self, node: Node<'_>) -> Option<Entity> {
        let metadata = node.get("metadata");
        let text = |field| metadata.and_then(|it| it.str_at(field));
        let Some(name) = text("name") else {
            let message = "the entity of a case has no \"metadata.name\"".to_owned();
            self.wrong(node, message, None);
            return None;
        };
        let kind = node.str_at("kind").unwrap_or("Component");
        let namespace = text("namespace").unwrap_or("default");
        let mut builder = TreeBuilder::default();
        builder.copy(node, None);
        let source = Source {
            line: node.span().line,
            ..self.entity.source().clone()
        };
        let reference = EntityRef::new(kind, namespace, name);
        Some(Entity::new(reference, builder.finish(), source, true))
    }

    fn case_fact(&mut self, name: Node<'_>, value: Node<'_>) -> Option<(FactSelector, Value)> {
        let known = self.names().register();
        let selector = match FactSelector::of_register(name.text(), known) {
            Ok(selector) => selector,
            Err(SelectorError { message, help }) => {
                self.wrong(name, message, Some(help));
                return None;
            }
        };
        let value_type = known.declaration(&selector.name)?.value_type;
        let json = value.to_json();
        if !value_type.fits(&json) {
            let message = format!("\"{}\" is a {}", selector.name, value_type.name());
            self.wrong(value, message, None);
            return None;
        }
        Some((selector, json))
    }

    fn expectation(
        &mut self,
        rule: Node<'_>,
        outcome: Node<'_>,
        rules: &[Rule],
    ) -> Option<(usize, Outcome)> {
        let index = rules.iter().position(|known| known.id == rule.text());
        if index.is_none() {
            let ids = rules.iter().map(|rule| rule.id.as_str());
            let help = did_you_mean(rule.text(), ids);
            let help = help.map(|meant| format!("did you mean \"{meant}\"?"));
            self.wrong(rule, format!("there is no rule \"{}\"", rule.text()), help);
        }
        // What is no outcome is reported by the schema.
        let mut outcomes = Outcome::ALL.into_iter();
        let outcome = outcomes.find(|known| known.name() == outcome.text())?;
        Some((index?, outcome))
    }

    fn expected_level(&mut self, node: Node<'_>, levels: &[Level]) -> Option<ExpectedLevel> {
        if node.is_null() {
            return Some(ExpectedLevel::Nothing);
        }
        let level = levels.iter().position(|level| level.name == node.text());
        if level.is_none() {
            let names = levels.iter().map(|level| level.name.as_str());
            let help = did_you_mean(node.text(), names);
            let help = help.map(|meant| format!("did you mean \"{meant}\"?"));
            self.wrong(node, format!("there is no level \"{}\"", node.text()), help);
            return None;
        }
        level.map(ExpectedLevel::Reached)
    }

    fn wrong(&mut self, node: Node<'_>, message: String, help: Option<String>) {
        self.problem(&register::INVALID_RULE, node.span(), message, help);
    }
}
