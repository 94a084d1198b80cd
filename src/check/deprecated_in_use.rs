//! Something deprecated is still in use.
//!
//! It is going to be switched off. Whoever needs it has to move to its successor first; its
//! owner has to know who they are. What is deprecated itself may keep what it needs.

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "deprecated-in-use",
        NOTE,
        include_str!("deprecated_in_use.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::lifecycle::uses(input, |user, used| {
        user != Some("deprecated") && used == Some("deprecated")
    })
    .into_iter()
    .map(|found| {
        let message = format!(
            "\"{}\" needs \"{}\", which is deprecated",
            found.user, found.used
        );
        found
            .problem(&CHECK.code, message)
            .help("move to its successor")
    })
    .collect()
}
