//! `devportal facts list`: the register of facts.

use anyhow::Result;
use devportal::fact::{Declaration, TimeToLive};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `facts list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only facts whose names have one of these words in them
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

/// A fact.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    value_type: &'static str,
    unit: Option<&'a str>,
    about: &'a str,
    sources: Vec<&'a str>,
    dimensions: &'a [&'static str],
    /// How long an observation holds, in seconds; `null` for as long as the state it was read from.
    holds: Option<i64>,
    /// The fact whose age it is.
    age_of: Option<&'a str>,
    /// Whether the ledger keeps it.
    kept: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let scan = session.scan()?;
    let register = Session::register(&scan);
    let is_meant = |name: &str| {
        let mut words = args.words.iter();
        args.words.is_empty() || words.any(|word| name.contains(&word.to_lowercase()))
    };
    let rows: Vec<Row<'_>> = register
        .declarations()
        .filter(|declaration| is_meant(&declaration.name))
        .map(Row::of)
        .collect();
    if rows.is_empty() && !matches!(format, "json" | "yaml") {
        session.hint("no fact has such a name; \"devportal facts list\" lists all");
        return Ok(Outcome::Findings);
    }
    session.write_listing(
        format,
        Listing {
            schema: "devportal.facts-list/v1",
            name: "facts",
            complete: scan.is_complete(),
            rows: rows.iter(),
            view: || view(&rows),
        },
    )?;
    Ok(if rows.is_empty() {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

impl<'a> Row<'a> {
    fn of(declaration: &'a Declaration) -> Self {
        Self {
            name: &declaration.name,
            value_type: declaration.value_type.name(),
            unit: declaration.unit.as_deref(),
            about: &declaration.about,
            sources: declaration.sources.iter().map(|it| &**it).collect(),
            dimensions: declaration.dimensions,
            holds: match declaration.time_to_live {
                TimeToLive::State => None,
                TimeToLive::Lasting(time) => Some(time.as_secs()),
            },
            age_of: declaration.age_of,
            kept: declaration.is_kept,
        }
    }
}

fn view(rows: &[Row<'_>]) -> View {
    let rows = rows.iter().map(|row| {
        vec![
            Text::new(row.name, Role::Name),
            Text::plain(row.value_type),
            Text::plain(row.unit.unwrap_or_default()),
            row.holds.map_or_else(
                || Text::new("while it is so", Role::Faint),
                |seconds| Text::plain(duration(seconds)),
            ),
            Text::plain(row.sources.join(", ")),
            Text::plain(row.about),
        ]
    });
    View {
        blocks: vec![Block::Table(Table {
            columns: vec![
                Column::fixed("fact"),
                Column::fixed("type"),
                Column::fixed("unit"),
                Column::fixed("holds"),
                Column::flexible("sources"),
                Column::flexible("meaning"),
            ],
            rows: rows.collect(),
        })],
    }
}

/// A time in its largest whole unit.
fn duration(seconds: i64) -> String {
    let (count, unit) = match seconds {
        seconds if seconds % 86_400 == 0 => (seconds / 86_400, "day"),
        seconds if seconds % 3_600 == 0 => (seconds / 3_600, "hour"),
        seconds => (seconds / 60, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
