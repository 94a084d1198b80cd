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

    /// The format that a document says it has.
    fn of_document(root: Node<'_>) -> Option<&'static Self> {
        let has_key = |keys: &[&str]| keys.iter().any(|key| root.get(key).is_some());
        let mut formats = FORMATS.iter().copied();
        formats.find(
            |format| matches!(format.language, Language::Document { keys, .. } if has_key(keys)),
        )
    }
}
