//! Relations as a graph. petgraph stays inside of this folder.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;

use super::Catalog;
use crate::model::{Entity, EntityRef, Place, RelationType, relation_fields};

/// The number of an entity in its catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(u32);

impl EntityId {
    pub(super) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its place in [`Catalog::entities`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The entities, then the references that lead to none, and an edge for each pair of relations
/// in its forward direction.
#[derive(Debug, Default)]
pub(super) struct RelationGraph {
    pub(super) edges: DiGraph<(), Edge>,
    entities: usize,
    missing: Vec<EntityRef>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) relation: RelationType,
    /// Who declares it.
    declared_by: u32,
    /// Where in the tree of the one who declares it; `NOWHERE` for what was derived.
    node: u32,
}

const NOWHERE: u32 = u32::MAX;

/// An owner that no descriptor names.
pub(super) struct DerivedOwner {
    pub(super) entity: EntityId,
    pub(super) owner: EntityRef,
}

/// A relation, as one of its ends sees it.
#[derive(Clone, Debug)]
pub struct Relation<'catalog> {
    /// The end that looks.
    pub source: &'catalog EntityRef,
    /// What the source is to the target.
    pub relation: RelationType,
    /// The other end.
    pub target: &'catalog EntityRef,
    /// The entity in whose descriptor it is written.
    pub declared_by: &'catalog Entity,
    /// Where it is written; `None` for what was derived.
    pub place: Option<Place>,
    /// Whether one of its ends is no entity of the catalog.
    pub dangling: bool,
}

impl Edge {
    /// Whether no descriptor says so.
    pub(super) const fn is_derived(&self) -> bool {
        self.node == NOWHERE
    }
}

impl RelationGraph {
    pub(super) fn build(entities: &[Entity], derived: &[DerivedOwner]) -> Self {
        let mut builder = GraphBuilder::new(entities);
        for (index, entity) in entities.iter().enumerate() {
            builder.add_declared(index, entity);
        }
        for DerivedOwner { entity, owner } in derived {
            builder.add(
                entity.index(),
                RelationType::OwnedBy,
                owner.clone(),
                entity.index(),
                NOWHERE,
            );
        }
        builder.finish()
    }

    fn reference<'catalog>(
        &'catalog self,
        entities: &'catalog [Entity],
        node: NodeIndex,
    ) -> &'catalog EntityRef {
        match entities.get(node.index()) {
            Some(entity) => entity.reference(),
            None => &self.missing[node.index() - self.entities],
        }
    }
}

struct GraphBuilder<'a> {
    entities: &'a [Entity],
    graph: DiGraph<(), Edge>,
    missing: Vec<EntityRef>,
    numbers: HashMap<EntityRef, usize>,
    /// Forward edges to write: from, relation, to, whether an invalid entity declares it, and
    /// the edge.
    edges: Vec<(u32, RelationType, u32, bool, Edge)>,
}

impl<'a> GraphBuilder<'a> {
    fn new(entities: &'a [Entity]) -> Self {
        let numbers = (0..)
            .zip(entities)
            .map(|(number, entity)| (entity.reference().clone(), number))
            .collect();
        Self {
            entities,
            graph: DiGraph::new(),
            missing: Vec::new(),
            numbers,
            edges: Vec::new(),
        }
    }

    fn add_declared(&mut self, index: usize, entity: &Entity) {
        let Some(spec) = entity.spec() else { return };
        for field in relation_fields(entity.kind()) {
            for target in field.targets(spec) {
                let reference =
                    EntityRef::parse(target.text(), field.default_kind, entity.namespace());
                if let Ok(reference) = reference {
                    self.add(index, field.relation, reference, index, target.index());
                }
            }
        }
    }

    fn add(
        &mut self,
        source: usize,
        relation: RelationType,
        target: EntityRef,
        declared_by: usize,
        node: u32,
    ) {
        let target = self.number(target);
        let (from, relation, to) = if relation.is_forward() {
            (source, relation, target)
        } else {
            (target, relation.inverse(), source)
        };
        let edge = Edge {
            relation,
            declared_by: EntityId::new(declared_by).0,
            node,
        };
        let invalid = !self.entities[declared_by].is_valid();
        self.edges.push((
            EntityId::new(from).0,
            relation,
            EntityId::new(to).0,
            invalid,
            edge,
        ));
    }

    fn number(&mut self, reference: EntityRef) -> usize {
        let (entities, missing) = (self.entities.len(), &mut self.missing);
        *self
            .numbers
            .entry(reference)
            .or_insert_with_key(|reference| {
                missing.push(reference.clone());
                entities + missing.len() - 1
            })
    }

    /// Each relation once: both ends may declare it, and then a valid entity's word counts.
    fn finish(mut self) -> RelationGraph {
        let entities = self.entities;
        self.edges
            .sort_unstable_by_key(|(from, relation, to, invalid, edge)| {
                (*from, *relation, *to, *invalid, edge.declared_by, edge.node)
            });
        self.edges
            .dedup_by_key(|(from, relation, to, ..)| (*from, *relation, *to));
        self.graph
            .reserve_exact_nodes(entities.len() + self.missing.len());
        self.graph.reserve_exact_edges(self.edges.len());
        for _ in 0..entities.len() + self.missing.len() {
            self.graph.add_node(());
        }
        for (from, _, to, _, edge) in self.edges {
            self.graph.add_edge(
                NodeIndex::new(from as usize),
                NodeIndex::new(to as usize),
                edge,
            );
        }
        RelationGraph {
            edges: self.graph,
            entities: entities.len(),
            missing: self.missing,
        }
    }
}

