//! Conditions of a schema, decided by the answers so far: what is left has none.
//!
//! It follows react-jsonschema-form, which draws Backstage's forms.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::schema::accepts;

/// How many values of schemas may be looked at for a page, so that references to references, and
/// to large definitions, come to an end. A template has 250,000 at most.
const MOST_VALUES: usize = 5_000_000;
/// How many values may be copied for parts that refer to definitions.
const MOST_DEFINED_VALUES: usize = 500_000;
/// How deeply conditions may be nested.
const DEEPEST: usize = 32;

/// Decides the conditions of a page.
pub(super) struct Conditions<'a> {
    page: &'a Value,
    values_left: Cell<usize>,
    defined_values_left: Cell<usize>,
}

impl<'a> Conditions<'a> {
    pub(super) fn of(page: &'a Value) -> Self {
        Self {
            page,
            values_left: Cell::new(MOST_VALUES),
            defined_values_left: Cell::new(MOST_DEFINED_VALUES),
        }
    }

    /// The schema that holds for a value.
    pub(super) fn decide(&self, schema: &Value, value: Option<&Value>) -> Map<String, Value> {
        self.resolve(schema, value, 0)
    }

    /// The schema of a part that holds for a value, with the definitions that it may refer to.
    pub(super) fn decide_part(&self, schema: &Value, value: Option<&Value>) -> Map<String, Value> {
        let mut whole = self.decide(schema, value);
        if whole.values().any(has_reference) {
            self.add_definitions(&mut whole);
        }
        whole
    }

    fn resolve(&self, schema: &Value, value: Option<&Value>, depth: usize) -> Map<String, Value> {
        if depth > DEEPEST || !take(&self.values_left, weight(schema)) {
            return Map::new();
        }
        let Some(schema) = schema.as_object() else {
            return Map::new();
        };
        let mut whole = Map::new();
        if let Some(target) = schema
            .get("$ref")
            .and_then(|target| self.referenced(target))
        {
            merge(&mut whole, self.resolve(target, value, depth + 1));
        }
        let own = schema
            .iter()
            .filter(|(keyword, _)| !is_condition(keyword, schema));
        merge(
            &mut whole,
            own.map(|(keyword, value)| (keyword.clone(), value.clone()))
                .collect(),
        );
        for part in list(schema, "allOf") {
            merge(&mut whole, self.resolve(part, value, depth + 1));
        }
        if let Some(branch) = self.branch(schema, value) {
            merge(&mut whole, self.resolve(branch, value, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            if is_condition(keyword, schema)
                && let Some(option) = chosen(list(schema, keyword), value)
            {
                merge(&mut whole, self.resolve(option, value, depth + 1));
            }
        }
        self.depend(schema, value, depth, &mut whole);
        whole
    }

    fn referenced(&self, target: &Value) -> Option<&'a Value> {
        let pointer = target.as_str()?.strip_prefix('#')?;
        self.page.pointer(pointer)
    }

    /// `then` or `else`, as `if` says.
    fn branch<'b>(
        &self,
        schema: &'b Map<String, Value>,
        value: Option<&Value>,
    ) -> Option<&'b Value> {
        let condition = schema.get("if")?;
        let empty = Value::Object(Map::new());
        let condition = self.whole_condition(condition);
        let holds = accepts(&condition, value.unwrap_or(&empty));
        schema.get(if holds { "then" } else { "else" })
    }

    /// A condition together with the definitions that it may refer to.
    fn whole_condition(&self, condition: &Value) -> Value {
        let mut whole = condition.clone();
        if let Value::Object(whole) = &mut whole
            && has_reference(condition)
        {
            self.add_definitions(whole);
        }
        whole
    }

    fn add_definitions(&self, schema: &mut Map<String, Value>) {
        for name in ["definitions", "$defs"] {
            // Without them, a reference takes every value; the page as a whole is looked at, too.
            if let Some(definitions) = self.page.get(name)
                // Weighing them each time would cost what the limit is there to save.
                && self.defined_values_left.get() > 0
                && take(&self.defined_values_left, weight(definitions))
            {
                schema.insert(name.to_owned(), definitions.clone());
            }
        }
    }

    /// What the answers that are there bring along.
    fn depend(
        &self,
        schema: &Map<String, Value>,
        value: Option<&Value>,
        depth: usize,
        whole: &mut Map<String, Value>,
    ) {
        let Some(answers) = value.and_then(Value::as_object) else {
            return;
        };
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            let dependencies = schema.get(keyword).and_then(Value::as_object);
            for (name, dependency) in dependencies.into_iter().flatten() {
                let Some(answer) = answers.get(name) else {
                    continue;
                };
                match dependency {
                    Value::Array(_) => {
                        let required = [("required".to_owned(), dependency.clone())];
                        merge(whole, required.into_iter().collect());
                    }
                    _ => merge(
                        whole,
                        self.dependent(dependency, name, answer, value, depth + 1),
                    ),
                }
            }
        }
    }

    /// The schema that an answer brings along: of `oneOf`, the option whose schema for the
    /// answer fits it.
    fn dependent(
        &self,
        dependency: &Value,
        name: &str,
        answer: &Value,
        siblings: Option<&Value>,
        depth: usize,
    ) -> Map<String, Value> {
        let options = dependency.get("oneOf").and_then(Value::as_array);
        let Some(options) = options else {
            return self.resolve(dependency, siblings, depth);
        };
        let mut rest = dependency.clone();
        if let Value::Object(rest) = &mut rest {
            rest.shift_remove("oneOf");
        }
        let mut whole = self.resolve(&rest, siblings, depth);
        let fitting = options.iter().find(|option| {
            let condition = option.get("properties").and_then(|it| it.get(name));
            condition.is_some_and(|condition| accepts(condition, answer))
        });
        if let Some(option) = fitting {
            let mut option = option.clone();
            if let Some(Value::Object(properties)) = option.get_mut("properties") {
                properties.shift_remove(name);
            }
            merge(&mut whole, self.resolve(&option, siblings, depth));
        }
        whole
    }
}

