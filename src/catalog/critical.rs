//! What most depends on.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::reach::RelationSet;
use super::{Catalog, EntityId};

/// Word operations that counting may take; beyond, only direct dependents are counted.
const MOST_WORK: usize = 4_000_000_000;

/// How much depends on an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependents {
    /// The entity.
    pub entity: EntityId,
    /// How many entities depend on it directly.
    pub direct: usize,
    /// How many do over any distance; `None` when the catalog is too large to count them.
    pub all: Option<usize>,
}

impl Catalog {
    /// The edges of some relations between some nodes as a graph of their own, each pointing
    /// where it is walked.
    pub(super) fn subgraph(
        &self,
        relations: RelationSet,
        includes: impl Fn(NodeIndex) -> bool,
    ) -> DiGraph<(), ()> {
        let nodes = self.graph.edges.node_count();
        let mut graph = DiGraph::with_capacity(nodes, self.graph.edges.edge_count());
        for _ in 0..nodes {
            graph.add_node(());
        }
        for node in self
            .graph
            .edges
            .node_indices()
            .filter(|node| includes(*node))
        {
            let next = self.neighbours(node, relations);
            for (next, _) in next.filter(|(next, _)| includes(*next)) {
                graph.add_edge(node, next, ());
            }
        }
        graph
    }

    /// How much depends on each entity along relations that lead from what depends to what it
    /// needs: the most first. Entities on which nothing depends are left out.
    #[must_use]
    pub fn dependents(&self, relations: RelationSet) -> Vec<Dependents> {
        let graph = self.subgraph(relations, |_| true);
        let all = count_reaching(&graph);
        let direct = |node: NodeIndex| {
            let mut sources: Vec<NodeIndex> = graph
                .neighbors_directed(node, petgraph::Direction::Incoming)
                .filter(|source| *source != node && self.entity_at(*source).is_some())
                .collect();
            sources.sort_unstable();
            sources.dedup();
            sources.len()
        };
        let mut dependents: Vec<Dependents> = self
            .ids()
            .map(|entity| {
                let node = NodeIndex::new(entity.index());
                Dependents {
                    entity,
                    direct: direct(node),
                    all: all.as_ref().map(|all| all[node.index()]),
                }
            })
            .filter(|found| found.direct > 0 || found.all.is_some_and(|all| all > 0))
            .collect();
        dependents
            .sort_by_key(|found| (std::cmp::Reverse((found.all, found.direct)), found.entity));
        dependents
    }
}

/// For each node, from how many others a way leads to it; `None` when that is too much to count.
///
/// Nodes that reach each other are taken together, which leaves no circles. Then the ways of 64
/// nodes at a time are followed in topological order, a bit for each.
fn count_reaching(graph: &DiGraph<(), ()>) -> Option<Vec<usize>> {
    // In reverse topological order: what is pointed at comes first.
    let mut sets = kosaraju_scc(graph);
    sets.reverse();
    let batches = sets.len().div_ceil(64);
    if batches.saturating_mul(graph.edge_count() + sets.len()) > MOST_WORK {
        return None;
    }
    let mut set_of = vec![0; graph.node_count()];
    for (number, set) in sets.iter().enumerate() {
        for node in set {
            set_of[node.index()] = number;
        }
    }
    let edges = edges_between(graph, &sets, &set_of);
    let mut counts = vec![0; sets.len()];
    let mut bits = vec![0_u64; sets.len()];
    for batch in 0..batches {
        let first = batch * 64;
        // What comes before the batch is reached by nothing in it.
        bits[first..].fill(0);
        for number in first..sets.len() {
            if number < first + 64 {
                bits[number] |= 1 << (number - first);
            }
            let reaching = bits[number];
            if reaching != 0 {
                counts[number] += weight(reaching, &sets[first..]);
                for next in &edges[number] {
                    bits[*next] |= reaching;
                }
            }
        }
    }
    let count = |node: usize| counts[set_of[node]] - 1;
    Some((0..graph.node_count()).map(count).collect())
}

/// For each set of nodes, the other sets that it points at.
fn edges_between(
    graph: &DiGraph<(), ()>,
    sets: &[Vec<NodeIndex>],
    set_of: &[usize],
) -> Vec<Vec<usize>> {
    let targets = sets.iter().enumerate().map(|(number, set)| {
        let mut targets: Vec<usize> = set
            .iter()
            .flat_map(|node| graph.neighbors(*node))
            .map(|target| set_of[target.index()])
            .filter(|target| *target != number)
            .collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    });
    targets.collect()
}

/// How many nodes are in the sets of which bits are set.
fn weight(mut bits: u64, sets: &[Vec<NodeIndex>]) -> usize {
    let mut weight = 0;
    while bits != 0 {
        weight += sets[bits.trailing_zeros() as usize].len();
        bits &= bits - 1;
    }
    weight
}
