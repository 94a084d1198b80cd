//! Where an entity belongs: its system and its domain.

use std::collections::HashSet;

use super::Qualifier;
use super::relation::{known_reference, named};
use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::model::RelationType;
use crate::query::error::Problem;
use crate::query::matcher::{Matcher, certain};
use crate::query::value::Value;

pub(super) const SYSTEM: Qualifier = Qualifier {
    name: "system",
    key: None,
    value: "REF",
    about: "directly part of that system",
    example: "system:payments kind:component",
    compile: |context, operand| part_of(context.catalog, operand.value, "system"),
};

pub(super) const DOMAIN: Qualifier = Qualifier {
    name: "domain",
    key: None,
    value: "REF",
    about: "directly part of that domain",
    example: "domain:checkout",
    compile: |context, operand| part_of(context.catalog, operand.value, "domain"),
};

pub(super) const IN: Qualifier = Qualifier {
    name: "in",
    key: None,
    value: "REF",
    about: "anywhere below that system, domain or component",
    example: "in:checkout type:database",
    compile: |context, operand| {
        let catalog = context.catalog;
        let kinds = ["domain", "system", "component"];
        known_reference(catalog, operand.value, std::iter::empty, &kinds)?;
        // A short name means the widest thing that has it.
        let tops = kinds.iter().map(|kind| named(catalog, operand.value, kind));
        let tops = tops
            .into_iter()
            .find(|tops| !tops.is_empty())
            .unwrap_or_default();
        let below = catalog.closure(&tops, RelationSet::from_iter([RelationType::HasPart]));
        let below: HashSet<EntityId> = below.into_iter().filter(|id| !tops.contains(id)).collect();
        Ok(certain(move |id| below.contains(&id)))
    },
};

fn part_of<'a>(
    catalog: &'a Catalog,
    value: &'a Value,
    kind: &'static str,
) -> Result<Matcher<'a>, Problem> {
    let parents = || {
        let parents = catalog
            .ids()
            .flat_map(|id| catalog.related(id, RelationType::PartOf));
        parents.filter(|parent| parent.kind() == kind)
    };
    known_reference(catalog, value, parents, &[kind])?;
    Ok(certain(move |id| {
        let mut parents = catalog.related(id, RelationType::PartOf).into_iter();
        parents.any(|parent| parent.kind() == kind && value.names(parent))
    }))
}
