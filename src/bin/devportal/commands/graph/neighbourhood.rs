//! `devportal graph [REF|QUERY]`: what is connected with what.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{Catalog, EntityId, RelationSet};
use devportal::model::{EntityRef, RelationType};
use devportal::output::GRAPH_FORMATS;
use devportal::scan::Scan;
use devportal::view::{
    Block, Column, Graph, GraphEdge, GraphNode, Role, Table, Text, TreeItem, View,
};
use serde::Serialize;

use crate::Outcome;
use crate::commands::impact::parse_relation;
use crate::completion;
use crate::selection::{nothing_found, parse_query};
use crate::session::Session;

/// Options of `graph` without a question.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// The entity in the middle, or the entities to show
    #[arg(value_name = "REF|QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Show what an entity needs, what needs it, or both
    #[arg(long, value_enum, default_value = "out")]
    direction: Direction,
    /// Along which relations [default: dependsOn,consumesApi,apiProvidedBy]
    #[arg(long, value_name = "RELATION,…", value_delimiter = ',', value_parser = parse_relation, add = ArgValueCompleter::new(completion::relations))]
    relation: Vec<RelationType>,
    /// Go so far [default: 3 from one entity, 0 from a query]
    #[arg(long, value_name = "NUMBER")]
    depth: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Direction {
    /// What it needs
    Out,
    /// What needs it
    In,
    /// Both
    Both,
}

/// What is shown: the middle first, then by distance, and the edges between.
struct Part<'a> {
    nodes: Vec<&'a EntityRef>,
    edges: BTreeSet<(&'a EntityRef, RelationType, &'a EntityRef)>,
    focus: HashSet<&'a EntityRef>,
}

/// The whole answer, for machines.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    complete: bool,
    nodes: Vec<NodeRow<'a>>,
    edges: Vec<EdgeRow<'a>>,
}

#[derive(Serialize)]
struct NodeRow<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    owner: Option<&'a EntityRef>,
    dangling: bool,
}

#[derive(Serialize)]
struct EdgeRow<'a> {
    source: &'a EntityRef,
    #[serde(rename = "type")]
    relation: &'static str,
    target: &'a EntityRef,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let mut formats = vec!["table", "json", "jsonl", "yaml", "csv", "markdown", "name"];
    formats.extend(GRAPH_FORMATS.iter().map(|format| format.name));
    let format = session.format(&formats)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let Some((starts, depth)) = starts(args, &scan, session)? else {
        return Ok(session.outcome_of_nothing(&scan));
    };
    let relations = relations(args);
    let part = part(catalog, &starts, relations, args.direction, depth);
    let complete = session.is_complete(&scan);
    match format {
        "json" => session.write_json(&answer(&part, catalog, complete))?,
        "yaml" => session.write_yaml(&answer(&part, catalog, complete))?,
        "jsonl" => {
            let rows = answer(&part, catalog, complete).nodes;
            rows.iter()
                .try_for_each(|row| session.write_json_line(row))?;
        }
        "name" => {
            for node in &part.nodes {
                let name = devportal::output::safe(node.as_str()).into_owned();
                writeln!(session.stdout(), "{name}")?;
            }
        }
        "csv" => session.write_view(&table(&part), "csv")?,
        "table" | "human" | "markdown" => {
            session.write_view(&tree(&part, args.direction), format)?;
        }
        format => write_drawing(catalog, &part, format, session)?,
    }
    Ok(session.outcome_of_answer(&scan))
}

/// Where to begin, and how far to go.
fn starts(args: &Args, scan: &Scan, session: &Session) -> Result<Option<(Vec<EntityId>, usize)>> {
    if let [name] = args.query.as_slice()
        && let Ok(Some(_)) = scan.catalog.resolve(name, &[])
    {
        let id = session.entity(scan, name, &[])?;
        return Ok(id.map(|id| (vec![id], args.depth.unwrap_or(3))));
    }
    let query = parse_query(&args.query)?;
    let mut found = session.select(scan, &query)?;
    if args.query.is_empty() {
        // People and places are connected to nearly everything.
        found.retain(|id| {
            let kind = scan.catalog.entity(*id).reference().kind();
            !matches!(kind, "group" | "user" | "location" | "template")
        });
    }
    if found.is_empty() {
        session.hint(&nothing_found(&query, &scan.catalog));
        return Ok(None);
    }
    Ok(Some((found, args.depth.unwrap_or(0))))
}

