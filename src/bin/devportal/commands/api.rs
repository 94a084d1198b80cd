//! `devportal api`: what an API can do, who provides it and who consumes it.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::api_definition::{ApiDefinition, Definition, DefinitionReader, Operation};
use devportal::catalog::{Catalog, EntityId};
use devportal::diagnostic::Severity;
use devportal::model::{EntityRef, RelationType};
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `api`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The API: its name, or kind:namespace/name
    #[arg(value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    reference: String,
    /// Only operations with these words in their path, name or summary
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
}

/// An operation, for machines.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    method: &'a str,
    name: &'a str,
    signature: Option<&'a str>,
    id: Option<&'a str>,
    summary: Option<&'a str>,
    deprecated: bool,
    groups: &'a [String],
    path: Option<&'a str>,
    line: u32,
}

/// The whole answer in one object.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    format: Option<&'a str>,
    title: Option<&'a str>,
    version: Option<&'a str>,
    servers: &'a [String],
    providers: Vec<&'a EntityRef>,
    consumers: Vec<&'a EntityRef>,
    operations: Vec<Row<'a>>,
    problems: Vec<&'a str>,
}

/// An API, and what was found out about it.
struct Shown<'a> {
    catalog: &'a Catalog,
    id: EntityId,
    read: &'a ApiDefinition,
    operations: Vec<&'a Operation>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let scan = session.scan()?;
    let Some(id) = session.entity(&scan, &args.reference, &["api"])? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let entity = scan.catalog.entity(id);
    if entity.reference().kind() != "api" {
        session.hint(&not_an_api(&scan, id));
        return Ok(session.outcome_of_nothing(&scan));
    }
    let moment = session.moment();
    let reader = DefinitionReader::new(&scan.repositories, &moment, scan.catalog.forges());
    let read = reader.read(entity);
    let shown = Shown {
        catalog: &scan.catalog,
        id,
        read: &read,
        operations: operations(&read, &args.words),
    };
    write(&shown, &scan, format, session)?;
    session.finish()?;
    for problem in &read.problems {
        session.hint(&devportal::output::diagnostic_line(problem));
    }
    if shown.operations.is_empty() {
        if !args.words.is_empty() {
            session.hint("no operation fits");
        }
        return Ok(session.outcome_of_nothing(&scan));
    }
    Ok(session.outcome_of_answer(&scan))
}

fn write(shown: &Shown<'_>, scan: &Scan, format: &str, session: &mut Session) -> Result<()> {
    match format {
        "json" => session.write_json(&shown.answer(scan)),
        "yaml" => session.write_yaml(&shown.answer(scan)),
        format => session.write_listing(
            format,
            Listing {
                schema: "devportal.api/v1",
                name: "operations",
                complete: scan.is_complete(),
                rows: shown.rows().into_iter(),
                view: || shown.view(format == "csv"),
            },
        ),
    }
}

/// What to ask instead of something that is no API.
fn not_an_api(scan: &Scan, id: EntityId) -> String {
    let catalog = &scan.catalog;
    let name = catalog.entity(id).reference().short();
    let provided = catalog.related(id, RelationType::ProvidesApi);
    let names: Vec<String> = provided.into_iter().map(EntityRef::short).collect();
    if names.is_empty() {
        format!("{name} is no API, and provides none")
    } else {
        format!("{name} is no API; it provides {}", names.join(", "))
    }
}

/// The operations that have all words.
fn operations<'a>(read: &'a ApiDefinition, words: &[String]) -> Vec<&'a Operation> {
    let all = read
        .definition
        .iter()
        .flat_map(|definition| &definition.operations);
    let has = |operation: &Operation, word: &str| {
        let optional = [&operation.id, &operation.summary, &operation.signature];
        let texts = [&operation.method, &operation.name].into_iter();
        let mut texts = texts
            .chain(optional.into_iter().flatten())
            .chain(&operation.groups);
        texts.any(|text| text.to_lowercase().contains(word))
    };
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    all.filter(|operation| words.iter().all(|word| has(operation, word)))
        .collect()
}

