//! What became of scorecards and campaigns at several moments: recorded then, or replayed now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::campaign::{CampaignResult, State};
use super::evaluate::{Outcome, ScorecardResult};
use crate::catalog::Catalog;
use crate::model::EntityRef;

/// What became of scorecards and campaigns, the earliest moment first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// By whose rules replays were evaluated.
    pub rules: TrendRules,
    /// How many repositories a replay is of: those that are here today.
    pub repositories: usize,
    /// The moments.
    pub points: Vec<TrendPoint>,
}

/// By whose rules the past is evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrendRules {
    /// Those of today.
    #[default]
    Now,
    /// Those that were in the catalog then.
    Then,
}

/// A moment.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendPoint {
    /// The day, as `2026-01-31`.
    pub day: String,
    /// The scorecards, in the order of today's.
    pub scorecards: Vec<ScorecardPoint>,
    /// The campaigns, in the order of today's.
    pub campaigns: Vec<CampaignPoint>,
}

/// How it is known what was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It was recorded then.
    Recorded,
    /// It was found out now, from the repositories and the ledger as they were.
    Replayed,
}

/// What became of a scorecard at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScorecardPoint {
    /// The scorecard.
    pub scorecard: EntityRef,
    /// How that is known.
    pub origin: Origin,
    /// What its entities had reached.
    pub entities: BTreeMap<EntityRef, Reached>,
}

/// What an entity had reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// The level, as the scorecard calls it; nothing for none.
    pub level: Option<String>,
    /// How much it passed, of 100; nothing where nothing counts.
    pub percent: Option<f64>,
    /// The rules that failed.
    pub failed: Vec<String>,
    /// The rules of which nobody knew whether they hold.
    pub unknown: Vec<String>,
}

/// How far a campaign was at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CampaignPoint {
    /// The campaign.
    pub campaign: EntityRef,
    /// How that is known.
    pub origin: Origin,
    /// How far it was for each entity.
    pub entities: BTreeMap<EntityRef, State>,
}

impl ScorecardPoint {
    /// What a replay says.
    #[must_use]
    pub fn replayed(result: &ScorecardResult<'_>, catalog: &Catalog) -> Self {
        let scorecard = result.scorecard;
        let entities = result.entities.iter().map(|entity| {
            let of = |outcome: Outcome| {
                let rules = scorecard.rules.iter().zip(&entity.rules);
                let rules = rules.filter(|(_, result)| result.outcome == outcome);
                rules.map(|(rule, _)| rule.id.clone()).collect()
            };
            let level = entity
                .standing
                .level
                .and_then(|at| scorecard.levels.get(at));
            let reached = Reached {
                level: level.map(|level| level.name.clone()),
                percent: entity.standing.percent,
                failed: of(Outcome::Failed),
                unknown: of(Outcome::Unknown),
            };
            (catalog.entity(entity.entity).reference().clone(), reached)
        });
        Self {
            scorecard: scorecard.reference.clone(),
            origin: Origin::Replayed,
            entities: entities.collect(),
        }
    }
}

impl CampaignPoint {
    /// What a replay says.
    #[must_use]
    pub fn replayed(result: &CampaignResult<'_>, catalog: &Catalog) -> Self {
        let entities = result.entities.iter();
        let entities =
            entities.map(|(id, state, _)| (catalog.entity(*id).reference().clone(), *state));
        Self {
            campaign: result.campaign.reference.clone(),
            origin: Origin::Replayed,
            entities: entities.collect(),
        }
    }
}

impl Trend {
    /// A scorecard at each moment, with the day.
    pub fn of_scorecard<'a>(
        &'a self,
        scorecard: &'a EntityRef,
    ) -> impl Iterator<Item = (&'a str, &'a ScorecardPoint)> {
        self.points.iter().filter_map(move |point| {
            let mut all = point.scorecards.iter();
            let own = all.find(|it| it.scorecard == *scorecard)?;
            Some((point.day.as_str(), own))
        })
    }

    /// A campaign at each moment, with the day.
    pub fn of_campaign<'a>(
        &'a self,
        campaign: &'a EntityRef,
    ) -> impl Iterator<Item = (&'a str, &'a CampaignPoint)> {
        self.points.iter().filter_map(move |point| {
            let mut all = point.campaigns.iter();
            let own = all.find(|it| it.campaign == *campaign)?;
            Some((point.day.as_str(), own))
        })
    }

    /// Whether anything in it was replayed.
    #[must_use]
    pub fn has_replays(&self) -> bool {
        let scorecards = self.points.iter().flat_map(|it| &it.scorecards);
        let campaigns = self.points.iter().flat_map(|it| &it.campaigns);
        let mut origins = scorecards
            .map(|it| it.origin)
            .chain(campaigns.map(|it| it.origin));
        origins.any(|origin| origin == Origin::Replayed)
    }
}
