//! What the checks of APIs have in common: those that nobody is related to.

use super::CheckInput;
use crate::model::{Entity, RelationType};

/// The APIs without a relation of that type; none where most of the organisation is not in sight.
pub(super) fn without<'a>(
    input: &'a CheckInput<'_>,
    relation: RelationType,
) -> impl Iterator<Item = &'a Entity> {
    let catalog = input.catalog;
    let apis = catalog
        .entities()
        .iter()
        .filter(|entity| entity.reference().kind() == "api" && !input.is_single_repository);
    apis.filter(move |api| {
        catalog
            .id(api.reference())
            .is_some_and(|id| !catalog.has_relation(id, relation))
    })
}
