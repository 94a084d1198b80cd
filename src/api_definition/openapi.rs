//! [OpenAPI](https://spec.openapis.org/oas/) 2.0 (Swagger), 3.0, 3.1 and 3.2.

use std::collections::HashMap;

use super::definition::{Definition, Operation, sentence};
use super::document::{Document, field, fields, read_info, tags, text};
use super::{Format, Language};
use crate::diagnostic::did_you_mean;
use crate::model::Node;

pub(super) static FORMAT: Format = Format {
    name: "openapi",
    types: &["openapi", "swagger"],
    language: Language::Document {
        keys: &["openapi", "swagger"],
        read,
    },
};

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// What else a path may have.
const OTHER_FIELDS: [&str; 6] = [
    "$ref",
    "summary",
    "description",
    "servers",
    "parameters",
    "additionalOperations",
];

fn read(root: Node<'_>, definition: &mut Definition) {
    let version = text(root, "openapi").or_else(|| text(root, "swagger"));
    definition.format_version = version.map(str::to_owned);
    let known = ["2.", "3.0", "3.1", "3.2"];
    if !version.is_some_and(|version| known.iter().any(|known| version.starts_with(known))) {
        let shown = version.unwrap_or_default();
        definition.mistake(
            format!("\"{shown}\" is no known version of OpenAPI"),
            root.span(),
        );
    }
    read_info(root, definition);
    read_servers(root, definition);
    let paths = field(root, "paths");
    let webhooks = field(root, "webhooks");
    let needs_paths = webhooks.is_none() && field(root, "components").is_none();
    if paths.is_none() && (needs_paths || version.is_none_or(|it| !it.starts_with("3.1"))) {
        definition.mistake("it has no \"paths\"", root.span());
    }
    let mut reading = Reading {
        document: Document::new(root),
        definition,
        ids: HashMap::new(),
    };
    for (path, item) in paths.into_iter().flat_map(Node::entries) {
        if path.text().starts_with('/') {
            reading.path(path, item, None);
        } else if !path.text().starts_with("x-") {
            let message = format!("the path \"{}\" does not begin with \"/\"", path.text());
            reading.definition.mistake(message, path.span());
            reading.path(path, item, None);
        }
    }
    for (name, item) in webhooks.into_iter().flat_map(Node::entries) {
        reading.path(name, item, Some("webhooks"));
    }
}

/// Servers of version 3; scheme, host and base path of version 2.
fn read_servers(root: Node<'_>, definition: &mut Definition) {
    let servers = field(root, "servers").into_iter().flat_map(Node::items);
    for url in servers.filter_map(|server| text(server, "url")) {
        definition.add_server(url);
    }
    if let Some(host) = text(root, "host") {
        let mut schemes = field(root, "schemes").into_iter().flat_map(Node::items);
        let scheme = schemes.next().map_or("https", Node::text);
        let base = text(root, "basePath").unwrap_or_default();
        definition.add_server(&format!("{scheme}://{host}{base}"));
    }
}

struct Reading<'tree, 'definition> {
    document: Document<'tree>,
    definition: &'definition mut Definition,
    /// The lines of the operations, by their identifiers.
    ids: HashMap<&'tree str, u32>,
}

impl<'tree> Reading<'tree, '_> {
    /// Reads the operations of a path: its own, and those of what it refers to.
    fn path(&mut self, path: Node<'tree>, item: Node<'tree>, group: Option<&str>) {
        if self.definition.is_full() {
            return;
        }
        self.path_item(path, item, group);
        if let Some(reference) = field(item, "$ref") {
            match self.document.resolve(item) {
                Ok(target) => self.path_item(path, target, group),
                Err(reason) => self.definition.mistake(reason, reference.span()),
            }
        }
    }

    fn path_item(&mut self, path: Node<'tree>, item: Node<'tree>, group: Option<&str>) {
        if !item.is_mapping() {
            let message = format!("\"{}\" must be a mapping", path.text());
            return self.definition.mistake(message, item.span());
        }
        let about = text(item, "summary").or_else(|| text(item, "description"));
        for (key, operation) in fields(item) {
            let method = key.text();
            if METHODS.contains(&method) {
                self.operation(&method.to_uppercase(), key, path, operation, about, group);
            } else if method == "additionalOperations" {
                for (key, operation) in fields(operation) {
                    self.operation(key.text(), key, path, operation, about, group);
                }
            } else if !OTHER_FIELDS.contains(&method) && !method.starts_with("x-") {
                let meant = did_you_mean(method, METHODS.iter().copied());
                let meant = meant.map(|meant| format!("; did you mean \"{meant}\"?"));
                let message = format!("\"{method}\" is no method{}", meant.unwrap_or_default());
                self.definition.mistake(message, key.span());
            }
        }
    }

    fn operation(
        &mut self,
        method: &str,
        key: Node<'tree>,
        path: Node<'tree>,
        operation: Node<'tree>,
        about: Option<&str>,
        group: Option<&str>,
    ) {
        if !operation.is_mapping() {
            let message = format!("\"{}\" must be a mapping", key.text());
            return self.definition.mistake(message, operation.span());
        }
        let line = key.span().line;
        let id = text(operation, "operationId");
        if let Some(id) = id
            && let Some(first) = self.ids.insert(id, line)
            && first != line
        {
            let message = format!("the operation \"{id}\" is there twice: line {first} has it");
            self.definition.mistake(message, key.span());
        }
        let mut groups = tags(operation);
        if groups.is_empty() {
            groups.extend(group.map(str::to_owned));
        }
        let summary = text(operation, "summary").or_else(|| text(operation, "description"));
        self.definition.add(Operation {
            method: method.to_owned(),
            name: path.text().to_owned(),
            signature: None,
            id: id.map(str::to_owned),
            summary: summary.or(about).and_then(sentence),
            deprecated: field(operation, "deprecated").and_then(Node::as_bool) == Some(true),
            groups,
            line,
        });
    }
}
