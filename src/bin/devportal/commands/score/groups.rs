//! A row for each owner, system, domain or type: where its entities stand.

use std::collections::BTreeMap;

use anyhow::Result;
use devportal::catalog::{Catalog, EntityId};
use devportal::maturity::{Scorecard, Standing};
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::changes::{ChangeRecord, Changes};
use super::gate::FailureRecord;
use super::overview::{ScorecardRecord, scorecard_record};
use super::set_up::{self, NotMeasured};
use super::{Beside, Scored, level_text};
use crate::session::Session;

/// What stands for entities that are in no group.
const NONE: &str = "none";

/// What entities are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Grouping {
    Owner,
    System,
    Domain,
    Type,
}

/// The answer in one object: `devportal.score/v1`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    by: Grouping,
    scorecards: Vec<ScorecardRecord<'a>>,
    groups: Vec<GroupRecord<'a>>,
    not_measured: Vec<NotMeasured<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangeRecord<'a>>,
    /// What keeps entities from a level; only with `--fail-under` and `--only-changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<Vec<FailureRecord<'a>>>,
}

/// A group.
#[derive(Serialize)]
struct GroupRecord<'a> {
    /// The reference or the type; `null` for entities that have none.
    group: Option<&'a str>,
    entities: usize,
    /// The average of the percentages; `null` when nothing counts.
    percent: Option<f64>,
    /// Levels that were reached, of all that there are: every entity can have each level of each
    /// scorecard that is about it.
    medals: usize,
    possible: usize,
    scorecards: Vec<CardRecord<'a>>,
}

/// Where the entities of a group stand in a scorecard.
#[derive(Serialize)]
struct CardRecord<'a> {
    scorecard: &'a str,
    entities: usize,
    percent: Option<f64>,
    /// The entities whose level it is, by the names of the levels.
    levels: BTreeMap<&'a str, usize>,
    none: usize,
}

/// The entities of a group.
#[derive(Default)]
struct Group<'a> {
    entities: usize,
    /// Where they stand, by scorecard.
    standings: Vec<(&'a Scorecard, Standing)>,
}

/// Writes the groups.
pub(super) fn write(
    by: Grouping,
    scored: &Scored<'_>,
    beside: &Beside<'_>,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let groups = groups(by, scored);
    let records = groups
        .iter()
        .map(|(name, group)| group.record(*name, scored));
    match format {
        "json" | "yaml" => {
            let answer = Answer {
                schema: "devportal.score/v1",
                complete: scored.complete,
                by,
                scorecards: scored.results.iter().map(scorecard_record).collect(),
                groups: records.collect(),
                not_measured: set_up::not_measured(scored),
                changes: beside.changes.as_ref().map(Changes::record),
                under: beside.failure_records(scored),
            };
            match format {
                "json" => session.write_json(&answer),
                _ => session.write_yaml(&serde_json::to_value(&answer)?),
            }
        }
        "jsonl" => {
            let mut records = records;
            records.try_for_each(|record| session.write_json_line(&record))
        }
        "csv" => session.write_view(&view(by, &groups, scored), format),
        format => session.write_view(&page(by, scored, beside), format),
    }
}

/// The groups for people.
pub(super) fn page(by: Grouping, scored: &Scored<'_>, beside: &Beside<'_>) -> View {
    let mut view = view(by, &groups(by, scored), scored);
    beside.push(scored, &mut view);
    set_up::push(&set_up::not_measured(scored), &mut view);
    view
}

/// The groups in the order of their names; those without one come last.
fn groups<'a>(by: Grouping, scored: &'a Scored<'_>) -> Vec<(Option<&'a str>, Group<'a>)> {
    let mut groups: BTreeMap<(bool, &str), Group<'_>> = BTreeMap::new();
    for id in &scored.entities {
        let standings = scored.of(*id);
        let standings: Vec<_> = standings.map(|(card, it)| (card, it.standing)).collect();
        if standings.is_empty() {
            continue;
        }
        let name = name(by, &scored.scan.catalog, *id);
        let group = groups.entry((name.is_none(), name.unwrap_or_default()));
        let group = group.or_default();
        group.entities += 1;
        group.standings.extend(standings);
    }
    let groups = groups.into_iter();
    groups
        .map(|((is_nameless, name), group)| ((!is_nameless).then_some(name), group))
        .collect()
}

/// The group of an entity.
pub(super) fn name(by: Grouping, catalog: &Catalog, id: EntityId) -> Option<&str> {
    match by {
        Grouping::Owner => catalog.owner(id).map(|owner| owner.reference.as_str()),
        Grouping::System => catalog.record(id).system.map(EntityRef::as_str),
        Grouping::Domain => catalog.record(id).domain.map(EntityRef::as_str),
        Grouping::Type => catalog.entity(id).spec_str("type"),
    }
}

