//! What a rule requires: an expression whose names exist.

use std::collections::BTreeSet;

use crate::expression::{Language, mentions};
use crate::fact::FactSelector;

use super::names::{KnownNames, UnknownName};

/// What a rule requires.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The expression.
    pub text: String,
    /// The facts that it asks for.
    pub facts: Vec<FactSelector>,
    /// The values that it looks at, as `entity.spec` or `owner`.
    pub(super) values: BTreeSet<String>,
}

/// What is wrong with an expression, and where in it (bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequirementError {
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) start: usize,
    pub(super) length: usize,
}

impl Requirement {
    /// Reads an expression, and looks up every name in it.
    pub(super) fn read(text: &str, names: &KnownNames<'_>) -> Result<Self, Vec<RequirementError>> {
        let language = Language::at(0);
        if let Err(error) = language.compile(text) {
            let (start, length) = error.at.unwrap_or((0, text.len()));
            return Err(vec![RequirementError {
                message: error.message,
                help: error.help,
                start,
                length,
            }]);
        }
        let (mut facts, mut values, mut errors) = (Vec::new(), BTreeSet::new(), Vec::new());
        for mention in mentions(text) {
            match names.check(&mention) {
                Ok(Some(selector)) => {
                    if !facts.contains(&selector) {
                        facts.push(selector);
                    }
                }
                Ok(None) => {
                    let field = mention.fields.first();
                    values.insert(match field {
                        Some(field) => format!("{}.{field}", mention.name),
                        None => mention.name,
                    });
                }
                Err(UnknownName { message, help }) => errors.push(RequirementError {
                    message,
                    help: Some(help),
                    start: mention.start,
                    length: mention.length,
                }),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                text: text.to_owned(),
                facts,
                values,
            })
        } else {
            Err(errors)
        }
    }
}
