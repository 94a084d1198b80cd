//! Where an entity stands.

use super::evaluate::{EntityResult, Outcome, RuleResult};
use super::scorecard::{Level, Rule, Scorecard};

/// Where an entity stands in a scorecard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The level that it reached, as an index of the levels; `None` for none.
    pub level: Option<usize>,
    /// How much of what counts is passed, by weight; `None` when nothing counts.
    pub percent: Option<f64>,
}

impl Standing {
    /// Where an entity stands with these results.
    ///
    /// What is not measured for anybody is left out, so that a source that is not set up holds
    /// nobody back. But a level says that what it asks for is so: one of which nothing is measured
    /// cannot be reached, and the last one only when everything is measured.
    pub(super) fn of(scorecard: &Scorecard, results: &[RuleResult]) -> Self {
        let outcomes = || scorecard.rules.iter().zip(results);
        let is_all_measured = results
            .iter()
            .all(|result| result.outcome != Outcome::NotMeasured);
        let mut level = None;
        for index in 0..scorecard.levels.len() {
            let own = outcomes().filter(|(rule, _)| rule.level == index);
            let own: Vec<Outcome> = own.map(|(_, result)| result.outcome).collect();
            let is_last = index + 1 == scorecard.levels.len();
            if !is_reached(&own) || (is_last && !is_all_measured) {
                break;
            }
            level = Some(index);
        }
        // Where no rule is about it, it has not reached anything.
        let is_about = results
            .iter()
            .any(|result| result.outcome != Outcome::NotApplicable);
        Self {
            level: level.filter(|_| is_about),
            percent: percent(scorecard, results),
        }
    }
}

impl Scorecard {
    /// The level that comes next; nothing at the last one.
    #[must_use]
    pub fn next_level(&self, standing: Standing) -> Option<&Level> {
        self.levels.get(standing.level.map_or(0, |level| level + 1))
    }

    /// How many levels an entity misses because of what fails or is not known of it. What is not
    /// measured for anybody is nobody's fault, so that a level which is out of reach only for that
    /// does not count.
    #[must_use]
    pub fn levels_missed(&self, result: &EntityResult) -> usize {
        let rules = self.rules.iter().zip(&result.rules);
        let failing = rules
            .filter(|(_, result)| matches!(result.outcome, Outcome::Failed | Outcome::Unknown));
        // A level asks for those below it, too.
        let lowest = failing.map(|(rule, _)| rule.level).min();
        lowest.map_or(0, |lowest| self.levels.len().saturating_sub(lowest))
    }

    /// The rules that keep an entity from its next level: the smallest set of steps, since a level
    /// asks for all of its rules and for nothing else. Those of the level that fail or are not
    /// known; where there are none, those that nobody measures.
    #[must_use]
    pub fn steps(&self, result: &EntityResult) -> Vec<&Rule> {
        let next = result.standing.level.map_or(0, |level| level + 1);
        let is_last = next + 1 == self.levels.len();
        let rules = || self.rules.iter().zip(&result.rules);
        let holding_back = rules().filter(|(rule, result)| {
            rule.level == next && matches!(result.outcome, Outcome::Failed | Outcome::Unknown)
        });
        let steps: Vec<&Rule> = holding_back.map(|(rule, _)| rule).collect();
        let unmeasured = rules().filter(|(rule, result)| {
            let matters = rule.level == next || is_last;
            matters && result.outcome == Outcome::NotMeasured
        });
        let unmeasured = unmeasured.map(|(rule, _)| rule);
        match steps.is_empty() {
            // The last level asks for everything that lies below it, too.
            true => unmeasured.collect(),
            false if is_last => steps.into_iter().chain(unmeasured).collect(),
            false => steps,
        }
    }
}

/// Whether what a level asks for is so. Of what is not measured nothing is said; but where
/// nothing else is asked, nothing is so.
fn is_reached(outcomes: &[Outcome]) -> bool {
    let holds_back = |outcome: &Outcome| matches!(outcome, Outcome::Failed | Outcome::Unknown);
    let is_measured = |outcome: &Outcome| *outcome != Outcome::NotMeasured;
    let asks_nothing = || {
        let mut outcomes = outcomes.iter();
        outcomes.all(|outcome| *outcome == Outcome::NotApplicable)
    };
    let says_something = || {
        let mut outcomes = outcomes.iter().filter(|outcome| is_measured(outcome));
        outcomes.any(|outcome| *outcome != Outcome::NotApplicable)
    };
    !outcomes.iter().any(holds_back) && (asks_nothing() || says_something())
}

fn percent(scorecard: &Scorecard, results: &[RuleResult]) -> Option<f64> {
    let (mut passed, mut all) = (0.0, 0.0);
    for (rule, result) in scorecard.rules.iter().zip(results) {
        match result.outcome {
            Outcome::Passed => {
                passed += rule.weight;
                all += rule.weight;
            }
            Outcome::Failed | Outcome::Unknown => all += rule.weight,
            Outcome::Exempt | Outcome::NotMeasured | Outcome::NotApplicable => {}
        }
    }
    (all > 0.0).then(|| 100.0 * passed / all)
}
