//! `devportal tree`: what is part of what, or everything grouped by something else.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{Catalog, EntityId, Taxonomy};
use devportal::diagnostic::did_you_mean;
use devportal::model::EntityRef;
use devportal::scan::Scan;
use devportal::view::{Block, Column, Role, Table, Text, TreeItem, View};
use serde::Serialize;

use crate::Outcome;
use crate::completion;
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::selection::parse_query;
use crate::session::Session;

/// Options of `tree`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these entities, and what they are part of; a domain or system by its name alone is the top
    #[arg(value_name = "REF|QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Group by owner, type, lifecycle, tag or label.KEY instead of domains and systems
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// Show so many levels
    #[arg(long, value_name = "NUMBER")]
    depth: Option<usize>,
}

/// A group of the tree: what it is about, or nothing when nobody said.
#[derive(Debug)]
struct Node {
    entity: Option<EntityId>,
    /// What it is called when it is no entity.
    name: String,
    /// Entities below it, over all levels.
    below: Vec<EntityId>,
    children: Vec<Node>,
}

/// A row for machines.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    /// What it stands below, from the outermost.
    path: Vec<String>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(ENTITY_LISTING_FORMATS)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let taxonomy = catalog.taxonomy();
    let (tops, wanted) = start(args, &scan, &taxonomy, session)?;
    let nodes = match (&args.by, tops) {
        (Some(by), _) => grouped(catalog, by, wanted.as_ref())?,
        (None, Some(top)) => vec![node(&taxonomy, top, 0, wanted.as_ref())],
        (None, None) => arranged(&taxonomy, wanted.as_ref()),
    };
    if nodes.is_empty() {
        session.hint("nothing that can be part of something fits");
        return Ok(session.outcome_of_nothing(&scan));
    }
    let listing = Listing {
        schema: "devportal.tree/v1",
        name: "entities",
        complete: session.is_complete(&scan),
        rows: rows(catalog, &nodes).into_iter(),
        view: || match format {
            "csv" => table(catalog, &nodes),
            _ => view(catalog, &nodes, args.depth.unwrap_or(usize::MAX)),
        },
    };
    session.write_listing(format, listing)?;
    Ok(session.outcome_of_answer(&scan))
}

/// The entity to begin with, and the entities to show; neither when everything is wanted.
type Start = (Option<EntityId>, Option<HashSet<EntityId>>);

fn start(args: &Args, scan: &Scan, taxonomy: &Taxonomy, session: &Session) -> Result<Start> {
    if let [name] = args.query.as_slice()
        && let Ok(Some(found)) = scan.catalog.resolve(name, &["domain", "system"])
        && let Some(id) = scan.catalog.id(found.entity.reference())
        && !taxonomy.parts(id).is_empty()
    {
        let mut below: HashSet<EntityId> = taxonomy.all_below(id).into_iter().collect();
        below.insert(id);
        return Ok((Some(id), Some(below)));
    }
    if args.query.is_empty() {
        return Ok((None, None));
    }
    let query = parse_query(&args.query)?;
    let wanted = session.select(scan, &query)?;
    Ok((None, Some(wanted.into_iter().collect())))
}

/// Domains, systems and their parts, and what belongs nowhere.
fn arranged(taxonomy: &Taxonomy, wanted: Option<&HashSet<EntityId>>) -> Vec<Node> {
    let tops = taxonomy
        .tops
        .iter()
        .map(|top| node(taxonomy, *top, 0, wanted));
    let mut nodes: Vec<Node> = tops.filter(|node| is_wanted(node, wanted)).collect();
    let lists = [
        ("part of nothing", &taxonomy.nowhere),
        ("part of itself, in a circle", &taxonomy.circular),
    ];
    for (name, entities) in lists {
        let children = entities.iter().map(|id| leaf(*id));
        let children: Vec<Node> = children.filter(|node| is_wanted(node, wanted)).collect();
        if !children.is_empty() {
            nodes.push(group(name.to_owned(), children));
        }
    }
    nodes
}

/// Deeper parts stand side by side: nobody reads so deep, and a file can declare any depth.
const DEEPEST: usize = 32;

fn node(
    taxonomy: &Taxonomy,
    id: EntityId,
    depth: usize,
    wanted: Option<&HashSet<EntityId>>,
) -> Node {
    // Parts never lead back to a top, so this ends; a top is never in a circle.
    let children: Vec<Node> = if depth < DEEPEST {
        let parts = taxonomy.parts(id).iter();
        parts
            .map(|part| node(taxonomy, *part, depth + 1, wanted))
            .collect()
    } else {
        taxonomy.all_below(id).into_iter().map(leaf).collect()
    };
    let children = children.into_iter().filter(|node| is_wanted(node, wanted));
    Node {
        entity: Some(id),
        ..group(String::new(), children.collect())
    }
}

fn leaf(id: EntityId) -> Node {
    Node {
        entity: Some(id),
        ..group(String::new(), Vec::new())
    }
}

fn group(name: String, children: Vec<Node>) -> Node {
    let below = children
        .iter()
        .flat_map(|child| child.entity.into_iter().chain(child.below.iter().copied()));
    Node {
        entity: None,
        name,
        below: below.collect(),
        children,
    }
}

fn is_wanted(node: &Node, wanted: Option<&HashSet<EntityId>>) -> bool {
    let Some(wanted) = wanted else { return true };
    !node.children.is_empty() || node.entity.is_some_and(|id| wanted.contains(&id))
}