impl<'a> Group<'a> {
    fn record(&self, name: Option<&'a str>, scored: &Scored<'a>) -> GroupRecord<'a> {
        let (medals, possible) = self.medals();
        let cards = scored.results.iter().map(|card| card.scorecard);
        GroupRecord {
            group: name,
            entities: self.entities,
            percent: average(self.standings.iter()).map(level_text::exact_percent),
            medals,
            possible,
            scorecards: cards.map(|scorecard| self.card(scorecard)).collect(),
        }
    }

    fn card(&self, scorecard: &'a Scorecard) -> CardRecord<'a> {
        let at = |level| self.count(scorecard, level);
        let levels = scorecard.levels.iter().enumerate();
        CardRecord {
            scorecard: scorecard.reference.name(),
            entities: self.of(scorecard).count(),
            percent: average(self.of(scorecard)).map(level_text::exact_percent),
            levels: levels
                .map(|(index, level)| (level.name.as_str(), at(Some(index))))
                .collect(),
            none: at(None),
        }
    }

    fn of(&self, scorecard: &Scorecard) -> impl Iterator<Item = &(&'a Scorecard, Standing)> {
        let standings = self.standings.iter();
        standings.filter(move |(card, _)| card.reference == scorecard.reference)
    }

    fn count(&self, scorecard: &Scorecard, level: Option<usize>) -> usize {
        let standings = self.of(scorecard);
        standings.filter(|(_, it)| it.level == level).count()
    }

    /// How many levels its entities have reached, and how many they can reach.
    fn medals(&self) -> (usize, usize) {
        let reached = |standing: &Standing| standing.level.map_or(0, |level| level + 1);
        let standings = self.standings.iter();
        standings.fold((0, 0), |(medals, possible), (card, standing)| {
            (medals + reached(standing), possible + card.levels.len())
        })
    }

    /// How many entities stand where: `3 Gold 1 Silver 2 none`.
    fn levels(&self, scorecard: &Scorecard) -> Text {
        let mut text = Text::default();
        let levels = scorecard.levels.iter().enumerate().rev();
        let counted = levels.map(|(index, level)| {
            let role = level_text::role(level);
            (self.count(scorecard, Some(index)), level.shown(), role)
        });
        let none = (self.count(scorecard, None), NONE, Role::Faint);
        for (count, level, role) in counted.chain([none]) {
            if count == 0 {
                continue;
            }
            let gap = if text.pieces.is_empty() { "" } else { ", " };
            text = text
                .then(gap, Role::Plain)
                .then(format!("{count} {level}"), role);
        }
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
fn average<'a>(standings: impl Iterator<Item = &'a (&'a Scorecard, Standing)>) -> Option<f64> {
    let percents: Vec<f64> = standings.filter_map(|(_, it)| it.percent).collect();
    let sum: f64 = percents.iter().sum();
    (!percents.is_empty()).then(|| sum / percents.len() as f64)
}

fn view(by: Grouping, groups: &[(Option<&str>, Group<'_>)], scored: &Scored<'_>) -> View {
    let cards = || {
        let cards = scored.results.iter();
        cards.filter(|card| !card.entities.is_empty())
    };
    let title = match by {
        Grouping::Owner => "owner",
        Grouping::System => "system",
        Grouping::Domain => "domain",
        Grouping::Type => "type",
    };
    let titles = cards().map(|card| Column::fixed(&card.scorecard.title));
    let columns = [Column::fixed(title), Column::numeric("entities")];
    let columns = columns.into_iter().chain(titles);
    let columns = columns.chain([Column::numeric("average"), Column::numeric("medals")]);
    let rows = groups.iter().map(|(name, group)| {
        let shown = name.map(|name| name.rsplit('/').next().unwrap_or(name));
        let first = [
            shown.map_or_else(
                || Text::new(NONE, Role::Faint),
                |it| Text::new(it, Role::Name),
            ),
            Text::plain(group.entities.to_string()),
        ];
        let average = average(group.standings.iter()).map(level_text::shown_percent);
        let (medals, possible) = group.medals();
        let last = [
            Text::plain(average.unwrap_or_default()),
            Text::plain(format!("{medals} of {possible}")),
        ];
        let levels = cards().map(|card| group.levels(card.scorecard));
        first.into_iter().chain(levels).chain(last).collect()
    });
    View {
        blocks: vec![Block::Table(Table {
            columns: columns.collect(),
            rows: rows.collect(),
        })],
    }
}
