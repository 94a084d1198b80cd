//! The shortest ways from one entity to another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::graph::NodeIndex;

use super::reach::{Hop, RelationSet};
use super::{Catalog, EntityId};
use crate::model::RelationType;

/// Beginnings of ways that are tried; in a dense graph there are more ways than atoms.
const MOST_TRIED: usize = 200_000;

/// Ways from one entity to another, none of which visits anything twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Paths<'catalog> {
    /// The shortest first.
    pub paths: Vec<Vec<Hop<'catalog>>>,
    /// Whether there may be more.
    pub stopped: bool,
}

/// The beginning of a way, as its last place and the beginning before that.
struct Beginning {
    node: NodeIndex,
    relation: RelationType,
    previous: Option<usize>,
    length: u32,
}

impl Catalog {
    /// The shortest ways from one entity to another along relations, at most so many.
    ///
    /// Beginnings are continued in the order of the length that they can have at best, which is
    /// known from the distances to the end, so that ways are found in the order of their length.
    #[must_use]
    pub fn paths(
        &self,
        from: EntityId,
        to: EntityId,
        relations: RelationSet,
        most: usize,
    ) -> Paths<'_> {
        let distances = self.distances_to(to, relations);
        let mut beginnings = vec![Beginning {
            node: NodeIndex::new(from.index()),
            relation: RelationType::DependsOn,
            previous: None,
            length: 0,
        }];
        let mut found = Paths {
            paths: Vec::new(),
            stopped: false,
        };
        let mut open = BinaryHeap::new();
        open.extend(distances[from.index()].map(|distance| Reverse((distance, 0))));
        while let Some(Reverse((_, at))) = open.pop() {
            if found.paths.len() == most || beginnings.len() >= MOST_TRIED {
                found.stopped = true;
                break;
            }
            let (node, length) = (beginnings[at].node, beginnings[at].length);
            if node.index() == to.index() {
                found.paths.push(self.way(&beginnings, at));
                continue;
            }
            let mut next: Vec<_> = self.neighbours(node, relations).collect();
            next.sort_unstable();
            next.dedup_by_key(|(node, _)| *node);
            for (node, relation) in next {
                let Some(distance) = distances[node.index()] else {
                    continue;
                };
                if visits(&beginnings, at, node) {
                    continue;
                }
                open.push(Reverse((length + 1 + distance, beginnings.len())));
                beginnings.push(Beginning {
                    node,
                    relation,
                    previous: Some(at),
                    length: length + 1,
                });
            }
        }
        found
    }

    /// For each node, how far it is from the end at least; `None` where no way leads there.
    fn distances_to(&self, to: EntityId, relations: RelationSet) -> Vec<Option<u32>> {
        let inverse = relations.inverse();
        let mut distances = vec![None; self.graph.edges.node_count()];
        distances[to.index()] = Some(0);
        let mut level = vec![NodeIndex::new(to.index())];
        let mut distance = 0;
        while !level.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for node in level {
                for (node, _) in self.neighbours(node, inverse) {
                    if distances[node.index()].is_none() {
                        distances[node.index()] = Some(distance);
                        next.push(node);
                    }
                }
            }
            level = next;
        }
        distances
    }

    fn way(&self, beginnings: &[Beginning], end: usize) -> Vec<Hop<'_>> {
        let mut way: Vec<Hop<'_>> = back_from(beginnings, end)
            .map(|beginning| Hop {
                reference: self.reference_of(beginning.node),
                relation: beginning.previous.map(|_| beginning.relation),
            })
            .collect();
        way.reverse();
        way
    }
}

fn visits(beginnings: &[Beginning], end: usize, node: NodeIndex) -> bool {
    back_from(beginnings, end).any(|beginning| beginning.node == node)
}

fn back_from(beginnings: &[Beginning], end: usize) -> impl Iterator<Item = &Beginning> {
    let first = beginnings.get(end);
    std::iter::successors(first, |beginning| beginnings.get(beginning.previous?))
}
