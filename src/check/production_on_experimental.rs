//! Something in production depends on something experimental.
//!
//! What is experimental may change or vanish without notice, and takes production with it. Make
//! the dependency production as well, or do without it.

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "production-on-experimental",
        NOTE,
        include_str!("production_on_experimental.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::lifecycle::uses(input, |user, used| {
        user == Some("production") && used == Some("experimental")
    })
    .into_iter()
    .map(|found| {
        let message = format!(
            "\"{}\" is in production and needs \"{}\", which is experimental",
            found.user, found.used
        );
        found
            .problem(&CHECK.code, message)
            .help("make the dependency production, or do without it")
    })
    .collect()
}
