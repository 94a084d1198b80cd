//! How levels moved.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Rows, levels};
use crate::maturity::{Level, Origin, Scorecard, ScorecardPoint, Trend, TrendPoint};
use crate::model::EntityRef;
use crate::report::trend_text::told_origins;
use crate::report::{ReportInput, level_text, page};
use crate::view::{Block, Chart, ChartShape, Column, Rgb, Series, Table, Text, View};

/// Moves that are written out, each way.
const MOST_MOVES: usize = 5;
/// The colour of those that have reached no level.
const NO_LEVEL: Rgb = Rgb {
    red: 0xd0,
    green: 0xd7,
    blue: 0xde,
};

/// The scorecards at a moment.
#[derive(Serialize)]
pub(super) struct TrendRow<'a> {
    day: &'a str,
    scorecards: Vec<CardRow<'a>>,
}

/// How many entities were at which level of a scorecard.
#[derive(Serialize)]
struct CardRow<'a> {
    scorecard: &'a str,
    origin: Origin,
    entities: usize,
    /// How much they passed on average, of 100.
    percent: Option<f64>,
    levels: Vec<LevelRow<'a>>,
}

#[derive(Serialize)]
struct LevelRow<'a> {
    /// The name of the level; `null` for none.
    level: Option<&'a str>,
    entities: usize,
}

/// An entity that reached another level of a scorecard.
#[derive(Serialize)]
pub(super) struct Move<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    scorecard: &'a str,
    /// The level at the first moment of the trend; `null` for none.
    from: Option<&'a str>,
    to: Option<&'a str>,
    /// How many levels it went up; down where that is negative.
    steps: i64,
    #[serde(skip)]
    card: &'a Scorecard,
}

pub(super) struct Moves<'a> {
    pub(super) up: Vec<Move<'a>>,
    pub(super) down: Vec<Move<'a>>,
}

/// The scorecards at each moment.
pub(super) fn trend<'a>(input: &ReportInput<'a>) -> Vec<TrendRow<'a>> {
    let points = input.trend.into_iter().flat_map(told);
    let rows = points.map(|point| TrendRow {
        day: &point.day,
        scorecards: input
            .results
            .iter()
            .filter_map(|card| {
                let mut own = point.scorecards.iter();
                let own = own.find(|it| it.scorecard == card.scorecard.reference)?;
                Some(CardRow::new(card.scorecard, own))
            })
            .collect(),
    });
    rows.collect()
}

/// The moments of a trend from the first one at which there was anything.
pub(super) fn told(trend: &Trend) -> &[TrendPoint] {
    let is_about_something = |point: &TrendPoint| {
        let mut scorecards = point.scorecards.iter();
        scorecards.any(|it| !it.entities.is_empty())
    };
    let first = trend.points.iter().position(is_about_something);
    first
        .and_then(|first| trend.points.get(first..))
        .unwrap_or_default()
}

impl<'a> CardRow<'a> {
    fn new(card: &'a Scorecard, point: &ScorecardPoint) -> Self {
        let levels = card
            .levels
            .iter()
            .rev()
            .map(|level| Some(level.name.as_str()));
        let levels = levels.chain([None]).map(|level| LevelRow {
            level,
            entities: point.count(level),
        });
        Self {
            scorecard: card.reference.name(),
            origin: point.origin,
            entities: point.entities.len(),
            percent: average(point),
            levels: levels.collect(),
        }
    }
}

/// How much the entities of a moment passed on average, of 100.
pub(super) fn average(point: &ScorecardPoint) -> Option<f64> {
    let percents = point.entities.values().filter_map(|it| it.percent);
    let percents: Vec<f64> = percents.collect();
    levels::average(&percents).map(level_text::exact_percent)
}

/// What moved, the furthest first; equal ones in the order of scorecards and names.
pub(super) fn moves<'a>(input: &ReportInput<'a>) -> Moves<'a> {
    let Some(trend) = input.trend else {
        return Moves {
            up: Vec::new(),
            down: Vec::new(),
        };
    };
    let moves = input.results.iter().flat_map(|card| {
        let movers = trend.movers(card.scorecard).into_iter();
        movers.map(move |mover| (card.scorecard, mover))
    });
    let moves = moves.map(|(card, mover)| Move {
        reference: mover.entity,
        owner: owner(input, mover.entity),
        scorecard: card.reference.name(),
        from: mover.from,
        to: mover.to,
        steps: mover.steps,
        card,
    });
    let (mut up, mut down): (Vec<Move<'_>>, Vec<Move<'_>>) = moves.partition(|it| it.steps > 0);
    up.sort_by_key(|it| Reverse(it.steps));
    down.sort_by_key(|it| it.steps);
    Moves { up, down }
}

