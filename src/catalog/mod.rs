//! The catalog: all entities and relations of a workspace at one moment. It never changes after
//! it is built.

mod below;
mod build;
mod code_owners;
mod critical;
mod cycle;
mod graph;
mod home;
mod ownership;
mod paths;
mod reach;
mod record;
mod resolve;
mod taxonomy;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::codeowners::CodeOwners;
use crate::model::{Entity, EntityRef, Forges};

pub use below::TextsBelow;
pub use build::BuildInput;
pub use critical::Dependents;
pub use cycle::Cycle;
pub use graph::{EntityId, Relation};
pub use home::{Home, Homes};
pub use ownership::Owner;
pub use paths::Paths;
pub use reach::{Hop, Reach, Reached, RelationSet};
pub use record::{EntityRecord, RelationRecord};
pub use resolve::Resolution;
pub use taxonomy::Taxonomy;

use graph::RelationGraph;

/// All entities and relations of a workspace at one moment.
#[derive(Debug)]
pub struct Catalog {
    entities: Vec<Entity>,
    duplicates: Vec<Duplicate>,
    graph: RelationGraph,
    kinds: HashSet<String>,
    repositories: BTreeMap<Arc<str>, RepositoryRole>,
    /// The repositories by the ends of their identities, found out when they are first needed.
    by_end: OnceLock<HashMap<String, Option<Arc<str>>>>,
    code_owners: HashMap<Arc<str>, CodeOwners>,
    forges: Forges,
}

/// What the catalog knows of a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepositoryRole {
    /// Whether it holds the organisation's catalog, so that the folder of a descriptor in it is
    /// nobody's home.
    pub is_catalog: bool,
}

/// An entity whose reference another one has already.
#[derive(Debug)]
pub struct Duplicate {
    /// The one that is in the catalog.
    pub kept: EntityId,
    /// The one that is not.
    pub dropped: Entity,
}

impl Catalog {
    /// The entities, in the order of their references.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The numbers of all entities, in order.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> + use<> {
        (0..self.entities.len()).map(EntityId::new)
    }

    /// The entity of a reference.
    #[must_use]
    pub fn get(&self, reference: &EntityRef) -> Option<&Entity> {
        self.id(reference).map(|id| self.entity(id))
    }

    /// The number of the entity of a reference, which is its place in [`Self::entities`].
    #[must_use]
    pub fn id(&self, reference: &EntityRef) -> Option<EntityId> {
        let index = self
            .entities
            .binary_search_by(|entity| entity.reference().cmp(reference))
            .ok()?;
        Some(EntityId::new(index))
    }

    /// The entity of a number.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.index()]
    }

    /// The entities whose references others have already, in the order of the files.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Whether there is any entity of that kind (in lower case).
    #[must_use]
    pub fn has_kind(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }

    /// The repositories, by identity.
    #[must_use]
    pub const fn repositories(&self) -> &BTreeMap<Arc<str>, RepositoryRole> {
        &self.repositories
    }

    /// The forges, for URLs that name a file of a repository.
    #[must_use]
    pub const fn forges(&self) -> &Forges {
        &self.forges
    }

    /// The names of the entities of each kind, for suggestions.
    #[must_use]
    pub fn names_by_kind(&self) -> HashMap<&str, Vec<&str>> {
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        for entity in &self.entities {
            names
                .entry(entity.reference().kind())
                .or_default()
                .push(entity.reference().name());
        }
        names
    }
}
