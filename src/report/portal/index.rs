//! The first page of a portal: what there is, where it belongs, whose it is, and how mature it is.

use super::{Portal, list};
use crate::catalog::EntityId;
use crate::report::team::{self, Team};
use crate::report::{ReportInput, level_text, page};
use crate::view::{Block, Column, Role, Table, Text, TreeItem, View};

/// Levels of the taxonomy that the page shows: domains, their domains, and systems.
const DEEPEST: usize = 4;
/// Teams that the page shows.
const MOST_TEAMS: usize = 500;
/// Lines of the taxonomy that the page shows.
const MOST_LINES: usize = 1_000;

pub(super) fn view(portal: &Portal<'_>, input: &ReportInput<'_>) -> View {
    let mut view = View::new();
    view.push(Block::Heading(portal.title.as_str().into()));
    let entities = portal
        .kinds
        .iter()
        .map(|(_, entities)| entities.len())
        .sum();
    let about = format!(
        "What we have, as of {}: {} in {}.",
        super::today(input),
        page::counted(entities, "entity", "entities"),
        page::counted(
            input.catalog.repositories().len(),
            "repository",
            "repositories"
        ),
    );
    view.push(Block::Paragraph(about.into()));
    view.push(Block::KeyValues(kinds(portal)));
    show_taxonomy(portal, input, &mut view);
    show_teams(portal, input, &mut view);
    show_levels(portal, input, &mut view);
    view
}

fn kinds(portal: &Portal<'_>) -> Vec<(String, Text)> {
    let kinds = portal.kinds.iter().map(|(kind, entities)| {
        let path = portal.kind_path(kind, 0);
        let count = Text::plain(entities.len().to_string());
        (list::title(kind), count.leading_to(Some(&path)))
    });
    kinds.collect()
}

fn show_taxonomy(portal: &Portal<'_>, input: &ReportInput<'_>, view: &mut View) {
    let mut lines = MOST_LINES;
    let tops: Vec<EntityId> = portal.taxonomy.tops.clone();
    let items = branches(portal, &tops, input, DEEPEST, &mut lines);
    if items.is_empty() {
        return;
    }
    view.push(Block::Heading("Domains and systems".into()));
    view.push(Block::Tree(items));
    let nowhere = portal.taxonomy.nowhere.len();
    if nowhere > 0 {
        let count = page::counted(nowhere, "entity is", "entities are");
        view.push(Block::Paragraph(format!("{count} part of none.").into()));
    }
}

/// What has parts itself; the parts that have none are counted.
fn branches(
    portal: &Portal<'_>,
    ids: &[EntityId],
    input: &ReportInput<'_>,
    depth: usize,
    lines: &mut usize,
) -> Vec<TreeItem> {
    let mut items = Vec::new();
    for id in ids {
        let reference = input.catalog.entity(*id).reference();
        let is_branch = matches!(reference.kind(), "domain" | "system");
        if !is_branch || *lines == 0 {
            continue;
        }
        *lines -= 1;
        let kind = format!("{} ", reference.kind());
        let mut text = Text::new(kind, Role::Faint).joined(page::name(input, reference));
        let below = portal.taxonomy.all_below(*id);
        let components = below
            .iter()
            .filter(|id| input.catalog.entity(**id).reference().kind() == "component");
        let count = page::counted(components.count(), "component", "components");
        text = text.then(format!(", {count}"), Role::Plain);
        if let Some(owner) = input.catalog.owner(*id) {
            text = text.then(" by ", Role::Faint);
            text = text.joined(page::whose(input, Some(owner.reference)));
        }
        let parts = portal.taxonomy.parts(*id);
        let children = match depth {
            0 => Vec::new(),
            depth => branches(portal, parts, input, depth - 1, lines),
        };
        items.push(TreeItem { text, children });
    }
    items
}

fn show_teams(portal: &Portal<'_>, input: &ReportInput<'_>, view: &mut View) {
    let teams = team::teams(input.catalog);
    if teams.is_empty() {
        return;
    }
    view.push(Block::Heading("Teams".into()));
    if teams.len() > MOST_TEAMS {
        let about = format!("The first {MOST_TEAMS} of {} are shown.", teams.len());
        view.push(Block::Paragraph(about.into()));
    }
    let mut columns = vec![
        Column::fixed("team"),
        Column::numeric("components"),
        Column::numeric("other"),
    ];
    let titles = portal.scorecards().map(|(_, card)| card.title.as_str());
    columns.extend(titles.map(Column::numeric));
    let rows = teams.iter().take(MOST_TEAMS);
    let rows = rows.map(|team| team_row(portal, team, input));
    view.push(Block::Table(Table {
        columns,
        rows: rows.collect(),
    }));
    if portal.scorecards().next().is_some() {
        let about =
            "The percentages are how much of what the scorecards ask for is done, on average.";
        view.push(Block::Paragraph(Text::new(about, Role::Faint)));
    }
}

fn team_row(portal: &Portal<'_>, team: &Team<'_>, input: &ReportInput<'_>) -> Vec<Text> {
    let components = team.of_kind(input.catalog, "component").count();
    let mut row = vec![
        page::whose(input, Some(team.reference)),
        page::number(components),
        page::number(team.owned.len() - components),
    ];
    for (number, _) in portal.scorecards() {
        let results = team.owned.iter();
        let results = results.filter_map(|id| portal.standing(*id, number)?.standing.percent);
        let (mut sum, mut count) = (0.0, 0.0);
        for percent in results {
            sum += percent;
            count += 1.0;
        }
        row.push(if count > 0.0 {
            Text::plain(level_text::shown_percent(sum / count))
        } else {
            Text::new("-", Role::Faint)
        });
    }
    row
}

fn show_levels(portal: &Portal<'_>, input: &ReportInput<'_>, view: &mut View) {
    if input.results.is_empty() {
        return;
    }
    view.push(Block::Heading("Levels".into()));
    let rows = portal.scorecards().map(|(number, scorecard)| {
        let results = input.results.get(number).map(|result| &result.entities);
        let results = || results.into_iter().flatten();
        let mut levels = Text::default();
        let wanted = (0..scorecard.levels.len()).rev().map(Some).chain([None]);
        for level in wanted {
            let count = results().filter(|it| it.standing.level == level).count();
            if count == 0 {
                continue;
            }
            if !levels.pieces.is_empty() {
                levels = levels.then(", ", Role::Plain);
            }
            let level = level.and_then(|level| scorecard.levels.get(level));
            levels = levels.joined(level_text::level(level));
            levels = levels.then(format!(" {count}"), Role::Plain);
        }
        vec![
            Text::new(scorecard.title.as_str(), Role::Name)
                .leading_to((input.links.entity)(&scorecard.reference).as_deref()),
            page::number(results().count()),
            levels,
        ]
    });
    let columns = vec![
        Column::fixed("scorecard"),
        Column::numeric("entities"),
        Column::fixed("levels"),
    ];
    let rows = rows.collect();
    view.push(Block::Table(Table { columns, rows }));
}
