//! Relations that lead back to where they began.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeFiltered;

use super::graph::EntityId;
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
    /// The cycles of a type of relation: one of each set of entities that reach each other.
    ///
    /// Nothing here recurses, so a chain of a million entities needs no stack.
    #[must_use]
    pub fn cycles(&self, relation: RelationType) -> Vec<Cycle> {
        let relation = if relation.is_forward() {
            relation
        } else {
            relation.inverse()
        };
        let graph = &self.graph.edges;
        let filtered = EdgeFiltered::from_fn(
            graph,
            |edge: petgraph::graph::EdgeReference<'_, super::graph::Edge>| {
                edge.weight().relation == relation
            },
        );
        let mut cycles: Vec<Cycle> = kosaraju_scc(&filtered)
            .into_iter()
            .filter(|set| {
                set.len() > 1
                    || set
                        .first()
                        .is_some_and(|node| self.leads_to(*node, *node, relation))
            })
            .filter_map(|set| self.shortest_cycle(&set, relation))
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

    fn leads_to(&self, from: NodeIndex, to: NodeIndex, relation: RelationType) -> bool {
        self.graph
            .edges
            .edges_connecting(from, to)
            .any(|edge| edge.weight().relation == relation)
    }

    fn next(&self, node: NodeIndex, relation: RelationType) -> impl Iterator<Item = NodeIndex> {
        let edges = self.graph.edges.edges_directed(node, Direction::Outgoing);
        edges
            .filter(move |edge| edge.weight().relation == relation)
            .map(|edge| petgraph::visit::EdgeRef::target(&edge))
    }

    fn shortest_cycle(&self, set: &[NodeIndex], relation: RelationType) -> Option<Cycle> {
        let inside: HashSet<NodeIndex> = set.iter().copied().collect();
        let start = *set.iter().min()?;
        let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let mut next: Vec<NodeIndex> = self
                .next(node, relation)
                .filter(|next| inside.contains(next))
                .collect();
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
