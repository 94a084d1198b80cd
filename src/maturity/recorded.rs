//! What became of scorecards and campaigns, as the ledger keeps it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::campaign::{Campaign, State};
use super::scorecard::Scorecard;
use super::trend::{CampaignPoint, Origin, Reached, ScorecardPoint};
use crate::fact::{Fact, Observation};
use crate::model::EntityRef;

/// The name of the source of levels in the ledger.
pub const SCORECARDS_SOURCE: &str = "scorecards";
/// The name of the source of states of campaigns in the ledger.
pub const CAMPAIGNS_SOURCE: &str = "campaigns";

const LEVEL: &str = "score.level";
const PERCENT: &str = "score.percent";
const FAILED: &str = "score.failed";
const UNKNOWN: &str = "score.unknown";
const STATE: &str = "campaign.state";

/// What is kept where no level was reached.
const NO_LEVEL: &str = "none";

impl Reached {
    fn observations(&self, scorecard: &EntityRef) -> Vec<Observation> {
        let level = self.level.as_deref().unwrap_or(NO_LEVEL);
        let mut kept = vec![
            Observation::new(LEVEL, level),
            Observation::new(FAILED, self.failed.clone()),
            Observation::new(UNKNOWN, self.unknown.clone()),
        ];
        kept.extend(self.percent.map(|it| Observation::new(PERCENT, it)));
        for observation in &mut kept {
            let dimensions = std::mem::take(&mut observation.dimensions);
            observation.dimensions = dimensions.with("scorecard", scorecard.name());
        }
        kept
    }
}

impl ScorecardPoint {
    /// What is kept of it in the ledger.
    #[must_use]
    pub fn observations(&self) -> Vec<(EntityRef, Observation)> {
        let kept = self.entities.iter().flat_map(|(entity, reached)| {
            let own = reached.observations(&self.scorecard).into_iter();
            own.map(|it| (entity.clone(), it))
        });
        kept.collect()
    }

    /// What was recorded of a scorecard, of facts that hold at a moment; `None` where nothing was.
    #[must_use]
    pub fn recorded(scorecard: &Scorecard, facts: &[Fact]) -> Option<Self> {
        let name = scorecard.reference.name();
        let mut entities: BTreeMap<EntityRef, Reached> = BTreeMap::new();
        let own = |fact: &&Fact| fact.dimensions.get("scorecard") == Some(name);
        let levels = facts.iter().filter(own).filter(|it| &*it.name == LEVEL);
        for fact in levels {
            let level = fact.value.as_str().filter(|level| *level != NO_LEVEL);
            let reached = entities.entry(fact.entity.clone()).or_default();
            reached.level = level.map(str::to_owned);
        }
        for fact in facts.iter().filter(own) {
            let Some(reached) = entities.get_mut(&fact.entity) else {
                continue;
            };
            match &*fact.name {
                PERCENT => reached.percent = fact.value.as_f64(),
                FAILED => reached.failed = texts(&fact.value),
                UNKNOWN => reached.unknown = texts(&fact.value),
                _ => {}
            }
        }
        (!entities.is_empty()).then(|| Self {
            scorecard: scorecard.reference.clone(),
            origin: Origin::Recorded,
            entities,
        })
    }
}

impl CampaignPoint {
    /// What was recorded of a campaign, of facts that hold at a moment; `None` where nothing was.
    #[must_use]
    pub fn recorded(campaign: &Campaign, facts: &[Fact]) -> Option<Self> {
        let name = campaign.reference.name();
        let own = facts
            .iter()
            .filter(|fact| &*fact.name == STATE && fact.dimensions.get("campaign") == Some(name));
        let states = own.filter_map(|fact| {
            let state = serde_json::from_value(fact.value.clone()).ok()?;
            Some((fact.entity.clone(), state))
        });
        let entities: BTreeMap<EntityRef, State> = states.collect();
        (!entities.is_empty()).then(|| Self {
            campaign: campaign.reference.clone(),
            origin: Origin::Recorded,
            entities,
        })
    }

    /// What is kept of it in the ledger.
    #[must_use]
    pub fn observations(&self) -> Vec<(EntityRef, Observation)> {
        let kept = self.entities.iter().map(|(entity, state)| {
            let mut observation = Observation::new(STATE, state.name());
            let dimensions = std::mem::take(&mut observation.dimensions);
            observation.dimensions = dimensions.with("campaign", self.campaign.name());
            (entity.clone(), observation)
        });
        kept.collect()
    }
}

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    let texts = texts.filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
