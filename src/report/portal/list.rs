//! Lists of entities: all of a kind, the parts of something, what somebody owns.

use super::{MOST_ROWS, Portal};
use crate::catalog::EntityId;
use crate::report::{ReportInput, level_text, page};
use crate::view::{Block, Column, Role, Table, Text, View};

/// Scorecards that a list has columns for.
const MOST_SCORECARDS: usize = 6;

/// The page of a kind.
pub(super) fn view(
    portal: &Portal<'_>,
    number: usize,
    part: usize,
    input: &ReportInput<'_>,
) -> View {
    let Some((kind, entities)) = portal.kinds.get(number) else {
        return View::new();
    };
    let mut view = View::new();
    view.push(Block::Heading(title(kind).into()));
    let (first, all) = (part * MOST_ROWS, entities.len());
    let here: Vec<EntityId> = entities
        .iter()
        .skip(first)
        .take(MOST_ROWS)
        .copied()
        .collect();
    let count = page::counted(all, "entity", "entities");
    let mut about = Text::plain(format!("{count} as of {}.", super::today(input)));
    if all > MOST_ROWS {
        let last = first + here.len();
        about = about.then(format!(" Here are {} to {last}.", first + 1), Role::Plain);
    }
    view.push(Block::Paragraph(about));
    view.push(Block::Table(table(portal, &here, None, input)));
    if all > MOST_ROWS {
        view.push(Block::Paragraph(other_parts(portal, kind, part, all)));
    }
    view
}

/// Links to the other pages of a long list.
fn other_parts(portal: &Portal<'_>, kind: &str, part: usize, all: usize) -> Text {
    let mut text = Text::plain("Pages:");
    for number in 0..all.div_ceil(MOST_ROWS) {
        let path = portal.kind_path(kind, number);
        let name = path.rsplit('/').next();
        let shown = (number + 1).to_string();
        text = text.then(" ", Role::Plain);
        text = text.joined(if number == part {
            Text::new(shown, Role::Name)
        } else {
            Text::plain(shown).leading_to(name)
        });
    }
    text
}

/// What a kind is called above a list of it.
pub(super) fn title(kind: &str) -> String {
    let known = [
        ("component", "Components"),
        ("api", "APIs"),
        ("resource", "Resources"),
        ("system", "Systems"),
        ("domain", "Domains"),
        ("group", "Teams"),
        ("user", "People"),
        ("template", "Templates"),
        ("scorecard", "Scorecards"),
        ("campaign", "Campaigns"),
    ];
    let known = known.iter().find(|(known, _)| *known == kind);
    known.map_or_else(|| kind.to_owned(), |(_, title)| (*title).to_owned())
}

/// Entities with what one compares them by. Columns of which nothing is known are not there, nor
/// the one that says the same of all.
pub(super) fn table(
    portal: &Portal<'_>,
    entities: &[EntityId],
    same: Option<&str>,
    input: &ReportInput<'_>,
) -> Table {
    let mut columns = vec![Column::fixed("name")];
    let mut rows: Vec<Vec<Text>> = entities
        .iter()
        .map(|id| vec![page::name(input, input.catalog.entity(*id).reference())])
        .collect();
    let mut add = |column: Column, cell: &dyn Fn(EntityId) -> Option<Text>| {
        let cells: Vec<Option<Text>> = entities.iter().map(|id| cell(*id)).collect();
        if same != Some(&*column.name) && cells.iter().any(Option::is_some) {
            columns.push(column);
            for (row, cell) in rows.iter_mut().zip(cells) {
                row.push(cell.unwrap_or_default());
            }
        }
    };
    let plain = |text: Option<&str>| text.map(|text| Text::plain(text.trim()));
    let record = |id| input.catalog.record(id);
    add(Column::fixed("type"), &|id| plain(record(id).spec_type));
    add(Column::fixed("lifecycle"), &|id| {
        plain(record(id).lifecycle)
    });
    add(Column::fixed("owner"), &|id| {
        record(id)
            .owner
            .map(|owner| page::whose(input, Some(owner)))
    });
    add(Column::fixed("system"), &|id| {
        record(id)
            .system
            .map(|system| page::whose(input, Some(system)))
    });
    for (number, scorecard) in portal.scorecards().take(MOST_SCORECARDS) {
        add(Column::fixed(scorecard.title.as_str()), &|id| {
            let result = portal.standing(id, number)?;
            Some(level_text::standing(scorecard, result.standing))
        });
    }
    add(Column::flexible("description"), &|id| {
        let description = record(id).description?;
        Some(Text::plain(super::beginning(description)))
    });
    Table { columns, rows }
}
