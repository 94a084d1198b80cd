//! Nobody consumes an API.
//!
//! Either its consumers do not say so (`consumesApis`), and cannot be told when it changes, or
//! it could be retired. Not checked in a workspace of a single repository.

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "api-without-consumers",
        NOTE,
        include_str!("api_without_consumers.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::api::without(input, RelationType::ApiConsumedBy)
        .map(|api| {
            Diagnostic::new(
                &CHECK.code,
                format!("nobody consumes \"{}\"", api.reference().short()),
            )
            .help("add it to \"consumesApis\" of what uses it, or retire it")
            .entity(api.reference())
            .at(api.place())
        })
        .collect()
}
