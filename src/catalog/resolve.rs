//! Short names: what `payments` means where a reference is asked for.

use super::Catalog;
use crate::model::{Entity, EntityRef, RefError, RefParts};

/// The kinds that are tried first for a name without one, after those that a place accepts.
const USUAL_KINDS: [&str; 5] = ["component", "api", "system", "resource", "group"];

/// What a short name means.
#[derive(Debug)]
pub struct Resolution<'catalog> {
    /// The best match.
    pub entity: &'catalog Entity,
    /// Other entities of that name, best first.
    pub others: Vec<&'catalog EntityRef>,
}

impl Catalog {
    /// Finds the entity that a text means: a whole reference, or a name that takes the kinds
    /// that the place accepts, then the usual ones, then any.
    ///
    /// # Errors
    /// When the text is no reference.
    pub fn resolve(
        &self,
        text: &str,
        accepted_kinds: &[&str],
    ) -> Result<Option<Resolution<'_>>, RefError> {
        let parts = RefParts::parse(text)?;
        let kind = parts.kind.map(str::to_lowercase);
        let name = parts.name.to_lowercase();
        let namespace = parts.namespace.map(str::to_lowercase);
        let mut matches: Vec<&Entity> = self
            .entities
            .iter()
            .filter(|entity| {
                let reference = entity.reference();
                reference.name() == name
                    && kind.as_deref().is_none_or(|kind| kind == reference.kind())
                    && namespace
                        .as_deref()
                        .is_none_or(|namespace| namespace == reference.namespace())
            })
            .collect();
        let rank = |entity: &Entity| {
            let kind = entity.reference().kind();
            let accepted = accepted_kinds
                .iter()
                .position(|accepted| *accepted == kind)
                .unwrap_or(accepted_kinds.len());
            let usual = USUAL_KINDS
                .iter()
                .position(|usual| *usual == kind)
                .unwrap_or(USUAL_KINDS.len());
            (accepted, usual, entity.namespace() != "default")
        };
        matches.sort_by_key(|entity| rank(entity));
        let mut matches = matches.into_iter();
        Ok(matches.next().map(|entity| Resolution {
            entity,
            others: matches.map(Entity::reference).collect(),
        }))
    }
}
