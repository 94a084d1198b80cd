//! What an entity has, and in which state it is.

use std::collections::HashSet;

use super::fact::is_known;
use super::{Qualifier, fact_of_field};
use crate::catalog::{Catalog, EntityId};
use crate::diagnostic::did_you_mean;
use crate::model::{EntityRef, RelationType};
use crate::query::error::Problem;
use crate::query::matcher::{Matcher, QueryContext, certain};

pub(super) const HAS: Qualifier = Qualifier {
    name: "has",
    key: None,
    value: "FIELD",
    about: "with anything in that field: see below",
    example: "kind:component has:consumesApi",
    compile: |context, operand| has(context, &operand.value.text),
};

pub(super) const IS: Qualifier = Qualifier {
    name: "is",
    key: None,
    value: "STATE",
    about: "in that state: see below",
    example: "is:deprecated",
    compile: |context, operand| {
        let name = operand.value.text.to_lowercase();
        let state = STATES.iter().find(|state| state.name == name);
        let Some(state) = state else {
            let names = STATES.iter().map(|state| state.name);
            let problem = Problem::new(format!("there is no state \"{name}\""));
            return Err(problem.or_meant(did_you_mean(&name, names.clone()), || {
                format!("states are {}", names.collect::<Vec<_>>().join(", "))
            }));
        };
        Ok((state.compile)(context))
    },
};

/// Something that can be true of an entity.
#[derive(Debug)]
pub struct State {
    /// What stands after `is:`.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    compile: for<'a> fn(&QueryContext<'a>) -> Matcher<'a>,
}

/// All states.
pub static STATES: &[State] = &[
    State {
        name: "orphan",
        about: "related to nothing but its owner",
        compile: |context| each(context.catalog, is_orphan),
    },
    State {
        name: "unowned",
        about: "owned by nobody, or by somebody whom the catalog does not have",
        compile: |context| each(context.catalog, is_unowned),
    },
    State {
        name: "invalid",
        about: "refused by Backstage",
        compile: |context| {
            each(context.catalog, |catalog, id| {
                !catalog.entity(id).is_valid()
            })
        },
    },
    State {
        name: "duplicate",
        about: "declared more than once",
        compile: |context| {
            let twice = context.catalog.duplicates().iter().map(|twice| twice.kept);
            among(twice.collect())
        },
    },
    State {
        name: "dangling",
        about: "naming something that the catalog does not have",
        compile: |context| {
            let catalog = context.catalog;
            let dangling = catalog.dangling();
            let sources = dangling.iter().map(|it| it.declared_by.reference());
            among(sources.filter_map(|it| catalog.id(it)).collect())
        },
    },
    State {
        name: "deprecated",
        about: "of the lifecycle `deprecated`",
        compile: |context| {
            each(context.catalog, |catalog, id| {
                let lifecycle = catalog.entity(id).spec_str("lifecycle");
                lifecycle.is_some_and(|it| it.eq_ignore_ascii_case("deprecated"))
            })
        },
    },
    State {
        name: "undocumented",
        about: "a component whose home is in sight and has no documentation",
        compile: |context| {
            let without = (context.documented)().without;
            each(context.catalog, move |catalog, id| {
                catalog.entity(id).reference().kind() == "component" && without.contains(&id)
            })
        },
    },
];

/// What can stand after `has:`, besides the types of relations, `label.KEY`, `annotation.KEY`,
/// `spec.FIELD` and `fact.NAME`.
pub const HAS_FIELDS: [&str; 12] = [
    "annotations",
    "description",
    "docs",
    "domain",
    "labels",
    "lifecycle",
    "links",
    "owner",
    "system",
    "tags",
    "title",
    "type",
];

