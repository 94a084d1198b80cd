//! Two descriptors declare the same entity.
//!
//! Kind, namespace and name are the same, whatever the case of their letters. Only one of them is
//! in the catalog: a valid one before an invalid one, then the first in byte order of the path. A
//! Backstage keeps whichever it read first. Rename one, delete the one that is left over, or give
//! one another namespace.

use super::{Check, CheckInput, ERROR};
use crate::diagnostic::{Code, Diagnostic};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "duplicate-entity",
        ERROR,
        include_str!("duplicate_entity.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let duplicates = input.catalog.duplicates().iter();
    duplicates
        .map(|duplicate| {
            let kept = input.catalog.entity(duplicate.kept);
            let dropped = &duplicate.dropped;
            let short = dropped.reference().short();
            let message = format!(
                "\"{short}\" is already declared in \"{}\"",
                kept.source().file.path()
            );
            Diagnostic::new(&CHECK.code, message)
                .help("rename or delete one of the two; the catalog has the other one")
                .entity(dropped.reference())
                .subject(kept.source().file.path())
                .at(dropped.place())
                .related(kept.place(), "this one is in the catalog")
        })
        .collect()
}
