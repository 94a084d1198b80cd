//! Rules × entities → results.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use rayon::prelude::*;

use super::exemption::Exemption;
use super::level::Standing;
use super::requirement::Requirement;
use super::scope::Mentioned;
use super::scorecard::{Rule, Scorecard};
use crate::catalog::{Catalog, EntityId};
use crate::expression::{Expression, ExpressionError, Language, Scope};
use crate::fact::Facts;
use crate::query::{Query, QueryError};

/// What scorecards are evaluated on.
pub struct EvaluationRequest<'a> {
    /// The entities, and what they are to each other.
    pub catalog: &'a Catalog,
    /// What is known of them.
    pub facts: &'a Facts,
    /// The entities that are asked about.
    pub entities: &'a [EntityId],
    /// The moment.
    pub now: Timestamp,
    /// Evaluates a query over the catalog.
    pub select: &'a dyn Fn(&Query) -> Result<Vec<EntityId>, QueryError>,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It does not hold, or is not known to, and somebody agreed that it need not for now.
    Exempt,
    /// This entity lacks a fact that others have, or it has expired.
    Unknown,
    /// No entity has the fact: its source is not set up.
    NotMeasured,
    /// The rule is not about this entity.
    NotApplicable,
}

/// What became of a rule for an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleResult {
    /// What became of it.
    pub outcome: Outcome,
    /// The facts that were not known, as selectors.
    pub unknown: Vec<String>,
    /// Why it cannot be evaluated for this entity, where it cannot.
    pub problem: Option<String>,
}

/// What became of a scorecard for an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityResult {
    /// The entity.
    pub entity: EntityId,
    /// What became of each rule, in the order of the scorecard.
    pub rules: Vec<RuleResult>,
    /// Where it stands.
    pub standing: Standing,
}

/// What became of a scorecard.
#[derive(Clone, Debug)]
pub struct ScorecardResult<'a> {
    /// The scorecard.
    pub scorecard: &'a Scorecard,
    /// The entities that it is about, in the order of the catalog.
    pub entities: Vec<EntityResult>,
    /// The facts that no entity has, for each rule that is not measured.
    pub not_measured: Vec<(&'a Rule, Vec<String>)>,
}

/// A scorecard, ready for many entities.
struct Prepared<'a> {
    scorecard: &'a Scorecard,
    filter: Option<HashSet<EntityId>>,
    rules: Vec<PreparedRule<'a>>,
    exemptions: Vec<(&'a Exemption, HashSet<EntityId>)>,
}

struct PreparedRule<'a> {
    rule: &'a Rule,
    when: Option<HashSet<EntityId>>,
    expression: Expression<'a>,
}

/// Evaluates scorecards over entities.
///
/// # Errors
/// When a query of a scorecard asks for what no entity can have.
pub fn evaluate<'a>(
    scorecards: &'a [Scorecard],
    request: &EvaluationRequest<'_>,
) -> Result<Vec<ScorecardResult<'a>>, QueryError> {
    let language = Language::at(request.now.as_second());
    let prepared = prepare(scorecards, &language, request)?;
    let requirements = scorecards
        .iter()
        .flat_map(|it| it.rules.iter().map(|rule| &rule.require));
    let mentioned: Mentioned = requirements.collect();
    let measured = Measured::new(request.facts);
    let (catalog, facts) = (request.catalog, request.facts);
    let results: Vec<Vec<Option<EntityResult>>> = request
        .entities
        .par_iter()
        .map(|id| {
            let is_about =
                |card: &&Prepared<'_>| card.filter.as_ref().is_none_or(|it| it.contains(id));
            if !prepared.iter().any(|card| is_about(&card)) {
                return vec![None; prepared.len()];
            }
            let scope = mentioned.scope(catalog, facts, *id);
            let cards = prepared.iter();
            cards
                .map(|card| is_about(&card).then(|| card.evaluate(*id, &scope, &measured)))
                .collect()
        })
        .collect();
    let mut columns: Vec<Vec<EntityResult>> = prepared.iter().map(|_| Vec::new()).collect();
    for row in results {
        for (column, result) in columns.iter_mut().zip(row) {
            column.extend(result);
        }
    }
    let columns = scorecards.iter().zip(columns);
    Ok(columns
        .map(|(scorecard, entities)| ScorecardResult {
            not_measured: not_measured(scorecard, &entities),
            scorecard,
            entities,
        })
        .collect())
}

