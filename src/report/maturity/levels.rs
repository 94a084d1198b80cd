//! How many entities are at which level.

use serde::Serialize;

use super::change;
use crate::maturity::{EntityResult, Level, Scorecard, ScorecardResult, Standing};
use crate::report::{ReportInput, level_text, page};
use crate::view::{Block, Column, Role, Text, View};

/// How many entities are at which level of a scorecard.
#[derive(Serialize)]
pub(super) struct Levels<'a> {
    scorecard: &'a str,
    title: &'a str,
    /// How many it is about.
    pub(super) entities: usize,
    /// The name of the highest level that at least half of them have reached; `null` for none.
    level: Option<&'a str>,
    /// How much they pass on average, of 100; `null` where nothing counts.
    percent: Option<f64>,
    /// The best level first, and last those that have reached none.
    #[serde(rename = "levels")]
    counts: Vec<LevelCount<'a>>,
    #[serde(skip)]
    card: &'a Scorecard,
    #[serde(skip)]
    standing: Standing,
}

/// How many entities are at a level.
#[derive(Serialize)]
struct LevelCount<'a> {
    /// The name of the level; `null` for none.
    level: Option<&'a str>,
    entities: usize,
}

impl<'a> Levels<'a> {
    /// Of all that a scorecard is about.
    pub(super) fn of_all(result: &'a ScorecardResult<'a>) -> Self {
        Self::of(result.scorecard, &result.entities.iter())
    }

    /// Of some entities.
    pub(super) fn of(
        card: &'a Scorecard,
        results: &(impl Iterator<Item = &'a EntityResult> + Clone),
    ) -> Self {
        let entities = results.clone().count();
        let at = |level: Option<usize>| {
            let own = results.clone();
            own.filter(|it| it.standing.level == level).count()
        };
        let reached = |level: usize| {
            let own = results.clone();
            own.filter(|it| it.standing.level >= Some(level)).count()
        };
        let places = 0..card.levels.len();
        let typical = places.clone().rev();
        let level = typical
            .clone()
            .find(|level| entities > 0 && reached(*level) * 2 >= entities);
        let counts = typical.map(Some).chain([None]).map(|level| LevelCount {
            level: level.and_then(|level| Some(card.levels.get(level)?.name.as_str())),
            entities: at(level),
        });
        let percents: Vec<f64> = results
            .clone()
            .filter_map(|it| it.standing.percent)
            .collect();
        let standing = Standing {
            level,
            percent: average(&percents),
        };
        Self {
            scorecard: card.reference.name(),
            title: &card.title,
            entities,
            level: level_text::name(card, standing),
            percent: standing.percent.map(level_text::exact_percent),
            counts: counts.collect(),
            card,
            standing,
        }
    }

    /// The typical level and the average: `Silver 72 %`.
    pub(super) fn cell(&self) -> Text {
        match self.entities {
            0 => Text::default(),
            _ => level_text::standing(self.card, self.standing),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
pub(super) fn average(numbers: &[f64]) -> Option<f64> {
    let sum: f64 = numbers.iter().sum();
    (!numbers.is_empty()).then(|| sum / numbers.len() as f64)
}

/// Shows the scorecards, each with how many are at which of its levels.
pub(super) fn show(scorecards: &[Levels<'_>], input: &ReportInput<'_>, view: &mut View) {
    let mut levels: Vec<&Level> = Vec::new();
    for level in scorecards.iter().flat_map(|it| it.card.levels.iter().rev()) {
        if !levels.iter().any(|known| known.name == level.name) {
            levels.push(level);
        }
    }
    let mut cards = input.results.iter();
    let what = if cards.all(|card| is_about_components(card, input)) {
        "components"
    } else {
        "entities"
    };
    let mut columns = vec![Column::fixed("scorecard"), Column::numeric(what)];
    columns.extend(levels.iter().map(|level| Column::numeric(level.shown())));
    columns.push(Column::numeric("none"));
    columns.push(Column::numeric("passed"));
    let first = input.trend.and_then(|trend| match change::told(trend) {
        [first, .., _] => Some(first),
        _ => None,
    });
    columns.extend(first.map(|first| Column::numeric(format!("on {}", first.day))));
    let shown = scorecards.iter().filter(|it| it.entities > 0);
    let rows = shown.map(|it| {
        let target = (input.links.place)(&it.card.place);
        let of = |name: Option<&str>| {
            let mut counts = it.counts.iter();
            let found = counts.find(|count| count.level == name);
            found.map_or_else(Text::default, |count| page::count(count.entities))
        };
        let mut cells = vec![
            Text::new(it.title, Role::Name).leading_to(target.as_deref()),
            page::number(it.entities),
        ];
        cells.extend(levels.iter().map(|level| of(Some(&level.name))));
        cells.push(of(None));
        let percent = it.standing.percent.map(level_text::shown_percent);
        cells.push(Text::plain(percent.unwrap_or_default()));
        if let Some(first) = first {
            let mut before = first.scorecards.iter();
            let before = before.find(|point| point.scorecard == it.card.reference);
            let percent = before
                .and_then(change::average)
                .map(level_text::shown_percent);
            cells.push(Text::plain(percent.unwrap_or_default()));
        }
        cells
    });
    page::table(view, columns, rows.collect());
    let passed = "\"passed\" is how much of what is measured they pass on average.";
    view.push(Block::Paragraph(Text::new(passed, Role::Faint)));
}

fn is_about_components(card: &ScorecardResult<'_>, input: &ReportInput<'_>) -> bool {
    let mut entities = card.entities.iter();
    entities.all(|it| input.catalog.entity(it.entity).reference().kind() == "component")
}
