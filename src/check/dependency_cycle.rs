//! Entities depend on each other in a circle.
//!
//! None of them can be started, tested or moved without all the others. The finding shows a
//! shortest circle; where more entities are entangled, it says how many. Turn one of the
//! dependencies round, or move what both need into a third.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "dependency-cycle",
        WARNING,
        include_str!("dependency_cycle.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::cycle::problems(
        input,
        &CHECK.code,
        RelationType::DependsOn,
        "depends on itself",
        "break one of these dependencies",
    )
}