impl Catalog {
    /// The relations of an entity, in the order of their types and targets.
    #[must_use]
    pub fn relations_of(&self, id: EntityId) -> Vec<Relation<'_>> {
        let node = NodeIndex::new(id.index());
        let mut relations: Vec<Relation<'_>> = Vec::new();
        relations.extend(
            self.graph
                .edges
                .edges_directed(node, Direction::Outgoing)
                .map(|edge| self.forward(edge)),
        );
        relations.extend(
            self.graph
                .edges
                .edges_directed(node, Direction::Incoming)
                .map(|edge| self.backward(edge)),
        );
        relations.sort_by(|a, b| (a.relation, a.target).cmp(&(b.relation, b.target)));
        relations
    }

    /// The targets of one type of relation of an entity, in the order of their references.
    #[must_use]
    pub fn related(&self, id: EntityId, relation: RelationType) -> Vec<&EntityRef> {
        let edges = self.edges_of(id, relation);
        let mut targets: Vec<&EntityRef> = edges
            .map(|(_, other)| self.graph.reference(&self.entities, other))
            .collect();
        targets.sort_unstable();
        targets
    }

    /// The edges of one type of relation of an entity, each with its other end.
    pub(super) fn edges_of(
        &self,
        id: EntityId,
        relation: RelationType,
    ) -> impl Iterator<Item = (&Edge, NodeIndex)> {
        let (wanted, direction) = if relation.is_forward() {
            (relation, Direction::Outgoing)
        } else {
            (relation.inverse(), Direction::Incoming)
        };
        let edges = self
            .graph
            .edges
            .edges_directed(NodeIndex::new(id.index()), direction);
        edges
            .filter(move |edge| edge.weight().relation == wanted)
            .map(move |edge| {
                (
                    edge.weight(),
                    if relation.is_forward() {
                        edge.target()
                    } else {
                        edge.source()
                    },
                )
            })
    }

    /// What a node of the graph stands for.
    pub(super) fn reference_of(&self, node: NodeIndex) -> &EntityRef {
        self.graph.reference(&self.entities, node)
    }

    /// Whether an entity has any relation of that type.
    #[must_use]
    pub fn has_relation(&self, id: EntityId, relation: RelationType) -> bool {
        self.edges_of(id, relation).next().is_some()
    }

    /// All relations in both directions, in the order of source, type and target.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation<'_>> {
        let edges = || self.graph.edges.edge_references();
        let mut relations: Vec<Relation<'_>> = edges().map(|edge| self.forward(edge)).collect();
        relations.extend(edges().map(|edge| self.backward(edge)));
        relations.sort_by(|a, b| {
            (a.source, a.relation.name(), a.target).cmp(&(b.source, b.relation.name(), b.target))
        });
        relations
    }

    /// The relations as they are declared whose other end is no entity of the catalog, in the
    /// order of the entities that declare them.
    #[must_use]
    pub fn dangling(&self) -> Vec<Relation<'_>> {
        let edges = self.graph.edges.edge_references();
        let dangling =
            edges.filter(|edge| self.is_missing(edge.source()) || self.is_missing(edge.target()));
        let mut relations: Vec<Relation<'_>> = dangling
            .map(|edge| {
                if self.is_missing(edge.target()) {
                    self.forward(edge)
                } else {
                    self.backward(edge)
                }
            })
            .filter(|relation| relation.place.is_some())
            .collect();
        relations.sort_by(|a, b| {
            (a.source, a.relation, a.target).cmp(&(b.source, b.relation, b.target))
        });
        relations
    }

    fn is_missing(&self, node: NodeIndex) -> bool {
        node.index() >= self.entities.len()
    }

    fn forward(&self, edge: EdgeReference<'_, Edge>) -> Relation<'_> {
        self.seen_from(
            edge.source(),
            edge.weight().relation,
            edge.target(),
            *edge.weight(),
        )
    }

    fn backward(&self, edge: EdgeReference<'_, Edge>) -> Relation<'_> {
        self.seen_from(
            edge.target(),
            edge.weight().relation.inverse(),
            edge.source(),
            *edge.weight(),
        )
    }

    fn seen_from(
        &self,
        source: NodeIndex,
        relation: RelationType,
        target: NodeIndex,
        edge: Edge,
    ) -> Relation<'_> {
        let declared_by = &self.entities[edge.declared_by as usize];
        let node = declared_by.tree().node(edge.node);
        Relation {
            source: self.graph.reference(&self.entities, source),
            relation,
            target: self.graph.reference(&self.entities, target),
            declared_by,
            place: node.map(|node| declared_by.place_of(node)),
            dangling: self.is_missing(source) || self.is_missing(target),
        }
    }
}
