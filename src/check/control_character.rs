//! A text has control characters.
//!
//! Terminal escapes, bidirectional overrides and zero-width characters can make a text look like
//! something it is not. They are always printed escaped. Delete them.

use super::{Check, CheckInput, WARNING};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Entity, Node};

pub(super) static CHECK: Check = Check {
    code: Code::new(
        "control-character",
        WARNING,
        include_str!("control_character.rs"),
    ),
    run,
};

fn run(input: &CheckInput<'_>) -> Vec<Diagnostic> {
    input.catalog.entities().iter().flat_map(problems).collect()
}

fn problems(entity: &Entity) -> Vec<Diagnostic> {
    let Some(metadata) = entity.metadata() else {
        return Vec::new();
    };
    let fields = ["name", "title", "description"]
        .into_iter()
        .filter_map(|field| Some((field, metadata.get(field)?)));
    fields
        .filter_map(|(field, node)| problem(entity, field, node))
        .collect()
}

fn problem(entity: &Entity, field: &str, node: Node<'_>) -> Option<Diagnostic> {
    let found = node.as_str()?.chars().find(|c| is_hidden(*c))?;
    let message = format!(
        "\"metadata.{field}\" has the hidden character U+{:04X}",
        u32::from(found)
    );
    let problem = Diagnostic::new(&CHECK.code, message).help("delete it");
    Some(
        problem
            .entity(entity.reference())
            .subject(format!("metadata.{field}"))
            .at(entity.place_of(node)),
    )
}

/// Controls but line breaks and tabs, and the characters that are there without being seen.
fn is_hidden(c: char) -> bool {
    let is_zero_width =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}');
    let is_bidirectional = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || is_zero_width && c != '\u{200d}'
        || is_bidirectional
}