fn relations(args: &Args) -> RelationSet {
    if args.relation.is_empty() {
        RelationSet::dependencies()
    } else {
        args.relation.iter().copied().collect()
    }
}

fn part<'a>(
    catalog: &'a Catalog,
    starts: &[EntityId],
    relations: RelationSet,
    direction: Direction,
    depth: usize,
) -> Part<'a> {
    let focus = starts.iter().map(|id| catalog.entity(*id).reference());
    let mut nodes: Vec<&EntityRef> = focus.collect();
    let focus: HashSet<&EntityRef> = nodes.iter().copied().collect();
    let ways = match direction {
        Direction::Out => vec![relations],
        Direction::In => vec![relations.inverse()],
        Direction::Both => vec![relations, relations.inverse()],
    };
    let mut reached: Vec<(usize, &EntityRef)> = Vec::new();
    for way in ways {
        let reach = catalog.reach(starts, way);
        let near = reach
            .iter()
            .take_while(|reached| reached.distance() <= depth);
        reached.extend(near.map(|reached| (reached.distance(), reached.reference())));
    }
    reached.sort_unstable();
    let mut seen = focus.clone();
    nodes.extend(
        reached
            .into_iter()
            .map(|it| it.1)
            .filter(|it| seen.insert(it)),
    );
    let edges = edges(catalog, &nodes, relations);
    Part {
        nodes,
        edges,
        // Of a query everything was asked for, so nothing stands out.
        focus: if focus.len() == 1 {
            focus
        } else {
            HashSet::new()
        },
    }
}

/// The relations between some nodes, from what needs to what is needed.
fn edges<'a>(
    catalog: &'a Catalog,
    nodes: &[&'a EntityRef],
    relations: RelationSet,
) -> BTreeSet<(&'a EntityRef, RelationType, &'a EntityRef)> {
    let inside: HashSet<&EntityRef> = nodes.iter().copied().collect();
    let mut edges = BTreeSet::new();
    for id in nodes.iter().filter_map(|node| catalog.id(node)) {
        for found in catalog.relations_of(id) {
            if !inside.contains(found.target) {
                continue;
            }
            if relations.contains(found.relation) {
                edges.insert((found.source, found.relation, found.target));
            } else if relations.contains(found.relation.inverse()) {
                edges.insert((found.target, found.relation.inverse(), found.source));
            }
        }
    }
    edges
}

