//! Query × catalog → entities.

use super::{Qualifier, Query, Term};
use crate::catalog::{Catalog, EntityId};
use crate::model::{Entity, EntityRef, RefParts, RelationType};

impl Query {
    /// The entities that fit, in the order of the catalog.
    #[must_use]
    pub fn evaluate(&self, catalog: &Catalog) -> Vec<EntityId> {
        catalog
            .ids()
            .filter(|id| self.terms.iter().all(|term| term.fits(catalog, *id)))
            .collect()
    }

    /// The words of the query, for suggestions when nothing fits.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|term| match term {
            Term::Word(word) => Some(word.as_str()),
            Term::Qualified(..) => None,
        })
    }
}

impl Term {
    fn fits(&self, catalog: &Catalog, id: EntityId) -> bool {
        let entity = catalog.entity(id);
        match self {
            Self::Word(word) => has_word(entity, word),
            Self::Qualified(qualifier, values) => values
                .iter()
                .any(|value| qualifier.fits(catalog, id, entity, value)),
        }
    }
}

impl Qualifier {
    fn fits(self, catalog: &Catalog, id: EntityId, entity: &Entity, value: &str) -> bool {
        let is = |field: Option<&str>| field.is_some_and(|field| field.eq_ignore_ascii_case(value));
        match self {
            Self::Kind => entity.reference().kind().eq_ignore_ascii_case(value),
            Self::Type => is(entity.spec_str("type")),
            Self::Lifecycle => is(entity.spec_str("lifecycle")),
            Self::Tag => entity.tags().any(|tag| tag.eq_ignore_ascii_case(value)),
            Self::Name => entity.name().eq_ignore_ascii_case(value),
            Self::Owner => catalog
                .owner(id)
                .is_some_and(|owner| names(value, owner.reference)),
            Self::System => {
                let parents = catalog.related(id, RelationType::PartOf);
                parents
                    .into_iter()
                    .any(|parent| parent.kind() == "system" && names(value, parent))
            }
        }
    }
}

/// Whether a text names a reference: all parts that it has must be the same.
fn names(text: &str, reference: &EntityRef) -> bool {
    let Ok(parts) = RefParts::parse(text) else {
        return false;
    };
    parts.name.eq_ignore_ascii_case(reference.name())
        && parts
            .kind
            .is_none_or(|kind| kind.eq_ignore_ascii_case(reference.kind()))
        && parts
            .namespace
            .is_none_or(|namespace| namespace.eq_ignore_ascii_case(reference.namespace()))
}

fn has_word(entity: &Entity, word: &str) -> bool {
    let exact = word.chars().any(char::is_uppercase);
    let has = |text: &str| {
        if exact {
            text.contains(word)
        } else {
            text.to_lowercase().contains(word)
        }
    };
    has(entity.name())
        || entity.title().is_some_and(has)
        || entity.description().is_some_and(has)
        || entity.tags().any(has)
}
