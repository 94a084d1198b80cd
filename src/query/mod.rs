//! The language of `find`: words, and qualifiers such as `owner:payments`.
//!
//! Terms are separated by spaces, and an entity must fit all of them. A word fits when it is
//! part of the name, the title, the description or a tag; with a capital letter in it, it must
//! be written so. A qualifier takes several values, separated by commas, of which one must fit.

mod evaluate;
mod parse;

use std::fmt;

/// A query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Word(String),
    Qualified(Qualifier, Vec<String>),
}

/// A field that a query can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Qualifier {
    Kind,
    Owner,
    System,
    Type,
    Lifecycle,
    Tag,
    Name,
}

impl Qualifier {
    const ALL: [(&'static str, Self); 7] = [
        ("kind", Self::Kind),
        ("owner", Self::Owner),
        ("system", Self::System),
        ("type", Self::Type),
        ("lifecycle", Self::Lifecycle),
        ("tag", Self::Tag),
        ("name", Self::Name),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, qualifier)| *qualifier == self)
            .map_or("", |(name, _)| name)
    }
}

/// A query that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The query.
    pub query: String,
    /// Where in it, in characters from 0, and how many.
    pub at: (usize, usize),
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, length) = self.at;
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {}", self.query)?;
        write!(f, "  {}{}", " ".repeat(start), "^".repeat(length.max(1)))?;
        match &self.help {
            Some(help) => write!(f, " {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms: Vec<String> = self.terms.iter().map(ToString::to_string).collect();
        f.write_str(&terms.join(" "))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&quoted(word)),
            Self::Qualified(qualifier, values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                write!(f, "{}:{}", qualifier.name(), values.join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.contains(['"', ' ', ',', ':', '\\'])
        && !text.contains(char::is_whitespace);
    if plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
