//! An entity is owned by a person.
//!
//! People change teams and leave; what they own is then nobody's. Let a group own it, even one
//! with a single member.

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new("owner-is-user", NOTE, include_str!("owner_is_user.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for relation in input.catalog.relations() {
        let Some(place) = relation.place.clone() else {
            continue;
        };
        if relation.relation == RelationType::OwnedBy && relation.target.kind() == "user" {
            let message = format!(
                "\"{}\" is owned by a person, \"{}\"",
                relation.source.short(),
                relation.target.short()
            );
            let problem = Diagnostic::new(&CHECK.code, message).help("name a group instead");
            problems.push(
                problem
                    .entity(relation.source)
                    .subject(relation.target.as_str())
                    .at(place),
            );
        }
    }
    problems
}
