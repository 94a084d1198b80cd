//! An entity has no owner.
//!
//! Nobody can be asked about it, and nobody is told when something it needs changes. Where a
//! `CODEOWNERS` file covers its home, the owner is taken from there and marked as derived; the
//! finding gives the line to add to the descriptor. Where Backstage demands an owner and nothing
//! says who it is, the finding is the error `missing-field` alone.

use super::{Check, CheckInput, WARNING};
use crate::catalog::{Catalog, EntityId};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Entity, EntityRef};

pub(super) static CHECK: Check = Check {
    code: Code::new("missing-owner", WARNING, include_str!("missing_owner.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let catalog = input.catalog;
    catalog
        .ids()
        .filter_map(|id| problem(catalog, id))
        .collect()
}

fn problem(catalog: &Catalog, id: EntityId) -> Option<Diagnostic> {
    let entity = catalog.entity(id);
    let template_without =
        entity.reference().kind() == "template" && entity.spec_str("owner").is_none();
    if !Catalog::lacks_owner(entity) && !template_without {
        return None;
    }
    let short = entity.reference().short();
    let problem = match catalog.owner(id) {
        Some(owner) => Diagnostic::new(
            &CHECK.code,
            format!(
                "\"{short}\" names no owner; CODEOWNERS says \"{}\"",
                owner.reference.short()
            ),
        )
        .help(format!(
            "add \"owner: {}\" to \"spec\"",
            as_written(owner.reference)
        )),
        // Where the shape demands an owner, its absence is an error already.
        None if !template_without => return None,
        None => Diagnostic::new(&CHECK.code, format!("\"{short}\" has no owner"))
            .help("add \"owner\" to \"spec\": the name of the group that answers for it"),
    };
    Some(
        problem
            .entity(entity.reference())
            .subject("owner")
            .at(place(entity)),
    )
}

/// The shortest text that means an owner in `spec.owner`.
fn as_written(owner: &EntityRef) -> String {
    if owner.kind() == "group" {
        owner.name().to_owned()
    } else {
        owner.short()
    }
}

fn place(entity: &Entity) -> crate::model::Place {
    let spec = entity.tree().root().and_then(|root| root.entry("spec"));
    spec.map_or_else(|| entity.place(), |(key, _)| entity.place_of(key))
}
