//! Relations that lead back to where they began.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::graph::EntityId;
use super::reach::RelationSet;
use super::{Catalog, Relation};
use crate::model::RelationType;

/// Entities of which each leads to the next, and the last to the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The entities, beginning with the one of the smallest reference. It is a shortest cycle
    /// through that one.
    pub entities: Vec<EntityId>,
    /// How many entities reach each other, of which the cycle shows some.
    pub entangled: usize,
}

impl Catalog {
    /// The cycles of some relations: one of each set of entities that reach each other.
    ///
    /// Nothing here recurses, so a chain of a million entities needs no stack.
    #[must_use]
    pub fn cycles(&self, relations: RelationSet) -> Vec<Cycle> {
        // What is only named has no descriptor that could be cured.
        let graph = self.subgraph(relations, |node| self.entity_at(node).is_some());
        let is_circular = |set: &Vec<NodeIndex>| match set.as_slice() {
            [node] => graph.contains_edge(*node, *node),
            set => set.len() > 1,
        };
        let mut cycles: Vec<Cycle> = kosaraju_scc(&graph)
            .iter()
            .filter(|set| is_circular(set))
            .filter_map(|set| shortest_cycle(&graph, set))
            .collect();
        cycles.sort_by(|a, b| a.entities.cmp(&b.entities));
        cycles
    }

    /// The relation of a cycle's entity to the next one.
    #[must_use]
    pub fn relation_between(
        &self,
        from: EntityId,
        relation: RelationType,
        to: EntityId,
    ) -> Option<Relation<'_>> {
        let target = self.entity(to).reference();
        self.relations_of(from)
            .into_iter()
            .find(|found| found.relation == relation && found.target == target)
    }
}

fn shortest_cycle(graph: &DiGraph<(), ()>, set: &[NodeIndex]) -> Option<Cycle> {
    let inside: HashSet<NodeIndex> = set.iter().copied().collect();
    let start = *set.iter().min()?;
    let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let next = graph.neighbors(node).filter(|next| inside.contains(next));
        let mut next: Vec<NodeIndex> = next.collect();
        next.sort_unstable();
        for next in next {
            if next == start {
                return Some(Cycle {
                    entities: way_back(node, start, &came_from),
                    entangled: set.len(),
                });
            }
            came_from.entry(next).or_insert_with(|| {
                queue.push_back(next);
                node
            });
        }
    }
    None
}

fn way_back(
    end: NodeIndex,
    start: NodeIndex,
    came_from: &HashMap<NodeIndex, NodeIndex>,
) -> Vec<EntityId> {
    let mut way = vec![end];
    while let Some(node) = way
        .last()
        .filter(|node| **node != start)
        .and_then(|node| came_from.get(node))
    {
        way.push(*node);
    }
    way.reverse();
    way.into_iter()
        .map(|node| EntityId::new(node.index()))
        .collect()
}
