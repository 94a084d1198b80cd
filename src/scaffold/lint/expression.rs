//! Texts of steps and of the output that have expressions in them.

use crate::model::{Node, Span};
use crate::template::{Dialect, Inspection, inspect};

/// Whose expression it is, which decides what it may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The step of that position.
    Step(usize),
    /// What the template tells at the end.
    Output,
}

/// A text with expressions in it.
pub(super) struct Expression<'a> {
    pub(super) scope: Scope,
    /// The text.
    pub(super) text: &'a str,
    /// Where it stands.
    pub(super) span: Span,
    /// What is in it.
    pub(super) inspection: Inspection,
}

/// Whether a text has tags in it.
pub(super) fn has_tags(text: &str) -> bool {
    ["${{", "{%", "{#"].iter().any(|tag| text.contains(tag))
}

/// Adds the texts with expressions of a part of the document.
pub(super) fn expressions<'a>(
    node: Option<Node<'a>>,
    scope: Scope,
    found: &mut Vec<Expression<'a>>,
) {
    let mut open: Vec<Node<'a>> = node.into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(text) = node.as_str() {
            if has_tags(text) {
                found.push(Expression {
                    scope,
                    text,
                    span: node.span(),
                    inspection: inspect(text, Dialect::Backstage),
                });
            }
            continue;
        }
        open.extend(node.items());
        open.extend(node.entries().map(|(_, value)| value));
    }
}

/// A path of names as people write it.
pub(super) fn shown(path: &[String]) -> String {
    path.join(".")
}
