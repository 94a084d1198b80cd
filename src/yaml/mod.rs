//! Text → trees with a place on every key and value, document by document.
//!
//! [`parse`] reads every document of a file by itself, so that a bad one never hides the others,
//! and its verdicts and values are those of Backstage's parser (npm `yaml` 2): the core schema of
//! YAML 1.2, `%YAML 1.1` obeyed, `<<` a plain key. Where granit-parser, which does the work, takes
//! what Backstage refuses, the modules below look again.
//!
//! [`from_node`] turns a tree into typed structs, with the place of whatever does not fit.

mod disguise;
mod document;
mod encoding;
mod explain;
mod key;
mod layout;
mod mistake;
mod number;
mod place;
mod placeholder;
mod schema;
mod site;
mod stream;
mod tag;
mod timestamp;
mod typed;

use crate::diagnostic::{Code, Severity};
use crate::model::{Span, Tree};

pub use encoding::decode;
pub use placeholder::placeholder_content;
pub use typed::{Spanned, TypedError, from_node};

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its number, from 0, counting as Backstage counts.
    pub index: u32,
    /// The line where its content starts; where the document begins when it cannot be read.
    pub line: u32,
    /// What it says; `None` when it could not be read, and the problems say why. A tree may come
    /// with errors that leave it whole (a key twice, an alias of nothing): see [`Self::is_valid`].
    pub tree: Option<Tree>,
    /// What is wrong with it, in the order of the file.
    pub problems: Vec<Problem>,
}

impl Document {
    /// Whether Backstage would read it.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.tree.is_some()
            && self
                .problems
                .iter()
                .all(|problem| problem.code.severity() != Severity::Error)
    }
}

/// Something wrong in a file, before it is known whose file it is.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What kind of problem it is.
    pub code: &'static Code,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// Where it is.
    pub span: Span,
}

/// Reads all documents of a text. Never fails: what is wrong is among the problems of a document.
#[must_use]
pub fn parse(text: &str) -> Vec<Document> {
    stream::read(text)
}
