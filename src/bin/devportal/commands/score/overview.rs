//! Entities and the levels that they have reached.

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::maturity::{EntityResult, Outcome, Scorecard, ScorecardResult};
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::changes::{ChangeRecord, Changes};
use super::gate::FailureRecord;
use super::set_up::{self, NotMeasured};
use super::{Beside, Scored, level_text};
use crate::session::Session;

/// The answer in one object: `devportal.score/v1`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    scorecards: Vec<ScorecardRecord<'a>>,
    entities: Vec<EntityScore<'a>>,
    /// Rules that are measured for nobody.
    not_measured: Vec<NotMeasured<'a>>,
    /// What has changed; only with `--since`.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangeRecord<'a>>,
    /// What keeps entities from a level; only with `--fail-under` and `--only-changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    under: Option<Vec<FailureRecord<'a>>>,
}

/// A scorecard, and how many entities have reached what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScorecardRecord<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    name: &'a str,
    title: &'a str,
    /// The levels, the first to reach first.
    levels: Vec<LevelRecord<'a>>,
    /// The entities that it is about.
    entities: usize,
    /// Those that have reached no level.
    none: usize,
    rules: Vec<RuleRecord<'a>>,
}

#[derive(Serialize)]
struct LevelRecord<'a> {
    name: &'a str,
    title: &'a str,
    color: Option<&'a str>,
    /// The entities whose level it is.
    entities: usize,
}

/// A rule, and what became of it for how many entities.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRecord<'a> {
    id: &'a str,
    title: &'a str,
    level: &'a str,
    weight: f64,
    passed: usize,
    failed: usize,
    exempt: usize,
    unknown: usize,
    not_measured: usize,
    not_applicable: usize,
}

/// What became of an entity.
#[derive(Serialize)]
pub(super) struct EntityScore<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    /// In the order of the scorecards; those that are not about it are not there.
    scores: Vec<Score<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Score<'a> {
    scorecard: &'a str,
    /// The name of the level that it has reached; `null` for none.
    level: Option<&'a str>,
    /// How much of what counts is passed, by weight; `null` when nothing counts.
    percent: Option<f64>,
    /// The ids of rules.
    failed: Vec<&'a str>,
    unknown: Vec<&'a str>,
    exempt: Vec<&'a str>,
    not_measured: Vec<&'a str>,
}

/// Writes the overview.
pub(super) fn write(
    scored: &Scored<'_>,
    beside: &Beside<'_>,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    match format {
        "json" | "yaml" => {
            let answer = Answer {
                schema: "devportal.score/v1",
                complete: scored.complete,
                scorecards: scored.results.iter().map(scorecard_record).collect(),
                entities: entity_scores(scored).collect(),
                not_measured: set_up::not_measured(scored),
                changes: beside.changes.as_ref().map(Changes::record),
                under: beside.failure_records(scored),
            };
            match format {
                "json" => session.write_json(&answer),
                _ => session.write_yaml(&serde_json::to_value(&answer)?),
            }
        }
        "jsonl" => entity_scores(scored).try_for_each(|score| session.write_json_line(&score)),
        "name" => {
            let references = entity_scores(scored).map(|score| score.reference.as_str());
            for reference in references {
                let shown = devportal::output::safe(reference);
                writeln!(session.stdout(), "{shown}")?;
            }
            Ok(())
        }
        "csv" => session.write_view(&entities_view(scored), format),
        format => session.write_view(&page(scored, beside), format),
    }
}

/// The overview for people.
pub(super) fn page(scored: &Scored<'_>, beside: &Beside<'_>) -> View {
    let mut view = entities_view(scored);
    beside.push(scored, &mut view);
    set_up::push(&set_up::not_measured(scored), &mut view);
    view
}

/// The entities that any scorecard is about.
fn entity_scores<'a>(scored: &'a Scored<'_>) -> impl Iterator<Item = EntityScore<'a>> {
    scored.entities.iter().filter_map(|id| {
        let cards: Vec<Score<'_>> = scored
            .of(*id)
            .map(|(scorecard, result)| score(scorecard, result))
            .collect();
        (!cards.is_empty()).then(|| EntityScore {
            reference: scored.scan.catalog.entity(*id).reference(),
            owner: scored.scan.catalog.owner(*id).map(|owner| owner.reference),
            scores: cards,
        })
    })
}

