//! Groups are each other's parents.
//!
//! A group that is above itself has no place in the organisation: who owns what below it cannot be
//! told. Correct one `parent` or `children`.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new("group-cycle", WARNING, include_str!("group_cycle.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::cycle::problems(
        input,
        &CHECK.code,
        RelationType::ChildOf,
        "is its own parent",
        "correct one \"parent\" or \"children\"",
    )
}