/// Takes so much of what is left, if there is as much.
fn take(left: &Cell<usize>, amount: usize) -> bool {
    let rest = left.get().checked_sub(amount);
    left.set(rest.unwrap_or_default());
    rest.is_some()
}

/// The values in a schema.
fn weight(schema: &Value) -> usize {
    1 + match schema {
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(entries) => entries.values().map(weight).sum(),
        _ => 0,
    }
}

fn has_reference(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(has_reference),
        Value::Object(entries) => {
            entries.contains_key("$ref") || entries.values().any(has_reference)
        }
        _ => false,
    }
}

/// Whether a keyword is decided. `oneOf` and `anyOf` of plain values are choices, and stay.
fn is_condition(keyword: &str, schema: &Map<String, Value>) -> bool {
    match keyword {
        "oneOf" | "anyOf" => list(schema, keyword).any(|option| {
            ["properties", "required", "$ref", "allOf", "if"]
                .iter()
                .any(|keyword| option.get(keyword).is_some())
        }),
        _ => matches!(
            keyword,
            "$ref"
                | "allOf"
                | "if"
                | "then"
                | "else"
                | "dependencies"
                | "dependentRequired"
                | "dependentSchemas"
        ),
    }
}

fn list<'a>(schema: &'a Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'a Value> {
    let options = schema.get(keyword).and_then(Value::as_array);
    options.into_iter().flatten()
}

/// The option that fits, else the first, which a form shows until another is chosen.
fn chosen<'a>(
    options: impl Iterator<Item = &'a Value>,
    value: Option<&Value>,
) -> Option<&'a Value> {
    let mut first = None;
    for option in options {
        if value.is_some_and(|value| accepts(option, value)) {
            return Some(option);
        }
        first = first.or(Some(option));
    }
    first
}

/// Adds one schema to another: properties one by one, requirements together, the rest anew.
fn merge(whole: &mut Map<String, Value>, part: Map<String, Value>) {
    for (keyword, value) in part {
        match (whole.get_mut(&keyword), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                if keyword == "properties" {
                    for (name, property) in new {
                        match (old.get_mut(&name), property) {
                            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
                            (_, property) => {
                                old.insert(name, property);
                            }
                        }
                    }
                } else {
                    old.extend(new);
                }
            }
            (Some(Value::Array(old)), Value::Array(new)) if keyword == "required" => {
                for name in new {
                    if !old.contains(&name) {
                        old.push(name);
                    }
                }
            }
            (_, value) => {
                whole.insert(keyword, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
