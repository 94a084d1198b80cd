//! The parts that pages of reports are built of.

use super::{ReportInput, known};
use crate::model::EntityRef;
use crate::view::{Block, Column, Role, Table, Text, View};

/// Begins a page: its title, and the day that it speaks of.
pub(super) fn begin(title: &str, about: &str, input: &ReportInput<'_>) -> View {
    let count = input.catalog.entities().len();
    let text = format!(
        "{about} As of {}, of {count} entities in {} repositories.",
        known::today(input),
        input.catalog.repositories().len()
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
    if !rows.is_empty() {
        view.push(Block::Table(Table { columns, rows }));
    }
}

/// The name of an entity, as short as it can be.
pub(super) fn name(reference: &EntityRef) -> Text {
    Text::new(short(reference), Role::Name)
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
pub(super) fn names<'a>(references: impl IntoIterator<Item = &'a EntityRef>) -> Text {
    let names: Vec<String> = references.into_iter().map(short).collect();
    Text::plain(names.join(", "))
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
