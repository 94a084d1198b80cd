//! What the results of rules depend on, in a text: who keeps results can tell whether the rules
//! are still the same.

use super::campaign::Campaign;
use super::exemption::Exemption;
use super::scorecard::{Rule, Scorecard};
use crate::query::Query;

impl Scorecard {
    /// Everything of it that its results depend on. Where two scorecards have the same basis, the
    /// same becomes of them.
    #[must_use]
    pub fn basis(&self) -> String {
        let Self {
            reference,
            title: _,
            description: _,
            is_draft: _,
            filter,
            levels,
            rules,
            exemptions,
            cases: _,
            place: _,
        } = self;
        let levels: Vec<&str> = levels.iter().map(|level| level.name.as_str()).collect();
        let rules: Vec<String> = rules.iter().map(basis_of_rule).collect();
        let exemptions: Vec<String> = exemptions.iter().map(basis_of_exemption).collect();
        let filter = filter.as_ref().map(Query::to_string);
        format!("{reference} {filter:?} {levels:?}\n{rules:?}\n{exemptions:?}")
    }
}

impl Campaign {
    /// Everything of it that its results depend on.
    #[must_use]
    pub fn basis(&self) -> String {
        let (start, deadline) = (&self.start, &self.deadline);
        format!("{start:?} {deadline:?} {}", self.scorecard().basis())
    }
}

fn basis_of_rule(rule: &Rule) -> String {
    let Rule {
        id,
        title: _,
        level,
        weight,
        when,
        require,
        why: _,
        fix: _,
        link: _,
        place: _,
    } = rule;
    let when = when.as_ref().map(Query::to_string);
    format!("{id:?} {level} {weight:?} {when:?} {:?}", require.text)
}

fn basis_of_exemption(exemption: &Exemption) -> String {
    let Exemption {
        entities,
        rules,
        reason: _,
        approver: _,
        until,
        ..
    } = exemption;
    format!("{:?} {rules:?} {until:?}", entities.to_string())
}
