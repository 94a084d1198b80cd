//! Two names look alike.
//!
//! The names are different but cannot be told apart by eye: `payments-l` and `payments-I`, or a
//! Cyrillic letter among Latin ones. That is a mistake or a trap. Rename one.
//!
//! Names are compared by the skeletons of Unicode Technical Standard 39.

use std::collections::BTreeMap;

use unicode_security::confusable_detection::skeleton;

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Entity;

pub(super) static CHECK: Check = Check {
    code: Code::new("lookalike-name", WARNING, include_str!("lookalike_name.rs")),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    let mut alike: BTreeMap<(&str, String), Vec<&Entity>> = BTreeMap::new();
    for entity in input.catalog.entities() {
        let look = (
            entity.reference().kind(),
            skeleton(entity.reference().name()).collect(),
        );
        alike.entry(look).or_default().push(entity);
    }
    let groups = alike.into_values().filter(|group| group.len() > 1);
    groups.flat_map(|group| problems(&group)).collect()
}

fn problems(group: &[&Entity]) -> Vec<Diagnostic> {
    let Some((first, others)) = group.split_first() else {
        return Vec::new();
    };
    let different = others
        .iter()
        .filter(|other| other.reference().name() != first.reference().name());
    different
        .map(|other| {
            let message = format!(
                "\"{}\" looks like \"{}\"",
                other.reference().short(),
                first.reference().short()
            );
            Diagnostic::new(&CHECK.code, message)
                .help("rename one of them")
                .entity(other.reference())
                .subject(first.reference().as_str())
                .at(other.place())
                .related(first.place(), "the other one")
        })
        .collect()
}
