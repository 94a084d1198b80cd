//! The shape of entities: `catalog.schema.json`, enforced.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::json_view::TreeJson;
use crate::diagnostic::{Code, register};
use crate::model::{Node, NodeKind, Span};

/// The schema of all kinds, for editors and for checks.
pub const SCHEMA_TEXT: &str = include_str!("../../catalog.schema.json");

/// A JSON Schema, ready to be enforced.
#[derive(Debug)]
pub struct Schema {
    document: Value,
    validator: Validator<TreeJson>,
    /// The fields that each definition knows, whatever it makes them depend on.
    fields: HashMap<String, BTreeSet<String>>,
}

/// A violation of the schema, in words.
pub(super) struct Violation {
    pub(super) code: &'static Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) span: Span,
    /// The field, as `spec.owner`.
    pub(super) field: String,
}

impl Schema {
    /// Compiles a schema. References to other documents are not fetched, and patterns run in
    /// time linear in their input, so a hostile schema can do no more than be refused.
    ///
    /// # Errors
    /// When the text is no JSON, or no JSON Schema.
    pub fn compile(text: &str) -> Result<Self> {
        const LARGEST_PATTERN: usize = 1 << 20;
        let document: Value = serde_json::from_str(text).context("the schema is not JSON")?;
        let patterns = PatternOptions::regex().size_limit(LARGEST_PATTERN);
        let options = jsonschema::options_for::<TreeJson>().with_pattern_options(patterns);
        let validator = options
            .build(&document)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("no JSON Schema")?;
        let definitions = document.get("definitions").and_then(Value::as_object);
        let fields = definitions
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), fields(schema)))
            .collect();
        Ok(Self {
            document,
            validator,
            fields,
        })
    }

    /// Whether a document has the shape.
    pub(super) fn accepts(&self, root: Node<'_>) -> bool {
        self.validator.is_valid(root)
    }

    /// What a document violates, each field once, in the order of the file.
    pub(super) fn violations(&self, root: Node<'_>) -> Vec<Violation> {
        let mut errors: Vec<ValidationError<'_>> = self.validator.iter_errors(root).collect();
        // The type of a field says more than that it also has no pattern's form.
        errors.sort_by_key(|error| !matches!(error.kind(), ValidationErrorKind::Type { .. }));
        let mut children = Children::default();
        let mut known: HashSet<String> = HashSet::new();
        let mut violations: Vec<Violation> = errors
            .iter()
            .map(|error| self.describe(error, root, &mut children))
            .filter(|violation| known.insert(violation.field.clone()))
            .collect();
        violations.sort_by_key(|violation| violation.span);
        violations
    }

    /// The fields that a definition knows.
    pub(super) fn fields(&self, definition: &str) -> Option<&BTreeSet<String>> {
        self.fields.get(definition)
    }

    fn describe<'tree>(
        &self,
        error: &ValidationError<'_>,
        root: Node<'tree>,
        children: &mut Children<'tree>,
    ) -> Violation {
        let place = Pointed::find(root, error.instance_path().as_str(), children);
        let expected = self
            .description(error.schema_path().as_str())
            .map(|text| format!("expected: {}", phrase(text)));
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                place.missing(property.as_str().unwrap_or_default(), self)
            }
            ValidationErrorKind::Type { kind } => place.wrong_type(kind, expected),
            ValidationErrorKind::PropertyNames { error: inner } => {
                let expected = self
                    .description(inner.schema_path().as_str())
                    .map(|text| format!("expected: {}", phrase(text)));
                let name = inner.instance().as_str().unwrap_or_default();
                let key = children.entry(place.node, name).map(|(key, _)| key);
                place.wrong_key(name, key, expected)
            }
            ValidationErrorKind::MinItems { .. } => {
                place.violation("has no items, but needs one", expected)
            }
            ValidationErrorKind::Enum { options } => place.violation(
                &format!("is {}", place.shown_value()),
                expected.or_else(|| allowed_values(options)),
            ),
            ValidationErrorKind::MinLength { .. } => place.violation("is empty", expected),
            ValidationErrorKind::MaxLength { limit } => {
                place.violation(&format!("is longer than {limit} characters"), expected)
            }
            _ => place.violation(
                &format!("is {}, which is not allowed", place.shown_value()),
                expected,
            ),
        }
    }

    /// The description nearest to what a document violated.
    fn description(&self, path: &str) -> Option<&str> {
        let mut path = path;
        while let Some((above, _)) = path.rsplit_once('/') {
            let description = self
                .document
                .pointer(above)
                .and_then(|schema| schema.get("description"));
            if let Some(text) = description.and_then(Value::as_str) {
                return Some(text);
            }
            path = above;
        }
        None
    }

    /// The description of a property that is missing.
    fn description_of(&self, path: &[String], property: &str) -> Option<&str> {
        let definitions = self.document.get("definitions")?.as_object()?;
        let inside_spec = path.first().is_some_and(|first| first == "spec");
        let schemas = definitions
            .iter()
            .filter(|(name, _)| name.ends_with("Spec") == inside_spec);
        let mut properties =
            schemas.filter_map(|(_, schema)| schema.get("properties")?.get(property));
        let property = properties
            .next()
            .or_else(|| self.document.get("properties")?.get(property))?;
        let target = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix('#'));
        let described = target
            .and_then(|target| self.document.pointer(target))
            .unwrap_or(property);
        property
            .get("description")
            .or_else(|| described.get("description"))?
            .as_str()
    }
}

