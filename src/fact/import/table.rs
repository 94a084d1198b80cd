//! Tables as CSV, whose columns are known by several names.

use csv::{ReaderBuilder, StringRecord};

use super::document::begins_with;
use super::{ImportError, ImportFile};

/// A row of a table.
pub(super) struct Row<'a> {
    columns: &'a [String],
    record: StringRecord,
    /// Its line in the file.
    pub(super) line: usize,
}

impl Row<'_> {
    /// The value in the first column that has one of these names; nothing when it is empty.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let column = self.columns.iter().position(|column| column == name)?;
            let value = self.record.get(column)?.trim();
            (!value.is_empty()).then_some(value)
        })
    }
}

/// Reads a table row by row. Names of columns are compared in lower case, with `_` for spaces.
///
/// The separator is a comma, or what the first line has instead: a semicolon or a tab.
pub(super) fn read_rows(
    text: &str,
    needed: &[&[&str]],
    mut row: impl FnMut(&Row<'_>),
) -> Result<(), ImportError> {
    let first = text.lines().next().unwrap_or_default();
    let separator = [b',', b';', b'\t']
        .into_iter()
        .find(|separator| first.as_bytes().contains(separator));
    let mut reader = ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let explain = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        let line = usize::try_from(line).unwrap_or_default();
        ImportError::on_line(line, format!("the table cannot be read: {error}"))
    };
    let headers = reader.headers().map_err(|error| explain(&error))?;
    let column = |name: &str| name.trim().to_lowercase().replace([' ', '-'], "_");
    let columns: Vec<String> = headers.iter().map(column).collect();
    for names in needed {
        if !names.iter().any(|name| columns.iter().any(|it| it == name)) {
            let name = names.first().copied().unwrap_or_default();
            let message = format!("the table has no column \"{name}\"");
            return Err(ImportError::on_line(1, message));
        }
    }
    for record in reader.records() {
        let record = record.map_err(|error| explain(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        row(&Row {
            columns: &columns,
            record,
            line: usize::try_from(line).unwrap_or_default(),
        });
    }
    Ok(())
}

/// Whether the first line of a file, in lower case with `_` for spaces, has all of these words.
pub(super) fn has_columns(file: &ImportFile<'_>, all: &[&str]) -> bool {
    const LONGEST: usize = 4096;
    let bytes = file.bytes.get(..LONGEST).unwrap_or(file.bytes);
    let head = crate::yaml::decode(bytes).0;
    let first = head.lines().next().unwrap_or_default();
    let first = first.to_lowercase().replace([' ', '-'], "_");
    let columns: Vec<&str> = first
        .split([',', ';', '\t'])
        .map(|column| column.trim_matches(['"', '_']))
        .collect();
    !begins_with(file, &['{', '[', '<']) && all.iter().all(|name| columns.contains(name))
}
