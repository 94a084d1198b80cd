//! What did not fit, and where.

use std::fmt::{self, Display};

use serde::de::{Expected, Unexpected};

use crate::diagnostic::did_you_mean;
use crate::model::{Node, NodeKind, Span};

/// A part of a tree that does not have the shape that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedError {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// The node or key at fault; of a field that is missing, the mapping that lacks it.
    pub span: Span,
    /// Whether the place is known yet: serde makes errors without one.
    placed: bool,
}

impl TypedError {
    fn new(message: impl Into<String>, help: Option<String>) -> Self {
        Self {
            message: message.into(),
            help,
            span: Span::default(),
            placed: false,
        }
    }

    /// An error that a node is of another kind than wanted.
    pub(super) fn wanted(expected: &str, node: Node<'_>) -> Self {
        let help = match node.kind() {
            NodeKind::Number | NodeKind::Boolean if expected == "a text" => {
                Some(format!("put it in quotes: \"{}\"", node.text()))
            }
            _ => None,
        };
        Self::new(
            format!("expected {expected}, found {}", node.kind().name()),
            help,
        )
        .at(node.span())
    }

    /// Gives the error a place, unless it has a more precise one already.
    #[must_use]
    pub(super) fn at(mut self, span: Span) -> Self {
        if !self.placed {
            self.span = span;
            self.placed = true;
        }
        self
    }

    fn unknown(what: &str, name: &str, allowed: &[&str]) -> Self {
        let help = match did_you_mean(name, allowed.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None if allowed.is_empty() => "nothing is allowed here".to_owned(),
            None => format!("allowed: {}", allowed.join(", ")),
        };
        Self::new(format!("unknown {what} \"{name}\""), Some(help))
    }
}

impl Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}",
            self.span.line, self.span.column, self.message
        )?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TypedError {}

impl serde::de::Error for TypedError {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string(), None)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        // serde names Rust's types; whoever wrote the file does not know them.
        let expected = match expected.to_string().as_str() {
            "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
            "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
            other => other.to_owned(),
        };
        let found = match unexpected {
            Unexpected::Signed(number) => number.to_string(),
            Unexpected::Unsigned(number) => number.to_string(),
            Unexpected::Float(number) => number.to_string(),
            Unexpected::Str(text) => format!("\"{text}\""),
            other => other.to_string(),
        };
        Self::new(format!("expected {expected}, found {found}"), None)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("field", field, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("value", variant, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the field \"{field}\" is missing"), None)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("the field \"{field}\" is there twice"), None)
    }
}
