//! Nobody provides an API.
//!
//! Which component answers it, and breaks it, is not known. Add it to `providesApis` of the
//! component that implements it. Not checked in a workspace of a single repository.

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::RelationType;

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "api-without-providers",
        NOTE,
        include_str!("api_without_providers.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    super::api::without(input, RelationType::ApiProvidedBy)
        .map(|api| {
            Diagnostic::new(
                &CHECK.code,
                format!("nobody provides \"{}\"", api.reference().short()),
            )
            .help("add it to \"providesApis\" of the component that implements it")
            .entity(api.reference())
            .at(api.place())
        })
        .collect()
}
