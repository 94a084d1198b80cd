//! The tree of a query, and how it is written.

use std::fmt;

use super::qualifier::Subject;
use super::value::Value;

/// A place in a query, in characters from 0. It is no part of what the query means, so all
/// places are equal.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    pub(super) start: usize,
    pub(super) length: usize,
}

impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Position {}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// All of them must fit; none at all fits everything.
    All(Vec<Expression>),
    /// One of them must fit.
    Any(Vec<Expression>),
    /// It must not fit.
    Not(Box<Expression>),
    /// A word that stands in the name, the title, the description or a tag.
    Word(Value),
    /// A qualifier with its values, of which one must fit.
    Field(Field),
}

/// A qualifier with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) subject: Subject,
    /// Where its name stands.
    pub(super) at: Position,
    /// What follows `label.`, `annotation.`, `spec.` or `fact.`.
    pub(super) key: Option<String>,
    pub(super) values: Vec<Value>,
}

impl Expression {
    /// All of these; an "all" among them is taken apart, so that a tree has one spelling.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        join(parts, Self::All, |part| match part {
            Self::All(parts) => Ok(parts),
            other => Err(other),
        })
    }

    /// Any of these.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        join(parts, Self::Any, |part| match part {
            Self::Any(parts) => Ok(parts),
            other => Err(other),
        })
    }

    /// The opposite.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The names of the facts that it asks for.
    pub(super) fn facts(&self) -> Vec<String> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            Self::Not(inner) => inner.facts(),
            Self::Word(_) => Vec::new(),
            Self::Field(field) => {
                let key = field.key.as_deref();
                let values = field.values.iter();
                let facts = values.filter_map(|value| field.subject.fact(key, value));
                facts.map(|selector| selector.name).collect()
            }
        }
    }

    /// The words that must fit, or of which one must.
    pub(super) fn words(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::words).collect(),
            Self::Word(word) => vec![&word.text],
            Self::Not(_) | Self::Field(_) => Vec::new(),
        }
    }
}

fn join(
    parts: Vec<Expression>,
    whole: fn(Vec<Expression>) -> Expression,
    inner: fn(Expression) -> Result<Vec<Expression>, Expression>,
) -> Expression {
    let mut joined = Vec::with_capacity(parts.len());
    for part in parts {
        match inner(part) {
            Ok(parts) => joined.extend(parts),
            Err(part) => joined.push(part),
        }
    }
    if joined.len() == 1 {
        joined.swap_remove(0)
    } else {
        whole(joined)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => write_joined(f, parts, " "),
            Self::Any(parts) => write_joined(f, parts, " or "),
            Self::Not(inner) if matches!(**inner, Self::All(_) | Self::Any(_)) => {
                write!(f, "not ({inner})")
            }
            Self::Not(inner) => write!(f, "not {inner}"),
            Self::Word(word) => word.fmt(f),
            Self::Field(field) => field.fmt(f),
        }
    }
}

/// "and" binds more tightly than "or", so only an "or" inside of an "and" needs parentheses.
fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[Expression], between: &str) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            f.write_str(between)?;
        }
        if matches!(part, Expression::Any(_)) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.subject.name())?;
        if let Some(key) = &self.key {
            write!(f, ".{key}")?;
        }
        f.write_str(":")?;
        for (number, value) in self.values.iter().enumerate() {
            if number > 0 {
                f.write_str(",")?;
            }
            value.fmt(f)?;
        }
        Ok(())
    }
}
