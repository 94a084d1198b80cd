//! The language of templates: `minijinja`, made to agree with Backstage's.
//!
//! Backstage renders with Nunjucks, whose operators mean what they mean in JavaScript. A template
//! is cut into text and tags (`document`), the words of the tags are read into a tree
//! (`parser`), and the tree is written as a template of the engine (`translate`), in which
//! every operator is a call of ours. Text outside of tags is never looked into.
//!
//! Values are data: what they hold is printed, and never read as a template. A rendering takes
//! bounded time and memory, reads no file, and is the same on every run.

mod document;
mod engine;
mod error;
mod filters;
mod functions;
mod inspection;
mod javascript;
mod kept_names;
mod methods;
mod parser;
mod regex;
mod renderer;
mod statement;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod translate;
mod value;

pub use engine::Engine;
pub use error::TemplateError;
pub use inspection::{Difference, Inspection, UsedName, inspect};
pub use renderer::Renderer;
pub use value::Values;

use document::Delimiters;

/// Whose delimiters a template has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `${{ }}`
    #[default]
    Backstage,
    /// `{{ }}`, with what Python has for names: `cookiecutterCompat`.
    Cookiecutter,
}

impl Dialect {
    fn delimiters(self) -> Delimiters {
        Delimiters {
            print: match self {
                Self::Backstage => "${{",
                Self::Cookiecutter => "{{",
            },
        }
    }
}

/// How templates are rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whose delimiters they have.
    pub dialect: Dialect,
    /// Whether the line break behind a `{% %}` belongs to it.
    pub trim_blocks: bool,
    /// Whether the spaces that indent a `{% %}` belong to it.
    pub lstrip_blocks: bool,
    /// Whether it is an error to print a name that is not among the values. Backstage prints
    /// nothing.
    pub refuses_unknown_names: bool,
}
