//! `devportal score trend`: levels over time, recorded then or replayed now.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::Catalog;
use devportal::maturity::{
    Mover, Origin, Reached, Scorecard, ScorecardPoint, Trend, TrendRules as Rules,
};
use devportal::model::{Entity, EntityRef};
use serde::Serialize;

use super::groups::{self, Grouping};
use super::selection::{Chosen, Selected};
use super::{Scored, level_text, trend_page};
use crate::Outcome;
use crate::completion;
use crate::session::Session;
use crate::trend::{PastDay, RulesOf, Step, TrendRequest, TrendSubject};

/// What `--format` takes.
const FORMATS: &[&str] = &["human", "json", "yaml", "markdown"];

/// Options of `score trend`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A query for the entities, as they are today; all without one
    #[arg(value_name = "QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Only this scorecard, also one that is a draft; may be given more than once
    #[arg(long, value_name = "NAME")]
    scorecard: Vec<String>,
    /// The first day to look at; a year ago without one
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// How far the days are apart
    #[arg(long, value_name = "STEP", default_value = "month")]
    every: Step,
    /// By whose rules the past is evaluated: those of today, or those of each day
    #[arg(long, value_name = "WHICH", default_value = "now")]
    rules: RulesOf,
    /// A row for each owner, system, domain or type, as they are today
    #[arg(long, value_name = "FIELD")]
    by: Option<Grouping>,
}

/// The answer in one object: `devportal.score-trend/v1`.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    /// By whose rules replays were evaluated.
    pub(super) rules: Rules,
    /// How many repositories a replay is of: those that are here today.
    pub(super) repositories: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Grouping>,
    pub(super) scorecards: Vec<CardTrend<'a>>,
}

/// A scorecard over time.
#[derive(Serialize)]
pub(super) struct CardTrend<'a> {
    scorecard: &'a str,
    title: &'a str,
    /// The names of the levels, the first to reach first; last those that there are no more.
    pub(super) levels: Vec<&'a str>,
    pub(super) points: Vec<PointRecord<'a>>,
    /// The entities whose level is another one than at the first point.
    pub(super) moved: Vec<MoverRecord<'a>>,
    #[serde(skip)]
    pub(super) card: &'a Scorecard,
}

/// A scorecard on a day.
#[derive(Serialize)]
pub(super) struct PointRecord<'a> {
    pub(super) date: &'a str,
    pub(super) origin: Origin,
    #[serde(flatten)]
    pub(super) counts: Counts<'a>,
    /// Only with `--by`: in the order of the names, and last those that are in none today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) groups: Option<Vec<GroupRecord<'a>>>,
}

/// The entities of a group on a day.
#[derive(Serialize)]
pub(super) struct GroupRecord<'a> {
    /// The reference or the type; `null` for entities that have none today.
    pub(super) group: Option<&'a str>,
    #[serde(flatten)]
    pub(super) counts: Counts<'a>,
}

/// What some entities had reached.
#[derive(Serialize)]
pub(super) struct Counts<'a> {
    pub(super) entities: usize,
    /// The entities whose level it is, by the names of the levels.
    pub(super) levels: BTreeMap<&'a str, usize>,
    pub(super) none: usize,
    /// The average of the percentages; `null` when nothing counts.
    pub(super) percent: Option<f64>,
}

/// An entity whose level is another one now.
#[derive(Serialize)]
pub(super) struct MoverRecord<'a> {
    #[serde(rename = "ref")]
    pub(super) reference: &'a EntityRef,
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
    /// How many levels it went up; negative for down.
    pub(super) steps: i64,
}

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(FORMATS)?;
    let request = TrendRequest {
        since: args.since.as_deref().map(PastDay::parse).transpose()?,
        every: args.every,
        rules: args.rules.into(),
    };
    session.remember_history()?;
    let scan = session.scan()?;
    let asked = super::Args::about(&args.query, &args.scorecard);
    let chosen = match Chosen::read(&asked, &scan, session)? {
        Ok(chosen) => chosen,
        Err(outcome) => return Ok(outcome),
    };
    let Some(Selected {
        facts, entities, ..
    }) = chosen.look_up(&scan, session)?
    else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let subject = TrendSubject {
        scan: &scan,
        facts: &facts,
        scorecards: &chosen.scorecards,
        campaigns: &[],
    };
    let mut trend = session.trend_of(&subject, &request)?;
    if !args.query.is_empty() {
        let asked = entities.iter().map(|id| scan.catalog.entity(*id));
        let asked: BTreeSet<&EntityRef> = asked.map(Entity::reference).collect();
        keep_only(&mut trend, &asked);
    }
    let scored = Scored {
        scan: &scan,
        facts: &facts,
        results: session.evaluate(&scan, &facts, &chosen.scorecards, &entities),
        entities,
        complete: session.is_complete(&scan),
    };
    let is_about_something = chosen.tell_empty(&scored, session);
    let cards = chosen.scorecards.iter();
    let cards = cards.map(|card| CardTrend::of(card, &trend, args.by, &scan.catalog));
    let answer = Answer {
        schema: "devportal.score-trend/v1",
        complete: scored.complete && !trend.is_partial,
        rules: trend.rules,
        repositories: trend.repositories,
        by: args.by,
        scorecards: cards.collect(),
    };
    match format {
        "json" => session.write_json(&answer)?,
        "yaml" => session.write_yaml(&serde_json::to_value(&answer)?)?,
        format => session.write_view(&trend_page::view(&answer), format)?,
    }
    Ok(match session.outcome_of_trend(&scan, &trend) {
        Outcome::Fine if !is_about_something => Outcome::Findings,
        outcome => outcome,
    })
}

