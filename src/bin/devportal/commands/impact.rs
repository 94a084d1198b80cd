//! `devportal impact`: everything that feels a change.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{Catalog, EntityId, Hop, Reach, Reached, RelationSet};
use devportal::diagnostic::did_you_mean;
use devportal::model::{EntityRef, RelationType};
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::session::Session;

/// What makes one entity feel a change of another.
const FELT_OVER: [RelationType; 4] = [
    RelationType::DependsOn,
    RelationType::ConsumesApi,
    RelationType::ApiProvidedBy,
    RelationType::PartOf,
];

/// Options of `impact`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What changes: entities, or files and folders of the workspace
    #[arg(value_name = "REF|PATH", required = true, add = ArgValueCompleter::new(completion::entity))]
    changed: Vec<String>,
    /// Over which relations a change is felt, backwards [default: dependsOn,consumesApi,apiProvidedBy,partOf]
    #[arg(long, value_name = "RELATION,…", value_delimiter = ',', value_parser = parse_relation, add = ArgValueCompleter::new(completion::relations))]
    relation: Vec<RelationType>,
}

/// Something that feels the change, for machines.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    direct: bool,
    distance: usize,
    /// From what changes to it.
    path: Vec<&'a EntityRef>,
    /// Whether it is named and not in the catalog.
    dangling: bool,
}

