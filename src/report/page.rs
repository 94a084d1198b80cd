//! The parts that pages of reports are built of.

use super::{ReportInput, known};
use crate::model::{EntityRef, Place};
use crate::view::{Block, Column, Role, Table, Text, View};

/// Begins a page: its title, and the day that it speaks of.
pub(super) fn begin(title: &str, about: &str, input: &ReportInput<'_>) -> View {
    let text = format!(
        "{about} As of {}, of {} in {}.",
        known::today(input),
        counted(input.catalog.entities().len(), "entity", "entities"),
        counted(
            input.catalog.repositories().len(),
            "repository",
            "repositories"
        ),
    );
    View {
        blocks: vec![Block::Heading(title.into()), Block::Paragraph(text.into())],
    }
}

/// Adds a part: a heading, what it says, and a table where it has rows.
pub(super) fn part(
    view: &mut View,
    heading: &str,
    about: impl Into<Text>,
    columns: Vec<Column>,
    rows: Vec<Vec<Text>>,
) {
    view.push(Block::Heading(heading.into()));
    view.push(Block::Paragraph(about.into()));
    table(view, columns, rows);
}

/// Adds a table where it has rows.
pub(super) fn table(view: &mut View, columns: Vec<Column>, rows: Vec<Vec<Text>>) {
    if !rows.is_empty() {
        view.push(Block::Table(Table { columns, rows }));
    }
}

/// The name of an entity, as short as it can be; it leads to where it is described.
pub(super) fn name(input: &ReportInput<'_>, reference: &EntityRef) -> Text {
    let target = (input.links.entity)(reference);
    Text::new(short(reference), Role::Name).leading_to(target.as_deref())
}

/// The name of an owner; of nobody where there is none.
pub(super) fn whose(input: &ReportInput<'_>, owner: Option<&EntityRef>) -> Text {
    owner.map_or_else(
        || Text::new("nobody", Role::Faint),
        |owner| {
            let target = (input.links.entity)(owner);
            Text::plain(short(owner)).leading_to(target.as_deref())
        },
    )
}

/// A reference in few characters: `payments`, or `team-b/payments` outside of the default
/// namespace.
pub(super) fn short(reference: &EntityRef) -> String {
    match reference.namespace() {
        "default" => reference.name().to_owned(),
        namespace => format!("{namespace}/{}", reference.name()),
    }
}

/// The names of some entities in one cell.
pub(super) fn names<'a>(
    input: &ReportInput<'_>,
    references: impl IntoIterator<Item = &'a EntityRef>,
) -> Text {
    let mut text = Text::default();
    for reference in references {
        if !text.pieces.is_empty() {
            text = text.then(", ", Role::Plain);
        }
        text = text.joined(whose(input, Some(reference)));
    }
    text
}

/// A place in a file; it leads there.
pub(super) fn place(input: &ReportInput<'_>, place: &Place) -> Text {
    let line = place.span.map(|span| format!(":{}", span.line));
    let path = format!("{}{}", place.file.path(), line.unwrap_or_default());
    let target = (input.links.place)(place);
    Text::new(path, Role::File).leading_to(target.as_deref())
}

/// A number of things: `1 component`, `2 components`.
pub(super) fn counted(count: usize, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// A number in a cell.
#[expect(
    clippy::needless_pass_by_value,
    reason = "numbers are as small as references"
)]
pub(super) fn number(number: impl ToString) -> Text {
    Text::plain(number.to_string())
}

/// A number in a cell of which nothing is worth no look.
pub(super) fn count(count: usize) -> Text {
    let role = if count == 0 { Role::Faint } else { Role::Plain };
    Text::new(count.to_string(), role)
}
