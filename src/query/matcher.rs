//! Tree × catalog → which entities fit.

use std::collections::HashSet;

use super::error::Problem;
use super::syntax::{Expression, Field, Position};
use super::value::Value;
use crate::catalog::{Catalog, EntityId};
use crate::fact::Facts;
use crate::model::Entity;

/// What a query is asked of.
#[derive(Clone, Copy)]
pub struct QueryContext<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Who asks: a user's name, reference or e-mail address. `@me` and `@my-teams` mean them.
    pub user: Option<&'a str>,
    /// Which entities have documentation. Called only when the query asks for it, because the
    /// catalog does not know: it takes a look at the files of every repository.
    pub documented: &'a (dyn Fn() -> DocumentedEntities + 'a),
    /// What is known of the facts that the query names. Without them they are not known, which
    /// tells those that may fit ([`super::Query::candidates`]) from those that cannot.
    pub facts: Option<&'a Facts>,
}

/// Which entities have documentation, and which have none; of others it is not known.
#[derive(Clone, Debug, Default)]
pub struct DocumentedEntities {
    /// Those that have some.
    pub with: HashSet<EntityId>,
    /// Those that have none.
    pub without: HashSet<EntityId>,
}

/// Whether an entity fits, in the logic of Kleene: what is not known makes an answer unknown, unless
/// it does not matter to it. The order is that of the logic: "and" is the least, "or" the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It does not fit.
    No,
    /// It is not known.
    Unknown,
    /// It fits.
    Yes,
}

impl Answer {
    /// Whether one of these fits; the rest is not asked once one does.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for answer in answers {
            result = result.max(answer);
            if result == Self::Yes {
                break;
            }
        }
        result
    }

    /// Whether all of these fit; the rest is not asked once one does not.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for answer in answers {
            result = result.min(answer);
            if result == Self::No {
                break;
            }
        }
        result
    }
}

impl From<bool> for Answer {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}

impl std::ops::Not for Answer {
    type Output = Self;

    /// The opposite of what is not known is not known.
    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// Whether an entity fits.
pub(super) type Matcher<'a> = Box<dyn Fn(EntityId) -> Answer + 'a>;

/// A matcher of what is always known.
pub(super) fn certain<'a>(fits: impl Fn(EntityId) -> bool + 'a) -> Matcher<'a> {
    Box::new(move |id| Answer::from(fits(id)))
}

/// Prepares a tree for a catalog: names are looked up, and closures walked, once.
///
/// # Errors
/// When a value can be that of no entity; with its place in the query.
pub(super) fn compile<'a>(
    expression: &'a Expression,
    context: &QueryContext<'a>,
) -> Result<Matcher<'a>, (Position, Problem)> {
    let compile_all = |parts: &'a [Expression]| {
        let matchers = parts.iter().map(|part| compile(part, context));
        matchers.collect::<Result<Vec<Matcher<'a>>, _>>()
    };
    Ok(match expression {
        Expression::All(parts) => {
            let parts = compile_all(parts)?;
            Box::new(move |id| Answer::all(parts.iter().map(|fits| fits(id))))
        }
        Expression::Any(parts) => {
            let parts = compile_all(parts)?;
            Box::new(move |id| Answer::any(parts.iter().map(|fits| fits(id))))
        }
        Expression::Not(inner) => {
            let fits = compile(inner, context)?;
            Box::new(move |id| !fits(id))
        }
        Expression::Word(word) => {
            let catalog = context.catalog;
            certain(move |id| has_word(catalog.entity(id), word))
        }
        Expression::Field(field) => compile_field(field, context)?,
    })
}

fn compile_field<'a>(
    field: &'a Field,
    context: &QueryContext<'a>,
) -> Result<Matcher<'a>, (Position, Problem)> {
    let key = field.key.as_deref();
    let mut values = Vec::with_capacity(field.values.len());
    for value in &field.values {
        let matcher = field.subject.compile(context, key, value);
        values.push(matcher.map_err(|problem| (problem.place(field.at, value.at), problem))?);
    }
    Ok(Box::new(move |id| {
        Answer::any(values.iter().map(|fits| fits(id)))
    }))
}

/// A word stands in the name, the title, the description or a tag; with a capital letter, it
/// must be written so. With a `*` it must be the whole name, title or tag.
fn has_word(entity: &Entity, word: &Value) -> bool {
    if word.is_pattern() {
        return word.fits(entity.name())
            || entity.title().is_some_and(|title| word.fits(title))
            || entity.tags().any(|tag| word.fits(tag));
    }
    let text = word.text.as_str();
    let exact = text.chars().any(char::is_uppercase);
    let has = |field: &str| {
        if exact {
            field.contains(text)
        } else {
            field.to_lowercase().contains(text)
        }
    };
    has(entity.name())
        || entity.title().is_some_and(has)
        || entity.description().is_some_and(has)
        || entity.tags().any(has)
}
