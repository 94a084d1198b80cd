//! `devportal find`: entities by words and qualifiers.

use anyhow::{Result, anyhow};
use devportal::catalog::{Catalog, EntityId};
use devportal::diagnostic::{Severity, did_you_mean};
use devportal::model::Moment;
use devportal::model::{EntityRef, RelationType};
use devportal::query::Query;
use devportal::view::{Block, Column, Role, Table, Text, View};

use crate::Outcome;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::session::Session;

/// Options of `find`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words, and kind: owner: system: type: lifecycle: tag: name: with a value
    #[arg(value_name = "QUERY", trailing_var_arg = false)]
    query: Vec<String>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(ENTITY_LISTING_FORMATS)?;
    let text = args.query.join(" ");
    let query = Query::parse(&text).map_err(|error| anyhow!("{error}"))?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    query
        .check(&text, catalog)
        .map_err(|error| anyhow!("{error}"))?;
    let found = query.evaluate(catalog);
    let listing = Listing {
        schema: "devportal.find/v1",
        name: "entities",
        complete: scan.is_complete(),
        rows: found.iter().map(|id| catalog.record(*id)),
        view: || view(catalog, &found),
    };
    if !found.is_empty() || matches!(format, "json" | "yaml") {
        session.write_listing(format, listing)?;
    }
    let outcome = session.outcome_of_answer(&scan);
    if !found.is_empty() {
        return Ok(outcome);
    }
    let is_present = session.moment() == Moment::Present;
    match (&outcome, catalog.entities()) {
        // What is out of sight was said, and may be all there is.
        (Outcome::Incomplete, []) => {}
        (_, []) if !is_present => session.hint("there were no entities here then"),
        _ => session.hint(&nothing_found(&query, catalog)),
    }
    Ok(if outcome == Outcome::Fine {
        Outcome::Findings
    } else {
        outcome
    })
}

fn view(catalog: &Catalog, found: &[EntityId]) -> View {
    let mut table = Table {
        columns: vec![
            Column::fixed("name"),
            Column::fixed("type"),
            Column::fixed("owner"),
            Column::fixed("system"),
            Column::fixed("lifecycle"),
            Column::flexible("description"),
        ],
        rows: Vec::with_capacity(found.len()),
    };
    for id in found {
        table.rows.push(row(catalog, *id));
    }
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn row(catalog: &Catalog, id: EntityId) -> Vec<Text> {
    let entity = catalog.entity(id);
    let plain = |text: Option<&str>| Text::plain(text.unwrap_or_default());
    let mut name = Text::new(entity.reference().short(), Role::Name);
    if !entity.is_valid() {
        name = name.then(" invalid", Role::Bad(Severity::Error));
    }
    let parents = catalog.related(id, RelationType::PartOf);
    let system = parents.into_iter().find(|parent| parent.kind() == "system");
    let about = entity.description().or(entity.title()).unwrap_or_default();
    vec![
        name,
        plain(entity.spec_str("type")),
        plain(catalog.owner(id).map(|owner| owner.reference.name())),
        plain(system.map(EntityRef::name)),
        plain(entity.spec_str("lifecycle")),
        Text::plain(about.split_whitespace().collect::<Vec<_>>().join(" ")),
    ]
}

fn nothing_found(query: &Query, catalog: &Catalog) -> String {
    if catalog.entities().is_empty() {
        return "there are no entities here; \"devportal demo\" writes a sample organisation to try".to_owned();
    }
    let names = || {
        catalog
            .entities()
            .iter()
            .map(|entity| entity.reference().name())
    };
    let nearest: Vec<&str> = query
        .words()
        .filter_map(|word| did_you_mean(word, names()))
        .collect();
    if nearest.is_empty() {
        "nothing fits".to_owned()
    } else {
        format!("nothing fits; did you mean \"{}\"?", nearest.join(" "))
    }
}
