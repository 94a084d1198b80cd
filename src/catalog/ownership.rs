//! Who owns an entity.

use super::graph::DerivedOwner;
use super::{Catalog, EntityId};
use crate::model::{Entity, EntityRef, RelationType};

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

    pub(super) fn owners_from_code_owners(&self) -> Vec<DerivedOwner> {
        let without = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| Self::lacks_owner(entity));
        without
            .filter_map(|(index, entity)| {
                let (code_owners, rules) = self.rules_of(entity)?;
                Some(DerivedOwner {
                    entity: EntityId::new(index),
                    owner: self.first_owner(code_owners, &rules)?,
                })
            })
            .collect()
    }
}
