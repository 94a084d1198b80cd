//! What a rule requires: an expression whose names exist.

use std::collections::BTreeSet;

use super::names::{KnownNames, UnknownName};
use crate::expression::{Joined, Language, Mention, Scope, mentions};
use crate::fact::FactSelector;

/// What a rule requires.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The expression.
    pub text: String,
    /// The facts that it asks for.
    pub facts: Vec<FactSelector>,
    /// How its conditions are joined.
    pub(super) joined: JoinedConditions,
    /// Its conditions.
    pub(super) conditions: Vec<Condition>,
}

impl Requirement {
    /// The values that it looks at beside facts: `entity.spec`, `owner.members`, `dependencies`.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let all = self.conditions.iter().flat_map(|it| &it.values);
        let values: BTreeSet<&str> = all.map(String::as_str).collect();
        values.into_iter()
    }
}

/// How the conditions of a requirement are joined, each by its index.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum JoinedConditions {
    All(Vec<JoinedConditions>),
    Any(Vec<JoinedConditions>),
    Not(Box<JoinedConditions>),
    One(usize),
}

/// A condition: a part of a requirement that is asked by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The expression.
    pub(super) text: String,
    /// The facts that it asks for, as it asks for them.
    pub(super) facts: Vec<AskedFact>,
    /// The values that it looks at, as `entity.spec` or `owner`.
    pub(super) values: BTreeSet<String>,
}

/// A fact that a condition asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AskedFact {
    /// What the call asks for.
    pub(super) name: String,
    /// The fact.
    pub(super) selector: FactSelector,
    /// Whether the condition says what holds when it is not known.
    pub(super) may_be_unknown: bool,
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
            return Err(vec![RequirementError::at_characters(
                text,
                error.at,
                error.message,
                error.help,
            )]);
        }
        let unknown = language.unknown_words(text).into_iter();
        let mut errors: Vec<RequirementError> = unknown
            .map(|word| RequirementError {
                message: word.message,
                help: Some(word.help),
                start: word.start,
                length: word.length,
            })
            .collect();
        let mut facts = Vec::new();
        for mention in mentions(text) {
            match names.check(&mention) {
                Ok(Some(selector)) if !facts.contains(&selector) => facts.push(selector),
                Ok(_) => {}
                Err(UnknownName { message, help }) => errors.push(RequirementError {
                    message,
                    help: Some(help),
                    start: mention.start,
                    length: mention.length,
                }),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut conditions = Vec::new();
        let joined = join(
            &Joined::of(text),
            &mut |part| {
                conditions.push(Condition::read(part, names));
                conditions.len() - 1
            },
            text,
        );
        Ok(Self {
            text: text.to_owned(),
            facts,
            joined,
            conditions,
        })
    }
}

/// The same, with each condition as the index that is made for its text.
fn join(joined: &Joined, index: &mut dyn FnMut(&str) -> usize, text: &str) -> JoinedConditions {
    let mut all = |parts: &[Joined]| {
        let parts = parts.iter().map(|part| join(part, index, text));
        parts.collect::<Vec<JoinedConditions>>()
    };
    match joined {
        Joined::All(parts) => JoinedConditions::All(all(parts)),
        Joined::Any(parts) => JoinedConditions::Any(all(parts)),
        Joined::Not(part) => JoinedConditions::Not(Box::new(join(part, index, text))),
        Joined::One(range) => JoinedConditions::One(index(text.get(range.clone()).unwrap_or(text))),
    }
}

impl Condition {
    /// A condition whose names are known to exist.
    fn read(text: &str, names: &KnownNames<'_>) -> Self {
        let mut condition = Self {
            text: text.to_owned(),
            facts: Vec::new(),
            values: BTreeSet::new(),
        };
        for mention in mentions(text) {
            match names.check(&mention) {
                Ok(Some(selector)) => condition.ask(selector, &mention),
                Ok(None) => {
                    let field = mention.fields.first();
                    condition.values.insert(match field {
                        Some(field) => format!("{}.{field}", mention.name),
                        None => mention.name,
                    });
                }
                Err(_) => {}
            }
        }
        condition
    }

    fn ask(&mut self, selector: FactSelector, mention: &Mention) {
        let may_be_unknown = mention.guard.is_some();
        let mut facts = self.facts.iter_mut();
        if let Some(asked) = facts.find(|asked| asked.selector == selector) {
            asked.may_be_unknown &= may_be_unknown;
            return;
        }
        self.facts.push(AskedFact {
            name: Scope::answer_name(&selector.name, selector.dimensions.iter()),
            selector,
            may_be_unknown,
        });
    }
}

impl RequirementError {
    /// An error at a place that is counted in characters.
    fn at_characters(
        text: &str,
        at: Option<(usize, usize)>,
        message: String,
        help: Option<String>,
    ) -> Self {
        let bytes = |characters: usize| {
            let mut starts = text.char_indices().map(|(start, _)| start);
            starts.nth(characters).unwrap_or(text.len())
        };
        let (start, end) = at.map_or((0, text.len()), |(start, length)| {
            (bytes(start), bytes(start + length))
        });
        Self {
            message,
            help,
            start,
            length: end - start,
        }
    }
}
