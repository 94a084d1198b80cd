//! `devportal export`: everything, for machines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use devportal::scan::{Document, Scan};
use devportal::view::{Block, Column, Table, Text, View};
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::session::Session;

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to write
    what: What,
    /// Only these files and folders; a file named here is read whatever its name
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// One row an entity
    Entities,
    /// One row a relation, in both directions
    Relations,
    /// One row a document of a descriptor
    Documents,
}

/// A document, with the fields of `export documents`.
#[derive(Serialize)]
struct DocumentRecord<'a> {
    repository: &'a str,
    path: &'a str,
    #[serde(rename = "pathBytes", skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    document: u32,
    line: u32,
    kind: Option<&'a str>,
    name: Option<&'a str>,
    #[serde(rename = "ref")]
    reference: Option<&'a str>,
    status: &'static str,
    codes: &'a [&'static str],
}

/// The answer in one object.
#[derive(Serialize)]
struct Export {
    schema: &'static str,
    complete: bool,
    #[serde(flatten)]
    rows: BTreeMap<&'static str, Vec<Value>>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["jsonl", "csv", "json"])?;
    let scan = session.scan_with(&session.selection(&args.paths, true)?)?;
    let rows = rows(args.what, &scan)?;
    match format {
        "jsonl" => rows
            .iter()
            .try_for_each(|row| session.write_json_line(row))?,
        "csv" => session.write_view(&table(&rows), "csv")?,
        _ => {
            let name = match args.what {
                What::Entities => "entities",
                What::Relations => "relations",
                What::Documents => "documents",
            };
            let complete = scan.is_complete();
            session.write_json(&Export {
                schema: "devportal.export/v1",
                complete,
                rows: BTreeMap::from([(name, rows)]),
            })?;
        }
    }
    Ok(session.outcome_of_answer(&scan))
}

fn rows(what: What, scan: &Scan) -> Result<Vec<Value>> {
    let catalog = &scan.catalog;
    let rows: serde_json::Result<Vec<Value>> = match what {
        What::Entities => catalog
            .ids()
            .map(|id| serde_json::to_value(catalog.record(id)))
            .collect(),
        What::Relations => catalog
            .relations()
            .iter()
            .map(|relation| serde_json::to_value(relation.record()))
            .collect(),
        What::Documents => scan
            .documents
            .iter()
            .map(|document| serde_json::to_value(record(document)))
            .collect(),
    };
    Ok(rows?)
}

fn record(document: &Document) -> DocumentRecord<'_> {
    DocumentRecord {
        repository: document.file.repository(),
        path: document.file.path(),
        path_bytes: document.file.bytes().map(devportal::output::base64),
        document: document.document,
        line: document.line,
        kind: document.kind.as_deref(),
        name: document.name.as_deref(),
        reference: document
            .reference
            .as_ref()
            .map(devportal::model::EntityRef::as_str),
        status: document.status.name(),
        codes: &document.codes,
    }
}

/// Rows as a table, for CSV: lists joined by spaces, mappings as JSON.
fn table(rows: &[Value]) -> View {
    let names: Vec<&String> = rows
        .first()
        .and_then(Value::as_object)
        .map(|row| row.keys().collect())
        .unwrap_or_default();
    let cells = rows
        .iter()
        .filter_map(Value::as_object)
        .map(|row| names.iter().map(|name| cell(&row[*name])).collect());
    let table = Table {
        columns: names
            .iter()
            .map(|name| Column::fixed(name.as_str()))
            .collect(),
        rows: cells.collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn cell(value: &Value) -> Text {
    match value {
        Value::Null => Text::default(),
        Value::String(text) => Text::plain(text.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| cell(item).to_plain()).collect();
            Text::plain(items.join(" "))
        }
        other => Text::plain(other.to_string()),
    }
}
