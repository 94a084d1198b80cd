//! Parameters one by one, with the conditions of their pages decided.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::condition::Conditions;
use super::schema::{text_hint, type_of};
use crate::scaffold::Manifest;

/// How deeply parameters may be nested.
const DEEPEST: usize = 32;

/// A parameter that holds for some answers.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// The names that lead to it.
    pub(super) path: Vec<String>,
    /// The number of its page, from 0.
    pub(super) page: usize,
    /// Its schema.
    pub(super) schema: Map<String, Value>,
    /// Whether it must be answered.
    pub(super) is_required: bool,
    /// Its default.
    pub(super) default: Option<Value>,
    /// Whether it is only what holds other parameters together.
    pub(super) is_group: bool,
}

impl Parameter {
    /// The names with `.` between them.
    pub(super) fn name(&self) -> String {
        self.path.join(".")
    }

    pub(super) fn last_name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Whether its value is kept apart from the answers.
    pub(super) fn is_secret(&self) -> bool {
        text_hint(&self.schema, "field") == Some("Secret")
    }

    /// Whether its value is not to be shown.
    pub(super) fn is_hidden(&self) -> bool {
        self.is_secret() || text_hint(&self.schema, "widget") == Some("password")
    }
}

/// The parameters that hold for some answers, page by page, each once. Those that hold others
/// together come before them.
pub(super) fn parameters(manifest: &Manifest, values: &Map<String, Value>) -> Vec<Parameter> {
    let whole = Value::Object(values.clone());
    let mut found = Found::default();
    for (number, page) in manifest.pages.iter().enumerate() {
        if has_feature_flag(&page.schema) {
            continue;
        }
        let conditions = Conditions::of(&page.schema);
        let schema = conditions.decide(&page.schema, Some(&whole));
        let group = Group {
            page: number,
            path: &[],
            default: None,
        };
        found.properties(&conditions, &schema, Some(&whole), &group);
        // A page may require what only a condition that does not hold declares, or nothing.
        for name in required_names(&schema) {
            found.add_undeclared(&page.schema, vec![name.to_owned()], number);
        }
    }
    found.parameters
}

/// The schema of a parameter under any condition.
pub(super) fn possible_schema(manifest: &Manifest, path: &[String]) -> Option<Map<String, Value>> {
    let mut pages = manifest.pages.iter();
    pages.find_map(|page| anywhere(&page.schema, path))
}

/// The names of all parameters under any condition, at the top.
pub(super) fn possible_names(manifest: &Manifest) -> Vec<String> {
    let mut names = Vec::new();
    for page in &manifest.pages {
        for schema in every_part(&page.schema) {
            let properties = schema.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flat_map(Map::keys).cloned());
            let required = schema.as_object().into_iter().flat_map(required_names);
            names.extend(required.map(str::to_owned));
        }
    }
    names
}

/// The parameters of all pages under any condition, each once, without groups.
pub(super) fn possible_parameters(manifest: &Manifest) -> Vec<Parameter> {
    let mut found = Found::default();
    for (number, page) in manifest.pages.iter().enumerate() {
        found.anything(&page.schema, &[], number);
    }
    found.parameters.retain(|parameter| !parameter.is_group);
    found.parameters
}

/// The names in each group of parameters under any condition. Groups that take any name are
/// left out.
pub(super) fn possible_groups(manifest: &Manifest) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Found::default();
    for (number, page) in manifest.pages.iter().enumerate() {
        found.anything(&page.schema, &[], number);
    }
    let is_closed = |group: &&Parameter| {
        let others = group.schema.get("additionalProperties");
        group.is_group && others.is_none_or(|others| *others == Value::Bool(false))
    };
    let groups = found.parameters.iter().filter(is_closed);
    let mut names: BTreeMap<String, BTreeSet<String>> = groups
        .map(|group| (group.name(), BTreeSet::new()))
        .collect();
    for parameter in &found.parameters {
        let group = parameter
            .path
            .split_last()
            .map(|(_, group)| group.join("."));
        if let Some(names) = group.and_then(|group| names.get_mut(&group)) {
            names.insert(parameter.name());
        }
    }
    names
}

/// A place that parameters are looked for in.
struct Group<'a> {
    page: usize,
    path: &'a [String],
    default: Option<&'a Value>,
}

#[derive(Default)]
struct Found {
    parameters: Vec<Parameter>,
    known: HashSet<Vec<String>>,
}

impl Found {
    fn properties(
        &mut self,
        conditions: &Conditions<'_>,
        schema: &Map<String, Value>,
        value: Option<&Value>,
        group: &Group<'_>,
    ) {
        let required: HashSet<&str> = required_names(schema).collect();
        let default = schema.get("default").or(group.default);
        for (name, property) in in_form_order(schema) {
            if has_feature_flag(property) {
                continue;
            }
            let path = [group.path, std::slice::from_ref(name)].concat();
            if !self.known.insert(path.clone()) {
                continue;
            }
            let value = value.and_then(|value| value.get(name));
            let schema = conditions.decide_part(property, value);
            let default = default.and_then(|default| default.get(name));
            let is_group = type_of(&schema) == "object" && has_properties(&schema);
            // The form always makes the group, so what it requires must always be answered.
            let is_required = required.contains(name.as_str());
            let inner = Group {
                page: group.page,
                path: &path,
                default,
            };
            let default = default.or_else(|| schema.get("default"));
            self.parameters.push(Parameter {
                path: path.clone(),
                page: group.page,
                is_required,
                default: default.or_else(|| schema.get("const")).cloned(),
                is_group,
                schema: schema.clone(),
            });
            if is_group && path.len() < DEEPEST {
                self.properties(conditions, &schema, value, &inner);
            }
        }
    }

