//! What becomes of a requirement: conditions that hold, do not, or are not known, joined.
//!
//! The logic is Kleene's: what is not known matters only where nothing else decides, so that
//! `a or b` holds when `b` does, whatever `a` is, and the order in which somebody wrote them never
//! changes a result.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::requirement::{Condition, JoinedConditions, Requirement};
use super::scope::Sight;
use super::scorecard::Rule;
use crate::expression::Expression;
use crate::fact::{Dimensions, FactSelection, FactSelector, Facts};
use crate::query::Query;

/// What becomes of a requirement or of a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Judgement {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It cannot be evaluated for this entity, and why. Neither it nor its opposite holds.
    Breaks(String),
    /// Facts are missing, of which others have at least one.
    Unknown(Vec<String>),
    /// Facts are missing that nobody has.
    NotMeasured(Vec<String>),
}

/// The facts that anybody has.
pub(super) struct Measured<'a> {
    facts: &'a Facts,
    /// By what expressions ask for; found out when it is first needed.
    known: HashMap<String, (FactSelector, OnceLock<bool>)>,
}

/// A requirement, ready for many entities.
pub(super) struct ReadyRequirement<'a> {
    requirement: &'a Requirement,
    conditions: Vec<(&'a Condition, Option<Expression<'a>>)>,
}

impl<'a> Measured<'a> {
    /// What rules ask for: in their requirements, and in the queries that say what they are about.
    pub(super) fn new(facts: &'a Facts, rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut known = HashMap::new();
        for rule in rules {
            let conditions = rule.require.conditions.iter();
            for asked in conditions.flat_map(|condition| &condition.facts) {
                let selector = || (asked.selector.clone(), OnceLock::new());
                known.entry(asked.name.clone()).or_insert_with(selector);
            }
            let when = rule.when.as_ref().map(Query::facts);
            if let Some(FactSelection::Names(names)) = when {
                for name in names {
                    let dimensions = Dimensions::default();
                    let selector = FactSelector {
                        name: name.clone(),
                        dimensions,
                    };
                    let selector = || (selector, OnceLock::new());
                    known.entry(name).or_insert_with(selector);
                }
            }
        }
        Self { facts, known }
    }

    fn has(&self, asked: &str) -> bool {
        self.known.get(asked).is_some_and(|(selector, known)| {
            *known.get_or_init(|| self.facts.is_known_of_any(selector))
        })
    }

    /// What follows from facts that are missing.
    pub(super) fn judge(&self, missed: Vec<String>) -> Judgement {
        if missed.iter().any(|asked| self.has(asked)) {
            Judgement::Unknown(missed)
        } else {
            Judgement::NotMeasured(missed)
        }
    }
}

impl<'a> ReadyRequirement<'a> {
    /// The requirement with what is made of its conditions.
    pub(super) fn new(
        requirement: &'a Requirement,
        compile: impl Fn(&'a str) -> Option<Expression<'a>>,
    ) -> Self {
        let conditions = requirement.conditions.iter();
        let conditions = conditions.map(|condition| (condition, compile(&condition.text)));
        Self {
            requirement,
            conditions: conditions.collect(),
        }
    }

    /// What becomes of it for an entity.
    pub(super) fn judge(&self, sight: &Sight<'_>, measured: &Measured<'_>) -> Judgement {
        self.judge_part(&self.requirement.joined, sight, measured)
    }

    fn judge_part(
        &self,
        part: &JoinedConditions,
        sight: &Sight<'_>,
        measured: &Measured<'_>,
    ) -> Judgement {
        match part {
            JoinedConditions::One(index) => match self.conditions.get(*index) {
                Some((condition, Some(expression))) => {
                    judge_condition(condition, expression, sight, measured)
                }
                _ => Judgement::Breaks("the expression cannot be read".to_owned()),
            },
            JoinedConditions::Not(part) => match self.judge_part(part, sight, measured) {
                Judgement::Holds => Judgement::Fails,
                Judgement::Fails => Judgement::Holds,
                other => other,
            },
            JoinedConditions::All(parts) => {
                self.strongest(parts, Judgement::Fails, in_all, sight, measured)
            }
            JoinedConditions::Any(parts) => {
                self.strongest(parts, Judgement::Holds, in_any, sight, measured)
            }
        }
    }

    /// The judgement that counts most; the rest is not asked once one decides.
    fn strongest(
        &self,
        parts: &[JoinedConditions],
        decides: Judgement,
        strength: fn(&Judgement) -> u8,
        sight: &Sight<'_>,
        measured: &Measured<'_>,
    ) -> Judgement {
        let mut strongest: Option<Judgement> = None;
        for part in parts {
            let judgement = self.judge_part(part, sight, measured);
            if judgement == decides {
                return decides;
            }
            strongest = Some(match strongest {
                Some(so_far) => stronger(so_far, judgement, strength),
                None => judgement,
            });
        }
        strongest.unwrap_or(Judgement::Holds)
    }
}

fn stronger(one: Judgement, other: Judgement, strength: fn(&Judgement) -> u8) -> Judgement {
    match (one, other) {
        (Judgement::Unknown(mut missed), Judgement::Unknown(more)) => {
            missed.extend(more);
            Judgement::Unknown(missed)
        }
        (Judgement::NotMeasured(mut missed), Judgement::NotMeasured(more)) => {
            missed.extend(more);
            Judgement::NotMeasured(missed)
        }
        (one, other) if strength(&one) >= strength(&other) => one,
        (_, other) => other,
    }
}

/// What counts most where all must hold.
const fn in_all(judgement: &Judgement) -> u8 {
    match judgement {
        Judgement::Fails => 4,
        Judgement::Breaks(_) => 3,
        Judgement::Unknown(_) => 2,
        Judgement::NotMeasured(_) => 1,
        Judgement::Holds => 0,
    }
}

/// What counts most where one must hold.
const fn in_any(judgement: &Judgement) -> u8 {
    match judgement {
        Judgement::Holds => 4,
        Judgement::Unknown(_) => 3,
        Judgement::NotMeasured(_) => 2,
        Judgement::Breaks(_) => 1,
        Judgement::Fails => 0,
    }
}

fn judge_condition(
    condition: &Condition,
    expression: &Expression<'_>,
    sight: &Sight<'_>,
    measured: &Measured<'_>,
) -> Judgement {
    sight.show(condition);
    let holds = expression.is_true_in(&sight.scope);
    let mut missed = sight.scope.take_missed();
    missed.sort_unstable();
    missed.dedup();
    if holds.is_ok() {
        // What says itself what holds when a fact is not known has answered.
        missed.retain(|name| {
            let mut facts = condition.facts.iter();
            !facts.any(|asked| asked.name == *name && asked.may_be_unknown)
        });
    }
    match holds {
        _ if !missed.is_empty() => measured.judge(missed),
        Ok(true) => Judgement::Holds,
        Ok(false) => Judgement::Fails,
        Err(error) => Judgement::Breaks(error.message),
    }
}