/// The properties of a schema and of all that it is made of.
fn fields(schema: &Value) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    for keyword in ["if", "then", "else"] {
        found.extend(schema.get(keyword).into_iter().flat_map(fields));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let parts = schema
            .get(keyword)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        found.extend(parts.flat_map(fields));
    }
    found
}

/// A sentence of the schema as a part of one: without its capital letter and its full stop.
fn phrase(sentence: &str) -> String {
    let end = sentence
        .strip_suffix('.')
        .filter(|before| !before.ends_with(' '));
    let mut characters = end.unwrap_or(sentence).chars();
    let first = characters.next();
    let lower = first.into_iter().flat_map(char::to_lowercase);
    lower.chain(characters).collect()
}

fn allowed_values(options: &Value) -> Option<String> {
    let values: Vec<&str> = options
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    (!values.is_empty()).then(|| format!("expected: {}", values.join(", ")))
}

/// The children of nodes with violations. Looked for one by one, those of a node with thousands
/// of them would take minutes.
#[derive(Default)]
struct Children<'tree> {
    entries: HashMap<u32, HashMap<&'tree str, (Node<'tree>, Node<'tree>)>>,
    items: HashMap<u32, Vec<Node<'tree>>>,
}

impl<'tree> Children<'tree> {
    fn entry(&mut self, node: Node<'tree>, key: &str) -> Option<(Node<'tree>, Node<'tree>)> {
        let entries = self.entries.entry(node.index()).or_insert_with(|| {
            let mut entries = HashMap::new();
            for (key, value) in node.entries() {
                entries.entry(key.text()).or_insert((key, value));
            }
            entries
        });
        entries.get(key).copied()
    }

    fn item(&mut self, node: Node<'tree>, index: usize) -> Option<Node<'tree>> {
        let items = self.items.entry(node.index());
        let items = items.or_insert_with(|| node.items().collect());
        items.get(index).copied()
    }
}

/// The node that a violation is about, and the way to it.
struct Pointed<'tree> {
    node: Node<'tree>,
    key: Option<Node<'tree>>,
    path: Vec<String>,
}