fn owner<'a>(input: &ReportInput<'a>, entity: &EntityRef) -> Option<&'a EntityRef> {
    let owner = input.catalog.owner(input.catalog.id(entity)?)?;
    Some(owner.reference)
}

/// Shows a chart for each scorecard, and how it is known what was.
pub(super) fn show_trend(rows: &[TrendRow<'_>], input: &ReportInput<'_>, view: &mut View) {
    let (Some(trend), [first, .., _]) = (input.trend, rows) else {
        return;
    };
    view.push(Block::Heading(
        format!("How levels moved since {}", first.day).into(),
    ));
    view.push(Block::Paragraph(told_origins("levels", trend).into()));
    for card in input
        .results
        .iter()
        .filter(|card| !card.entities.is_empty())
    {
        view.blocks.extend(chart(card.scorecard, trend));
    }
}

/// How many were at which level, the best lowest.
fn chart(card: &Scorecard, trend: &Trend) -> Option<Block> {
    let begin = told(trend).first()?.day.as_str();
    let points = trend.of_scorecard(&card.reference);
    let points: Vec<(&str, &ScorecardPoint)> = points.filter(|it| it.0 >= begin).collect();
    if points.len() < 2 {
        return None;
    }
    let levels = card.levels.iter().rev().map(Some).chain([None]);
    let series = levels.map(|level: Option<&Level>| {
        let name = level.map(|level| level.name.as_str());
        let color = level.and_then(|level| Rgb::parse(level.color.as_deref()?));
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
        let values = points.iter().map(|point| Some(point.1.count(name) as f64));
        Series {
            name: level.map_or("none", Level::shown).to_owned(),
            color: color.or_else(|| level.is_none().then_some(NO_LEVEL)),
            values: values.collect(),
        }
    });
    Some(Block::Chart(Chart {
        title: card.title.clone(),
        shape: ChartShape::StackedBars,
        unit: "components".to_owned(),
        labels: points.iter().map(|point| point.0.to_owned()).collect(),
        // A level that nothing ever reached would only be a name in the legend.
        series: series
            .filter(|series| series.values.iter().flatten().any(|value| *value > 0.0))
            .collect(),
    }))
}

/// Shows what moved furthest, up and down.
pub(super) fn show_moves(rows: &Rows<'_>, input: &ReportInput<'_>, view: &mut View) {
    let Some(first) = rows.trend.first().filter(|_| rows.trend.len() > 1) else {
        return;
    };
    view.push(Block::Heading("Biggest movers".into()));
    if rows.up.is_empty() && rows.down.is_empty() {
        let about = format!("No component has changed its level since {}.", first.day);
        view.push(Block::Paragraph(about.into()));
        return;
    }
    let told = |moves: &[Move<'_>], way: &str| match moves.len() {
        count @ ..=MOST_MOVES => format!("{count} {way}"),
        count => format!("{count} {way} (the first {MOST_MOVES} are shown)"),
    };
    let about = format!(
        "Levels that were reached or lost since {}: {}, {}.",
        first.day,
        told(&rows.up, "up"),
        told(&rows.down, "down")
    );
    view.push(Block::Paragraph(about.into()));
    let shown = |moves: &[Move<'_>]| -> Vec<Vec<Text>> {
        let moves = moves.iter().take(MOST_MOVES);
        moves.map(|it| it.cells(input)).collect()
    };
    let columns = ["", "component", "team", "scorecard", "from", "to"];
    view.push(Block::Table(Table {
        columns: columns.map(Column::fixed).into(),
        rows: [shown(&rows.up), shown(&rows.down)].concat(),
    }));
}

impl Move<'_> {
    fn cells(&self, input: &ReportInput<'_>) -> Vec<Text> {
        let level = |name: Option<&str>| {
            let mut levels = self.card.levels.iter();
            level_text::level(levels.find(|level| Some(level.name.as_str()) == name))
        };
        vec![
            Text::plain(if self.steps > 0 { "▲" } else { "▼" }),
            page::name(input, self.reference),
            page::whose(input, self.owner),
            Text::plain(self.card.title.as_str()),
            level(self.from),
            level(self.to),
        ]
    }
}