/// A relation by its name.
pub(crate) fn parse_relation(name: &str) -> Result<RelationType, String> {
    let mut known = RelationType::ALL.into_iter();
    let found = known.find(|relation| relation.name().eq_ignore_ascii_case(name));
    let names = || RelationType::ALL.into_iter().map(RelationType::name);
    found.ok_or_else(|| match did_you_mean(name, names()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("relations are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(ENTITY_LISTING_FORMATS)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let Some(changed) = changed(args, &scan, session)? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let relations: RelationSet = match args.relation.as_slice() {
        [] => FELT_OVER.into_iter().collect(),
        some => some.iter().copied().collect(),
    };
    let reach = catalog.reach(&changed, relations.inverse());
    let complete = scan.is_complete();
    let listing = Listing {
        schema: "devportal.impact/v1",
        name: "entities",
        complete,
        rows: reach.iter().map(|reached| row(catalog, reached)),
        view: || view(&scan, &changed, &reach, format == "csv"),
    };
    session.write_listing(format, listing)?;
    Ok(session.outcome_of_answer(&scan))
}

/// The entities that change; none when one of them is not known, which was said.
fn changed(args: &Args, scan: &Scan, session: &Session) -> Result<Option<Vec<EntityId>>> {
    let mut changed = Vec::new();
    // Homes take a look at every entity, which references do not need.
    let homes = LazyCell::new(|| scan.catalog.homes());
    for text in &args.changed {
        if session.is_path(scan, text)? {
            let housed = session.entities_at(scan, &homes, text)?;
            if housed.is_empty() {
                session.hint(&format!("nothing of the catalog is at home at \"{text}\""));
                return Ok(None);
            }
            changed.extend(housed);
        } else {
            match session.entity(scan, text, &[])? {
                Some(id) => changed.push(id),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(changed))
}

fn row<'a>(catalog: &'a Catalog, reached: Reached<'_, 'a>) -> Row<'a> {
    let owner = reached.id().and_then(|id| catalog.owner(id));
    Row {
        reference: reached.reference(),
        owner: owner.map(|owner| owner.reference),
        direct: reached.distance() == 1,
        distance: reached.distance(),
        path: reached.way().into_iter().map(|hop| hop.reference).collect(),
        dangling: reached.id().is_none(),
    }
}

/// Who owns what feels it: the name for people, and all of theirs.
type Owners<'a> = BTreeMap<(bool, String), Vec<Reached<'a, 'a>>>;

fn view<'a>(scan: &'a Scan, changed: &[EntityId], reach: &'a Reach<'a>, rows_only: bool) -> View {
    let catalog = &scan.catalog;
    let mut owners: Owners<'a> = BTreeMap::new();
    for reached in reach.iter() {
        let owner = reached.id().and_then(|id| catalog.owner(id));
        let name = owner.map(|owner| owner.reference.short());
        let key = (name.is_none(), name.unwrap_or_else(|| "nobody".to_owned()));
        owners.entry(key).or_default().push(reached);
    }
    let mut view = View::new();
    if !rows_only {
        if let Some(text) = out_of_sight(scan) {
            view.push(Block::Paragraph(Text::new(text, Role::Faint)));
        }
        view.push(Block::Heading(headline(catalog, changed, reach, &owners)));
    }
    view.push(Block::Table(table(&owners)));
    if !rows_only && !owners.is_empty() {
        view.push(Block::Heading(Text::plain("Tell")));
        view.push(Block::List(whom_to_tell(catalog, &owners)));
    }
    view
}

/// What cannot be seen comes first: the answer may be larger.
fn out_of_sight(scan: &Scan) -> Option<String> {
    if scan.is_single_repository {
        let text = "Only this repository is in sight: what feels it in others is not known.";
        return Some(text.to_owned());
    }
    let hidden = scan
        .diagnostics
        .iter()
        .filter(|problem| problem.hides_something);
    match hidden.count() {
        0 => None,
        count => Some(format!(
            "{count} places could not be read, and may feel it, too."
        )),
    }
}

fn headline(
    catalog: &Catalog,
    changed: &[EntityId],
    reach: &Reach<'_>,
    owners: &Owners<'_>,
) -> Text {
    let names: Vec<String> = changed
        .iter()
        .take(5)
        .map(|id| catalog.entity(*id).reference().short())
        .collect();
    let more = changed.len().saturating_sub(names.len());
    let names = match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let text = Text::new(names, Role::Name);
    let verb = if changed.len() == 1 { "is" } else { "are" };
    if reach.is_empty() {
        return text.then(format!(" {verb} felt by nothing"), Role::Plain);
    }
    let direct = reach
        .iter()
        .filter(|reached| reached.distance() == 1)
        .count();
    let entities = count(reach.len(), "entity", "entities");
    let owners = count(owners.len(), "owner", "owners");
    text.then(
        format!(" {verb} felt by {entities} of {owners}, {direct} directly"),
        Role::Plain,
    )
}

fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn table(owners: &Owners<'_>) -> Table {
    let mut table = Table {
        columns: vec![
            Column::fixed("owner"),
            Column::fixed("entity"),
            Column::numeric("distance"),
            Column::flexible("by way of"),
        ],
        rows: Vec::new(),
    };
    for ((_, owner), all) in owners {
        for reached in all {
            let mut name = Text::new(reached.reference().short(), Role::Name);
            if reached.id().is_none() {
                name = name.then(" (not in the catalog)", Role::Faint);
            }
            table.rows.push(vec![
                Text::plain(owner.clone()),
                name,
                Text::plain(reached.distance().to_string()),
                Text::plain(between(&reached.way())),
            ]);
        }
    }
    table
}

/// What stands between what changes and what feels it.
fn between(way: &[Hop<'_>]) -> String {
    let inner = way.get(1..way.len().saturating_sub(1)).unwrap_or_default();
    let names: Vec<String> = inner.iter().map(|hop| hop.reference.short()).collect();
    names.join(" → ")
}

fn whom_to_tell(catalog: &Catalog, owners: &Owners<'_>) -> Vec<Text> {
    let tell = owners.iter().map(|((nobody, name), all)| {
        let direct = all.iter().filter(|reached| reached.distance() == 1).count();
        let entities = count(all.len(), "entity", "entities");
        let text = Text::new(name.clone(), Role::Name);
        let text = match EntityRef::parse(name, None, devportal::model::DEFAULT_NAMESPACE) {
            Ok(owner) if !nobody => text.then(contact(catalog, &owner), Role::Plain),
            _ => text,
        };
        text.then(format!(": {entities}, {direct} directly"), Role::Plain)
    });
    tell.collect()
}

fn contact(catalog: &Catalog, owner: &EntityRef) -> String {
    let entity = catalog.get(owner);
    let email = entity.and_then(|entity| entity.spec()?.get("profile")?.str_at("email"));
    email.map(|email| format!(" <{email}>")).unwrap_or_default()
}
