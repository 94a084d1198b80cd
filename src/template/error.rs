//! What is wrong with a template, and where.

use std::fmt;

use super::syntax::Mistake;

/// Why a template cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The name of the template.
    pub template: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1, where it is known.
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl TemplateError {
    /// A mistake at its place in a text.
    pub(super) fn new(template: &str, text: &str, mistake: Mistake) -> Self {
        let (line, column) = position(text, mistake.at);
        Self {
            template: template.to_owned(),
            line,
            column: Some(column),
            message: mistake.message,
            help: mistake.help,
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.template, self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for TemplateError {}

/// Line and column of a place, both from 1; the column counts characters.
pub(super) fn position(text: &str, at: usize) -> (u32, u32) {
    let at = text.floor_char_boundary(at);
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    (number(line), number(column))
}
