//! Where an entity stands.

use super::evaluate::{Outcome, RuleResult};
use super::scorecard::Scorecard;

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
        let mut level = None;
        let is_all_measured = results
            .iter()
            .all(|result| result.outcome != Outcome::NotMeasured);
        for index in 0..scorecard.levels.len() {
            let own = || {
                let rules = scorecard.rules.iter().zip(results);
                rules
                    .filter(move |(rule, _)| rule.level == index)
                    .map(|(_, result)| result.outcome)
            };
            let holds = own().all(|outcome| !matches!(outcome, Outcome::Failed | Outcome::Unknown));
            let says_something =
                own().any(|outcome| matches!(outcome, Outcome::Passed | Outcome::Exempt));
            let asks_something = own().any(|outcome| outcome != Outcome::NotApplicable);
            if !holds {
                break;
            }
            let is_last = index + 1 == scorecard.levels.len();
            if asks_something && (!says_something || (is_last && !is_all_measured)) {
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
