//! `devportal graph cycles`: what leads back to itself.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{Catalog, Cycle, RelationSet};
use devportal::model::{EntityRef, RelationType};
use devportal::view::{Block, Role, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::commands::impact::parse_relation;
use crate::completion;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Places of a cycle that are written out for people.
const MOST_SHOWN: usize = 12;

/// Options of `graph cycles`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Along which relations, together [default: dependencies, parts and parents, one after the other]
    #[arg(long, value_name = "RELATION,…", value_delimiter = ',', value_parser = parse_relation, add = ArgValueCompleter::new(completion::relations))]
    relation: Vec<RelationType>,
    /// Show so many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    most: usize,
}

/// A cycle, for machines.
#[derive(Serialize)]
struct Row<'a> {
    /// What the relations have in common.
    relations: &'static str,
    path: Vec<&'a EntityRef>,
    /// How many entities reach each other, of which the path shows some.
    entangled: usize,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let mut cycles: Vec<(&'static str, Cycle)> = Vec::new();
    for (name, relations) in sets(args) {
        cycles.extend(
            catalog
                .cycles(relations)
                .into_iter()
                .map(|cycle| (name, cycle)),
        );
    }
    let more = cycles.len().saturating_sub(args.most);
    cycles.truncate(args.most);
    if cycles.is_empty() {
        session.hint("nothing leads back to itself");
    }
    let listing = Listing {
        schema: "devportal.graph-cycles/v1",
        name: "cycles",
        complete: scan.is_complete(),
        rows: cycles.iter().map(|(name, cycle)| row(catalog, name, cycle)),
        view: || view(catalog, &cycles, format),
    };
    session.write_listing(format, listing)?;
    if more > 0 {
        session.finish()?;
        session.hint(&format!("and {more} more; --most shows them"));
    }
    Ok(session.outcome_of_answer(&scan))
}

/// The relations whose circles are looked for, and what they are about.
fn sets(args: &Args) -> Vec<(&'static str, RelationSet)> {
    if !args.relation.is_empty() {
        return vec![("relations", args.relation.iter().copied().collect())];
    }
    vec![
        ("needs", RelationSet::dependencies()),
        ("part of", RelationSet::from_iter([RelationType::PartOf])),
        ("child of", RelationSet::from_iter([RelationType::ChildOf])),
    ]
}

fn row<'a>(catalog: &'a Catalog, name: &'static str, cycle: &Cycle) -> Row<'a> {
    let path = cycle
        .entities
        .iter()
        .map(|id| catalog.entity(*id).reference());
    Row {
        relations: name,
        path: path.collect(),
        entangled: cycle.entangled,
    }
}

fn view(catalog: &Catalog, cycles: &[(&'static str, Cycle)], format: &str) -> View {
    let texts = cycles
        .iter()
        .map(|(name, cycle)| text(catalog, name, cycle));
    if format == "csv" {
        return super::one_column("cycle", texts);
    }
    View {
        blocks: vec![Block::List(texts.collect())],
    }
}

fn text(catalog: &Catalog, name: &str, cycle: &Cycle) -> Text {
    let short = |id| catalog.entity(id).reference().short();
    let mut text = Text::new(format!("{name}: "), Role::Faint);
    for id in cycle.entities.iter().take(MOST_SHOWN) {
        text = text.then(short(*id), Role::Name).then(" → ", Role::Faint);
    }
    let hidden = cycle.entities.len().saturating_sub(MOST_SHOWN);
    if hidden > 0 {
        text = text.then(format!("{hidden} more → "), Role::Faint);
    }
    if let Some(first) = cycle.entities.first() {
        text = text.then(short(*first), Role::Name);
    }
    match cycle.entangled - cycle.entities.len() {
        0 => text,
        more => text.then(
            format!("  ({more} more are entangled with them)"),
            Role::Plain,
        ),
    }
}
