//! `devportal score simulate`: a draft over past states.

use std::mem::ManuallyDrop;
use std::path::PathBuf;

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::maturity::{Outcome as RuleOutcome, Scorecard, ScorecardResult};
use devportal::model::Moment;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::draft;
use crate::Outcome;
use crate::session::Session;
use crate::trend::{PastDay, Step, date_of, days_since};

/// Options of `score simulate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file of the scorecard
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The first day to look at
    #[arg(long, value_name = "DATE")]
    since: String,
    /// How far the days are apart
    #[arg(long, value_name = "STEP", default_value = "month")]
    every: Step,
}

/// The answer in one object: `devportal.score-simulate/v1`.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    scorecards: Vec<CardRecord<'a>>,
}

/// A draft at each moment.
#[derive(Serialize)]
struct CardRecord<'a> {
    scorecard: &'a str,
    moments: Vec<MomentRecord<'a>>,
    #[serde(skip)]
    card: &'a Scorecard,
}

/// A draft at a moment.
#[derive(Serialize)]
struct MomentRecord<'a> {
    date: String,
    entities: usize,
    /// Entities by the level that they would have had, the first to reach first.
    levels: Vec<Counted<'a>>,
    none: usize,
    rules: Vec<RuleRecord<'a>>,
}

#[derive(Serialize)]
struct Counted<'a> {
    level: &'a str,
    entities: usize,
}

/// A rule at a moment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRecord<'a> {
    id: &'a str,
    passed: usize,
    failed: usize,
    exempt: usize,
    unknown: usize,
    not_measured: usize,
    not_applicable: usize,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "yaml", "markdown"])?;
    session.remember_history()?;
    let scan = session.scan()?;
    let Some(scorecards) = draft::read(&args.file, &scan, session)? else {
        return Ok(Outcome::Failure);
    };
    let now = session.now();
    let days = days_since(&PastDay::parse(&args.since)?, args.every, now)?;
    let days = days.into_iter().map(|day| (day.day, day.time));
    let today = (date_of(now).to_string(), now);
    let mut records: Vec<CardRecord<'_>> = scorecards.iter().map(CardRecord::new).collect();
    let mut complete = session.is_complete(&scan);
    for (date, time) in days.chain([today]) {
        let state = session.state_at(Moment::Time(time), &scorecards)?;
        complete &= state.scan.is_complete();
        let all: Vec<EntityId> = state.scan.catalog.ids().collect();
        let results = Session::evaluate_state(&state, &scorecards, &all);
        for (record, result) in records.iter_mut().zip(&results) {
            record.moments.push(moment_record(date.clone(), result));
        }
        // Many large catalogs would not fit into the memory.
        drop(ManuallyDrop::into_inner(state.scan));
    }
    let is_about_something = records
        .iter()
        .all(|record| record.moments.iter().any(|moment| moment.entities > 0));
    let answer = Answer {
        schema: "devportal.score-simulate/v1",
        complete,
        scorecards: records,
    };
    match format {
        "json" => session.write_json(&answer)?,
        "yaml" => session.write_yaml(&serde_json::to_value(&answer)?)?,
        format => session.write_view(&view(&answer, scan.repositories.len()), format)?,
    }
    if !is_about_something {
        session.hint("the scorecard would have been about nothing");
    }
    Ok(match session.outcome_of_answer(&scan) {
        Outcome::Fine if !is_about_something => Outcome::Findings,
        outcome => outcome,
    })
}

impl<'a> CardRecord<'a> {
    fn new(card: &'a Scorecard) -> Self {
        Self {
            scorecard: card.reference.name(),
            moments: Vec::new(),
            card,
        }
    }
}

fn moment_record<'a>(date: String, result: &ScorecardResult<'a>) -> MomentRecord<'a> {
    let card = result.scorecard;
    let at = |level: Option<usize>| {
        let entities = result.entities.iter();
        entities.filter(|it| it.standing.level == level).count()
    };
    let rules = card.rules.iter().enumerate();
    let rules = rules.map(|(index, rule)| {
        let count = |outcome: RuleOutcome| {
            let results = result.entities.iter().filter_map(|it| it.rules.get(index));
            results.filter(|result| result.outcome == outcome).count()
        };
        RuleRecord {
            id: &rule.id,
            passed: count(RuleOutcome::Passed),
            failed: count(RuleOutcome::Failed),
            exempt: count(RuleOutcome::Exempt),
            unknown: count(RuleOutcome::Unknown),
            not_measured: count(RuleOutcome::NotMeasured),
            not_applicable: count(RuleOutcome::NotApplicable),
        }
    });
    let levels = card.levels.iter().enumerate();
    MomentRecord {
        date,
        entities: result.entities.len(),
        levels: levels
            .map(|(index, level)| Counted {
                level: &level.name,
                entities: at(Some(index)),
            })
            .collect(),
        none: at(None),
        rules: rules.collect(),
    }
}

/// A table for each draft: a row a rule, a column a moment.
fn view(answer: &Answer<'_>, repositories: usize) -> View {
    let mut view = View::new();
    for record in &answer.scorecards {
        view.push(Block::Heading(Text::new(&record.card.title, Role::Name)));
        let said = format!(
            "How many would have passed, of those that each rule is about; a replay of the {repositories} repositories here today."
        );
        view.push(Block::Paragraph(Text::plain(said)));
        let dates = record.moments.iter().map(|it| Column::numeric(&it.date));
        let columns = [Column::flexible("")].into_iter().chain(dates);
        let rules = record.card.rules.iter().enumerate();
        let rules = rules.map(|(index, rule)| {
            let cells = record.moments.iter().map(|it| passed(&it.rules[index]));
            row(Text::plain(&rule.title), cells)
        });
        let levels = record.card.levels.iter().enumerate();
        let levels = levels.map(|(index, level)| {
            let cells = record.moments.iter().map(|moment| {
                let reached = moment.levels.iter().skip(index);
                let reached: usize = reached.map(|it| it.entities).sum();
                Text::plain(format!("{reached} of {}", moment.entities))
            });
            let title = super::level_text::level(Some(level)).then(" or better", Role::Faint);
            row(title, cells)
        });
        view.push(Block::Table(Table {
            columns: columns.collect(),
            rows: rules.chain(levels).collect(),
        }));
    }
    view
}

fn row(title: Text, cells: impl Iterator<Item = Text>) -> Vec<Text> {
    [title].into_iter().chain(cells).collect()
}

fn passed(rule: &RuleRecord<'_>) -> Text {
    let asked = rule.passed + rule.failed + rule.unknown;
    match asked {
        0 if rule.not_measured > 0 => Text::new("not measured", Role::Faint),
        0 => Text::new("nobody", Role::Faint),
        asked => Text::plain(format!("{} of {asked}", rule.passed)),
    }
}