/// What an entity is grouped by.
const GROUPS: [&str; 5] = ["owner", "type", "lifecycle", "tag", "label.KEY"];

/// Entities by the value of a field; those without one stand last.
fn grouped(catalog: &Catalog, by: &str, wanted: Option<&HashSet<EntityId>>) -> Result<Vec<Node>> {
    let label = by.strip_prefix("label.").filter(|key| !key.is_empty());
    if label.is_none() && !GROUPS[..4].contains(&by) {
        match did_you_mean(by, GROUPS) {
            Some(meant) => {
                bail!("entities cannot be grouped by \"{by}\"; did you mean \"{meant}\"?")
            }
            None => bail!(
                "entities cannot be grouped by \"{by}\": use {}",
                GROUPS.join(", ")
            ),
        }
    }
    let values = |id: EntityId| -> Vec<String> {
        let entity = catalog.entity(id);
        let text = |field: Option<&str>| field.map(str::to_owned).into_iter().collect();
        match (by, label) {
            ("owner", _) => catalog
                .owner(id)
                .map(|owner| owner.reference.short())
                .into_iter()
                .collect(),
            ("type", _) => text(entity.spec_str("type")),
            ("lifecycle", _) => text(entity.spec_str("lifecycle")),
            ("tag", _) => entity.tags().map(str::to_owned).collect(),
            (_, Some(key)) => text(
                entity
                    .labels()
                    .find(|(name, _)| *name == key)
                    .map(|it| it.1),
            ),
            _ => Vec::new(),
        }
    };
    let mut groups: BTreeMap<(bool, String), Vec<Node>> = BTreeMap::new();
    let is_shown = |id: &EntityId| match wanted {
        Some(wanted) => wanted.contains(id),
        None => Catalog::is_owned_kind(catalog.entity(*id).reference()),
    };
    for id in catalog.ids().filter(is_shown) {
        let values = values(id);
        if values.is_empty() {
            groups
                .entry((true, format!("no {by}")))
                .or_default()
                .push(leaf(id));
        }
        for value in values {
            groups.entry((false, value)).or_default().push(leaf(id));
        }
    }
    let groups = groups.into_iter();
    Ok(groups
        .map(|((_, name), children)| group(name, children))
        .collect())
}

fn rows<'a>(catalog: &'a Catalog, nodes: &[Node]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut open: Vec<(&Node, Vec<String>)> =
        nodes.iter().rev().map(|node| (node, Vec::new())).collect();
    while let Some((node, path)) = open.pop() {
        let mut below = path.clone();
        match node.entity {
            Some(id) => {
                let reference = catalog.entity(id).reference();
                below.push(reference.to_string());
                let owner = catalog.owner(id).map(|owner| owner.reference);
                rows.push(Row {
                    reference,
                    owner,
                    path,
                });
            }
            None => below.push(node.name.clone()),
        }
        open.extend(
            node.children
                .iter()
                .rev()
                .map(|child| (child, below.clone())),
        );
    }
    rows
}

/// The rows for a format that has no trees.
fn table(catalog: &Catalog, nodes: &[Node]) -> View {
    let mut table = Table {
        columns: ["ref", "owner", "path"].map(Column::fixed).into(),
        rows: Vec::new(),
    };
    for row in rows(catalog, nodes) {
        let owner = row.owner.map(ToString::to_string).unwrap_or_default();
        let cells = [row.reference.to_string(), owner, row.path.join(" ")];
        table.rows.push(cells.map(Text::plain).into());
    }
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn view(catalog: &Catalog, nodes: &[Node], depth: usize) -> View {
    let items = nodes
        .iter()
        .map(|node| item(catalog, node, depth))
        .collect();
    View {
        blocks: vec![Block::Tree(items)],
    }
}

fn item(catalog: &Catalog, node: &Node, depth: usize) -> TreeItem {
    let mut text = match node.entity {
        Some(id) => Text::new(catalog.entity(id).reference().short(), Role::Name),
        None => Text::new(node.name.clone(), Role::Name),
    };
    if let Some(id) = node.entity {
        let spec_type = catalog.entity(id).spec_str("type");
        let owner = catalog.owner(id);
        text = text
            .then(
                spec_type.map(|it| format!("  {it}")).unwrap_or_default(),
                Role::Plain,
            )
            .then(
                owner
                    .map(|it| format!("  {}", it.reference.name()))
                    .unwrap_or_default(),
                Role::Faint,
            );
    }
    if !node.below.is_empty() {
        text = text.then(format!("  {}", count(catalog, &node.below)), Role::Faint);
    }
    let children = node.children.iter().filter(|_| depth > 1);
    TreeItem {
        text,
        children: children
            .map(|child| item(catalog, child, depth - 1))
            .collect(),
    }
}

/// "2 systems, 7 components": how many there are of each kind.
fn count(catalog: &Catalog, entities: &[EntityId]) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for id in entities {
        let kind = catalog.entity(*id).reference().kind();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    let counts = kinds.into_iter().map(|(kind, count)| match (kind, count) {
        ("api", 1) => "1 API".to_owned(),
        ("api", count) => format!("{count} APIs"),
        (kind, 1) => format!("1 {kind}"),
        (kind, count) => format!("{count} {kind}s"),
    });
    counts.collect::<Vec<String>>().join(", ")
}
