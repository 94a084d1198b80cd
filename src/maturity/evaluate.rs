//! Rules × entities → results.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::exemption::Exemption;
use super::judgement::{Judge, Judgement, Measured, Memory, ReadyConditions, ReadyRequirement};
use super::level::Standing;
use super::scope::{Sight, Surroundings};
use super::scorecard::{Rule, Scorecard};
use crate::catalog::{Catalog, EntityId};
use crate::expression::Language;
use crate::fact::{FactSelection, Facts};
use crate::query::{Answer, Query, QueryError};

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
    /// What a query answers of each entity of the catalog.
    pub ask: &'a dyn Fn(&Query) -> Result<Vec<Answer>, QueryError>,
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
    /// No entity has the fact, or an owner whom the catalog knows: a source is not set up.
    NotMeasured,
    /// The rule is not about this entity.
    NotApplicable,
}

/// What became of a rule for an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleResult {
    /// What became of it.
    pub outcome: Outcome,
    /// The facts that were not known, as selectors; `owner.members` and the like where the
    /// catalog knows no owner.
    pub unknown: Arc<[String]>,
    /// Why it cannot be evaluated for this entity, where it cannot.
    pub problem: Option<String>,
    /// What it is exempt by, where it is: an index of the exemptions of the scorecard.
    pub exemption: Option<usize>,
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
    /// What is wrong with its queries in this catalog: they name a kind or an owner that it does
    /// not have. A scorecard whose filter has a problem is about nothing, a rule whose `when` has
    /// one is unknown, and an exemption with one exempts nobody.
    pub problems: Vec<QueryError>,
}

/// The fewest entities that are evaluated with one memory.
const FEWEST: usize = 512;

/// What a query answers of each entity.
type Answers = Arc<Result<Vec<Answer>, QueryError>>;

/// Everything that is needed to evaluate any entity.
struct Evaluation<'a> {
    prepared: Vec<Prepared<'a>>,
    conditions: ReadyConditions<'a>,
    measured: Measured<'a>,
    around: Surroundings<'a>,
}

/// A scorecard, ready for many entities.
struct Prepared<'a> {
    scorecard: &'a Scorecard,
    filter: Option<Answers>,
    rules: Vec<PreparedRule<'a>>,
    /// Those that count, with their indexes.
    exemptions: Vec<(usize, &'a Exemption, Answers)>,
}

struct PreparedRule<'a> {
    rule: &'a Rule,
    when: Option<Answers>,
    requirement: ReadyRequirement<'a>,
}

/// Evaluates scorecards over entities.
#[must_use]
pub fn evaluate<'a>(
    scorecards: &'a [Scorecard],
    request: &EvaluationRequest<'_>,
) -> Vec<ScorecardResult<'a>> {
    let language = Language::at(request.now.as_second());
    let mut conditions = ReadyConditions::default();
    let prepared = prepare(scorecards, &language, &mut conditions, request);
    let rules = scorecards.iter().flat_map(|scorecard| &scorecard.rules);
    let evaluation = Evaluation {
        prepared,
        conditions,
        measured: Measured::new(request.facts, rules),
        around: Surroundings::new(request.catalog, request.facts),
    };
    // What an entity shares with others is found out once for each memory.
    let each = request.entities.len() / (2 * rayon::current_num_threads());
    let entities = request.entities.par_iter().with_min_len(each.max(FEWEST));
    let results: Vec<Vec<Option<EntityResult>>> = entities
        .map_init(Memory::default, |memory, id| evaluation.entity(memory, *id))
        .collect();
    let mut columns: Vec<Vec<EntityResult>> = scorecards.iter().map(|_| Vec::new()).collect();
    for row in results {
        for (column, result) in columns.iter_mut().zip(row) {
            column.extend(result);
        }
    }
    let columns = scorecards.iter().zip(&evaluation.prepared).zip(columns);
    columns
        .map(|((scorecard, prepared), entities)| ScorecardResult {
            not_measured: not_measured(scorecard, &entities),
            scorecard,
            entities,
            problems: prepared.problems(),
        })
        .collect()
}

fn prepare<'a>(
    scorecards: &'a [Scorecard],
    language: &'a Language,
    conditions: &mut ReadyConditions<'a>,
    request: &EvaluationRequest<'a>,
) -> Vec<Prepared<'a>> {
    let mut asked: HashMap<String, Answers> = HashMap::new();
    // Scorecards often have one filter, and rules one condition.
    let mut ask = |query: &Query| {
        let answers = asked.entry(query.to_string());
        Arc::clone(answers.or_insert_with(|| Arc::new((request.ask)(query))))
    };
    let now = request.now.as_second();
    let mut prepare_card = |scorecard: &'a Scorecard| {
        let rules = scorecard.rules.iter();
        let rules = rules.map(|rule| PreparedRule {
            rule,
            when: rule.when.as_ref().map(&mut ask),
            requirement: conditions.add(&rule.require, language, request.facts),
        });
        let rules = rules.collect();
        let exemptions = scorecard.exemptions.iter().enumerate();
        let counting = exemptions.filter(|(_, exemption)| exemption.counts(now));
        let counting = counting.map(|(index, it)| (index, it, ask(&it.entities)));
        let exemptions = counting.collect();
        Prepared {
            scorecard,
            filter: scorecard.filter.as_ref().map(&mut ask),
            rules,
            exemptions,
        }
    };
    scorecards.iter().map(&mut prepare_card).collect()
}