fn has<'a>(context: &QueryContext<'a>, field: &'a str) -> Result<Matcher<'a>, Problem> {
    let catalog = context.catalog;
    let named = |relation: &RelationType| relation.name().eq_ignore_ascii_case(field);
    if let Some(relation) = RelationType::ALL.into_iter().find(named) {
        return Ok(certain(move |id| catalog.has_relation(id, relation)));
    }
    if let Some(key) = fact_of_field(field) {
        return is_known(context, key);
    }
    if let Some((base, key)) = field.split_once('.') {
        return has_key(catalog, base, key).ok_or_else(|| unknown_field(field));
    }
    let parent = |kind: &'static str| {
        each(catalog, move |catalog, id| {
            let mut parents = catalog.related(id, RelationType::PartOf).into_iter();
            parents.any(|parent| parent.kind() == kind)
        })
    };
    Ok(match field.to_lowercase().as_str() {
        "annotations" => each(catalog, |it, id| {
            it.entity(id).annotations().next().is_some()
        }),
        "description" => each(catalog, |it, id| is_text(it.entity(id).description())),
        "docs" => among((context.documented)().with),
        "domain" => parent("domain"),
        "labels" => each(catalog, |it, id| it.entity(id).labels().next().is_some()),
        "lifecycle" => each(catalog, |it, id| {
            is_text(it.entity(id).spec_str("lifecycle"))
        }),
        "links" => each(catalog, |it, id| it.entity(id).links().next().is_some()),
        "owner" => each(catalog, |it, id| it.owner(id).is_some()),
        "system" => parent("system"),
        "tags" => each(catalog, |it, id| it.entity(id).tags().next().is_some()),
        "title" => each(catalog, |it, id| is_text(it.entity(id).title())),
        "type" => each(catalog, |it, id| is_text(it.entity(id).spec_str("type"))),
        _ => return Err(unknown_field(field)),
    })
}

fn has_key<'a>(catalog: &'a Catalog, base: &str, key: &'a str) -> Option<Matcher<'a>> {
    Some(match base.to_lowercase().as_str() {
        "label" => each(catalog, move |catalog, id| {
            catalog.entity(id).labels().any(|(name, _)| name == key)
        }),
        "annotation" => each(catalog, move |catalog, id| {
            catalog.entity(id).annotation(key).is_some()
        }),
        "spec" => each(catalog, move |catalog, id| {
            let field = catalog.entity(id).spec_field(key);
            field.is_some_and(|field| !field.is_null())
        }),
        _ => return None,
    })
}

fn unknown_field(field: &str) -> Problem {
    let relations = RelationType::ALL.into_iter().map(RelationType::name);
    let names = HAS_FIELDS.into_iter().chain(relations);
    let problem = Problem::new(format!("there is no field \"{field}\""));
    problem.or_meant(did_you_mean(field, names), || {
        let names = HAS_FIELDS.join(", ");
        format!(
            "fields are {names}, relations, label.KEY, annotation.KEY, spec.FIELD and fact.NAME"
        )
    })
}

fn is_text(field: Option<&str>) -> bool {
    field.is_some_and(|text| !text.trim().is_empty())
}

fn each<'a>(catalog: &'a Catalog, fits: impl Fn(&Catalog, EntityId) -> bool + 'a) -> Matcher<'a> {
    certain(move |id| fits(catalog, id))
}

fn among<'a>(entities: HashSet<EntityId>) -> Matcher<'a> {
    certain(move |id| entities.contains(&id))
}

/// Groups and users are what others belong to, and a location belongs to nothing.
fn is_orphan(catalog: &Catalog, id: EntityId) -> bool {
    let kind = catalog.entity(id).reference().kind();
    let mut relations = RelationType::ALL.into_iter();
    kind != "location"
        && !relations.any(|it| it != RelationType::OwnedBy && catalog.has_relation(id, it))
}

fn is_unowned(catalog: &Catalog, id: EntityId) -> bool {
    let is_owned_kind = Catalog::is_owned_kind(catalog.entity(id).reference());
    let is_known =
        |owner: &EntityRef| catalog.get(owner).is_some() || !catalog.has_kind(owner.kind());
    is_owned_kind
        && catalog
            .owner(id)
            .is_none_or(|owner| !is_known(owner.reference))
}
