//! What became of files that were imported, for people and for machines.

use anyhow::Result;
use devportal::fact::Observation;
use devportal::fact::import::ImportFormat;
use devportal::fact::ledger::Recorded;
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::session::Session;

/// The answer in one object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) schema: &'static str,
    pub(super) complete: bool,
    pub(super) dry_run: bool,
    pub(super) runs: Vec<RunRow>,
    pub(super) values: Vec<ValueRow>,
    pub(super) unattributed: Vec<UnattributedRow>,
    pub(super) problems: Vec<ProblemRow>,
}

/// What the files of a format said.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunRow {
    pub(super) format: &'static str,
    pub(super) source: &'static str,
    pub(super) entities: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
    pub(super) gone: usize,
    pub(super) not_kept: usize,
    /// The file of the ledger; nothing where none was written.
    pub(super) file: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ValueRow {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) fact: String,
    pub(super) dimensions: String,
    pub(super) value: serde_json::Value,
    pub(super) source: &'static str,
}

#[derive(Serialize)]
pub(super) struct UnattributedRow {
    pub(super) file: String,
    pub(super) subject: String,
    pub(super) results: usize,
}

#[derive(Serialize)]
pub(super) struct ProblemRow {
    pub(super) file: String,
    pub(super) line: Option<u32>,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether nothing of the file was read.
    pub(super) unread: bool,
}

impl Answer {
    /// Adds what a run recorded.
    pub(super) fn take(
        &mut self,
        format: &'static ImportFormat,
        recorded: &Recorded,
        file: String,
        entities: usize,
        observations: Vec<(EntityRef, Observation)>,
    ) {
        self.runs.push(RunRow {
            format: format.name,
            source: format.source,
            entities,
            changed: recorded.changed,
            unchanged: recorded.unchanged,
            gone: recorded.gone,
            not_kept: recorded.not_kept,
            file: (!self.dry_run).then_some(file),
        });
        self.values
            .extend(observations.into_iter().map(|(entity, seen)| ValueRow {
                reference: entity.to_string(),
                fact: seen.name.into_owned(),
                dimensions: seen.dimensions.to_string(),
                value: seen.value,
                source: format.source,
            }));
        self.problems
            .extend(recorded.refused.iter().map(|message| ProblemRow {
                file: format.name.to_owned(),
                line: None,
                message: message.clone(),
                help: None,
                unread: false,
            }));
    }
}

/// Writes the answer, and what has to be said beside it.
pub(super) fn write(session: &mut Session, answer: &Answer, is_json: bool) -> Result<()> {
    if is_json {
        session.write_json(answer)?;
    } else if !answer.runs.is_empty() {
        let mut view = View::new();
        if answer.dry_run {
            view.push(Block::Table(values(&answer.values)));
        }
        view.push(Block::Table(runs(&answer.runs)));
        session.write_view(&view, "human")?;
    }
    session.finish()?;
    for problem in &answer.problems {
        let line = problem.line.map(|line| format!(":{line}"));
        let place = format!("{}{}", problem.file, line.unwrap_or_default());
        session.hint(&format!("{place}: {}", problem.message));
        if let Some(help) = &problem.help {
            session.hint(&format!("  {help}"));
        }
    }
    for lost in &answer.unattributed {
        let (results, s) = (lost.results, if lost.results == 1 { "" } else { "s" });
        session.hint(&format!(
            "{}: {results} result{s} of {} belong to no entity; --entity names one",
            lost.file, lost.subject
        ));
    }
    if answer.runs.is_empty() {
        session.hint("nothing was found that could be kept");
    } else if answer.dry_run {
        session.hint("nothing was written");
    }
    Ok(())
}

fn runs(runs: &[RunRow]) -> Table {
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

fn values(values: &[ValueRow]) -> Table {
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

/// 3 when something could not be read, 1 when nothing was attributed.
pub(super) fn outcome(answer: &Answer) -> Outcome {
    if answer.problems.iter().any(|problem| problem.unread) {
        Outcome::Incomplete
    } else if answer.runs.is_empty() {
        Outcome::Findings
    } else {
        Outcome::Fine
    }
}