fn prepare<'a>(
    scorecards: &'a [Scorecard],
    language: &'a Language,
    request: &EvaluationRequest<'_>,
) -> Result<Vec<Prepared<'a>>, QueryError> {
    let set = |query: &Query| (request.select)(query).map(HashSet::from_iter);
    let now = request.now.as_second();
    let prepare_rule = |rule: &'a Rule| -> Result<Option<PreparedRule<'a>>, QueryError> {
        let when = rule.when.as_ref().map(set).transpose()?;
        // Requirements were compiled when they were read.
        let expression = language.compile(&rule.require.text).ok();
        Ok(expression.map(|expression| PreparedRule {
            rule,
            when,
            expression,
        }))
    };
    let prepare_card = |scorecard: &'a Scorecard| -> Result<Prepared<'a>, QueryError> {
        let counting = scorecard.exemptions.iter().filter(|it| it.counts(now));
        let exemptions = counting.map(|it| Ok((it, set(&it.entities)?)));
        let rules = scorecard.rules.iter().map(prepare_rule);
        let rules = rules.collect::<Result<Vec<Option<PreparedRule<'a>>>, QueryError>>()?;
        Ok(Prepared {
            scorecard,
            filter: scorecard.filter.as_ref().map(set).transpose()?,
            rules: rules.into_iter().flatten().collect(),
            exemptions: exemptions.collect::<Result<_, QueryError>>()?,
        })
    };
    scorecards.iter().map(prepare_card).collect()
}

impl Prepared<'_> {
    fn evaluate(&self, id: EntityId, scope: &Scope, measured: &Measured) -> EntityResult {
        let rules = self
            .rules
            .iter()
            .map(|rule| self.evaluate_rule(rule, id, scope, measured));
        let rules: Vec<RuleResult> = rules.collect();
        EntityResult {
            entity: id,
            standing: Standing::of(self.scorecard, &rules),
            rules,
        }
    }

    fn evaluate_rule(
        &self,
        rule: &PreparedRule<'_>,
        id: EntityId,
        scope: &Scope,
        measured: &Measured,
    ) -> RuleResult {
        if rule.when.as_ref().is_some_and(|when| !when.contains(&id)) {
            return RuleResult::of(Outcome::NotApplicable);
        }
        let result = judge(&rule.rule.require, &rule.expression, scope, measured);
        let is_exempt = || {
            let mut exemptions = self.exemptions.iter();
            exemptions.any(|(it, entities)| it.covers(&rule.rule.id) && entities.contains(&id))
        };
        match result.outcome {
            Outcome::Failed | Outcome::Unknown if is_exempt() => RuleResult {
                outcome: Outcome::Exempt,
                ..result
            },
            _ => result,
        }
    }
}

/// What becomes of a requirement.
fn judge(
    requirement: &Requirement,
    expression: &Expression<'_>,
    scope: &Scope,
    measured: &Measured,
) -> RuleResult {
    let holds = expression.is_true_in(scope);
    let unknown = scope.take_missed();
    match holds {
        Ok(true) => RuleResult::of(Outcome::Passed),
        Ok(false) => RuleResult::of(Outcome::Failed),
        Err(_) if !unknown.is_empty() => {
            let names = requirement
                .facts
                .iter()
                .map(|selector| selector.name.as_str());
            let outcome = if names.clone().any(|name| !measured.has(name)) {
                Outcome::NotMeasured
            } else {
                Outcome::Unknown
            };
            RuleResult {
                outcome,
                unknown,
                problem: None,
            }
        }
        // What an entity does not have does not hold.
        Err(ExpressionError { message, .. }) => RuleResult {
            problem: Some(message),
            ..RuleResult::of(Outcome::Failed)
        },
    }
}

impl RuleResult {
    const fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            unknown: Vec::new(),
            problem: None,
        }
    }
}

/// The names of facts that any entity has.
struct Measured(BTreeSet<String>);

impl Measured {
    fn new(facts: &Facts) -> Self {
        let names = facts.iter().filter(|fact| !fact.value.is_null());
        let mut names: BTreeSet<String> = names.map(|fact| fact.name.to_string()).collect();
        let ages = facts.register().declarations().filter_map(|declaration| {
            let of = declaration.age_of?;
            names.contains(of).then(|| declaration.name.to_string())
        });
        let ages: Vec<String> = ages.collect();
        names.extend(ages);
        Self(names)
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

fn not_measured<'a>(
    scorecard: &'a Scorecard,
    entities: &[EntityResult],
) -> Vec<(&'a Rule, Vec<String>)> {
    let rules = scorecard.rules.iter().enumerate();
    rules
        .filter_map(|(index, rule)| {
            let results = entities.iter().filter_map(|entity| entity.rules.get(index));
            let mut facts: Vec<String> = results
                .filter(|result| result.outcome == Outcome::NotMeasured)
                .flat_map(|result| result.unknown.iter().cloned())
                .collect();
            facts.sort_unstable();
            facts.dedup();
            (!facts.is_empty()).then_some((rule, facts))
        })
        .collect()
}
