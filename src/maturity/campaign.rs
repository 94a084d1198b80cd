//! Campaigns: what is to be done for which entities until when, and how far it is.

use serde::Deserialize;

use super::evaluate::{EvaluationRequest, Outcome, RuleResult, evaluate};
use super::exemption::{Exemption, WrittenExemption};
use super::names::KnownNames;
use super::reading::Reading;
use super::scorecard::{Level, Rule, Scorecard};
use crate::catalog::EntityId;
use crate::diagnostic::{Diagnostic, register};
use crate::model::{Entity, EntityRef, seconds_of_time};
use crate::query::QueryError;
use crate::yaml::{self, Spanned};

/// A migration, or another effort with an end.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its reference.
    pub reference: EntityRef,
    /// What people call it.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whether it is only shown when it is asked for.
    pub is_draft: bool,
    /// The first day, as `2026-01-31`.
    pub start: String,
    /// The day until which all must be done.
    pub deadline: String,
    /// How much must be done when, in the order of the days.
    pub milestones: Vec<Milestone>,
    /// The one rule that it is about, as a scorecard of one level.
    scorecard: Scorecard,
}

/// How much must be done when.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestone {
    /// The day.
    pub date: String,
    /// How much, of 100.
    pub percent: f64,
    /// What it is called.
    pub title: Option<String>,
}

/// How far a campaign is for an entity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The deadline has passed, and it is not done.
    Overdue,
    /// It is to be done.
    Left,
    /// It is not known whether it is done.
    Unknown,
    /// It need not be done.
    Exempt,
    /// It is done.
    Done,
}

impl State {
    /// What it is called in the ledger and by machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Left => "left",
            Self::Unknown => "unknown",
            Self::Exempt => "exempt",
            Self::Done => "done",
        }
    }

    /// Whether it must be done, and is not known to be.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Overdue | Self::Left | Self::Unknown)
    }
}

/// Where a campaign stands between its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It is only shown when it is asked for.
    Draft,
    /// Its first day is to come.
    NotBegun,
    /// Its days are now.
    Running,
    /// Its deadline has passed, and not everything is done.
    Over,
    /// Everything that must be done is.
    Done,
}

/// What became of a milestone, by what is done today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneState {
    /// That much is done.
    Reached,
    /// Its day has passed, and less is done.
    Missed,
    /// Its day is to come, and less is done.
    Ahead,
}

/// How far a campaign is.
#[derive(Clone, Debug)]
pub struct CampaignResult<'a> {
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The moment, in seconds since 1970.
    now: i64,
    /// Whether nothing is left to do.
    is_done: bool,
    /// The entities that it is about, in the order of the catalog.
    pub entities: Vec<(EntityId, State, RuleResult)>,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(default)]
    draft: bool,
    query: Spanned<String>,
    require: Spanned<String>,
    start: Spanned<String>,
    deadline: Spanned<String>,
    #[serde(default)]
    milestones: Vec<WrittenMilestone>,
    #[serde(default)]
    exemptions: Vec<WrittenExemption>,
    why: Option<String>,
    fix: Option<String>,
    link: Option<String>,
}

#[derive(Deserialize)]
struct WrittenMilestone {
    date: Spanned<String>,
    percent: f64,
    title: Option<String>,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What the rule of a campaign is called in exemptions and records.
const RULE: &str = "done";

impl Campaign {
    /// Reads the campaign of an entity; nothing where its query, its requirement or a date cannot
    /// be, and why.
    #[must_use]
    pub fn read(entity: &Entity, names: &KnownNames<'_>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut reading = Reading::new(entity, names);
        let campaign = reading.campaign();
        (campaign, reading.problems)
    }

    /// What must hold at the end.
    pub fn rule(&self) -> Option<&Rule> {
        self.scorecard.rules.first()
    }

    /// What must hold, as the only rule of a scorecard.
    #[must_use]
    pub const fn scorecard(&self) -> &Scorecard {
        &self.scorecard
    }

    /// How far it is.
    ///
    /// # Errors
    /// When its query asks for what no entity can have.
    pub fn evaluate(
        &self,
        request: &EvaluationRequest<'_>,
    ) -> Result<CampaignResult<'_>, QueryError> {
        let mut cards = evaluate(std::slice::from_ref(&self.scorecard), request);
        let mut problems = cards.iter_mut().flat_map(|card| card.problems.drain(..));
        if let Some(problem) = problems.next() {
            return Err(problem);
        }
        drop(problems);
        let now = request.now.as_second();
        let is_over = has_passed(&self.deadline, now);
        let results = cards.into_iter().flat_map(|card| card.entities);
        let entities = results.filter_map(|mut result| {
            let rule = result.rules.pop()?;
            let state = match rule.outcome {
                Outcome::Passed => State::Done,
                Outcome::Exempt | Outcome::NotApplicable => State::Exempt,
                Outcome::Unknown | Outcome::NotMeasured => State::Unknown,
                Outcome::Failed if is_over => State::Overdue,
                Outcome::Failed => State::Left,
            };
            Some((result.entity, state, rule))
        });
        let entities: Vec<_> = entities.collect();
        let is_open = |state: State| matches!(state, State::Left | State::Overdue | State::Unknown);
        Ok(CampaignResult {
            campaign: self,
            now,
            is_done: !entities.is_empty() && !entities.iter().any(|(_, state, _)| is_open(*state)),
            entities,
        })
    }
}

