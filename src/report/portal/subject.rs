//! The page of an entity: the one of the report, with its parts and a drawing of its neighbours.

use std::collections::HashMap;

use super::{Portal, list};
use crate::catalog::EntityId;
use crate::model::{EntityRef, RelationType};
use crate::report::{ReportInput, entity, page};
use crate::view::{Block, Graph, GraphEdge, GraphNode, Table, View};

/// Rows of a table of parts.
const MOST_PARTS: usize = 1_000;
/// Boxes of a drawing.
const MOST_NODES: usize = 30;

pub(super) fn view(portal: &Portal<'_>, id: EntityId, input: &ReportInput<'_>) -> View {
    let mut view = entity::page(input, id);
    let reference = input.catalog.entity(id).reference();
    let mut parts = Vec::new();
    let below = portal.taxonomy.all_below(id);
    push_entities(
        portal,
        ("Parts", reference.kind()),
        &below,
        input,
        &mut parts,
    );
    if let Some(owned) = portal.owned.get(reference) {
        push_entities(portal, ("Owns", "owner"), owned, input, &mut parts);
    }
    let graph = neighbours(id, input);
    if !graph.edges.is_empty() {
        parts.push(Block::Heading("Neighbours".into()));
        parts.push(Block::Graph(graph));
    }
    // What is part of it stands below what is declared of it, and above what it is to others.
    let headings = view.blocks.iter().enumerate();
    let mut headings = headings.filter(|(_, block)| matches!(block, Block::Heading(_)));
    let at = headings.nth(1).map_or(view.blocks.len(), |(at, _)| at);
    view.blocks.splice(at..at, parts);
    view
}

fn push_entities(
    portal: &Portal<'_>,
    (title, same): (&str, &str),
    entities: &[EntityId],
    input: &ReportInput<'_>,
    blocks: &mut Vec<Block>,
) {
    if entities.is_empty() {
        return;
    }
    blocks.push(Block::Heading(title.into()));
    let shown = entities.get(..MOST_PARTS).unwrap_or(entities);
    let table: Table = list::table(portal, shown, Some(same), input);
    blocks.push(Block::Table(table));
    if shown.len() < entities.len() {
        let more = entities.len() - shown.len();
        blocks.push(Block::Paragraph(format!("And {more} more.").into()));
    }
}

/// What an entity needs and what needs it, directly.
fn neighbours(id: EntityId, input: &ReportInput<'_>) -> Graph {
    let focus = input.catalog.entity(id).reference();
    let mut graph = Graph::default();
    graph.nodes.push(node(focus, true, input));
    let mut places: HashMap<&EntityRef, usize> = HashMap::from([(focus, 0)]);
    let dependencies = Portal::dependencies();
    for relation in input.catalog.relations_of(id) {
        let forward = dependencies.contains(&relation.relation);
        let backward = dependencies.contains(&relation.relation.inverse());
        let label = match (forward, backward) {
            (true, _) => relation.relation,
            (false, true) => relation.relation.inverse(),
            (false, false) => continue,
        };
        let other = match places.get(relation.target) {
            Some(other) => *other,
            None if graph.nodes.len() >= MOST_NODES => continue,
            None => {
                graph.nodes.push(node(relation.target, false, input));
                places.insert(relation.target, graph.nodes.len() - 1);
                graph.nodes.len() - 1
            }
        };
        graph.edges.push(edge(other, forward, label));
    }
    graph
}

fn edge(other: usize, forward: bool, label: RelationType) -> GraphEdge {
    let (from, to) = if forward { (0, other) } else { (other, 0) };
    GraphEdge {
        from,
        to,
        label: label.name().to_owned(),
    }
}

fn node(reference: &EntityRef, is_focus: bool, input: &ReportInput<'_>) -> GraphNode {
    let id = input.catalog.id(reference);
    let owner = id.and_then(|id| input.catalog.owner(id));
    let detail = match owner {
        Some(owner) => format!("{} · {}", reference.kind(), page::short(owner.reference)),
        None => reference.kind().to_owned(),
    };
    GraphNode {
        id: reference.to_string(),
        label: page::short(reference),
        detail,
        kind: reference.kind().to_owned(),
        is_focus,
        is_missing: id.is_none(),
        target: (input.links.entity)(reference).filter(|_| !is_focus),
    }
}