impl Shown<'_> {
    fn definition(&self) -> Option<&Definition> {
        self.read.definition.as_ref()
    }

    fn reference(&self) -> &EntityRef {
        self.catalog.entity(self.id).reference()
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let path = self.read.file.as_ref().map(|file| file.path());
        let operations = self.operations.iter();
        operations
            .map(|operation| Row {
                reference: self.reference(),
                method: &operation.method,
                name: &operation.name,
                signature: operation.signature.as_deref(),
                id: operation.id.as_deref(),
                summary: operation.summary.as_deref(),
                deprecated: operation.deprecated,
                groups: &operation.groups,
                path,
                line: operation.line,
            })
            .collect()
    }

    fn answer(&self, scan: &Scan) -> Answer<'_> {
        let definition = self.definition();
        let problems = self.read.problems.iter();
        Answer {
            schema: "devportal.api/v1",
            complete: scan.is_complete(),
            reference: self.reference(),
            format: definition.map(|it| it.format),
            title: definition.and_then(|it| it.title.as_deref()),
            version: definition.and_then(|it| it.version.as_deref()),
            servers: definition.map_or(&[], |it| &it.servers),
            providers: self.catalog.related(self.id, RelationType::ApiProvidedBy),
            consumers: self.catalog.related(self.id, RelationType::ApiConsumedBy),
            operations: self.rows(),
            problems: problems.map(|problem| problem.message.as_str()).collect(),
        }
    }

    fn view(&self, rows_only: bool) -> View {
        let mut view = View::new();
        if !rows_only {
            view.push(Block::Heading(self.title()));
            view.push(Block::KeyValues(self.facts()));
        }
        view.push(Block::Table(self.table()));
        view
    }

    fn title(&self) -> Text {
        let title = self.definition().and_then(|it| it.title.as_deref());
        let entity = self.catalog.entity(self.id);
        let title = title.or(entity.title()).unwrap_or(entity.name());
        Text::new(title, Role::Name).then(format!("  {}", self.reference().short()), Role::Faint)
    }

    fn facts(&self) -> Vec<(String, Text)> {
        let record = self.catalog.record(self.id);
        let definition = self.definition();
        let version = definition.and_then(|it| it.version.clone());
        let format = definition.map(|it| {
            let version = it.format_version.as_ref();
            let version = version.map(|version| format!(" {version}"));
            format!("{}{}", it.format, version.unwrap_or_default())
        });
        let servers = definition.map(|it| it.servers.join(", "));
        let related = |relation| {
            let related = self.catalog.related(self.id, relation).into_iter();
            related
                .map(|other| self.with_owner(other))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let rows = [
            (
                "format",
                Text::plain(
                    format
                        .or(record.spec_type.map(str::to_owned))
                        .unwrap_or_default(),
                ),
            ),
            ("version", Text::plain(version.unwrap_or_default())),
            (
                "lifecycle",
                Text::plain(record.lifecycle.unwrap_or_default()),
            ),
            (
                "owner",
                Text::plain(record.owner.map(EntityRef::short).unwrap_or_default()),
            ),
            (
                "provided by",
                Text::plain(related(RelationType::ApiProvidedBy)),
            ),
            (
                "consumed by",
                Text::plain(related(RelationType::ApiConsumedBy)),
            ),
            ("servers", Text::plain(servers.unwrap_or_default())),
            (
                "definition",
                Text::new(
                    self.read.file.as_ref().map_or("", |file| file.path()),
                    Role::File,
                ),
            ),
        ];
        let known = rows
            .into_iter()
            .filter(|(_, value)| !value.to_plain().is_empty());
        known
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    fn with_owner(&self, other: &EntityRef) -> String {
        let owner = self.catalog.id(other).and_then(|id| self.catalog.owner(id));
        match owner {
            Some(owner) => format!("{} ({})", other.short(), owner.reference.name()),
            None => other.short(),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table {
            columns: vec![
                Column::fixed("method"),
                Column::flexible("operation"),
                Column::flexible("summary"),
                Column::numeric("line"),
            ],
            rows: Vec::new(),
        };
        for operation in &self.operations {
            let mut name = Text::new(&*operation.name, Role::Name);
            if let Some(signature) = &operation.signature {
                name = name.then(format!(" {signature}"), Role::Plain);
            }
            if operation.deprecated {
                name = name.then(" deprecated", Role::Bad(Severity::Warning));
            }
            let summary = operation.summary.as_ref().or(operation.id.as_ref());
            table.rows.push(vec![
                Text::plain(&*operation.method),
                name,
                Text::plain(summary.map_or("", String::as_str)),
                Text::plain(operation.line.to_string()),
            ]);
        }
        table
    }
}
