//! A reference leads to no entity of the catalog.
//!
//! The relation is kept and marked, but nothing is behind it: owners cannot be asked, the graph
//! has a hole. Correct the name, declare the entity, or clone the repository that declares it
//! into the workspace.
//!
//! In a workspace of a single repository most references lead elsewhere, so this is a note there.
//! A kind of which the catalog has no entity at all is not reported one by one: see
//! `reference-unchecked`.

use std::collections::HashMap;

use super::{Check, CheckInput, WARNING};
use crate::catalog::Relation;
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::model::{EntityRef, RelationType};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "dangling-reference",
        WARNING,
        include_str!("dangling_reference.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let names = input.catalog.names_by_kind();
    let dangling = input.catalog.dangling();
    let mut suggestions: HashMap<&EntityRef, Option<String>> = HashMap::new();
    dangling
        .iter()
        .filter(|relation| input.catalog.has_kind(relation.target.kind()))
        .map(|relation| {
            let suggestion = suggestions
                .entry(relation.target)
                .or_insert_with(|| suggest(input, &names, relation.target));
            let problem = problem(relation, suggestion.as_deref());
            if input.is_single_repository {
                problem.at_most(Severity::Note)
            } else {
                problem
            }
        })
        .collect()
}

fn problem(relation: &Relation<'_>, suggestion: Option<&str>) -> Diagnostic {
    let target = relation.target.short();
    let message = format!(
        "\"{}\" {} \"{target}\", which is not in the catalog",
        relation.source.short(),
        phrase(relation)
    );
    let problem =
        Diagnostic::new(&CHECK.code, message)
            .help(suggestion.unwrap_or(
                "declare it, correct the name, or clone the repository that declares it",
            ))
            .entity(relation.declared_by.reference())
            .subject(relation.target.as_str());
    match &relation.place {
        Some(place) => problem.at(place.clone()),
        None => problem,
    }
}

/// The relation in a sentence, between its two ends.
fn phrase(relation: &Relation<'_>) -> &'static str {
    match relation.relation {
        RelationType::OwnedBy => "is owned by",
        RelationType::OwnerOf => "owns",
        RelationType::PartOf => "is part of",
        RelationType::HasPart => "has the part",
        RelationType::DependsOn => "depends on",
        RelationType::DependencyOf => "is needed by",
        RelationType::ProvidesApi => "provides",
        RelationType::ApiProvidedBy => "is provided by",
        RelationType::ConsumesApi => "consumes",
        RelationType::ApiConsumedBy => "is consumed by",
        RelationType::ChildOf => "is a child of",
        RelationType::ParentOf => "is the parent of",
        RelationType::MemberOf => "is a member of",
        RelationType::HasMember => "has the member",
    }
}

fn suggest(
    input: &CheckInput<'_>,
    names: &HashMap<&str, Vec<&str>>,
    target: &EntityRef,
) -> Option<String> {
    let of_kind = names.get(target.kind()).into_iter().flatten().copied();
    if let Some(name) = did_you_mean(target.name(), of_kind.filter(|name| *name != target.name())) {
        let meant = EntityRef::new(target.kind(), target.namespace(), name);
        return Some(format!("did you mean \"{}\"?", meant.short()));
    }
    let same_name = input.catalog.resolve(target.name(), &[]).ok().flatten()?;
    Some(format!(
        "there is \"{}\" of that name",
        same_name.entity.reference().short()
    ))
}
