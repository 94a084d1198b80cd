//! `devportal graph critical`: what most depends on.

use anyhow::Result;
use devportal::catalog::{Catalog, Dependents, RelationSet};
use devportal::diagnostic::Severity;
use devportal::model::EntityRef;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `graph critical`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show so many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// Only what has no owner, or one whom the catalog does not have
    #[arg(long)]
    unowned: bool,
}

/// An entity, for machines.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    /// Whether the owner is known to the catalog.
    owned: bool,
    direct: usize,
    /// Null when the catalog is too large to count them.
    all: Option<usize>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(ENTITY_LISTING_FORMATS)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let mut dependents = catalog.dependents(RelationSet::dependencies());
    if dependents.first().is_some_and(|first| first.all.is_none()) {
        session
            .hint("the catalog is too large to count indirect dependents; ranked by direct ones");
    }
    if args.unowned {
        dependents.retain(|found| !is_owned(catalog, found));
    }
    dependents.truncate(args.limit);
    if dependents.is_empty() {
        session.hint("nothing depends on anything");
        return Ok(session.outcome_of_nothing(&scan));
    }
    let listing = Listing {
        schema: "devportal.graph-critical/v1",
        name: "entities",
        complete: scan.is_complete(),
        rows: dependents.iter().map(|found| row(catalog, found)),
        view: || view(catalog, &dependents),
    };
    session.write_listing(format, listing)?;
    Ok(session.outcome_of_answer(&scan))
}

fn is_owned(catalog: &Catalog, found: &Dependents) -> bool {
    let owner = catalog.owner(found.entity);
    owner.is_some_and(|owner| catalog.get(owner.reference).is_some())
}

fn row<'a>(catalog: &'a Catalog, found: &Dependents) -> Row<'a> {
    Row {
        reference: catalog.entity(found.entity).reference(),
        owner: catalog.owner(found.entity).map(|owner| owner.reference),
        owned: is_owned(catalog, found),
        direct: found.direct,
        all: found.all,
    }
}

fn view(catalog: &Catalog, dependents: &[Dependents]) -> View {
    let mut table = Table {
        columns: vec![
            Column::fixed("entity"),
            Column::numeric("felt by"),
            Column::numeric("directly"),
            Column::fixed("owner"),
        ],
        rows: Vec::new(),
    };
    for found in dependents {
        let owner = catalog.owner(found.entity);
        let owner = match owner {
            None => Text::new("nobody", Role::Bad(Severity::Warning)),
            Some(owner) if is_owned(catalog, found) => Text::plain(owner.reference.short()),
            Some(owner) => Text::plain(owner.reference.short())
                .then(" (not in the catalog)", Role::Bad(Severity::Warning)),
        };
        let all = found.all.map(|all| all.to_string()).unwrap_or_default();
        table.rows.push(vec![
            Text::new(catalog.entity(found.entity).reference().short(), Role::Name),
            Text::plain(all),
            Text::plain(found.direct.to_string()),
            owner,
        ]);
    }
    View {
        blocks: vec![Block::Table(table)],
    }
}
