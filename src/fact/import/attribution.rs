//! Which entities a result is about.

use super::{Imported, Subject};
use crate::catalog::{Catalog, Homes};
use crate::fact::Observation;
use crate::model::EntityRef;

/// Finds the entities that results are about.
pub struct Attribution<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Its homes.
    pub homes: &'a Homes,
    /// The entity that the command or the configuration names.
    pub entity: Option<EntityRef>,
    /// The repository in which the file lies, and its path there.
    pub file: Option<(&'a str, &'a str)>,
}

/// A result and the entity that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    /// The entity.
    pub entity: EntityRef,
    /// What is said of it.
    pub observation: Observation,
}

/// Results that are about no entity of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unattributed {
    /// What they are about.
    pub subject: Subject,
    /// How many there are.
    pub results: usize,
}

impl Attribution<'_> {
    /// The results with their entities, and those that have none.
    #[must_use]
    pub fn attribute(&self, _imported: Imported) -> (Vec<Attributed>, Vec<Unattributed>) {
        (Vec::new(), Vec::new())
    }
}
