//! What the checks of lifecycles have in common: who uses what, and how far each is.

use super::CheckInput;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{EntityRef, Place, RelationType};

/// Somebody who uses something.
pub(super) struct Use {
    /// The user, for people.
    pub(super) user: String,
    /// What is used, for people.
    pub(super) used: String,
    user_ref: EntityRef,
    used_ref: EntityRef,
    place: Place,
}

impl Use {
    pub(super) fn problem(&self, code: &'static Code, message: String) -> Diagnostic {
        Diagnostic::new(code, message)
            .entity(&self.user_ref)
            .subject(self.used_ref.as_str())
            .at(self.place.clone())
    }
}

/// The uses (`dependsOn`, `consumesApi`) whose lifecycles are of interest.
pub(super) fn uses(
    input: &CheckInput<'_>,
    is_interesting: fn(Option<&str>, Option<&str>) -> bool,
) -> Vec<Use> {
    let lifecycle = |reference: &EntityRef| input.catalog.get(reference)?.spec_str("lifecycle");
    let relations = input.catalog.relations().into_iter();
    let uses = relations.filter(|found| {
        matches!(
            found.relation,
            RelationType::DependsOn | RelationType::ConsumesApi
        )
    });
    uses.filter(|found| is_interesting(lifecycle(found.source), lifecycle(found.target)))
        .filter_map(|found| {
            Some(Use {
                user: found.source.short(),
                used: found.target.short(),
                user_ref: found.source.clone(),
                used_ref: found.target.clone(),
                place: found.place?,
            })
        })
        .collect()
}
