//! What became of scorecards and campaigns at several moments: recorded then, or replayed now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::campaign::{CampaignResult, State};
use super::evaluate::{Outcome, ScorecardResult};
use super::scorecard::Scorecard;
use crate::catalog::Catalog;
use crate::model::EntityRef;

/// What became of scorecards and campaigns, the earliest moment first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// By whose rules replays were evaluated.
    pub rules: TrendRules,
    /// How many repositories a replay is of: those that are here today.
    pub repositories: usize,
    /// Whether something could not be read at one of the moments, so that numbers may be too low.
    pub is_partial: bool,
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
    /// It is so at the moment that the run looks at.
    Present,
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
    /// What became of it by an evaluation.
    #[must_use]
    pub fn evaluated(result: &ScorecardResult<'_>, catalog: &Catalog, origin: Origin) -> Self {
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
                percent: entity.standing.percent.map(with_one_decimal),
                failed: of(Outcome::Failed),
                unknown: of(Outcome::Unknown),
            };
            (catalog.entity(entity.entity).reference().clone(), reached)
        });
        Self {
            scorecard: scorecard.reference.clone(),
            origin,
            entities: entities.collect(),
        }
    }

    /// How many entities are at a level; at none for nothing.
    #[must_use]
    pub fn count(&self, level: Option<&str>) -> usize {
        let entities = self.entities.values();
        entities.filter(|it| it.level.as_deref() == level).count()
    }
}

impl CampaignPoint {
    /// How far it was by an evaluation.
    #[must_use]
    pub fn evaluated(result: &CampaignResult<'_>, catalog: &Catalog, origin: Origin) -> Self {
        let entities = result.entities.iter();
        let entities =
            entities.map(|(id, state, _)| (catalog.entity(*id).reference().clone(), *state));
        Self {
            campaign: result.campaign.reference.clone(),
            origin,
            entities: entities.collect(),
        }
    }

    /// For how many entities it was that far.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.entities.values().filter(|own| **own == state).count()
    }

    /// How many must be done, and are not known to be.
    #[must_use]
    pub fn open(&self) -> usize {
        self.entities.values().filter(|own| own.is_open()).count()
    }
}

/// An entity whose level is another one than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover<'a> {
    /// The entity.
    pub entity: &'a EntityRef,
    /// The level that it had; nothing for none.
    pub from: Option<&'a str>,
    /// The level that it has.
    pub to: Option<&'a str>,
    /// How many levels it went up; down where that is negative.
    pub steps: i64,
}

/// A percentage as it is kept and shown to machines; what is not all is never rounded to 100.
fn with_one_decimal(percent: f64) -> f64 {
    (percent * 10.0).floor() / 10.0
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

    /// The entities whose level changed between the first and the last moment at which both are
    /// known: those that went furthest up first, those that went furthest down last, and by name.
    /// An entity that is new or gone has not moved, nor has one at a level that there is no more.
    #[must_use]
    pub fn movers<'a>(&'a self, scorecard: &'a Scorecard) -> Vec<Mover<'a>> {
        let mut points = self.of_scorecard(&scorecard.reference);
        let (Some((_, first)), Some((_, last))) = (points.next(), points.last()) else {
            return Vec::new();
        };
        let height = |level: Option<&str>| match level {
            None => Some(0),
            Some(name) => {
                let at = scorecard.levels.iter().position(|it| it.name == name)?;
                i64::try_from(at + 1).ok()
            }
        };
        let moved = last.entities.iter().filter_map(|(entity, now)| {
            let from = first.entities.get(entity)?.level.as_deref();
            let to = now.level.as_deref();
            let steps = height(to)? - height(from)?;
            (steps != 0).then_some(Mover {
                entity,
                from,
                to,
                steps,
            })
        });
        let mut movers: Vec<Mover<'_>> = moved.collect();
        movers.sort_by_key(|mover| (std::cmp::Reverse(mover.steps), mover.entity));
        movers
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
