//! JSON Schema as templates write it: brought into a form that can be enforced.

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Map, Value};

/// The most bytes that a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;
/// How often a pattern with look-around may go back, so that none takes forever.
const MOST_BACKTRACKING: usize = 100_000;
/// How deeply schemas may be nested.
const DEEPEST: usize = 64;

/// A schema, ready to be enforced.
///
/// # Errors
/// The pattern or reference that cannot be used.
pub(super) fn compile(schema: &Value) -> Result<Validator, String> {
    let patterns = PatternOptions::fancy_regex()
        .size_limit(LARGEST_PATTERN)
        .backtrack_limit(MOST_BACKTRACKING);
    jsonschema::options()
        .with_draft(Draft::Draft7)
        .should_validate_formats(false)
        .with_pattern_options(patterns)
        .build(&enforceable(schema, schema, 0))
        .map_err(|error| error.to_string())
}

/// Whether a value fits; one that cannot be enforced fits nothing.
pub(super) fn accepts(schema: &Value, value: &Value) -> bool {
    if let Some(simple) = accepts_simply(schema, value) {
        return simple;
    }
    compile(schema).is_ok_and(|validator| validator.is_valid(value))
}

/// The same for the schemas of almost all conditions, which ask for one of some values.
fn accepts_simply(schema: &Value, value: &Value) -> Option<bool> {
    let schema = schema.as_object()?;
    let mut fits = true;
    for (keyword, wanted) in schema {
        match keyword.as_str() {
            "const" => fits &= wanted == value,
            "enum" => fits &= wanted.as_array()?.contains(value),
            "title" | "description" | "default" => {}
            _ => return None,
        }
    }
    Some(fits)
}

/// The schema without what only the form understands, and without what no schema may have: the
/// form overlooks `required: true` and unknown types, so they must not stop anything here.
fn enforceable(schema: &Value, root: &Value, depth: usize) -> Value {
    let Value::Object(schema) = schema else {
        return match schema {
            Value::Bool(_) => schema.clone(),
            _ => Value::Bool(true),
        };
    };
    if depth > DEEPEST {
        return Value::Bool(true);
    }
    let entries = schema.iter().filter_map(|(keyword, value)| {
        keyword_value(keyword, value, root, depth).map(|value| (keyword.clone(), value))
    });
    Value::Object(entries.collect())
}

fn keyword_value(keyword: &str, value: &Value, root: &Value, depth: usize) -> Option<Value> {
    let below = |value: &Value| enforceable(value, root, depth + 1);
    let each_below = |schemas: &Map<String, Value>| {
        let schemas = schemas.iter();
        let schemas = schemas.map(|(name, schema)| (name.clone(), below(schema)));
        Value::Object(schemas.collect())
    };
    match keyword {
        "type" => is_type(value).then(|| value.clone()),
        "const" => Some(value.clone()),
        "enum" => value.is_array().then(|| value.clone()),
        "pattern" => value.is_string().then(|| value.clone()),
        "$ref" => leads_somewhere(value, root).then(|| value.clone()),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64().then(|| value.clone())
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            value.is_number().then(|| value.clone())
        }
        "multipleOf" => value
            .as_f64()
            .is_some_and(|number| number > 0.0)
            .then(|| value.clone()),
        "uniqueItems" => value.is_boolean().then(|| value.clone()),
        "required" => is_list_of_names(value).then(|| value.clone()),
        "properties" | "patternProperties" | "definitions" | "$defs" => {
            value.as_object().map(each_below)
        }
        "dependencies" => {
            let dependencies = value.as_object()?.iter().map(|(name, dependency)| {
                let dependency = if is_list_of_names(dependency) {
                    dependency.clone()
                } else {
                    below(dependency)
                };
                (name.clone(), dependency)
            });
            Some(Value::Object(dependencies.collect()))
        }
        "allOf" | "anyOf" | "oneOf" => {
            let schemas = value.as_array().filter(|schemas| !schemas.is_empty())?;
            Some(schemas.iter().map(below).collect())
        }
        "items" => Some(match value {
            Value::Array(items) => items.iter().map(below).collect(),
            _ => below(value),
        }),
        "additionalItems"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "not" => Some(below(value)),
        _ => None,
    }
}

/// Whether a reference names a schema of this document that is enforced, too.
fn leads_somewhere(reference: &Value, root: &Value) -> bool {
    let pointer = reference.as_str().and_then(|it| it.strip_prefix('#'));
    pointer.is_some_and(|pointer| {
        let first = pointer.split('/').nth(1).unwrap_or_default();
        matches!(first, "" | "definitions" | "$defs" | "properties")
            && root.pointer(pointer).is_some()
    })
}

fn is_list_of_names(value: &Value) -> bool {
    let names = value.as_array();
    names.is_some_and(|names| {
        let mut told = std::collections::HashSet::new();
        names
            .iter()
            .all(|name| name.as_str().is_some_and(|name| told.insert(name)))
    })
}

fn is_type(value: &Value) -> bool {
    const TYPES: [&str; 7] = [
        "array", "boolean", "integer", "null", "number", "object", "string",
    ];
    let is_name = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Value::Array(types) => is_list_of_names(value) && types.iter().all(is_name),
        _ => is_name(value),
    }
}

/// The JSON type that a schema asks for: what it says, else what the rest of it implies.
pub(super) fn type_of(schema: &Map<String, Value>) -> &str {
    let named = match schema.get("type") {
        Some(Value::String(name)) => Some(name.as_str()),
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str);
            names.find(|name| *name != "null")
        }
        _ => None,
    };
    named.unwrap_or_else(|| {
        if schema.contains_key("properties") {
            return "object";
        }
        if schema.contains_key("items") {
            return "array";
        }
        let first = schema.get("enum").and_then(|values| values.get(0));
        match first.or_else(|| schema.get("const")) {
            Some(Value::Bool(_)) => "boolean",
            Some(Value::Number(_)) => "number",
            _ => "string",
        }
    })
}

/// A hint of the form: `ui:NAME`, or NAME of `ui:options`.
pub(super) fn hint<'a>(schema: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    schema.get(&format!("ui:{name}")).or_else(|| {
        let options = schema.get("ui:options")?;
        options.get(name)
    })
}

/// A hint of the form that is a text.
pub(super) fn text_hint<'a>(schema: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    hint(schema, name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests;