fn score<'a>(scorecard: &'a Scorecard, result: &EntityResult) -> Score<'a> {
    let of = |outcome: Outcome| {
        let rules = scorecard.rules.iter().zip(&result.rules);
        let rules = rules.filter(move |(_, result)| result.outcome == outcome);
        rules.map(|(rule, _)| rule.id.as_str()).collect()
    };
    Score {
        scorecard: scorecard.reference.name(),
        level: level_text::name(scorecard, result.standing),
        percent: result.standing.percent.map(level_text::exact_percent),
        failed: of(Outcome::Failed),
        unknown: of(Outcome::Unknown),
        exempt: of(Outcome::Exempt),
        not_measured: of(Outcome::NotMeasured),
    }
}

/// A scorecard with sums.
pub(super) fn scorecard_record<'a>(card: &ScorecardResult<'a>) -> ScorecardRecord<'a> {
    let scorecard = card.scorecard;
    let at = |level: Option<usize>| {
        let entities = card.entities.iter();
        entities
            .filter(|entity| entity.standing.level == level)
            .count()
    };
    let levels = scorecard.levels.iter().enumerate();
    let rules = scorecard.rules.iter().enumerate();
    ScorecardRecord {
        reference: &scorecard.reference,
        name: scorecard.reference.name(),
        title: &scorecard.title,
        levels: levels
            .map(|(index, level)| LevelRecord {
                name: &level.name,
                title: level.shown(),
                color: level.color.as_deref(),
                entities: at(Some(index)),
            })
            .collect(),
        entities: card.entities.len(),
        none: at(None),
        rules: rules.map(|(index, _)| rule_record(card, index)).collect(),
    }
}

fn rule_record<'a>(card: &ScorecardResult<'a>, index: usize) -> RuleRecord<'a> {
    let scorecard = card.scorecard;
    let rule = &scorecard.rules[index];
    let count = |outcome: Outcome| {
        let results = card.entities.iter().filter_map(|it| it.rules.get(index));
        results.filter(|result| result.outcome == outcome).count()
    };
    let level = scorecard.levels.get(rule.level);
    RuleRecord {
        id: &rule.id,
        title: &rule.title,
        level: level.map_or("", |level| &level.name),
        weight: rule.weight,
        passed: count(Outcome::Passed),
        failed: count(Outcome::Failed),
        exempt: count(Outcome::Exempt),
        unknown: count(Outcome::Unknown),
        not_measured: count(Outcome::NotMeasured),
        not_applicable: count(Outcome::NotApplicable),
    }
}

/// A row for each entity that any scorecard is about.
fn entities_view(scored: &Scored<'_>) -> View {
    let cards: Vec<&ScorecardResult<'_>> = scored
        .results
        .iter()
        .filter(|card| !card.entities.is_empty())
        .collect();
    let columns = [Column::fixed("entity"), Column::flexible("owner")];
    let titles = cards.iter().map(|card| &card.scorecard.title);
    let columns = columns.into_iter().chain(titles.map(Column::fixed));
    let rows = scored.entities.iter().filter_map(|id| {
        let cells: Vec<Option<Text>> = cards.iter().map(|card| cell(card, *id)).collect();
        let catalog = &scored.scan.catalog;
        let owner = catalog.owner(*id).map(|owner| owner.reference.name());
        cells.iter().any(Option::is_some).then(|| {
            let entity = Text::new(catalog.entity(*id).reference().short(), Role::Name);
            let first = [entity, Text::plain(owner.unwrap_or_default())];
            let cells = cells.into_iter().map(Option::unwrap_or_default);
            first.into_iter().chain(cells).collect()
        })
    });
    View {
        blocks: vec![Block::Table(Table {
            columns: columns.collect(),
            rows: rows.collect(),
        })],
    }
}

fn cell(card: &ScorecardResult<'_>, id: EntityId) -> Option<Text> {
    let place = card
        .entities
        .binary_search_by_key(&id, |result| result.entity);
    let result = card.entities.get(place.ok()?)?;
    Some(level_text::standing(card.scorecard, result.standing))
}
