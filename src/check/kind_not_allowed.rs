//! A Backstage with its default rules refuses this kind.
//!
//! Without `catalog.rules` of its own, a Backstage takes only Component, API and Location from a
//! repository. Off by default, because nearly every installation allows more; `backstage:
//! {rules: default}` in `devportal.yaml` says that yours does not.

use super::{Check, CheckInput, OFF};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::known_kind;

pub(super) static CHECK: Check = Check {
    code: Code::new("kind-not-allowed", OFF, include_str!("kind_not_allowed.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let entities = input.catalog.entities().iter();
    entities
        .filter(|entity| !known_kind(entity.kind()).is_some_and(|kind| kind.allowed_by_default))
        .map(|entity| {
            Diagnostic::new(
                &CHECK.code,
                format!(
                    "the kind \"{}\" is refused by Backstage's default rules",
                    entity.kind()
                ),
            )
            .help("allow it in \"catalog.rules\" of your app-config.yaml")
            .entity(entity.reference())
            .at(entity.place())
        })
        .collect()
}
