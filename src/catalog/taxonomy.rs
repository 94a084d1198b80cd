//! What is part of what: domains, systems, and what they are made of.

use super::{Catalog, EntityId};
use crate::model::RelationType;

/// The kinds that are arranged, from the outermost; kinds of one's own come after them.
const KINDS: [&str; 5] = ["domain", "system", "component", "api", "resource"];
/// The kinds that are no part of anything.
const NEVER_PARTS: [&str; 6] = [
    "group",
    "user",
    "location",
    "template",
    "scorecard",
    "campaign",
];

/// All entities that can be part of something, each below the one it is part of.
#[derive(Debug)]
pub struct Taxonomy {
    /// For each entity: what it is part of.
    parents: Vec<Option<EntityId>>,
    /// For each entity: what is part of it, in the order of kinds and names.
    parts: Vec<Vec<EntityId>>,
    /// What has parts or is a domain, and is part of nothing.
    pub tops: Vec<EntityId>,
    /// What is part of nothing and has no parts, although its kind should be part of something.
    pub nowhere: Vec<EntityId>,
    /// What is part of itself by way of its parts.
    pub circular: Vec<EntityId>,
}

impl Catalog {
    /// Arranges the entities.
    ///
    /// An entity stands once: below the component that it is a subcomponent of, else below its
    /// system, else below its domain. What its descriptor names and the catalog does not have
    /// is nothing to stand below.
    #[must_use]
    pub fn taxonomy(&self) -> Taxonomy {
        let count = self.entities().len();
        let mut taxonomy = Taxonomy {
            parents: vec![None; count],
            parts: vec![Vec::new(); count],
            tops: Vec::new(),
            nowhere: Vec::new(),
            circular: Vec::new(),
        };
        let mut arranged: Vec<EntityId> = self.ids().filter(|id| self.is_arranged(*id)).collect();
        arranged.sort_by_key(|id| self.order(*id));
        for id in &arranged {
            if let Some(parent) = self.parent(*id) {
                taxonomy.parents[id.index()] = Some(parent);
                taxonomy.parts[parent.index()].push(*id);
            }
        }
        let mut seen = vec![false; count];
        for id in &arranged {
            if taxonomy.parents[id.index()].is_some() {
                continue;
            }
            let is_domain = self.entity(*id).reference().kind() == "domain";
            if is_domain || !taxonomy.parts(*id).is_empty() {
                taxonomy.tops.push(*id);
            } else {
                taxonomy.nowhere.push(*id);
            }
            for below in taxonomy.all_below(*id) {
                seen[below.index()] = true;
            }
            seen[id.index()] = true;
        }
        let unseen = arranged.into_iter().filter(|id| !seen[id.index()]);
        taxonomy.circular = unseen.collect();
        taxonomy
    }

    fn is_arranged(&self, id: EntityId) -> bool {
        !NEVER_PARTS.contains(&self.entity(id).reference().kind())
    }

    fn order(&self, id: EntityId) -> (usize, EntityId) {
        let kind = self.entity(id).reference().kind();
        let rank = KINDS.iter().position(|known| *known == kind);
        (rank.unwrap_or(KINDS.len()), id)
    }

    fn parent(&self, id: EntityId) -> Option<EntityId> {
        let parents = self.related(id, RelationType::PartOf).into_iter();
        let known = parents.filter_map(|parent| self.id(parent));
        // The innermost that there is: a component before a system before a domain.
        known.max_by_key(|parent| {
            let (rank, id) = self.order(*parent);
            (rank, std::cmp::Reverse(id))
        })
    }
}

impl Taxonomy {
    /// What an entity is part of.
    #[must_use]
    pub fn parent(&self, id: EntityId) -> Option<EntityId> {
        self.parents.get(id.index()).copied().flatten()
    }

    /// What is directly part of an entity.
    #[must_use]
    pub fn parts(&self, id: EntityId) -> &[EntityId] {
        self.parts.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// Everything that is part of an entity, over any distance.
    #[must_use]
    pub fn all_below(&self, id: EntityId) -> Vec<EntityId> {
        let mut below: Vec<EntityId> = self.parts(id).to_vec();
        let mut next = 0;
        while let Some(part) = below.get(next).copied() {
            // What is part of itself would never end.
            if below.len() > self.parents.len() {
                break;
            }
            below.extend(self.parts(part));
            next += 1;
        }
        below
    }
}