/// What a query answers of an entity; nothing when it could not be asked.
fn answer(answers: &Answers, id: EntityId) -> Option<Answer> {
    answers.as_ref().as_ref().ok()?.get(id.index()).copied()
}

impl<'a> Evaluation<'a> {
    /// What becomes of an entity in each scorecard that is about it.
    fn entity(&self, memory: &Memory<'a>, id: EntityId) -> Vec<Option<EntityResult>> {
        if !self.prepared.iter().any(|card| card.is_about(id)) {
            return Vec::new();
        }
        let judge = Judge {
            conditions: &self.conditions,
            measured: &self.measured,
            sight: Sight::new(&self.around, &memory.seen, id),
            memory,
        };
        let cards = self.prepared.iter();
        let results = cards.map(|card| card.is_about(id).then(|| card.evaluate(id, &judge)));
        results.collect()
    }
}

impl Prepared<'_> {
    fn is_about(&self, id: EntityId) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| answer(filter, id) == Some(Answer::Yes))
    }

    fn evaluate(&self, id: EntityId, judge: &Judge<'_, '_>) -> EntityResult {
        let rules = self.rules.iter();
        let rules = rules.map(|rule| self.evaluate_rule(rule, id, judge));
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
        judge: &Judge<'_, '_>,
    ) -> RuleResult {
        let result = match rule.when.as_ref().map(|when| answer(when, id)) {
            None | Some(Some(Answer::Yes)) => rule.requirement.judge(judge).into(),
            Some(Some(Answer::No)) => return RuleResult::of(Outcome::NotApplicable),
            // Whether it is about this entity is not known, so that it does not pass.
            Some(Some(Answer::Unknown) | None) => rule.when_is_unknown(judge.measured),
        };
        let mut exemptions = self.exemptions.iter();
        let exemption = exemptions.find(|(_, exemption, entities)| {
            exemption.covers(&rule.rule.id) && answer(entities, id) == Some(Answer::Yes)
        });
        match (result.outcome, exemption) {
            (Outcome::Failed | Outcome::Unknown, Some((index, ..))) => RuleResult {
                outcome: Outcome::Exempt,
                exemption: Some(*index),
                ..result
            },
            _ => result,
        }
    }

    fn problems(&self) -> Vec<QueryError> {
        let when = self.rules.iter().filter_map(|rule| rule.when.as_ref());
        let exempt = self.exemptions.iter().map(|(_, _, entities)| entities);
        let queries = self.filter.iter().chain(when).chain(exempt);
        let mut problems: Vec<QueryError> = Vec::new();
        for problem in queries.filter_map(|query| query.as_ref().as_ref().err()) {
            if !problems.contains(problem) {
                problems.push(problem.clone());
            }
        }
        problems
    }
}

impl PreparedRule<'_> {
    /// What becomes of the rule where it is not known whether it is about the entity.
    fn when_is_unknown(&self, measured: &Measured<'_>) -> RuleResult {
        let asked = self.rule.when.as_ref().map(Query::facts);
        let names = match asked {
            Some(FactSelection::Names(names)) => names.into_iter().collect(),
            _ => Vec::new(),
        };
        if names.is_empty() {
            return RuleResult {
                problem: Some("whether it is about this entity is not known".to_owned()),
                ..RuleResult::of(Outcome::Unknown)
            };
        }
        measured.judge(names).into()
    }
}

impl From<Judgement> for RuleResult {
    fn from(judgement: Judgement) -> Self {
        match judgement {
            Judgement::Holds => Self::of(Outcome::Passed),
            Judgement::Fails => Self::of(Outcome::Failed),
            // What an entity does not have does not hold.
            Judgement::Breaks(problem) => Self {
                problem: Some(problem),
                ..Self::of(Outcome::Failed)
            },
            Judgement::Unknown(unknown) => Self {
                unknown,
                ..Self::of(Outcome::Unknown)
            },
            Judgement::NotMeasured(unknown) => Self {
                unknown,
                ..Self::of(Outcome::NotMeasured)
            },
        }
    }
}

impl RuleResult {
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            unknown: Arc::default(),
            problem: None,
            exemption: None,
        }
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
            let facts: BTreeSet<&String> = results
                .filter(|result| result.outcome == Outcome::NotMeasured)
                .flat_map(|result| result.unknown.iter())
                .collect();
            (!facts.is_empty()).then(|| (rule, facts.into_iter().cloned().collect()))
        })
        .collect()
}
