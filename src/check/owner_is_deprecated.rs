//! An entity is owned by a group that is deprecated.
//!
//! A group counts as deprecated when its `spec.lifecycle` says so or it has the tag
//! `deprecated`: it is about to be dissolved, and what it owns needs a new owner.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Entity, RelationType};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "owner-is-deprecated",
        WARNING,
        include_str!("owner_is_deprecated.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let groups = input
        .catalog
        .entities()
        .iter()
        .filter(|entity| entity.reference().kind() == "group" && is_deprecated(entity));
    for id in groups.filter_map(|group| input.catalog.id(group.reference())) {
        for relation in input.catalog.relations_of(id) {
            let Some(place) = relation
                .place
                .clone()
                .filter(|_| relation.relation == RelationType::OwnerOf)
            else {
                continue;
            };
            let message = format!(
                "\"{}\" is owned by \"{}\", which is deprecated",
                relation.target.short(),
                relation.source.short()
            );
            let problem =
                Diagnostic::new(&CHECK.code, message).help("name the group that takes it over");
            problems.push(
                problem
                    .entity(relation.target)
                    .subject(relation.source.as_str())
                    .at(place),
            );
        }
    }
    problems
}

fn is_deprecated(group: &Entity) -> bool {
    group.spec_str("lifecycle") == Some("deprecated") || group.tags().any(|tag| tag == "deprecated")
}
