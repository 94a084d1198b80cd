//! What good looks like, in steps, for which entities, by when: rules, levels, scorecards and
//! campaigns.
//!
//! A scorecard is an entity of the catalog like any other. [`Scorecard::read`] makes it ready, and
//! says at their place which names of its rules do not exist. [`evaluate()`] is a pure function of
//! catalog, facts and now: the same on a laptop, in CI, and for last January.

mod names;
mod requirement;
mod exemption;
mod reading;
mod scorecard;
mod campaign;
mod scope;
mod judgement;
mod evaluate;
mod level;
mod state_counts;
mod trend;
mod basis;
mod pace;
mod recorded;
mod case;
mod shipped;
#[cfg(test)]
mod tests;

pub use campaign::{Campaign, CampaignResult, Milestone, MilestoneState, Phase, State};
pub use case::{Case, CaseResult};
pub use evaluate::{
    EntityResult, EvaluationRequest, Outcome, RuleResult, ScorecardResult, evaluate,
};
pub use exemption::Exemption;
pub use level::Standing;
pub use names::KnownNames;
pub use pace::{Pace, Stuck, stuck};
pub use recorded::{CAMPAIGNS_SOURCE, SCORECARDS_SOURCE};
pub use requirement::Requirement;
pub use scorecard::{Level, Rule, Scorecard};
pub use shipped::SHIPPED;
pub use state_counts::StateCounts;
pub use trend::{
    CampaignPoint, Mover, Origin, Reached, ScorecardPoint, Trend, TrendPoint, TrendRules,
};
