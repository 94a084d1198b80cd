//! Defaults, taken as the form of Backstage takes them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::parameter::{self, Parameter};
use crate::scaffold::Manifest;

/// How often a default may bring along parameters with defaults.
const MOST_ROUNDS: usize = 32;

/// Which parameters take their default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defaults {
    /// Those that need not be answered.
    WhereOptional,
    /// All that have one.
    All,
}

/// Gives parameters without a value their default. Returns their names.
pub(super) fn fill(
    manifest: &Manifest,
    values: &mut Map<String, Value>,
    rule: Defaults,
) -> BTreeSet<String> {
    let mut defaulted = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let mut is_done = true;
        for parameter in parameter::parameters(manifest, values) {
            let Some(default) = taken(&parameter, rule) else {
                continue;
            };
            if parameter::value(values, &parameter.path).is_some() {
                continue;
            }
            if parameter::insert(values, &parameter.path, default.clone()) {
                defaulted.insert(parameter.name());
                is_done = false;
            }
        }
        if is_done {
            break;
        }
    }
    // The form makes every group, with nothing in it where nothing is answered.
    for group in parameter::parameters(manifest, values) {
        if group.is_group && parameter::value(values, &group.path).is_none() {
            parameter::insert(values, &group.path, Value::Object(Map::new()));
        }
    }
    defaulted
}

fn taken(parameter: &Parameter, rule: Defaults) -> Option<&Value> {
    let default = parameter.default.as_ref().filter(|it| !it.is_null());
    // What holds parameters together has none of its own: each of them looks for itself.
    default.filter(|_| !parameter.is_group && (rule == Defaults::All || !parameter.is_required))
}
