//! References to a kind of which the catalog has no entity were not checked.
//!
//! Teams often live in another system (Microsoft Entra, LDAP, GitHub) from which a Backstage
//! fetches them. Where no entity of a kind is in sight, saying of each reference that it leads
//! nowhere would help nobody. Declare the entities in a repository of the workspace to have the
//! references checked.

use std::collections::BTreeMap;

use super::{Check, CheckInput, NOTE};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::KINDS;

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "reference-unchecked",
        NOTE,
        include_str!("reference_unchecked.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let mut unchecked: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let dangling = input.catalog.dangling();
    for relation in dangling
        .iter()
        .filter(|relation| !input.catalog.has_kind(relation.target.kind()))
    {
        *unchecked
            .entry((relation.target.kind(), relation.relation.name()))
            .or_default() += 1;
    }
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((kind, relation), count) in unchecked {
        kinds
            .entry(kind)
            .or_default()
            .push(format!("{count} {relation}"));
    }
    kinds
        .into_iter()
        .map(|(kind, counts)| {
            let name = KINDS
                .iter()
                .find(|known| known.name.eq_ignore_ascii_case(kind))
                .map_or(kind, |known| known.name);
            let message = format!("no {name} is in sight; unchecked: {}", counts.join(", "));
            Diagnostic::new(&CHECK.code, message).subject(kind)
        })
        .collect()
}
