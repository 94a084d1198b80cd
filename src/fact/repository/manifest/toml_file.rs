//! TOML with the lines on which things stand.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Broken, LineStarts};

/// A table of a file.
pub(super) type Table<'text> = DeTable<'text>;
/// A value of a file.
pub(super) type Value<'text> = DeValue<'text>;

/// A file in TOML.
pub(super) struct TomlFile<'text> {
    root: Spanned<DeTable<'text>>,
    lines: LineStarts,
}

impl<'text> TomlFile<'text> {
    /// Reads a file.
    pub(super) fn parse(text: &'text str) -> Result<Self, Broken> {
        let lines = LineStarts::of(text);
        match DeTable::parse(text) {
            Ok(root) => Ok(Self { root, lines }),
            Err(error) => Err(Broken {
                message: error.message().to_owned(),
                line: error.span().map(|span| lines.line(span.start)),
            }),
        }
    }

    pub(super) fn root(&self) -> &Table<'text> {
        self.root.get_ref()
    }

    /// The line on which something stands.
    pub(super) fn line(&self, span: &Range<usize>) -> u32 {
        self.lines.line(span.start)
    }
}

/// The value at a path of keys.
pub(super) fn at<'table, 'text>(
    table: &'table Table<'text>,
    path: &[&str],
) -> Option<&'table Spanned<Value<'text>>> {
    let (last, folders) = path.split_last()?;
    let mut table = table;
    for key in folders {
        table = table.get(*key)?.get_ref().as_table()?;
    }
    table.get(*last)
}

/// The table at a path of keys.
pub(super) fn table_at<'table, 'text>(
    table: &'table Table<'text>,
    path: &[&str],
) -> Option<&'table Table<'text>> {
    at(table, path)?.get_ref().as_table()
}

/// The text at a path of keys.
pub(super) fn str_at<'table>(table: &'table Table<'_>, path: &[&str]) -> Option<&'table str> {
    at(table, path)?.get_ref().as_str()
}

/// Whether the value at a path of keys is `true`.
pub(super) fn is_true(table: &Table<'_>, path: &[&str]) -> bool {
    at(table, path).is_some_and(|value| value.get_ref().as_bool() == Some(true))
}
