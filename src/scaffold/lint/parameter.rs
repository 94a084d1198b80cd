//! What a template asks, whichever answers lead to the question.

use crate::model::{Node, Span};

/// A parameter.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// Where its name stands.
    pub(super) span: Span,
    /// Whether its answer is used by the pages themselves: other questions depend on it, or it is
    /// only shown.
    pub(super) is_used_by_pages: bool,
}

/// The fields that Backstage's form has, whose answer is good for steps alone.
const FIELDS: [&str; 10] = [
    "EntityNamePicker",
    "EntityPicker",
    "EntityTagsPicker",
    "MultiEntityPicker",
    "MyGroupsPicker",
    "OwnedEntityPicker",
    "OwnerPicker",
    "RepoBranchPicker",
    "RepoOwnerPicker",
    "RepoUrlPicker",
];
/// The keys under which schemas of the same object lie.
const SCHEMAS: [&str; 6] = ["allOf", "anyOf", "oneOf", "then", "else", "not"];
/// The keys whose own keys are names of parameters that others depend on.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dependentSchemas", "dependentRequired"];

/// The parameters of all pages, each once, in the order of the document.
pub(super) fn parameters(pages: Node<'_>) -> Vec<Parameter<'_>> {
    let mut walk = Walk {
        parameters: Vec::new(),
    };
    if pages.is_mapping() {
        walk.schema(pages, false);
    }
    for page in pages.items() {
        walk.schema(page, false);
    }
    let mentioned = texts_of_fields(pages);
    for parameter in &mut walk.parameters {
        let as_member = format!(".{}", parameter.name);
        parameter.is_used_by_pages |= mentioned.iter().any(|text| {
            *text == parameter.name || text.contains("${{") && text.contains(&as_member)
        });
    }
    walk.parameters
}

struct Walk<'a> {
    parameters: Vec<Parameter<'a>>,
}

impl<'a> Walk<'a> {
    fn schema(&mut self, schema: Node<'a>, is_condition: bool) {
        for (key, property) in entries(schema, "properties") {
            let is_shown_only = property.str_at("type") == Some("null");
            // A field of somebody's own may use its answer itself, and so does one that keeps it
            // among the secrets.
            let field = property.str_at("ui:field");
            let acts = field.is_some_and(|field| !FIELDS.contains(&field));
            self.add(key, is_condition || is_shown_only || acts);
        }
        for name in DEPENDENCIES {
            for (key, dependent) in entries(schema, name) {
                self.add(key, true);
                self.schema(dependent, is_condition);
            }
        }
        if let Some(condition) = schema.get("if") {
            self.schema(condition, true);
        }
        for name in SCHEMAS {
            let Some(below) = schema.get(name) else {
                continue;
            };
            if below.is_mapping() {
                self.schema(below, is_condition);
            }
            for item in below.items() {
                self.schema(item, is_condition);
            }
        }
    }

    fn add(&mut self, key: Node<'a>, is_used_by_pages: bool) {
        let name = key.text();
        match self.parameters.iter_mut().find(|it| it.name == name) {
            Some(known) => known.is_used_by_pages |= is_used_by_pages,
            None => self.parameters.push(Parameter {
                name,
                span: key.span(),
                is_used_by_pages,
            }),
        }
    }
}

fn entries<'a>(schema: Node<'a>, name: &str) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
    schema.get(name).into_iter().flat_map(Node::entries)
}

/// The texts in what fields of the form are told (`ui:options` and its likes): they may name
/// other parameters.
fn texts_of_fields(pages: Node<'_>) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut open = vec![(pages, false)];
    while let Some((node, is_told)) = open.pop() {
        if is_told && let Some(text) = node.as_str() {
            texts.push(text);
        }
        open.extend(node.items().map(|item| (item, is_told)));
        open.extend(node.entries().map(|(key, value)| {
            let is_told = is_told || key.text().starts_with("ui:");
            (value, is_told)
        }));
    }
    texts
}
