//! What is wrong with a query, with a caret below the place.

use std::fmt;

use super::syntax::Position;

/// A query that cannot be understood, or asks for what cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The query.
    pub query: String,
    /// Where in it, in characters from 0.
    pub start: usize,
    /// How many characters are meant.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What is wrong at a place that is known elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether the name of a qualifier is wrong, and not its value.
    pub(super) is_about_name: bool,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            is_about_name: false,
        }
    }

    /// The same about the name of the qualifier.
    pub(super) fn about_name(self) -> Self {
        Self {
            is_about_name: true,
            ..self
        }
    }

    /// Where it is, of the places of a name and a value.
    pub(super) fn place(&self, name: Position, value: Position) -> Position {
        if self.is_about_name { name } else { value }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Offers the word that was probably meant, else says which words there are.
    pub(super) fn or_meant(self, meant: Option<&str>, otherwise: impl FnOnce() -> String) -> Self {
        match meant {
            Some(meant) => self.help(format!("did you mean \"{meant}\"?")),
            None => self.help(otherwise()),
        }
    }
}

impl QueryError {
    pub(super) fn new(query: &str, at: Position, problem: Problem) -> Self {
        Self {
            query: query.to_owned(),
            start: at.start,
            length: at.length,
            message: problem.message,
            help: problem.help,
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        // One column a character: tabs and line feeds of the query become spaces.
        let line: String = self
            .query
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        writeln!(f, "  {line}")?;
        let (indent, carets) = (" ".repeat(self.start), "^".repeat(self.length.max(1)));
        write!(f, "  {indent}{carets}")?;
        match &self.help {
            Some(help) => write!(f, " {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}
