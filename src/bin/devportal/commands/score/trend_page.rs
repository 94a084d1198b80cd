//! Levels over time, for people.

use std::collections::BTreeMap;

use devportal::diagnostic::Severity;
use devportal::maturity::{Origin, Scorecard, TrendRules};
use devportal::view::{Block, Chart, ChartShape, Column, Rgb, Role, Series, Table, Text, View};

use super::level_text;
use super::trend::{Answer, CardTrend, PointRecord};
use crate::trend::{origin_word, origins};

/// What stands for entities at no level, and for those in no group.
const NONE: &str = "none";
/// The colour of no level.
const GREY: Rgb = Rgb {
    red: 0xb0,
    green: 0xb0,
    blue: 0xb0,
};
/// The most lines of a chart: of more nobody can tell the colours apart.
const MOST_LINES: usize = 6;
/// The most entities that went up, and down, that are shown.
const MOST_MOVERS: usize = 10;

/// A chart and a table for each scorecard.
pub(super) fn view(answer: &Answer<'_>) -> View {
    let mut view = View::new();
    let origins_of_all = answer.scorecards.iter().flat_map(|it| &it.points);
    if origins_of_all
        .clone()
        .any(|it| it.origin == Origin::Replayed)
    {
        let rules = match answer.rules {
            TrendRules::Now => "the rules of today",
            TrendRules::Then => "the rules of each day",
        };
        view.push(Block::Paragraph(Text::plain(format!(
            "What is replayed is of the {} repositories here today, by {rules}.",
            answer.repositories
        ))));
    }
    for card in &answer.scorecards {
        view.push(Block::Heading(Text::new(&card.card.title, Role::Name)));
        if card.points.iter().all(|point| point.counts.entities == 0) {
            let text = Text::new("it is, and was, about nothing here", Role::Faint);
            view.push(Block::Paragraph(text));
            continue;
        }
        view.push(Block::Chart(levels_chart(card)));
        view.push(Block::Table(levels_table(card)));
        if answer.by.is_some() {
            push_groups(card, &mut view);
        }
        push_movers(card, &mut view);
    }
    view
}

fn title(card: &CardTrend<'_>, what: &str) -> String {
    let origins = origins(card.points.iter().map(|point| point.origin));
    format!("{}, {what} ({origins})", card.card.title)
}

