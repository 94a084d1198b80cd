//! The language of `find`, and of everything else that means a set of entities.
//!
//! A query is words and qualifiers, joined by spaces ("and"), `or`, `not` and parentheses. It is
//! read into a tree ([`Query::parse`]), which prints as a query that reads as the same tree, and
//! evaluated over a catalog ([`Query::evaluate`]). [`reference()`] is its documentation for users.
//! Facts may be unknown, so that an [`Answer`] is yes, no, or not known.
//!
//! A new qualifier is a constant in a file of `qualifier/` and one line in its list.

mod error;
mod syntax;
mod value;
mod lexer;
mod parser;
mod matcher;
mod qualifier;
mod reference;
mod fact_mentions;
mod condition;

use crate::catalog::EntityId;
use crate::fact::FactSelection;

pub use condition::{Condition, ConditionError};
pub use error::QueryError;
pub use matcher::{Answer, DocumentedEntities, QueryContext};
pub use qualifier::{HAS_FIELDS, QUALIFIERS, Qualifier, STATES};
pub use reference::reference;

use syntax::Expression;

/// A query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    text: String,
    root: Expression,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// When it is not written as the language asks, or names a qualifier that there is not.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let root = parser::parse(text)?;
        Ok(Self {
            text: text.to_owned(),
            root,
        })
    }

    /// The entities that fit, in the order of the catalog.
    ///
    /// # Errors
    /// When it asks for a value that no entity of the catalog can have: a kind that there is
    /// not, an owner whom nobody knows.
    pub fn evaluate(&self, context: &QueryContext<'_>) -> Result<Vec<EntityId>, QueryError> {
        self.select(context, |answer| answer == Answer::Yes)
    }

    /// The entities that fit, and those of which that is not known. Without facts these are all
    /// that can fit, whatever the facts are.
    ///
    /// # Errors
    /// As [`Query::evaluate`].
    pub fn candidates(&self, context: &QueryContext<'_>) -> Result<Vec<EntityId>, QueryError> {
        self.select(context, |answer| answer != Answer::No)
    }

    /// What it answers of each entity, in the order of the catalog.
    ///
    /// # Errors
    /// As [`Query::evaluate`].
    pub fn answers(&self, context: &QueryContext<'_>) -> Result<Vec<Answer>, QueryError> {
        let fits = matcher::compile(&self.root, context)
            .map_err(|(at, problem)| QueryError::new(&self.text, at, problem))?;
        Ok(context.catalog.ids().map(fits).collect())
    }

    /// How it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The facts that it names.
    #[must_use]
    pub fn facts(&self) -> FactSelection {
        self.root.facts().into_iter().collect()
    }

    fn select(
        &self,
        context: &QueryContext<'_>,
        wanted: fn(Answer) -> bool,
    ) -> Result<Vec<EntityId>, QueryError> {
        let answers = self.answers(context)?.into_iter();
        let all = context.catalog.ids().zip(answers);
        Ok(all
            .filter_map(|(id, answer)| wanted(answer).then_some(id))
            .collect())
    }

    /// The words of the query that an entity must have, for suggestions when nothing fits.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        self.root.words()
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.root.fmt(f)
    }
}