fn answer<'a>(part: &Part<'a>, catalog: &'a Catalog, complete: bool) -> Answer<'a> {
    let nodes = part.nodes.iter().map(|reference| {
        let id = catalog.id(reference);
        NodeRow {
            reference,
            owner: id.and_then(|id| Some(catalog.owner(id)?.reference)),
            dangling: id.is_none(),
        }
    });
    let edges = part.edges.iter().map(|(source, relation, target)| EdgeRow {
        source,
        relation: relation.name(),
        target,
    });
    Answer {
        schema: "devportal.graph/v1",
        complete,
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
}

fn table(part: &Part<'_>) -> View {
    let mut table = Table {
        columns: ["source", "type", "target"].map(Column::fixed).into(),
        rows: Vec::new(),
    };
    for (source, relation, target) in &part.edges {
        let cells = [source.to_string(), relation.to_string(), target.to_string()];
        table.rows.push(cells.map(Text::plain).into());
    }
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn write_drawing(
    catalog: &Catalog,
    part: &Part<'_>,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let format = GRAPH_FORMATS
        .iter()
        .find(|known| known.name == format)
        .context("no format of graphs")?;
    let graph = drawing(catalog, part);
    if graph.nodes.len() > format.most_nodes {
        let (all, most) = (graph.nodes.len(), format.most_nodes);
        session.hint(&format!(
            "{most} of {all} entities are shown, the nearest ones"
        ));
    }
    (format.write)(&graph, session.stdout()).context("cannot write output")
}

fn drawing(catalog: &Catalog, part: &Part<'_>) -> Graph {
    let places: HashMap<&EntityRef, usize> = part
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (*node, at))
        .collect();
    let nodes = part.nodes.iter().map(|reference| {
        let id = catalog.id(reference);
        let owner = id.and_then(|id| catalog.owner(id));
        let spec_type = id.and_then(|id| catalog.entity(id).spec_str("type"));
        let about = [
            spec_type.or(Some(reference.kind())),
            owner.map(|owner| owner.reference.name()),
        ];
        GraphNode {
            id: reference.to_string(),
            label: reference.name().to_owned(),
            detail: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            kind: reference.kind().to_owned(),
            is_focus: part.focus.contains(reference),
            is_missing: id.is_none(),
            target: None,
        }
    });
    let edges = part.edges.iter().filter_map(|(source, relation, target)| {
        Some(GraphEdge {
            from: *places.get(source)?,
            to: *places.get(target)?,
            label: relation.name().to_owned(),
        })
    });
    Graph {
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
}

/// Deeper branches end; what is below stands elsewhere in the tree, or in another format.
const DEEPEST: usize = 24;

/// What relations lead to from each entity.
type Branches<'a> = HashMap<&'a EntityRef, Vec<(RelationType, &'a EntityRef)>>;

/// A tree for people: each entity is followed once, and pointed at after that.
fn tree(part: &Part<'_>, direction: Direction) -> View {
    let mut forward: Branches<'_> = HashMap::new();
    let mut backward: Branches<'_> = HashMap::new();
    for (source, relation, target) in &part.edges {
        forward.entry(source).or_default().push((*relation, target));
        backward
            .entry(target)
            .or_default()
            .push((relation.inverse(), source));
    }
    let trees = match direction {
        Direction::Out => vec![&forward],
        Direction::In => vec![&backward],
        Direction::Both => vec![&forward, &backward],
    };
    let mut items = Vec::new();
    for tree in trees {
        let mut seen = HashSet::new();
        for root in roots(part, tree) {
            if !seen.contains(root) {
                items.push(branch(tree, root, Text::default(), 0, &mut seen));
            }
        }
    }
    View {
        blocks: vec![Block::Tree(items)],
    }
}

/// Where trees begin: at the entity that was asked for, else at what nothing leads to, and then
/// at what is left, which is in circles.
fn roots<'a>(part: &Part<'a>, tree: &Branches<'a>) -> Vec<&'a EntityRef> {
    let nodes = part.nodes.iter().copied();
    if !part.focus.is_empty() {
        return nodes.filter(|node| part.focus.contains(node)).collect();
    }
    let led_to: HashSet<&EntityRef> = tree.values().flatten().map(|(_, target)| *target).collect();
    let (roots, rest): (Vec<&EntityRef>, Vec<&EntityRef>) =
        nodes.partition(|node| !led_to.contains(node));
    roots.into_iter().chain(rest).collect()
}

fn branch<'a>(
    tree: &Branches<'a>,
    node: &'a EntityRef,
    lead: Text,
    depth: usize,
    seen: &mut HashSet<&'a EntityRef>,
) -> TreeItem {
    let text = lead.then(node.short(), Role::Name);
    let next = tree.get(node).map_or(&[][..], Vec::as_slice);
    if !seen.insert(node) || depth == DEEPEST {
        let mark = if next.is_empty() { "" } else { " (see above)" };
        return TreeItem {
            text: text.then(mark, Role::Faint),
            children: Vec::new(),
        };
    }
    let children = next.iter().map(|(relation, target)| {
        let lead = Text::new(format!("{} ", relation.name()), Role::Faint);
        branch(tree, target, lead, depth + 1, seen)
    });
    TreeItem {
        text,
        children: children.collect(),
    }
}
