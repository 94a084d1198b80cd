//! Definitions in YAML or JSON: their fields, and what their `$ref`s point at.
//!
//! Whoever writes a definition decides how large a mapping is and how often it is referred to, so
//! nothing here looks through a mapping again for each reference to it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::definition::Definition;
use crate::model::{Node, NodeKind};

/// A `$ref` may lead to another, and so on; so many are followed.
const MOST_HOPS: usize = 16;
/// Fields of an object that has a fixed set of them, with extensions.
const MOST_FIELDS: usize = 256;
/// Tags of an operation.
const MOST_TAGS: usize = 20;

/// A definition whose `$ref`s can be followed.
pub(super) struct Document<'tree> {
    root: Node<'tree>,
    /// The values of the mappings that references went through, by the index of the mapping.
    mappings: RefCell<HashMap<u32, HashMap<&'tree str, Node<'tree>>>>,
}

/// The value of a field of an object that has a fixed set of them.
pub(super) fn field<'tree>(node: Node<'tree>, name: &str) -> Option<Node<'tree>> {
    let mut fields = node.entries().take(MOST_FIELDS);
    fields.find_map(|(key, value)| (key.text() == name).then_some(value))
}

/// The fields of an object that has a fixed set of them.
pub(super) fn fields(node: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    node.entries().take(MOST_FIELDS)
}

/// The text of a scalar field; versions are often written as numbers.
pub(super) fn text<'tree>(node: Node<'tree>, name: &str) -> Option<&'tree str> {
    let text = field(node, name)?.text();
    (!text.is_empty()).then_some(text)
}

/// The names of tags: texts, or objects with a name.
pub(super) fn tags(node: Node<'_>) -> Vec<String> {
    let items = field(node, "tags").into_iter().flat_map(Node::items);
    let names = items
        .take(MOST_TAGS)
        .filter_map(|tag| tag.as_str().or_else(|| text(tag, "name")));
    names.map(str::to_owned).collect()
}

/// Reads `info`, which OpenAPI and AsyncAPI share.
pub(super) fn read_info(root: Node<'_>, definition: &mut Definition) {
    let Some(info) = field(root, "info").filter(|info| info.is_mapping()) else {
        return definition.mistake("it has no \"info\"", root.span());
    };
    definition.title = text(info, "title").map(str::to_owned);
    definition.version = text(info, "version").map(str::to_owned);
    for name in ["title", "version"] {
        if text(info, name).is_none() {
            definition.mistake(format!("\"info\" has no \"{name}\""), info.span());
        }
    }
}

impl<'tree> Document<'tree> {
    pub(super) fn new(root: Node<'tree>) -> Self {
        Self {
            root,
            mappings: RefCell::default(),
        }
    }

    /// What a node stands for: what its `$ref` points at, else itself.
    ///
    /// # Errors
    /// Why its `$ref` leads nowhere, for people.
    pub(super) fn resolve(&self, node: Node<'tree>) -> Result<Node<'tree>, String> {
        let mut target = node;
        for _ in 0..MOST_HOPS {
            let Some(reference) = field(target, "$ref") else {
                return Ok(target);
            };
            let reference = reference.text();
            let Some(pointer) = reference.strip_prefix('#') else {
                return Err(format!(
                    "\"{reference}\" is not part of this document, and is not read"
                ));
            };
            target = self
                .at(pointer)
                .ok_or_else(|| format!("\"{reference}\" leads nowhere"))?;
        }
        let reference = text(node, "$ref").unwrap_or_default();
        Err(format!("\"{reference}\" leads in a circle"))
    }

    /// The node of a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) in a URI
    /// fragment. No definition needs one that leads through a list.
    fn at(&self, pointer: &str) -> Option<Node<'tree>> {
        let mut node = self.root;
        for part in pointer.split('/').skip(1) {
            let part = percent_decoded(part).replace("~1", "/").replace("~0", "~");
            node = self.child(node, &part)?;
        }
        Some(node)
    }

    fn child(&self, node: Node<'tree>, key: &str) -> Option<Node<'tree>> {
        if node.kind() != NodeKind::Mapping {
            return None;
        }
        let mut mappings = self.mappings.borrow_mut();
        let values = mappings.entry(node.index()).or_insert_with(|| {
            let entries = node.entries().map(|(key, value)| (key.text(), value));
            entries.collect()
        });
        values.get(key).copied()
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
