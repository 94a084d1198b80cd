//! [AsyncAPI](https://www.asyncapi.com/docs/reference/specification/latest) 2 and 3.
//!
//! Version 2 speaks from the other side: what it calls `subscribe`, the application sends. The
//! words of the definition are kept, because its readers know them.

use super::definition::{Definition, Operation, sentence};
use super::document::{Document, field, fields, read_info, tags, text};
use super::{Format, Language};
use crate::model::Node;

pub(super) static FORMAT: Format = Format {
    name: "asyncapi",
    types: &["asyncapi"],
    language: Language::Document {
        keys: &["asyncapi"],
        read,
    },
};

/// Messages of an operation that are named.
const MOST_MESSAGES: usize = 8;

fn read(root: Node<'_>, definition: &mut Definition) {
    let version = text(root, "asyncapi").unwrap_or_default();
    definition.format_version = Some(version.to_owned());
    if !version.starts_with("2.") && !version.starts_with("3.") {
        definition.mistake(
            format!("\"{version}\" is no known version of AsyncAPI"),
            root.span(),
        );
    }
    read_info(root, definition);
    read_servers(root, definition);
    let mut reading = Reading {
        document: Document::new(root),
        definition,
    };
    if version.starts_with("3.") {
        reading.operations(root);
    } else {
        reading.channels(root);
    }
}

/// A URL in version 2; protocol, host and path in version 3.
fn read_servers(root: Node<'_>, definition: &mut Definition) {
    let servers = field(root, "servers").into_iter().flat_map(fields);
    for (_, server) in servers {
        if let Some(url) = text(server, "url") {
            definition.add_server(url);
        } else if let Some(host) = text(server, "host") {
            let protocol = text(server, "protocol");
            let protocol = protocol.map(|it| format!("{it}://")).unwrap_or_default();
            let path = text(server, "pathname").unwrap_or_default();
            definition.add_server(&format!("{protocol}{host}{path}"));
        }
    }
}

struct Reading<'tree, 'definition> {
    document: Document<'tree>,
    definition: &'definition mut Definition,
}

impl<'tree> Reading<'tree, '_> {
    /// The operations of version 2, which are parts of channels.
    fn channels(&mut self, root: Node<'tree>) {
        let Some(channels) = field(root, "channels") else {
            return self
                .definition
                .mistake("it has no \"channels\"", root.span());
        };
        for (name, channel) in channels.entries() {
            if self.definition.is_full() {
                break;
            }
            let Some(channel) = self.resolve(channel) else {
                continue;
            };
            for method in ["publish", "subscribe"] {
                let entry = fields(channel).find(|(key, _)| key.text() == method);
                if let Some((key, operation)) = entry {
                    self.operation(key, operation, method, name.text(), channel);
                }
            }
        }
    }

    /// The operations of version 3, which name their channels.
    fn operations(&mut self, root: Node<'tree>) {
        let operations = field(root, "operations")
            .into_iter()
            .flat_map(Node::entries);
        for (key, operation) in operations {
            if self.definition.is_full() {
                break;
            }
            let Some(operation) = self.resolve(operation) else {
                continue;
            };
            let action = text(operation, "action").unwrap_or_default();
            if !["send", "receive"].contains(&action) {
                let message = format!("\"{}\" must have the action send or receive", key.text());
                self.definition.mistake(message, key.span());
            }
            let Some(reference) = field(operation, "channel") else {
                let message = format!("\"{}\" has no channel", key.text());
                self.definition.mistake(message, key.span());
                continue;
            };
            let Some(channel) = self.resolve(reference) else {
                continue;
            };
            let address = text(channel, "address").or_else(|| {
                let pointer = text(reference, "$ref")?;
                pointer.rsplit('/').next()
            });
            self.operation(key, operation, action, address.unwrap_or_default(), channel);
        }
    }

    fn operation(
        &mut self,
        key: Node<'tree>,
        operation: Node<'tree>,
        method: &str,
        channel_name: &str,
        channel: Node<'tree>,
    ) {
        if !operation.is_mapping() {
            let message = format!("\"{}\" must be a mapping", key.text());
            return self.definition.mistake(message, operation.span());
        }
        let about = |node, names: [&str; 3]| names.iter().find_map(|name| text(node, name));
        let summary = about(operation, ["summary", "title", "description"])
            .or_else(|| about(channel, ["summary", "title", "description"]));
        // In version 3 the key is the identifier.
        let id = text(operation, "operationId").or_else(|| {
            let is_key = !["publish", "subscribe"].contains(&key.text());
            is_key.then(|| key.text())
        });
        self.definition.add(Operation {
            method: method.to_owned(),
            name: channel_name.to_owned(),
            signature: messages(operation),
            id: id.map(str::to_owned),
            summary: summary.and_then(sentence),
            deprecated: field(operation, "deprecated").and_then(Node::as_bool) == Some(true),
            groups: tags(operation),
            line: key.span().line,
        });
    }

    fn resolve(&mut self, node: Node<'tree>) -> Option<Node<'tree>> {
        self.document
            .resolve(node)
            .map_err(|reason| self.definition.mistake(reason, node.span()))
            .ok()
    }
}

/// The names of the messages of an operation: `message`, one or `oneOf`, in version 2; `messages`
/// in version 3.
fn messages(operation: Node<'_>) -> Option<String> {
    let one = field(operation, "message");
    let choice = one.and_then(|message| field(message, "oneOf"));
    let many = choice.or_else(|| field(operation, "messages"));
    let messages = many.into_iter().flat_map(Node::items);
    let names: Vec<&str> = one
        .into_iter()
        .filter(|_| choice.is_none())
        .chain(messages)
        .take(MOST_MESSAGES)
        .filter_map(|message| {
            text(message, "name").or_else(|| text(message, "$ref")?.rsplit('/').next())
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" | "))
}