impl<'tree> Pointed<'tree> {
    fn find(root: Node<'tree>, pointer: &str, children: &mut Children<'tree>) -> Self {
        let mut found = Self {
            node: root,
            key: None,
            path: Vec::new(),
        };
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let child = match found.node.kind() {
                NodeKind::Sequence => part
                    .parse()
                    .ok()
                    .and_then(|index| children.item(found.node, index)),
                _ => children.entry(found.node, &part).map(|(key, value)| {
                    found.key = Some(key);
                    value
                }),
            };
            let Some(child) = child else { break };
            found.node = child;
            found.path.push(part);
        }
        found
    }

    fn field(&self) -> String {
        let mut field = String::new();
        for part in &self.path {
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                field.extend(["[", part, "]"]);
            } else {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(part);
            }
        }
        field
    }

    /// The value as it is written, cut.
    fn shown_value(&self) -> String {
        const LONGEST: usize = 60;
        match self.node.kind() {
            NodeKind::Mapping | NodeKind::Sequence | NodeKind::Null => {
                self.node.kind().name().to_owned()
            }
            _ => {
                let text = self.node.text();
                let cut: String = text.chars().take(LONGEST).collect();
                if cut.len() < text.len() {
                    format!("\"{cut}…\"")
                } else {
                    format!("\"{cut}\"")
                }
            }
        }
    }

    fn violation(&self, what: &str, help: Option<String>) -> Violation {
        let field = self.field();
        let code = match field.as_str() {
            "metadata.name" | "metadata.namespace" => &register::INVALID_NAME,
            _ => &register::INVALID_FIELD,
        };
        let shown = if field.is_empty() {
            "the document".to_owned()
        } else {
            format!("\"{field}\"")
        };
        let span = self.span();
        Violation {
            code,
            message: format!("{shown} {what}"),
            help,
            span,
            field,
        }
    }

    /// A collection is shown by its key: its first line would be the first of its items.
    fn span(&self) -> Span {
        match (self.node.kind(), self.key) {
            (NodeKind::Mapping | NodeKind::Sequence | NodeKind::Null, Some(key)) => key.span(),
            _ => self.node.span(),
        }
    }

    fn missing(&self, property: &str, schema: &Schema) -> Violation {
        let above = self.field();
        let field = if above.is_empty() {
            property.to_owned()
        } else {
            format!("{above}.{property}")
        };
        let help = schema
            .description_of(&self.path, property)
            .map(|text| format!("add \"{property}\": {}", phrase(text)));
        let code = &register::MISSING_FIELD;
        Violation {
            code,
            message: format!("\"{field}\" is missing"),
            help,
            span: self.span(),
            field,
        }
    }

    fn wrong_type(&self, kind: &TypeKind, expected: Option<String>) -> Violation {
        let wants_text = matches!(kind, TypeKind::Single(jsonschema::JsonType::String));
        let is_scalar = matches!(self.node.kind(), NodeKind::Number | NodeKind::Boolean);
        let unquoted_template = self
            .node
            .entries()
            .next()
            .is_some_and(|(key, _)| key.text().starts_with('{'))
            && wants_text;
        let found = self.node.kind().name();
        let mut violation = match kind {
            _ if self.node.is_null() => self.violation("has no value", expected),
            TypeKind::Single(wanted) => self.violation(
                &format!("must be {}, but is {found}", type_name(*wanted)),
                expected,
            ),
            TypeKind::Multiple(_) => self.violation(&format!("must not be {found}"), expected),
        };
        if wants_text && is_scalar {
            violation.help = Some(format!("put it in quotes: \"{}\"", self.node.text()));
        } else if unquoted_template {
            violation.help =
                Some("put it in quotes: \"{{ … }}\" without them is a mapping".to_owned());
        }
        let holds_texts = matches!(
            self.path.get(1).map(String::as_str),
            Some("annotations" | "labels")
        );
        if wants_text && holds_texts && self.path.len() == 3 {
            violation.code = &register::ANNOTATION_NOT_STRING;
        }
        violation
    }

    fn wrong_key(&self, name: &str, key: Option<Node<'_>>, expected: Option<String>) -> Violation {
        let above = self.field();
        let span = key.map_or_else(|| self.span(), Node::span);
        let message = format!("\"{above}\" has the key \"{name}\", which is not allowed");
        Violation {
            code: &register::INVALID_FIELD,
            message,
            help: expected,
            span,
            field: format!("{above}.{name}"),
        }
    }
}

fn type_name(wanted: jsonschema::JsonType) -> &'static str {
    match wanted {
        jsonschema::JsonType::Array => "a list",
        jsonschema::JsonType::Object => "a mapping",
        jsonschema::JsonType::Boolean => "true or false",
        jsonschema::JsonType::Integer | jsonschema::JsonType::Number => "a number",
        jsonschema::JsonType::Null => "empty",
        jsonschema::JsonType::String => "a text",
    }
}