    fn anything(&mut self, schema: &Value, group: &[String], page: usize) {
        for part in every_part(schema) {
            let Some(part) = part.as_object() else {
                continue;
            };
            let required: HashSet<&str> = required_names(part).collect();
            for (name, property) in in_form_order(part) {
                let path = [group, std::slice::from_ref(name)].concat();
                let Some(schema) = property.as_object().filter(|it| is_declaration(it)) else {
                    continue;
                };
                if has_feature_flag(property) || !self.known.insert(path.clone()) {
                    continue;
                }
                let is_group = type_of(schema) == "object" && has_properties(schema);
                self.parameters.push(Parameter {
                    path: path.clone(),
                    page,
                    schema: schema.clone(),
                    is_required: required.contains(name.as_str()),
                    default: schema.get("default").cloned(),
                    is_group,
                });
                if is_group && path.len() < DEEPEST {
                    self.anything(property, &path, page);
                }
            }
        }
    }

    fn add_undeclared(&mut self, page: &Value, path: Vec<String>, number: usize) {
        if !self.known.insert(path.clone()) {
            return;
        }
        let schema = anywhere(page, &path).unwrap_or_default();
        self.parameters.push(Parameter {
            path,
            page: number,
            is_required: true,
            default: schema.get("default").cloned(),
            is_group: false,
            schema,
        });
    }
}

/// Whether a schema asks for something: that of a condition only says which value decides.
fn is_declaration(schema: &Map<String, Value>) -> bool {
    let is_condition = |keyword: &String| matches!(keyword.as_str(), "const" | "enum" | "not");
    !schema.keys().all(is_condition)
}

fn has_properties(schema: &Map<String, Value>) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| !properties.is_empty())
}

/// Whether something is only shown to users of a feature that nobody has switched on here.
fn has_feature_flag(schema: &Value) -> bool {
    schema.get("backstage:featureFlag").is_some()
}

pub(super) fn required_names(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

/// The properties in the order of `ui:order`, in which `*` stands for the rest.
fn in_form_order(schema: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut properties: Vec<(&String, &Value)> = properties.into_iter().flatten().collect();
    if let Some(order) = schema.get("ui:order").and_then(Value::as_array) {
        let position = |name: &str| order.iter().position(|it| it.as_str() == Some(name));
        let rest = position("*").unwrap_or(order.len());
        properties.sort_by_key(|(name, _)| position(name).unwrap_or(rest));
    }
    properties
}

/// A schema and all schemas that are merged into it under any condition.
fn every_part(schema: &Value) -> Vec<&Value> {
    const MOST_PARTS: usize = 100_000;
    let mut parts = vec![schema];
    let mut next = 0;
    while let Some(part) = parts.get(next).copied() {
        next += 1;
        if parts.len() > MOST_PARTS {
            break;
        }
        for keyword in ["if", "then", "else"] {
            parts.extend(part.get(keyword));
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let options = part.get(keyword).and_then(Value::as_array);
            parts.extend(options.into_iter().flatten());
        }
        for keyword in ["dependencies", "dependentSchemas"] {
            let schemas = part.get(keyword).and_then(Value::as_object);
            parts.extend(schemas.into_iter().flat_map(Map::values));
        }
    }
    parts
}

/// The schema of a property under any condition; of several, the one that says most.
fn anywhere(schema: &Value, path: &[String]) -> Option<Map<String, Value>> {
    let (name, rest) = path.split_first()?;
    let parts = every_part(schema).into_iter();
    let found = parts.filter_map(|part| part.get("properties")?.get(name));
    if rest.is_empty() {
        let schemas = found.filter_map(Value::as_object);
        // In a condition it has only the values that decide.
        return schemas.max_by_key(|schema| schema.len()).cloned();
    }
    found
        .filter_map(|property| anywhere(property, rest))
        .max_by_key(Map::len)
}

/// The value at a path.
pub(super) fn value<'a>(values: &'a Map<String, Value>, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let mut found = values.get(first)?;
    for name in rest {
        found = found.get(name)?;
    }
    Some(found)
}

/// The value at a path, to be changed.
pub(super) fn value_mut<'a>(
    values: &'a mut Map<String, Value>,
    path: &[String],
) -> Option<&'a mut Value> {
    let (first, rest) = path.split_first()?;
    let mut found = values.get_mut(first)?;
    for name in rest {
        found = found.get_mut(name)?;
    }
    Some(found)
}

/// Puts a value at a path, making the groups on the way. What is no group is left as it is.
pub(super) fn insert(values: &mut Map<String, Value>, path: &[String], value: Value) -> bool {
    let Some((last, groups)) = path.split_last() else {
        return false;
    };
    let mut group = values;
    for name in groups {
        let next = group
            .entry(name.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(next) = next else {
            return false;
        };
        group = next;
    }
    group.insert(last.clone(), value);
    true
}

/// Takes the value at a path away.
pub(super) fn remove(values: &mut Map<String, Value>, path: &[String]) {
    let Some((last, groups)) = path.split_last() else {
        return;
    };
    let group = if groups.is_empty() {
        Some(values)
    } else {
        value_mut(values, groups).and_then(Value::as_object_mut)
    };
    if let Some(group) = group {
        group.shift_remove(last);
    }
}
