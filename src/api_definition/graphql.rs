//! [GraphQL](https://spec.graphql.org/September2025/) schemas: the fields of the root types.

use std::collections::HashMap;

use apollo_parser::Parser;
use apollo_parser::cst::{
    CstNode, Definition as Item, Description, Directives, FieldDefinition, FieldsDefinition,
    RootOperationTypeDefinition, Type,
};

use super::definition::{Definition, MOST_MISTAKES, Operation, sentence};
use super::text_position::TextPositions;
use super::{Format, Language};

pub(super) static FORMAT: Format = Format {
    name: "graphql",
    types: &["graphql"],
    language: Language::Text { read },
};

/// How deep types, values and selections may nest. apollo-parser recurses over them.
const DEPTH_LIMIT: usize = 64;
/// Parameters that a signature shows.
const MOST_PARAMETERS: usize = 20;

fn read(text: &str, definition: &mut Definition) {
    let tree = Parser::new(text).recursion_limit(DEPTH_LIMIT).parse();
    let positions = TextPositions::new(text);
    for error in tree.errors().take(MOST_MISTAKES) {
        definition.mistake(error.message(), positions.span(error.index()));
    }
    let items: Vec<Item> = tree.document().definitions().collect();
    let roots = Roots::of(&items);
    for item in &items {
        let Some((name, fields)) = object_type(item) else {
            continue;
        };
        let fields = fields.map(|fields| fields.field_definitions());
        for method in roots.methods(&name) {
            for field in fields.clone().into_iter().flatten() {
                definition.add(operation(method, &field, &positions));
            }
        }
    }
}

/// The names of the types whose fields are operations.
struct Roots(HashMap<String, Vec<&'static str>>);

impl Roots {
    /// Those that the `schema` names, else those that everybody knows.
    fn of(items: &[Item]) -> Self {
        let mut roots: HashMap<String, Vec<&'static str>> = HashMap::new();
        let mut has_schema = false;
        for item in items {
            let named: Vec<RootOperationTypeDefinition> = match item {
                Item::SchemaDefinition(schema) => {
                    has_schema = true;
                    schema.root_operation_type_definitions().collect()
                }
                Item::SchemaExtension(schema) => schema.root_operation_type_definitions().collect(),
                _ => continue,
            };
            for root in named {
                if let (Some(method), Some(name)) = (method(&root), type_name(&root)) {
                    let methods = roots.entry(name).or_default();
                    if !methods.contains(&method) {
                        methods.push(method);
                    }
                }
            }
        }
        if !has_schema {
            let known = [
                ("Query", "query"),
                ("Mutation", "mutation"),
                ("Subscription", "subscription"),
            ];
            for (name, method) in known {
                roots.entry(name.to_owned()).or_insert_with(|| vec![method]);
            }
        }
        Self(roots)
    }

    fn methods(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.0.get(name).into_iter().flatten().copied()
    }
}

fn method(root: &RootOperationTypeDefinition) -> Option<&'static str> {
    let operation = root.operation_type()?;
    if operation.query_token().is_some() {
        Some("query")
    } else if operation.mutation_token().is_some() {
        Some("mutation")
    } else {
        operation.subscription_token().map(|_| "subscription")
    }
}

fn type_name(root: &RootOperationTypeDefinition) -> Option<String> {
    Some(root.named_type()?.name()?.text().to_string())
}

fn object_type(item: &Item) -> Option<(String, Option<FieldsDefinition>)> {
    let (name, fields) = match item {
        Item::ObjectTypeDefinition(object) => (object.name(), object.fields_definition()),
        Item::ObjectTypeExtension(object) => (object.name(), object.fields_definition()),
        _ => return None,
    };
    Some((name?.text().to_string(), fields))
}

fn operation(
    method: &'static str,
    field: &FieldDefinition,
    positions: &TextPositions<'_>,
) -> Operation {
    // The node of a field begins with its description.
    let named = field.name().map(|name| name.syntax().text_range());
    let range = named.unwrap_or_else(|| field.syntax().text_range());
    Operation {
        method: method.to_owned(),
        name: field
            .name()
            .map(|name| name.text().to_string())
            .unwrap_or_default(),
        signature: Some(signature(field)),
        id: None,
        summary: field.description().as_ref().and_then(about),
        deprecated: is_deprecated(field.directives()),
        groups: Vec::new(),
        line: positions.line(range.start().into()),
    }
}

fn about(description: &Description) -> Option<String> {
    let text: String = description.string_value()?.into();
    sentence(&text)
}

fn is_deprecated(directives: Option<Directives>) -> bool {
    let directives = directives.into_iter().flat_map(|all| all.directives());
    let mut names = directives.filter_map(|directive| directive.name());
    names.any(|name| name.text() == "deprecated")
}

/// `(first: Int, after: ID): [Order!]!`
fn signature(field: &FieldDefinition) -> String {
    let parameters = field.arguments_definition().into_iter();
    let parameters: Vec<String> = parameters
        .flat_map(|arguments| arguments.input_value_definitions())
        .take(MOST_PARAMETERS)
        .map(|parameter| {
            let name = parameter.name().map(|name| name.text().to_string());
            let name = name.unwrap_or_default();
            format!("{name}: {}", type_of(parameter.ty()))
        })
        .collect();
    let result = type_of(field.ty());
    if parameters.is_empty() {
        format!(": {result}")
    } else {
        format!("({}): {result}", parameters.join(", "))
    }
}

/// A type as it is written, on one line.
fn type_of(written: Option<Type>) -> String {
    let text = written.map(|it| it.source_string()).unwrap_or_default();
    text.split_whitespace().collect()
}
