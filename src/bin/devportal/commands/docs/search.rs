//! `devportal docs search`: passages that speak of some words, the best first.

use anyhow::{Context, Result};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::Catalog;
use devportal::documentation::{Documentation, PageKind, Passage, Query};
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::{is_complete, nothing, outcome};
use crate::Outcome;
use crate::completion;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `docs search`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words; what stands between quotes must occur as it is
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Only the documentation of this entity
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(completion::entity))]
    entity: Option<String>,
    /// Show so many passages
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

#[derive(Serialize)]
struct PassageRow<'a> {
    #[serde(rename = "ref")]
    reference: Option<&'a EntityRef>,
    refs: Vec<&'a EntityRef>,
    kind: PageKind,
    title: &'a str,
    heading: &'a str,
    repository: &'a str,
    path: &'a str,
    line: u32,
    snippet: String,
}

pub(super) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let query = Query::parse(&as_typed(&args.words)).context("there is no word to look for")?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let only = match &args.entity {
        None => None,
        Some(reference) => match session.entity(&scan, reference, &["component"])? {
            Some(id) => Some(id),
            None => return Ok(session.outcome_of_nothing(&scan)),
        },
    };
    let moment = session.moment();
    let library = Documentation::new(catalog, &scan.repositories, &moment);
    let found = library.search(&query, only, args.limit);
    if found.total > 0 || matches!(format, "json" | "yaml") {
        session.write_listing(
            format,
            Listing {
                schema: "devportal.docs-search/v1",
                name: "passages",
                complete: is_complete(&scan, &found.problems),
                rows: found.passages.iter().map(|passage| row(catalog, passage)),
                view: || match format {
                    "table" | "human" => answer(catalog, &found.passages),
                    _ => table(catalog, &found.passages),
                },
            },
        )?;
    }
    if found.total == 0 {
        session.hint("no documentation of this workspace speaks of that");
        return Ok(nothing(session, &scan, &found.problems));
    }
    if found.total > found.passages.len() {
        let (shown, total) = (found.passages.len(), found.total);
        session.hint(&format!("{shown} of {total} passages; --limit shows more"));
    }
    Ok(outcome(session, &scan, &found.problems))
}

/// The words as they were typed, as far as the shell left them: what is one word with spaces was
/// quoted, and is a phrase.
fn as_typed(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        if word.contains(char::is_whitespace) && !word.contains('"') && words.len() > 1 {
            format!("\"{word}\"")
        } else {
            word.clone()
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn row<'a>(catalog: &'a Catalog, passage: &'a Passage) -> PassageRow<'a> {
    let refs = passage.entities.iter();
    let refs: Vec<&EntityRef> = refs.map(|id| catalog.entity(*id).reference()).collect();
    PassageRow {
        reference: foremost(catalog, passage),
        refs,
        kind: passage.kind,
        title: &passage.title,
        heading: &passage.heading,
        repository: passage.file.repository(),
        path: passage.file.path(),
        line: passage.line,
        snippet: passage
            .snippet
            .iter()
            .map(|(text, _)| text.as_str())
            .collect(),
    }
}

/// The entity that people are told: a component before what else shares its home.
fn foremost<'a>(catalog: &'a Catalog, passage: &Passage) -> Option<&'a EntityRef> {
    let mut references = passage
        .entities
        .iter()
        .map(|id| catalog.entity(*id).reference());
    let component = references
        .clone()
        .find(|reference| reference.kind() == "component");
    component.or_else(|| references.next())
}

fn answer(catalog: &Catalog, passages: &[Passage]) -> View {
    let mut view = View::new();
    for passage in passages {
        let mut text = Text::new(headline(passage), Role::Name);
        if let Some(reference) = foremost(catalog, passage) {
            text = text.then(format!("  {}", reference.short()), Role::Faint);
        }
        text = text
            .then("\n", Role::Plain)
            .then(place(passage), Role::File)
            .then("\n", Role::Plain);
        for (piece, is_match) in &passage.snippet {
            let role = if *is_match { Role::Name } else { Role::Plain };
            text = text.then(piece, role);
        }
        view.push(Block::Paragraph(text));
    }
    view
}

fn table(catalog: &Catalog, passages: &[Passage]) -> View {
    let columns = ["ref", "kind", "title", "place", "snippet"];
    let cells = |passage: &Passage| {
        let reference = foremost(catalog, passage).map(EntityRef::short);
        let snippet: String = passage
            .snippet
            .iter()
            .map(|(text, _)| text.as_str())
            .collect();
        vec![
            Text::plain(reference.unwrap_or_default()),
            Text::plain(passage.kind.name()),
            Text::plain(headline(passage)),
            Text::new(place(passage), Role::File),
            Text::plain(snippet),
        ]
    };
    View {
        blocks: vec![Block::Table(Table {
            columns: columns.into_iter().map(Column::flexible).collect(),
            rows: passages.iter().map(cells).collect(),
        })],
    }
}

/// The page, and the heading in it where that says more.
fn headline(passage: &Passage) -> String {
    if passage.heading.is_empty() || passage.heading == passage.title {
        passage.title.clone()
    } else {
        format!("{} › {}", passage.title, passage.heading)
    }
}

fn place(passage: &Passage) -> String {
    format!("{}:{}", passage.file.path(), passage.line)
}
