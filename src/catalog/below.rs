//! What lies below entities: the texts that everything has which they lead to, found out for all
//! entities at once.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::reach::RelationSet;
use super::{Catalog, EntityId};
use crate::model::Entity;

/// The most different texts for which sets are kept; with more, each entity is walked from.
const MOST_TEXTS: usize = 1024;

/// A text that an entity may have, as its lifecycle.
type TextOf = fn(&Entity) -> Option<&str>;

/// The different texts of everything that entities lead to over any distance, without themselves.
#[derive(Debug)]
pub struct TextsBelow<'catalog> {
    catalog: &'catalog Catalog,
    relations: RelationSet,
    text_of: TextOf,
    sets: Option<Sets<'catalog>>,
}

/// Sets of texts, a bit for each.
#[derive(Debug, Default)]
struct Sets<'catalog> {
    /// In byte order.
    texts: Vec<&'catalog str>,
    /// Each once.
    different: Vec<Vec<u64>>,
    /// The set of each entity.
    numbers: Vec<usize>,
}

impl Catalog {
    /// The different texts of everything that each entity leads to.
    #[must_use]
    pub fn texts_below(&self, relations: RelationSet, text_of: TextOf) -> TextsBelow<'_> {
        let all = self.entities().iter().filter_map(text_of);
        let mut texts: Vec<&str> = all.collect();
        texts.sort_unstable();
        texts.dedup();
        let sets = (texts.len() <= MOST_TEXTS).then(|| self.sets(relations, text_of, texts));
        TextsBelow {
            catalog: self,
            relations,
            text_of,
            sets,
        }
    }

    fn sets<'catalog>(
        &'catalog self,
        relations: RelationSet,
        text_of: TextOf,
        texts: Vec<&'catalog str>,
    ) -> Sets<'catalog> {
        let own = self.entities().iter().map(|entity| {
            let text = text_of(entity)?;
            texts.binary_search(&text).ok()
        });
        let own: Vec<Option<usize>> = own.collect();
        let graph = self.subgraph(relations, |_| true);
        let mut sets = Sets {
            numbers: vec![0; own.len()],
            ..Sets::default()
        };
        let mut numbers: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut keep = |node: NodeIndex, bits: Vec<u64>| {
            let Some(place) = sets.numbers.get_mut(node.index()) else {
                return;
            };
            *place = numbers.get(&bits).copied().unwrap_or_else(|| {
                sets.different.push(bits.clone());
                numbers.insert(bits, sets.different.len() - 1);
                sets.different.len() - 1
            });
        };
        each_below(&graph, &own, texts.len().div_ceil(64), &mut keep);
        sets.texts = texts;
        sets
    }
}

/// Says for each node which texts lie below it.
///
/// Nodes that reach each other are taken together, and what is pointed at comes first, so that
/// every edge is looked at once.
fn each_below(
    graph: &DiGraph<(), ()>,
    own: &[Option<usize>],
    words: usize,
    keep: &mut dyn FnMut(NodeIndex, Vec<u64>),
) {
    let own = |node: NodeIndex| own.get(node.index()).copied().flatten();
    let entangled = kosaraju_scc(graph);
    let mut place = vec![usize::MAX; graph.node_count()];
    let mut all: Vec<Vec<u64>> = Vec::with_capacity(entangled.len());
    for (number, nodes) in entangled.iter().enumerate() {
        for node in nodes {
            place[node.index()] = number;
        }
        let mut below = vec![0; words];
        for next in nodes.iter().flat_map(|node| graph.neighbors(*node)) {
            let further = all.get(place[next.index()]);
            for (word, more) in below.iter_mut().zip(further.into_iter().flatten()) {
                *word |= more;
            }
        }
        let (mut here, mut twice) = (vec![0; words], vec![0; words]);
        for text in nodes.iter().filter_map(|node| own(*node)) {
            if has(&here, text) {
                add(&mut twice, text);
            }
            add(&mut here, text);
        }
        let join = |left: &[u64], right: &[u64]| -> Vec<u64> {
            left.iter().zip(right).map(|(a, b)| a | b).collect()
        };
        for node in nodes {
            let mut others = here.clone();
            if let Some(text) = own(*node).filter(|text| !has(&twice, *text)) {
                others[text / 64] &= !(1 << (text % 64));
            }
            keep(*node, join(&below, &others));
        }
        all.push(join(&below, &here));
    }
}

fn has(bits: &[u64], text: usize) -> bool {
    bits[text / 64] & (1 << (text % 64)) != 0
}

fn add(bits: &mut [u64], text: usize) {
    bits[text / 64] |= 1 << (text % 64);
}

impl<'catalog> TextsBelow<'catalog> {
    /// The texts below an entity, each once, in byte order.
    #[must_use]
    pub fn of(&self, id: EntityId) -> Vec<&'catalog str> {
        if let Some(sets) = &self.sets {
            let bits = sets.numbers.get(id.index());
            let bits = bits.and_then(|number| sets.different.get(*number));
            let texts = sets.texts.iter().enumerate();
            let fitting = texts.filter(|(text, _)| bits.is_some_and(|bits| has(bits, *text)));
            return fitting.map(|(_, text)| *text).collect();
        }
        let reach = self.catalog.reach(&[id], self.relations);
        let entities = reach.iter().filter_map(super::Reached::id);
        let texts = entities.filter_map(|id| (self.text_of)(self.catalog.entity(id)));
        let mut texts: Vec<&str> = texts.collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// A number that only entities share which have the same below them; `None` where that is not
    /// known without looking.
    #[must_use]
    pub fn number(&self, id: EntityId) -> Option<usize> {
        self.sets.as_ref()?.numbers.get(id.index()).copied()
    }
}
