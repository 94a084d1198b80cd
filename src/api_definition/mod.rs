//! Definitions of APIs: what operations an API has, whatever the language of its definition.
//!
//! [`FORMATS`] lists the languages, one file each. [`DefinitionReader`] finds the definition of an
//! API entity, in its descriptor or in a file beside it, and reads it on demand: a catalog keeps
//! no definitions, because they are large and only few questions need them.
//!
//! A mistake in a definition never hides the operations that could be understood.

mod asyncapi;
mod definition;
mod document;
mod graphql;
mod openapi;
mod parse;
mod protobuf;
mod reader;
mod text_position;

use crate::model::Node;
use parse::parse_tree;

pub use definition::{Definition, MOST_MISTAKES, MOST_OPERATIONS, Mistake, Operation};
pub use parse::parse;
pub use reader::{ApiDefinition, DefinitionReader};

/// A language of definitions.
#[derive(Debug)]
pub struct Format {
    /// Its name, which is that of its file here.
    pub name: &'static str,
    /// The values of `spec.type` that mean it, in lower case.
    pub types: &'static [&'static str],
    language: Language,
}

#[derive(Debug)]
enum Language {
    /// YAML or JSON, with a key at the root that tells it from others.
    Document {
        keys: &'static [&'static str],
        read: fn(Node<'_>, &mut Definition),
    },
    /// A language of its own.
    Text { read: fn(&str, &mut Definition) },
}

/// The languages that are read.
pub static FORMATS: &[&Format] = &[
    &asyncapi::FORMAT,
    &graphql::FORMAT,
    &openapi::FORMAT,
    &protobuf::FORMAT,
];

impl Format {
    /// The format that a `spec.type` means.
    #[must_use]
    pub fn of_type(spec_type: &str) -> Option<&'static Self> {
        let spec_type = spec_type.to_lowercase();
        let mut formats = FORMATS.iter().copied();
        formats.find(|format| format.types.contains(&spec_type.as_str()))
    }

    /// Whether a text begins like a document in one of these languages, looking no further than
    /// its first lines.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        const FAR: usize = 16 << 10;
        let start = text.get(..text.floor_char_boundary(FAR)).unwrap_or(text);
        let keys = || {
            FORMATS.iter().flat_map(|format| match format.language {
                Language::Document { keys, .. } => keys,
                Language::Text { .. } => &[][..],
            })
        };
        let is_json = start.trim_start().starts_with('{');
        start.lines().any(|line| {
            let line = if is_json {
                line.trim_start_matches(|c: char| c == '{' || c.is_whitespace())
            } else {
                line
            };
            let line = line.trim_start_matches(['"', '\'']);
            keys().any(|key| {
                let rest = line.strip_prefix(*key);
                let rest = rest.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
                rest.is_some_and(|rest| rest.starts_with(':'))
            })
        })
    }

    /// The format that a document says it has.
    fn of_document(root: Node<'_>) -> Option<&'static Self> {
        let has_key = |keys: &[&str]| keys.iter().any(|key| root.get(key).is_some());
        let mut formats = FORMATS.iter().copied();
        formats.find(
            |format| matches!(format.language, Language::Document { keys, .. } if has_key(keys)),
        )
    }
}
