//! The qualifiers, one constant each, and the list of them.

mod fact;
mod identity;
mod metadata;
mod ownership;
mod place;
mod relation;
mod state;
mod taxonomy;

use super::error::Problem;
use super::matcher::{Matcher, QueryContext};
use super::value::Value;
use crate::diagnostic::did_you_mean;
use crate::fact::FactSelector;
use crate::model::{KINDS, RelationType};

pub use state::{HAS_FIELDS, STATES};

/// A field that a query can ask for.
#[derive(Debug)]
pub struct Qualifier {
    /// What stands before the `:`.
    pub name: &'static str,
    /// What follows the name after a `.`, for those that have many fields.
    pub key: Option<&'static str>,
    /// What stands after the `:`.
    pub value: &'static str,
    /// What it asks for.
    pub about: &'static str,
    /// A query with it that finds something in the sample organisation.
    pub example: &'static str,
    compile: for<'a> fn(&QueryContext<'a>, Operand<'a>) -> Result<Matcher<'a>, Problem>,
}

impl Qualifier {
    /// The one spelling of a key.
    fn spelled(&self, key: &str) -> Result<String, Problem> {
        if self.name != fact::FACT.name {
            return Ok(key.to_owned());
        }
        let selector = key.parse::<FactSelector>();
        let selector = selector.map_err(|error| Problem::new(error.message).help(error.help))?;
        Ok(selector.to_string())
    }
}

/// What a qualifier is asked with.
#[derive(Clone, Copy)]
struct Operand<'a> {
    /// What follows the `.`; empty for a qualifier without a key.
    key: &'a str,
    value: &'a Value,
}

/// What begins the name of a fact.
const FACT_NAME: &str = fact::FACT.name;
const HAS_NAME: &str = state::HAS.name;

/// The fact that a field of `has:` is.
fn fact_of_field(field: &str) -> Option<&str> {
    let (base, key) = field.split_once('.')?;
    base.eq_ignore_ascii_case(FACT_NAME).then_some(key)
}

/// All qualifiers, in the order of the documentation. Every type of relation is one, too.
pub static QUALIFIERS: &[Qualifier] = &[
    identity::KIND,
    identity::TYPE,
    identity::NAME,
    identity::NAMESPACE,
    identity::LIFECYCLE,
    identity::TAG,
    ownership::OWNER,
    ownership::UNDER,
    taxonomy::SYSTEM,
    taxonomy::DOMAIN,
    taxonomy::IN,
    metadata::LABEL,
    metadata::ANNOTATION,
    metadata::SPEC,
    fact::FACT,
    place::REPO,
    place::PATH,
    state::HAS,
    state::IS,
    relation::DEPENDENCIES_OF,
    relation::DEPENDENTS_OF,
];

/// What stands before the `:`: a qualifier of the list, or a type of relation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Listed(&'static Qualifier),
    Relation(RelationType),
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Subject {}

impl Subject {
    /// Finds a qualifier by what stands before the `:`, with its key where it has one.
    pub(super) fn named(name: &str, values: &[Value]) -> Result<(Self, Option<String>), Problem> {
        let same = |known: &str, name: &str| known.eq_ignore_ascii_case(name);
        let mut relations = RelationType::ALL.into_iter();
        if let Some(relation) = relations.find(|relation| same(relation.name(), name)) {
            return Ok((Self::Relation(relation), None));
        }
        let (base, key) = match name.split_once('.') {
            Some((base, key)) => (base, Some(key)),
            None => (name, None),
        };
        let known = QUALIFIERS.iter().find(|known| same(known.name, base));
        match (known, key) {
            (Some(known), Some(key)) if known.key.is_some() && !key.is_empty() => {
                Ok((Self::Listed(known), Some(known.spelled(key)?)))
            }
            (Some(known), None) if known.key.is_none() => Ok((Self::Listed(known), None)),
            (Some(known), _) => Err(wrong_key(known, name)),
            (None, _) => Err(unknown(name, values)),
        }
    }

    /// The fact that a qualifier with this key and value asks for.
    pub(super) fn fact(&self, key: Option<&str>, value: &Value) -> Option<FactSelector> {
        let key = match (self.name(), key) {
            (FACT_NAME, Some(key)) => key,
            (HAS_NAME, _) => fact_of_field(&value.text)?,
            _ => return None,
        };
        key.parse().ok()
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Listed(qualifier) => qualifier.name,
            Self::Relation(relation) => relation.name(),
        }
    }

    /// Which entities fit one value.
    pub(super) fn compile<'a>(
        &self,
        context: &QueryContext<'a>,
        key: Option<&'a str>,
        value: &'a Value,
    ) -> Result<Matcher<'a>, Problem> {
        let key = key.unwrap_or_default();
        let ordered = match self {
            Self::Listed(qualifier) => qualifier.key.is_some(),
            Self::Relation(_) => false,
        };
        if value.comparison.is_some() && !ordered {
            return Err(Problem::new(format!("\"{}\" has no order", self.name()))
                .help("compare labels, annotations, facts and fields of spec"));
        }
        match self {
            Self::Listed(qualifier) => (qualifier.compile)(context, Operand { key, value }),
            Self::Relation(relation) => relation::compile(context, *relation, value),
        }
    }
}

fn wrong_key(known: &Qualifier, name: &str) -> Problem {
    let problem = Problem::new(format!("\"{name}\" is no qualifier"));
    match known.key {
        Some(key) => problem.help(format!("write {}.{key}:{}", known.name, known.value)),
        None => problem.help(format!("write {}:{}", known.name, known.value)),
    }
}

fn unknown(name: &str, values: &[Value]) -> Problem {
    let problem = Problem::new(format!("there is no qualifier \"{name}\""));
    if KINDS
        .iter()
        .any(|kind| kind.name.eq_ignore_ascii_case(name))
    {
        let value = values.first().map_or("NAME", |value| value.text.as_str());
        let wanted = value.rsplit('/').next().unwrap_or(value);
        return problem.help(format!("write kind:{} name:{wanted}", name.to_lowercase()));
    }
    let names = || {
        let relations = RelationType::ALL.into_iter().map(RelationType::name);
        QUALIFIERS.iter().map(|known| known.name).chain(relations)
    };
    problem.or_meant(did_you_mean(name, names()), || {
        "\"devportal help query\" lists them; quote it to search for the text".to_owned()
    })
}
