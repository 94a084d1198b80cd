//! One value merged into another, as Roadie's actions do with lodash's `mergeWith`.

use serde_json::Value;

/// What becomes of a list that has a value put over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    /// The value takes its place.
    Replaced,
    /// The value, or what is in it where it is a list, is added; texts and numbers only once.
    Joined,
}

impl Lists {
    /// What `mergeArrays` asks for.
    pub(super) fn of_input(merge_arrays: Option<bool>) -> Self {
        if merge_arrays.unwrap_or(false) {
            Self::Joined
        } else {
            Self::Replaced
        }
    }
}

/// Merges `source` into `target`: mappings key by key, everything else by taking its place.
pub(super) fn merge(target: &mut Value, source: Value, lists: Lists) {
    match (target, source) {
        (Value::Array(items), source) if lists == Lists::Joined => join(items, source),
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                match target.get_mut(&key) {
                    Some(old) => merge(old, value, lists),
                    None => {
                        target.insert(key, value);
                    }
                }
            }
        }
        (target, source) => *target = source,
    }
}

fn join(items: &mut Vec<Value>, source: Value) {
    let added = match source {
        Value::Array(added) => added,
        other => vec![other],
    };
    let all = std::mem::take(items).into_iter().chain(added);
    let mut seen = std::collections::HashSet::new();
    items.extend(all.filter(|item| {
        // Lists and mappings are never the same one, as in JavaScript.
        item.is_array() || item.is_object() || seen.insert(item.to_string())
    }));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Lists, merge};

    /// The answers are those of lodash with Roadie's customisers.
    #[test]
    fn values_are_merged_as_lodash_does() {
        for (target, source, lists, expected) in [
            (
                json!({"a": {"b": 1, "c": 2}, "d": 3}),
                json!({"a": {"c": 4, "e": 5}}),
                Lists::Replaced,
                json!({"a": {"b": 1, "c": 4, "e": 5}, "d": 3}),
            ),
            (
                json!({"a": [1, 2, 3]}),
                json!({"a": [4]}),
                Lists::Replaced,
                json!({"a": [4]}),
            ),
            (
                json!({"a": [1, 2, {"b": 1}]}),
                json!({"a": [2, 3, {"b": 1}]}),
                Lists::Joined,
                json!({"a": [1, 2, {"b": 1}, 3, {"b": 1}]}),
            ),
            (
                json!({"a": ["x"]}),
                json!({"a": "y"}),
                Lists::Joined,
                json!({"a": ["x", "y"]}),
            ),
            (
                json!({"a": {"b": 1}}),
                json!({"a": [1]}),
                Lists::Joined,
                json!({"a": [1]}),
            ),
            (
                json!({"a": {"b": 1}}),
                json!({"a": null}),
                Lists::Replaced,
                json!({"a": null}),
            ),
            (
                json!({"a": 1}),
                json!({"a": {"b": 1}}),
                Lists::Replaced,
                json!({"a": {"b": 1}}),
            ),
        ] {
            let mut merged = target;
            merge(&mut merged, source, lists);
            assert_eq!(merged, expected);
        }
    }
}
