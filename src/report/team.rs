//! Owners and what they own.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, EntityId};
use crate::model::EntityRef;

/// An owner, and what is theirs.
pub(super) struct Team<'a> {
    /// Who it is; perhaps nobody that the catalog has.
    pub(super) reference: &'a EntityRef,
    /// In the order of the catalog.
    pub(super) owned: Vec<EntityId>,
}

/// All owners, in the order of their references.
pub(super) fn teams(catalog: &Catalog) -> Vec<Team<'_>> {
    let mut teams: BTreeMap<&EntityRef, Vec<EntityId>> = BTreeMap::new();
    for id in catalog.ids() {
        if Catalog::is_owned_kind(catalog.entity(id).reference())
            && let Some(owner) = catalog.owner(id)
        {
            teams.entry(owner.reference).or_default().push(id);
        }
    }
    let teams = teams.into_iter();
    teams
        .map(|(reference, owned)| Team { reference, owned })
        .collect()
}

/// Whether an entity should have an owner and has none, not even by `CODEOWNERS`.
pub(super) fn is_unowned(catalog: &Catalog, id: EntityId) -> bool {
    Catalog::is_owned_kind(catalog.entity(id).reference()) && catalog.owner(id).is_none()
}

impl Team<'_> {
    /// What is theirs of a kind (in lower case).
    pub(super) fn of_kind(&self, catalog: &Catalog, kind: &str) -> impl Iterator<Item = EntityId> {
        let owned = self.owned.iter().copied();
        owned.filter(move |id| catalog.entity(*id).reference().kind() == kind)
    }
}
