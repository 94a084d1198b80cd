//! What becomes of a requirement: conditions that hold, do not, or are not known, joined.
//!
//! The logic is Kleene's: what is not known matters only where nothing else decides, so that
//! `a or b` holds when `b` does, whatever `a` is, and the order in which somebody wrote them never
//! changes a result.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::requirement::{Condition, JoinedConditions, Requirement};
use super::scope::{Looks, Seen, Sight, Trait};
use super::scorecard::Rule;
use crate::expression::{Expression, Language};
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
    Unknown(Arc<[String]>),
    /// Facts are missing that nobody has, or entities of which there is none.
    NotMeasured(Arc<[String]>),
}

/// The facts that anybody has.
pub(super) struct Measured<'a> {
    facts: &'a Facts,
    /// By what expressions ask for; found out when it is first needed.
    known: HashMap<String, (FactSelector, OnceLock<bool>)>,
}

/// The conditions of some requirements, each once, ready for many entities.
#[derive(Default)]
pub(super) struct ReadyConditions<'a> {
    conditions: Vec<ReadyCondition<'a>>,
    by_text: HashMap<&'a str, usize>,
}

struct ReadyCondition<'a> {
    condition: &'a Condition,
    expression: Option<Expression<'a>>,
    looks: Looks<'a>,
}

/// A requirement, ready for many entities.
pub(super) struct ReadyRequirement<'a> {
    requirement: &'a Requirement,
    /// The number of each of its conditions.
    conditions: Vec<usize>,
}

/// What was judged before. What a condition says depends on nothing but what it sees, and it sees
/// the same of many entities.
#[derive(Default)]
pub(super) struct Memory<'a> {
    pub(super) seen: RefCell<Seen>,
    /// What is looked up, made once.
    traits: RefCell<Vec<Trait<'a>>>,
    /// By the numbers of conditions.
    judged: RefCell<HashMap<usize, HashMap<Vec<Trait<'a>>, Judgement>>>,
}

/// Judges one entity.
pub(super) struct Judge<'a, 's> {
    pub(super) conditions: &'s ReadyConditions<'a>,
    pub(super) measured: &'s Measured<'a>,
    pub(super) sight: Sight<'a, 's>,
    pub(super) memory: &'s Memory<'a>,
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
            Judgement::Unknown(missed.into())
        } else {
            Judgement::NotMeasured(missed.into())
        }
    }
}

impl<'a> ReadyConditions<'a> {
    /// A requirement with what is made of its conditions.
    pub(super) fn add(
        &mut self,
        requirement: &'a Requirement,
        language: &'a Language,
        facts: &'a Facts,
    ) -> ReadyRequirement<'a> {
        let conditions = requirement.conditions.iter();
        let conditions = conditions.map(|condition| {
            let next = self.conditions.len();
            let number = *self.by_text.entry(&condition.text).or_insert(next);
            if number == next {
                self.conditions.push(ReadyCondition {
                    condition,
                    expression: language.compile(&condition.text).ok(),
                    looks: Looks::of(condition, facts),
                });
            }
            number
        });
        ReadyRequirement {
            requirement,
            conditions: conditions.collect(),
        }
    }
}

impl ReadyRequirement<'_> {
    /// What becomes of it for an entity.
    pub(super) fn judge(&self, judge: &Judge<'_, '_>) -> Judgement {
        self.judge_part(&self.requirement.joined, judge)
    }

    fn judge_part(&self, part: &JoinedConditions, judge: &Judge<'_, '_>) -> Judgement {
        match part {
            JoinedConditions::One(index) => match self.conditions.get(*index) {
                Some(number) => judge.condition(*number),
                None => unreadable(),
            },
            JoinedConditions::Not(part) => match self.judge_part(part, judge) {
                Judgement::Holds => Judgement::Fails,
                Judgement::Fails => Judgement::Holds,
                other => other,
            },
            JoinedConditions::All(parts) => self.strongest(parts, Judgement::Fails, in_all, judge),
            JoinedConditions::Any(parts) => self.strongest(parts, Judgement::Holds, in_any, judge),
        }
    }

    /// The judgement that counts most; the rest is not asked once one decides.
    fn strongest(
        &self,
        parts: &[JoinedConditions],
        decides: Judgement,
        strength: fn(&Judgement) -> u8,
        judge: &Judge<'_, '_>,
    ) -> Judgement {
        let mut strongest: Option<Judgement> = None;
        for part in parts {
            let judgement = self.judge_part(part, judge);
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
        (Judgement::Unknown(missed), Judgement::Unknown(more)) => {
            Judgement::Unknown(both(&missed, &more))
        }
        (Judgement::NotMeasured(missed), Judgement::NotMeasured(more)) => {
            Judgement::NotMeasured(both(&missed, &more))
        }
        (one, other) if strength(&one) >= strength(&other) => one,
        (_, other) => other,
    }
}

fn both(missed: &[String], more: &[String]) -> Arc<[String]> {
    missed.iter().chain(more).cloned().collect()
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

fn unreadable() -> Judgement {
    Judgement::Breaks("the expression cannot be read".to_owned())
}

impl<'a> Judge<'a, '_> {
    /// What becomes of the condition of that number.
    fn condition(&self, number: usize) -> Judgement {
        let Some(ready) = self.conditions.conditions.get(number) else {
            return unreadable();
        };
        let mut traits = self.memory.traits.borrow_mut();
        traits.clear();
        if !self.sight.traits(&ready.looks, &mut traits) {
            return self.look(ready);
        }
        let mut judged = self.memory.judged.borrow_mut();
        let judged = judged.entry(number).or_default();
        if let Some(known) = judged.get(traits.as_slice()) {
            return known.clone();
        }
        let judgement = self.look(ready);
        judged.insert(traits.clone(), judgement.clone());
        judgement
    }

    fn look(&self, ready: &ReadyCondition<'a>) -> Judgement {
        let Some(expression) = &ready.expression else {
            return unreadable();
        };
        let unmeasured = self.sight.unmeasured(&ready.looks);
        if !unmeasured.is_empty() {
            return Judgement::NotMeasured(unmeasured.into());
        }
        let scope = self.sight.scope(&ready.looks);
        let holds = expression.is_true_in(&scope);
        let mut missed = scope.take_missed();
        missed.sort_unstable();
        missed.dedup();
        if holds.is_ok() {
            // What says itself what holds when a fact is not known has answered.
            missed.retain(|name| {
                let mut facts = ready.condition.facts.iter();
                !facts.any(|asked| asked.name == *name && asked.may_be_unknown)
            });
        }
        match holds {
            _ if !missed.is_empty() => self.measured.judge(missed),
            Ok(true) => Judgement::Holds,
            Ok(false) => Judgement::Fails,
            Err(error) => Judgement::Breaks(error.message),
        }
    }
}