/// The levels from the best to none, the best lowest.
fn levels_chart(card: &CardTrend<'_>) -> Chart {
    let levels = card.levels.iter().rev();
    let of_levels = levels.map(|level| Series {
        name: shown(card.card, level),
        color: color(card.card, level),
        values: values(card, |point| point.counts.at(level)),
    });
    let of_none = Series {
        name: NONE.to_owned(),
        color: Some(GREY),
        values: values(card, |point| point.counts.none),
    };
    Chart {
        title: title(card, "entities by level"),
        shape: ChartShape::StackedBars,
        unit: "entities".to_owned(),
        labels: labels(card),
        series: of_levels.chain([of_none]).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 entities")]
fn values(card: &CardTrend<'_>, count: impl Fn(&PointRecord<'_>) -> usize) -> Vec<Option<f64>> {
    let points = card.points.iter();
    points.map(|point| Some(count(point) as f64)).collect()
}

fn labels(card: &CardTrend<'_>) -> Vec<String> {
    let points = card.points.iter();
    points.map(|point| point.date.to_owned()).collect()
}

fn shown(card: &Scorecard, level: &str) -> String {
    let known = card.levels.iter().find(|it| it.name == level);
    known.map_or(level, |level| level.shown()).to_owned()
}

fn color(card: &Scorecard, level: &str) -> Option<Rgb> {
    let known = card.levels.iter().find(|it| it.name == level)?;
    known.color.as_deref().and_then(Rgb::parse)
}

fn levels_table(card: &CardTrend<'_>) -> Table {
    let levels = card.levels.iter().rev();
    let levels = levels.map(|level| Column::numeric(shown(card.card, level)));
    let columns = [Column::fixed("date"), Column::numeric("entities")];
    let columns = columns.into_iter().chain(levels).chain([
        Column::numeric(NONE),
        Column::numeric("percent"),
        Column::fixed("known"),
    ]);
    let rows = card.points.iter().map(|point| {
        let counts = &point.counts;
        let levels = card.levels.iter().rev();
        let levels = levels.map(|level| number(counts.at(level)));
        let first = [
            Text::plain(point.date),
            Text::plain(counts.entities.to_string()),
        ];
        let last = [
            number(counts.none),
            percent(counts.percent),
            Text::new(origin_word(point.origin), Role::Faint),
        ];
        first.into_iter().chain(levels).chain(last).collect()
    });
    Table {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

fn number(count: usize) -> Text {
    match count {
        0 => Text::new("0", Role::Faint),
        count => Text::plain(count.to_string()),
    }
}

fn percent(percent: Option<f64>) -> Text {
    Text::plain(percent.map(level_text::shown_percent).unwrap_or_default())
}

/// The percentages of the groups of today.
fn push_groups(card: &CardTrend<'_>, view: &mut View) {
    let mut groups: BTreeMap<(bool, &str), Vec<Option<f64>>> = BTreeMap::new();
    for (place, point) in card.points.iter().enumerate() {
        for group in point.groups.iter().flatten() {
            let key = (group.group.is_none(), group.group.unwrap_or(NONE));
            let values = groups.entry(key).or_default();
            values.resize(card.points.len(), None);
            if let Some(value) = values.get_mut(place) {
                *value = group.counts.percent;
            }
        }
    }
    let name = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    if groups.len() <= MOST_LINES {
        let series = groups.iter().map(|((_, group), values)| Series {
            name: name(group),
            color: None,
            values: values.clone(),
        });
        view.push(Block::Chart(Chart {
            title: title(card, "average percentages"),
            shape: ChartShape::Lines,
            unit: "percent".to_owned(),
            labels: labels(card),
            series: series.collect(),
        }));
    }
    let days = card.points.iter().map(|it| Column::numeric(it.date));
    let rows = groups.iter().map(|((is_nameless, group), values)| {
        let role = if *is_nameless {
            Role::Faint
        } else {
            Role::Name
        };
        let cells = values.iter().map(|value| percent(*value));
        [Text::new(name(group), role)]
            .into_iter()
            .chain(cells)
            .collect()
    });
    view.push(Block::Table(Table {
        columns: [Column::fixed("average")].into_iter().chain(days).collect(),
        rows: rows.collect(),
    }));
}

/// Those that went furthest up and down.
fn push_movers(card: &CardTrend<'_>, view: &mut View) {
    let (up, down): (Vec<_>, Vec<_>) = card.moved.iter().partition(|mover| mover.steps > 0);
    let (Some(first), false) = (card.points.first(), card.moved.is_empty()) else {
        return;
    };
    let shown_of = |count: usize, way: &str| match count {
        0 => format!("nothing went {way}"),
        1 => format!("1 entity went {way}"),
        count => format!("{count} entities went {way}"),
    };
    view.push(Block::Paragraph(Text::plain(format!(
        "Since {}, {} and {}.",
        first.date,
        shown_of(up.len(), "up"),
        shown_of(down.len(), "down")
    ))));
    let rows = up.iter().take(MOST_MOVERS);
    let rows = rows.chain(down.iter().rev().take(MOST_MOVERS));
    let rows = rows.map(|mover| {
        let way = if mover.steps > 0 {
            Text::new("up", Role::Good)
        } else {
            Text::new("down", Role::Bad(Severity::Warning))
        };
        let entity = Text::new(mover.reference.short(), Role::Name);
        vec![way, entity, level(card, mover.from), level(card, mover.to)]
    });
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed(""),
            Column::fixed("entity"),
            Column::fixed("then"),
            Column::fixed("now"),
        ],
        rows: rows.collect(),
    }));
}

fn level(card: &CardTrend<'_>, name: Option<&str>) -> Text {
    let level = card.card.levels.iter().find(|it| Some(&*it.name) == name);
    level_text::level(level)
}
