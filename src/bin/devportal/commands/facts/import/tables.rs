//! What an import did, as tables.

use devportal::view::{Column, Role, Table, Text};

use super::{RunRow, ValueRow};

pub(super) fn runs(runs: &[RunRow]) -> Table {
    let rows = runs.iter().map(|run| {
        let number = |number: usize| Text::plain(number.to_string());
        vec![
            Text::new(run.source, Role::Name),
            number(run.entities),
            number(run.changed),
            number(run.unchanged),
            number(run.gone),
            run.file
                .as_ref()
                .map_or_else(Text::default, |file| Text::new(file, Role::File)),
        ]
    });
    Table {
        columns: vec![
            Column::fixed("source"),
            Column::numeric("entities"),
            Column::numeric("changed"),
            Column::numeric("unchanged"),
            Column::numeric("gone"),
            Column::flexible("file"),
        ],
        rows: rows.collect(),
    }
}

pub(super) fn values(values: &[ValueRow]) -> Table {
    let rows = values.iter().map(|row| {
        let value = match &row.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        vec![
            Text::new(&row.reference, Role::Name),
            Text::plain(&row.fact).then(&row.dimensions, Role::Faint),
            Text::plain(value),
        ]
    });
    Table {
        columns: vec![
            Column::fixed("entity"),
            Column::fixed("fact"),
            Column::flexible("value"),
        ],
        rows: rows.collect(),
    }
}