impl CampaignResult<'_> {
    /// How many entities are in a state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.entities
            .iter()
            .filter(|(_, own, _)| *own == state)
            .count()
    }

    /// How much is done of what must be, of 100; all of it where nothing must be.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
    pub fn percent(&self) -> f64 {
        let done = self.count(State::Done);
        let all = self.entities.len() - self.count(State::Exempt);
        if all == 0 {
            return 100.0;
        }
        100.0 * done as f64 / all as f64
    }

    /// Where it stands between its days.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let start = seconds_of_time(&self.campaign.start);
        let has_begun = start.is_none_or(|start| self.now >= start);
        if self.campaign.is_draft {
            Phase::Draft
        } else if self.is_done {
            Phase::Done
        } else if !has_begun {
            Phase::NotBegun
        } else if has_passed(&self.campaign.deadline, self.now) {
            Phase::Over
        } else {
            Phase::Running
        }
    }

    /// The milestones, in the order of the days, and what became of them. A campaign about nothing
    /// reaches none.
    pub fn milestones(&self) -> impl Iterator<Item = (&Milestone, MilestoneState)> {
        let percent = self.percent();
        self.campaign.milestones.iter().map(move |milestone| {
            let state = if !self.entities.is_empty() && percent >= milestone.percent {
                MilestoneState::Reached
            } else if has_passed(&milestone.date, self.now) {
                MilestoneState::Missed
            } else {
                MilestoneState::Ahead
            };
            (milestone, state)
        })
    }
}

/// Whether a day is over: its last second counts, too.
fn has_passed(day: &str, now: i64) -> bool {
    seconds_of_time(day).is_some_and(|start| now >= start + DAY)
}

impl Reading<'_, '_> {
    fn campaign(&mut self) -> Option<Campaign> {
        // What has not the shape of the schema is reported where it is read.
        let spec: Spec = yaml::from_node(self.entity.spec()?).ok()?;
        let query = self.query(Some(&spec.query), &register::INVALID_RULE);
        let require = self.requirement(&spec.require);
        let start = self.day(&spec.start);
        let deadline = self.day(&spec.deadline);
        if let (Some(start), Some(deadline)) = (start, deadline)
            && deadline < start
        {
            let message = "the deadline lies before the start".to_owned();
            self.problem(&register::INVALID_RULE, spec.deadline.span, message, None);
            return None;
        }
        let exemptions = spec.exemptions.into_iter();
        let exemptions = exemptions.filter_map(|written| self.exemption(written, &[RULE]));
        let exemptions: Vec<Exemption> = exemptions.collect();
        let title = self
            .entity
            .title()
            .unwrap_or_else(|| self.entity.name())
            .to_owned();
        let rule = Rule {
            id: RULE.to_owned(),
            title: title.clone(),
            level: 0,
            weight: 1.0,
            when: None,
            require: require?,
            why: spec.why,
            fix: spec.fix,
            link: spec.link,
            place: self.place(spec.require.span),
        };
        let milestones = self.milestones(spec.milestones);
        start.and(deadline)?;
        Some(Campaign {
            reference: self.entity.reference().clone(),
            title: title.clone(),
            description: self.entity.description().map(str::to_owned),
            is_draft: spec.draft,
            start: spec.start.value,
            deadline: spec.deadline.value,
            milestones,
            scorecard: Scorecard {
                reference: self.entity.reference().clone(),
                title,
                description: None,
                is_draft: spec.draft,
                filter: Some(query?),
                levels: vec![Level {
                    name: RULE.to_owned(),
                    title: Some("Done".to_owned()),
                    color: None,
                }],
                rules: vec![rule],
                exemptions,
                cases: Vec::new(),
                place: self.entity.place(),
            },
        })
    }

    /// The milestones in the order of their days; what is no day is said, and left out.
    fn milestones(&mut self, written: Vec<WrittenMilestone>) -> Vec<Milestone> {
        let mut milestones: Vec<Milestone> = Vec::new();
        for milestone in written {
            if self.day(&milestone.date).is_some() {
                milestones.push(Milestone {
                    date: milestone.date.value,
                    percent: milestone.percent,
                    title: milestone.title,
                });
            }
        }
        milestones.sort_by(|a, b| a.date.cmp(&b.date));
        milestones
    }

    /// The first second of a day.
    fn day(&mut self, written: &Spanned<String>) -> Option<i64> {
        let day = seconds_of_time(&written.value);
        if day.is_none() {
            let message = format!("\"{}\" is no day of the calendar", written.value);
            let help = Some("write it as \"2026-12-31\"".to_owned());
            self.problem(&register::INVALID_RULE, written.span, message, help);
        }
        day
    }
}