/// Forgets all other entities.
fn keep_only(trend: &mut Trend, asked: &BTreeSet<&EntityRef>) {
    let points = trend.points.iter_mut();
    for point in points.flat_map(|point| &mut point.scorecards) {
        point.entities.retain(|entity, _| asked.contains(entity));
    }
}

impl<'a> CardTrend<'a> {
    fn of(
        card: &'a Scorecard,
        trend: &'a Trend,
        by: Option<Grouping>,
        catalog: &'a Catalog,
    ) -> Self {
        let points = trend.of_scorecard(&card.reference);
        let points = points.map(|(date, point)| PointRecord {
            date,
            origin: point.origin,
            counts: Counts::of(card, point.entities.values()),
            groups: by.map(|by| groups_of(by, card, point, catalog)),
        });
        let points: Vec<PointRecord<'_>> = points.collect();
        let mut levels: Vec<&str> = card.levels.iter().map(|it| it.name.as_str()).collect();
        let others = points.iter().flat_map(|point| point.counts.levels.keys());
        let others: BTreeSet<&str> = others.copied().collect();
        let gone = others.into_iter().filter(|name| !levels.contains(name));
        let gone: Vec<&str> = gone.collect();
        levels.extend(gone);
        Self {
            scorecard: card.reference.name(),
            title: &card.title,
            levels,
            points,
            moved: trend.movers(card).into_iter().map(Into::into).collect(),
            card,
        }
    }
}

/// What the groups of today had reached.
fn groups_of<'a>(
    by: Grouping,
    card: &'a Scorecard,
    point: &'a ScorecardPoint,
    catalog: &'a Catalog,
) -> Vec<GroupRecord<'a>> {
    let mut groups: BTreeMap<(bool, &str), Vec<&Reached>> = BTreeMap::new();
    for (entity, reached) in &point.entities {
        let id = catalog.id(entity);
        let name = id.and_then(|id| groups::name(by, catalog, id));
        let group = groups.entry((name.is_none(), name.unwrap_or_default()));
        group.or_default().push(reached);
    }
    let groups = groups.into_iter();
    let records = groups.map(|((is_nameless, name), reached)| GroupRecord {
        group: (!is_nameless).then_some(name),
        counts: Counts::of(card, reached.into_iter()),
    });
    records.collect()
}

impl<'a> Counts<'a> {
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
    fn of(card: &'a Scorecard, all: impl Iterator<Item = &'a Reached>) -> Self {
        let levels = card.levels.iter().map(|level| (level.name.as_str(), 0));
        let mut counts = Self {
            entities: 0,
            levels: levels.collect(),
            none: 0,
            percent: None,
        };
        let mut percents: Vec<f64> = Vec::new();
        for reached in all {
            counts.entities += 1;
            match &reached.level {
                Some(level) => *counts.levels.entry(level).or_default() += 1,
                None => counts.none += 1,
            }
            percents.extend(reached.percent);
        }
        if !percents.is_empty() {
            let average = percents.iter().sum::<f64>() / percents.len() as f64;
            counts.percent = Some(level_text::exact_percent(average));
        }
        counts
    }

    /// How many entities were at a level.
    pub(super) fn at(&self, level: &str) -> usize {
        self.levels.get(level).copied().unwrap_or_default()
    }
}

impl<'a> From<Mover<'a>> for MoverRecord<'a> {
    fn from(mover: Mover<'a>) -> Self {
        Self {
            reference: mover.entity,
            from: mover.from,
            to: mover.to,
            steps: mover.steps,
        }
    }
}
