//! Campaigns as machines read them, which is also what the pages for people are made from.

use devportal::catalog::EntityId;
use devportal::maturity::{
    CampaignResult, Exemption, MilestoneState, Phase, RuleResult, State, StateCounts,
};
use devportal::model::EntityRef;
use devportal::view::{Role, Text};
use serde::Serialize;

use crate::commands::score::Scored;
use crate::commands::score::explained_fact::ExplainedFact;
use crate::commands::score::explanation::{ExemptionRecord, ExplainedRule, PlaceRecord, because};

/// A campaign in a list.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    #[serde(rename = "ref")]
    pub(super) reference: &'a EntityRef,
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) owner: Option<&'a EntityRef>,
    pub(super) state: Phase,
    pub(super) start: &'a str,
    pub(super) deadline: &'a str,
    #[serde(flatten)]
    pub(super) counts: StateCounts,
}

/// A milestone.
#[derive(Serialize)]
pub(super) struct MilestoneRecord<'a> {
    pub(super) date: &'a str,
    pub(super) percent: f64,
    pub(super) title: Option<&'a str>,
    pub(super) state: MilestoneState,
}

/// What the entities of an owner are.
#[derive(Serialize)]
pub(super) struct Team<'a> {
    /// `null` for entities without an owner.
    pub(super) owner: Option<&'a EntityRef>,
    #[serde(flatten)]
    pub(super) counts: StateCounts,
}

/// How far an entity is, and on what that was decided.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntityRecord<'a> {
    #[serde(rename = "ref")]
    pub(super) reference: &'a EntityRef,
    pub(super) owner: Option<&'a EntityRef>,
    pub(super) state: State,
    facts: Vec<ExplainedFact<'a>>,
    places: Vec<PlaceRecord<'a>>,
    problem: Option<&'a str>,
    exemption: Option<ExemptionRecord<'a>>,
    /// An exemption that counts no more.
    ended_exemption: Option<ExemptionRecord<'a>>,
    /// Commands that set up what gives the facts that nobody has.
    set_up: Vec<String>,
    /// The same for people.
    #[serde(skip)]
    pub(super) because: Text,
}

/// An exemption of a campaign.
#[derive(Serialize)]
pub(super) struct WholeExemption<'a> {
    pub(super) entities: String,
    pub(super) reason: &'a str,
    pub(super) approver: &'a str,
    pub(super) until: &'a str,
    /// Whether its last day is still to come.
    pub(super) counts: bool,
}

impl<'a> Summary<'a> {
    pub(super) fn of(result: &CampaignResult<'a>, scored: &Scored<'a>) -> Self {
        let campaign = result.campaign;
        let catalog = &scored.scan.catalog;
        let id = catalog.id(&campaign.reference);
        let owner = id.and_then(|id| catalog.owner(id));
        let states = result.entities.iter().map(|(_, state, _)| *state);
        Self {
            reference: &campaign.reference,
            name: campaign.reference.name(),
            title: &campaign.title,
            description: campaign.description.as_deref(),
            owner: owner.map(|owner| owner.reference),
            state: result.phase(),
            start: &campaign.start,
            deadline: &campaign.deadline,
            counts: StateCounts::of(states),
        }
    }
}

/// The milestones in the order of their days.
pub(super) fn milestones<'a>(result: &'a CampaignResult<'_>) -> Vec<MilestoneRecord<'a>> {
    let milestones = result.milestones();
    let records = milestones.map(|(milestone, state)| MilestoneRecord {
        date: &milestone.date,
        percent: milestone.percent,
        title: milestone.title.as_deref(),
        state,
    });
    records.collect()
}

/// The owners: those with the most to do first, then by name; what nobody owns comes last.
pub(super) fn teams<'a>(entities: &[EntityRecord<'a>]) -> Vec<Team<'a>> {
    let mut owners: Vec<Option<&EntityRef>> = entities.iter().map(|it| it.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    let teams = owners.into_iter().map(|owner| {
        let own = entities.iter().filter(|entity| entity.owner == owner);
        Team {
            owner,
            counts: StateCounts::of(own.map(|entity| entity.state)),
        }
    });
    let mut teams: Vec<Team<'_>> = teams.collect();
    teams.sort_by_key(|team| (team.owner.is_none(), std::cmp::Reverse(team.counts.open())));
    teams
}

/// The entities by state, what is most urgent first; then in the order of the catalog.
pub(super) fn entities<'a>(
    result: &'a CampaignResult<'a>,
    scored: &'a Scored<'a>,
) -> Vec<EntityRecord<'a>> {
    let entities = result.entities.iter();
    let records = entities
        .filter_map(|(id, state, rule)| EntityRecord::of(result, (*id, *state, rule), scored));
    let mut records: Vec<EntityRecord<'_>> = records.collect();
    records.sort_by_key(|record| record.state);
    records
}

impl<'a> EntityRecord<'a> {
    fn of(
        result: &'a CampaignResult<'a>,
        (id, state, rule_result): (EntityId, State, &'a RuleResult),
        scored: &'a Scored<'a>,
    ) -> Option<Self> {
        let scorecard = result.campaign.scorecard();
        let rule = result.campaign.rule()?;
        let explained = ExplainedRule::new(scorecard, rule, rule_result, scored, id);
        let catalog = &scored.scan.catalog;
        let mut because = because(&explained);
        if let Some(command) = explained.set_up.first() {
            because = because
                .then("; measure it with ", Role::Plain)
                .then(command, Role::Code);
        }
        Some(Self {
            reference: catalog.entity(id).reference(),
            owner: catalog.owner(id).map(|owner| owner.reference),
            state,
            because,
            facts: explained.facts,
            places: explained.places,
            problem: explained.problem,
            exemption: explained.exemption,
            ended_exemption: explained.ended_exemption,
            set_up: explained.set_up,
        })
    }
}

impl<'a> WholeExemption<'a> {
    pub(super) fn of(exemption: &'a Exemption, now: i64) -> Self {
        Self {
            entities: exemption.entities.to_string(),
            reason: &exemption.reason,
            approver: &exemption.approver,
            until: &exemption.until,
            counts: exemption.counts(now),
        }
    }
}
