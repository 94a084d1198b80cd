//! The entities that lines of a ledger are about: facts follow an entity that is renamed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{Catalog, EntityId};
use crate::model::EntityRef;

/// The annotation with the old references of an entity, with `,` between them.
pub const RENAMED_FROM: &str = "devportal.dev/renamed-from";

/// The entities by the names that lines may have for them.
pub(super) struct LedgerEntities {
    by_name: HashMap<Box<str>, LedgerEntity>,
    /// Whether names that are not known stand for entities, too.
    takes_others: bool,
}

/// The entity that a line is about.
#[derive(Clone, Debug)]
pub(super) struct LedgerEntity {
    pub(super) reference: Arc<EntityRef>,
    /// Whether the line has its present name.
    pub(super) is_present_name: bool,
}

impl LedgerEntities {
    /// The entities of a catalog, or some of them, by their present and old names. What has an
    /// entity of its own is nobody's old name; of several that claim one, the first has it.
    pub(super) fn new(catalog: &Catalog, wanted: Option<&[EntityId]>) -> Self {
        let mut by_name = HashMap::new();
        let mut add = |name: &EntityRef, reference: &EntityRef, is_present_name: bool| {
            let known = by_name.entry(Box::from(name.as_str()));
            known.or_insert_with(|| LedgerEntity {
                reference: Arc::new(reference.clone()),
                is_present_name,
            });
        };
        let all = catalog.entities().iter();
        let mut claims: HashMap<EntityRef, &EntityRef> = HashMap::new();
        for entity in all {
            let present = entity.reference();
            for old in old_names(entity.annotation(RENAMED_FROM), present) {
                if catalog.id(&old).is_none() {
                    claims.entry(old).or_insert(present);
                }
            }
        }
        let is_wanted = |reference: &EntityRef| {
            wanted.is_none_or(|wanted| {
                let id = catalog.id(reference);
                id.is_some_and(|id| wanted.contains(&id))
            })
        };
        match wanted {
            Some(ids) => {
                for id in ids {
                    let reference = catalog.entity(*id).reference();
                    add(reference, reference, true);
                }
            }
            None => {
                for entity in catalog.entities() {
                    add(entity.reference(), entity.reference(), true);
                }
            }
        }
        for (old, present) in claims {
            if is_wanted(present) {
                add(&old, present, false);
            }
        }
        Self {
            by_name,
            takes_others: false,
        }
    }

    /// The same, where any other reference stands for itself.
    pub(super) fn with_others(self) -> Self {
        Self {
            takes_others: true,
            ..self
        }
    }

    /// The entity that a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<LedgerEntity> {
        if let Some(known) = self.by_name.get(name) {
            return Some(known.clone());
        }
        let other = || EntityRef::parse(name, None, "default").ok();
        let other = self.takes_others.then(other).flatten()?;
        (other.as_str() == name).then(|| LedgerEntity {
            reference: Arc::new(other),
            is_present_name: true,
        })
    }

    /// Whether a name is known, without a look at others.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.takes_others || self.by_name.contains_key(name)
    }
}

fn old_names(annotation: Option<&str>, present: &EntityRef) -> Vec<EntityRef> {
    let names = annotation.unwrap_or_default().split(',').map(str::trim);
    names
        .filter_map(|name| EntityRef::parse(name, Some(present.kind()), present.namespace()).ok())
        .collect()
}
