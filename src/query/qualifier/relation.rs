//! What an entity is related to, directly and over any distance.

use super::Qualifier;
use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::diagnostic::did_you_mean;
use crate::model::{EntityRef, RelationType};
use crate::query::error::Problem;
use crate::query::matcher::{Matcher, QueryContext, certain};
use crate::query::value::Value;

pub(super) const DEPENDENCIES_OF: Qualifier = Qualifier {
    name: "dependencies-of",
    key: None,
    value: "REF",
    about: "what it needs, over any distance: `dependsOn`, `consumesApi` and who provides that API",
    example: "dependencies-of:refunds kind:resource",
    compile: |context, operand| {
        connected(context.catalog, operand.value, RelationSet::dependencies())
    },
};

pub(super) const DEPENDENTS_OF: Qualifier = Qualifier {
    name: "dependents-of",
    key: None,
    value: "REF",
    about: "what needs it, over any distance",
    example: "dependents-of:payments-database kind:component",
    compile: |context, operand| {
        let inverse = RelationSet::dependencies().inverse();
        connected(context.catalog, operand.value, inverse)
    },
};

/// Entities that have a relation of that type to what a value names.
pub(super) fn compile<'a>(
    context: &QueryContext<'a>,
    relation: RelationType,
    value: &'a Value,
) -> Result<Matcher<'a>, Problem> {
    let catalog = context.catalog;
    let targets = || {
        catalog
            .ids()
            .flat_map(move |id| catalog.related(id, relation))
    };
    known_reference(catalog, value, targets, &[])?;
    Ok(certain(move |id| {
        let mut targets = catalog.related(id, relation).into_iter();
        targets.any(|target| value.names(target))
    }))
}

fn connected<'a>(
    catalog: &'a Catalog,
    value: &'a Value,
    relations: RelationSet,
) -> Result<Matcher<'a>, Problem> {
    known_reference(catalog, value, std::iter::empty, &[])?;
    let starts: Vec<EntityId> = if value.is_pattern() {
        named_ids(catalog, value).collect()
    } else {
        let found = catalog.resolve(&value.text, &[]).ok().flatten();
        let found = found.and_then(|found| catalog.id(found.entity.reference()));
        found.into_iter().collect()
    };
    let mut reached = catalog.closure(&starts, relations);
    for start in &starts {
        reached.remove(start);
    }
    Ok(certain(move |id| reached.contains(&id)))
}

/// The entities of a kind that a value names.
pub(super) fn named(catalog: &Catalog, value: &Value, kind: &str) -> Vec<EntityId> {
    let of_kind = |id: &EntityId| catalog.entity(*id).reference().kind() == kind;
    named_ids(catalog, value).filter(of_kind).collect()
}

fn named_ids<'a>(
    catalog: &'a Catalog,
    value: &'a Value,
) -> impl Iterator<Item = EntityId> + use<'a> {
    let is_named = |id: &EntityId| value.names(catalog.entity(*id).reference());
    catalog.ids().filter(is_named)
}

/// Refuses a reference that no entity has and no descriptor names; patterns may find nothing.
///
/// `mentioned` are references that count although they lead to no entity, and `kinds` those
/// that the place accepts; none accepts all.
pub(super) fn known_reference<'a, Mentioned>(
    catalog: &'a Catalog,
    value: &Value,
    mentioned: impl FnOnce() -> Mentioned,
    kinds: &[&str],
) -> Result<(), Problem>
where
    Mentioned: Iterator<Item = &'a EntityRef>,
{
    let accepted = |reference: &EntityRef| kinds.is_empty() || kinds.contains(&reference.kind());
    let references = || {
        let entities = catalog
            .entities()
            .iter()
            .map(crate::model::Entity::reference);
        entities.filter(|reference| accepted(reference))
    };
    if value.is_pattern()
        || references().any(|reference| value.names(reference))
        || mentioned().any(|reference| value.names(reference))
    {
        return Ok(());
    }
    let what = match kinds {
        [] => "entity",
        [kind] => kind,
        _ => kinds.first().copied().unwrap_or("entity"),
    };
    let name = value.text.rsplit([':', '/']).next().unwrap_or_default();
    let problem = Problem::new(format!("there is no {what} \"{}\"", value.text));
    let meant = did_you_mean(name, references().map(EntityRef::name));
    Err(match meant {
        Some(meant) => problem.help(format!("did you mean \"{meant}\"?")),
        None => problem,
    })
}
