//! Systems, domains or components are parts of each other.
//!
//! Something that is part of itself has no place in the taxonomy. Correct one `system`, `domain`,
//! `subdomainOf` or `subcomponentOf`.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new("taxonomy-cycle", WARNING, include_str!("taxonomy_cycle.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::cycle::problems(
        input,
        &CHECK.code,
        RelationType::PartOf,
        "is a part of itself",
        "correct one of the fields that say what is part of what",
    )
}
