//! `devportal graph path`: the shortest ways from one entity to another.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{EntityId, Hop, Paths, RelationSet};
use devportal::model::{EntityRef, RelationType};
use devportal::scan::Scan;
use devportal::view::{Block, Role, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::commands::impact::parse_relation;
use crate::completion;
use crate::listing::{LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `graph path`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the ways begin
    #[arg(value_name = "FROM", add = ArgValueCompleter::new(completion::entity))]
    from: String,
    /// Where they end
    #[arg(value_name = "TO", add = ArgValueCompleter::new(completion::entity))]
    to: String,
    /// Along which relations [default: what an entity needs and is part of]
    #[arg(long, value_name = "RELATION,…", value_delimiter = ',', value_parser = parse_relation, add = ArgValueCompleter::new(completion::relations))]
    relation: Vec<RelationType>,
    /// Show so many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    most: usize,
}

/// A way, for machines.
#[derive(Serialize)]
struct Row<'a> {
    length: usize,
    path: Vec<&'a EntityRef>,
    relations: Vec<&'static str>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(LISTING_FORMATS)?;
    let scan = session.scan()?;
    let (Some(from), Some(to)) = (
        session.entity(&scan, &args.from, &[])?,
        session.entity(&scan, &args.to, &[])?,
    ) else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let (paths, turned) = find(args, &scan, from, to);
    if paths.paths.is_empty() {
        session.hint("no way leads from one to the other; --relation walks along other relations");
    } else if turned {
        session.hint("no way leads there; these lead back");
    }
    let listing = Listing {
        schema: "devportal.graph-path/v1",
        name: "paths",
        complete: scan.is_complete(),
        rows: paths.paths.iter().map(|path| row(path)),
        view: || view(&paths, format),
    };
    session.write_listing(format, listing)?;
    if paths.stopped {
        session.finish()?;
        session.hint(&format!(
            "stopped at {}; there may be more",
            paths.paths.len()
        ));
    }
    if paths.paths.is_empty() {
        return Ok(session.outcome_of_nothing(&scan));
    }
    Ok(session.outcome_of_answer(&scan))
}

/// The ways from one to the other, else those back.
fn find<'a>(args: &Args, scan: &'a Scan, from: EntityId, to: EntityId) -> (Paths<'a>, bool) {
    let relations: RelationSet = if args.relation.is_empty() {
        let needs = RelationType::DEPENDENCIES.into_iter();
        needs.chain([RelationType::PartOf]).collect()
    } else {
        args.relation.iter().copied().collect()
    };
    let there = scan.catalog.paths(from, to, relations, args.most);
    if !there.paths.is_empty() {
        return (there, false);
    }
    (scan.catalog.paths(to, from, relations, args.most), true)
}

fn row<'a>(path: &[Hop<'a>]) -> Row<'a> {
    Row {
        length: path.len() - 1,
        path: path.iter().map(|hop| hop.reference).collect(),
        relations: path
            .iter()
            .filter_map(|hop| Some(hop.relation?.name()))
            .collect(),
    }
}

fn view(paths: &Paths<'_>, format: &str) -> View {
    let texts = paths.paths.iter().map(|path| {
        path.iter().fold(Text::default(), |text, hop| {
            let text = match hop.relation {
                Some(relation) => text.then(format!(" ─{}→ ", relation.name()), Role::Faint),
                None => text,
            };
            text.then(hop.reference.short(), Role::Name)
        })
    });
    if format == "csv" {
        return super::one_column("path", texts);
    }
    View {
        blocks: vec![Block::List(texts.collect())],
    }
}
