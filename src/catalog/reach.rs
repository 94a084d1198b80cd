//! What relations lead to over any distance, and on which way.

use std::collections::HashSet;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::{Catalog, EntityId};
use crate::model::{EntityRef, RelationType};

/// Types of relations to walk along, each from its source to its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelationSet {
    bits: u16,
}

impl RelationSet {
    /// The types that make one entity need another.
    #[must_use]
    pub fn dependencies() -> Self {
        RelationType::DEPENDENCIES.into_iter().collect()
    }

    /// The same edges, walked from the other end.
    #[must_use]
    pub fn inverse(self) -> Self {
        let types = RelationType::ALL.into_iter();
        types
            .filter(|relation| self.contains(*relation))
            .map(RelationType::inverse)
            .collect()
    }

    /// Whether a type is one of them.
    #[must_use]
    pub const fn contains(self, relation: RelationType) -> bool {
        self.bits & (1 << relation as u16) != 0
    }
}

impl FromIterator<RelationType> for RelationSet {
    fn from_iter<T: IntoIterator<Item = RelationType>>(types: T) -> Self {
        let bits = types
            .into_iter()
            .fold(0, |bits, relation| bits | 1 << relation as u16);
        Self { bits }
    }
}

/// What some entities lead to, the nearest first.
///
/// A way may pass through what is named and not in the catalog: two entities that name the same
/// missing API are still connected by it.
#[derive(Debug)]
pub struct Reach<'catalog> {
    catalog: &'catalog Catalog,
    steps: Vec<Step>,
    starts: usize,
}

#[derive(Debug)]
struct Step {
    node: NodeIndex,
    /// The step before, itself for a start.
    previous: usize,
    relation: RelationType,
    distance: usize,
}

/// Something that was reached.
#[derive(Clone, Copy, Debug)]
pub struct Reached<'reach, 'catalog> {
    reach: &'reach Reach<'catalog>,
    step: usize,
}

impl Catalog {
    /// What relations of these types lead to from some entities, over the shortest ways.
    ///
    /// Breadth first, without recursion, each node once: chains of any length and circles end.
    #[must_use]
    pub fn reach(&self, starts: &[EntityId], relations: RelationSet) -> Reach<'_> {
        let mut seen = vec![false; self.graph.edges.node_count()];
        let mut steps: Vec<Step> = Vec::new();
        let mut sorted = starts.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        for start in &sorted {
            seen[start.index()] = true;
            steps.push(Step {
                node: NodeIndex::new(start.index()),
                previous: steps.len(),
                relation: RelationType::DependsOn,
                distance: 0,
            });
        }
        let (starts, mut at) = (steps.len(), 0);
        let mut next: Vec<(NodeIndex, RelationType)> = Vec::new();
        while at < steps.len() {
            let (node, distance) = (steps[at].node, steps[at].distance + 1);
            next.clear();
            next.extend(self.neighbours(node, relations));
            next.sort_unstable();
            for (node, relation) in next.drain(..) {
                if !std::mem::replace(&mut seen[node.index()], true) {
                    steps.push(Step {
                        node,
                        previous: at,
                        relation,
                        distance,
                    });
                }
            }
            at += 1;
        }
        Reach {
            catalog: self,
            steps,
            starts,
        }
    }

    /// The entities that relations of these types lead to, the beginnings included.
    #[must_use]
    pub fn closure(&self, starts: &[EntityId], relations: RelationSet) -> HashSet<EntityId> {
        let reach = self.reach(starts, relations);
        let nodes = reach.steps.iter().map(|step| step.node);
        nodes.filter_map(|node| self.entity_at(node)).collect()
    }

    /// The nodes that a relation of a set leads to, in no particular order.
    pub(super) fn neighbours(
        &self,
        node: NodeIndex,
        relations: RelationSet,
    ) -> impl Iterator<Item = (NodeIndex, RelationType)> {
        let graph = &self.graph.edges;
        let forward = graph
            .edges_directed(node, Direction::Outgoing)
            .map(|edge| (edge.target(), edge.weight().relation));
        let backward = graph
            .edges_directed(node, Direction::Incoming)
            .map(|edge| (edge.source(), edge.weight().relation.inverse()));
        forward
            .chain(backward)
            .filter(move |(_, relation)| relations.contains(*relation))
    }

    /// The entity that a node stands for; `None` for what is only named.
    pub(super) fn entity_at(&self, node: NodeIndex) -> Option<EntityId> {
        (node.index() < self.entities.len()).then(|| EntityId::new(node.index()))
    }
}

impl<'catalog> Reach<'catalog> {
    /// What was reached, without the beginnings: the nearest first, then by reference.
    pub fn iter(&self) -> impl Iterator<Item = Reached<'_, 'catalog>> {
        (self.starts..self.steps.len()).map(|step| Reached { reach: self, step })
    }

    /// How much was reached.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len() - self.starts
    }

    /// Whether nothing was reached.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'catalog> Reached<'_, 'catalog> {
    /// What it is.
    #[must_use]
    pub fn reference(self) -> &'catalog EntityRef {
        self.reach
            .catalog
            .reference_of(self.reach.steps[self.step].node)
    }

    /// The entity; `None` for what is named and not in the catalog.
    #[must_use]
    pub fn id(self) -> Option<EntityId> {
        self.reach
            .catalog
            .entity_at(self.reach.steps[self.step].node)
    }

    /// The relations on the way from the nearest beginning.
    #[must_use]
    pub fn distance(self) -> usize {
        self.reach.steps[self.step].distance
    }

    /// The way to it: from the nearest beginning, which is the first, to itself.
    #[must_use]
    pub fn way(self) -> Vec<Hop<'catalog>> {
        let steps = &self.reach.steps;
        let mut way = Vec::with_capacity(self.distance() + 1);
        let mut at = self.step;
        loop {
            let step = &steps[at];
            way.push(Hop {
                reference: self.reach.catalog.reference_of(step.node),
                relation: (step.previous != at).then_some(step.relation),
            });
            if step.previous == at {
                break;
            }
            at = step.previous;
        }
        way.reverse();
        way
    }
}

/// A place on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop<'catalog> {
    /// What stands there.
    pub reference: &'catalog EntityRef,
    /// What the one before is to it; `None` where the way begins.
    pub relation: Option<RelationType>,
}
