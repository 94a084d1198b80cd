//! Who owns an entity.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::DerivedOwner;
use super::{Catalog, EntityId, Home};
use crate::codeowners::{CodeOwners, OwnerName};
use crate::model::{DEFAULT_NAMESPACE, Entity, EntityRef, RelationType};

/// The kinds that `CODEOWNERS` can give an owner, as in Backstage's processor.
const OWNED_KINDS: [&str; 5] = ["component", "api", "resource", "system", "domain"];

/// The owner of an entity.
#[derive(Clone, Debug)]
pub struct Owner<'catalog> {
    /// Who it is; perhaps nobody that the catalog has.
    pub reference: &'catalog EntityRef,
    /// Whether `CODEOWNERS` says so and not the descriptor.
    pub derived: bool,
}

impl Catalog {
    /// The owner of an entity: `spec.owner`, else what `CODEOWNERS` of its home says.
    #[must_use]
    pub fn owner(&self, id: EntityId) -> Option<Owner<'_>> {
        let owners = self
            .edges_of(id, RelationType::OwnedBy)
            .map(|(edge, owner)| Owner {
                reference: self.reference_of(owner),
                derived: edge.is_derived(),
            });
        owners.min_by(|a, b| a.reference.cmp(b.reference))
    }

    /// Whether an entity should have an owner and its descriptor names none.
    #[must_use]
    pub fn lacks_owner(entity: &Entity) -> bool {
        let has_owner = entity
            .spec_str("owner")
            .is_some_and(|owner| !owner.is_empty());
        Self::is_owned_kind(entity.reference()) && !has_owner
    }

    /// Whether an entity of that kind should have an owner.
    #[must_use]
    pub fn is_owned_kind(reference: &EntityRef) -> bool {
        OWNED_KINDS.contains(&reference.kind())
    }

    pub(super) fn owners_from_code_owners(
        &self,
        code_owners: &HashMap<Arc<str>, CodeOwners>,
    ) -> Vec<DerivedOwner> {
        let without = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| Self::lacks_owner(entity));
        without
            .filter_map(|(index, entity)| {
                let home = self.home(entity)?;
                let owner = first_owner(code_owners.get(&home.repository)?, &home, entity)?;
                Some(DerivedOwner {
                    entity: EntityId::new(index),
                    owner,
                })
            })
            .collect()
    }
}

/// The first owner of the last rule that matches the descriptor, or the home when the
/// descriptor lies elsewhere.
fn first_owner(code_owners: &CodeOwners, home: &Home, entity: &Entity) -> Option<EntityRef> {
    let file = &entity.source().file;
    let path = if file.repository() == &*home.repository {
        file.path_in_repository()
    } else {
        &home.folder
    };
    let rule = code_owners.rule_for(path)?;
    let owner = rule
        .owners
        .iter()
        .find_map(|owner| OwnerName::parse(owner))?;
    Some(match owner {
        OwnerName::Team(name) => EntityRef::new("group", DEFAULT_NAMESPACE, name),
        OwnerName::Person(name) => EntityRef::new("user", DEFAULT_NAMESPACE, name),
    })
}
