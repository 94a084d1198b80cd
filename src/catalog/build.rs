//! Entities → catalog.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::graph::{EntityId, RelationGraph};
use super::{Catalog, Duplicate, RepositoryRole};
use crate::codeowners::CodeOwners;
use crate::model::{Entity, Forges};

/// What a catalog is built from.
#[derive(Debug, Default)]
pub struct BuildInput {
    /// The entities, in any order.
    pub entities: Vec<Entity>,
    /// The repositories, by identity.
    pub repositories: BTreeMap<Arc<str>, RepositoryRole>,
    /// `CODEOWNERS` of repositories, by identity; at least of those in which an entity has no
    /// owner.
    pub code_owners: HashMap<Arc<str>, CodeOwners>,
    /// The forges, for URLs that name a repository.
    pub forges: Forges,
}

impl Catalog {
    /// Builds the catalog. The same entities give the same catalog, whatever their order.
    #[must_use]
    pub fn build(input: BuildInput) -> Self {
        let BuildInput {
            entities,
            repositories,
            code_owners,
            forges,
        } = input;
        let (entities, duplicates) = each_once(entities);
        let kinds = entities
            .iter()
            .map(|entity| entity.reference().kind().to_owned())
            .collect();
        let mut catalog = Self {
            entities,
            duplicates,
            graph: RelationGraph::default(),
            kinds,
            repositories,
            by_end: OnceLock::new(),
            code_owners,
            forges,
        };
        let derived = catalog.owners_from_code_owners();
        catalog.graph = RelationGraph::build(&catalog.entities, &derived);
        catalog
    }
}

/// Keeps the first entity of each reference: a valid one before an invalid one, then in byte
/// order of the path, then in the order of the file.
fn each_once(mut entities: Vec<Entity>) -> (Vec<Entity>, Vec<Duplicate>) {
    entities.sort_by(|a, b| {
        let order = |entity: &Entity| !entity.is_valid();
        let (a_source, b_source) = (a.source(), b.source());
        a.reference()
            .cmp(b.reference())
            .then_with(|| order(a).cmp(&order(b)))
            .then_with(|| {
                a_source
                    .file
                    .path()
                    .as_bytes()
                    .cmp(b_source.file.path().as_bytes())
            })
            .then_with(|| a_source.document.cmp(&b_source.document))
    });
    let mut kept: Vec<Entity> = Vec::with_capacity(entities.len());
    let mut duplicates = Vec::new();
    for entity in entities {
        if kept
            .last()
            .is_some_and(|last| last.reference() == entity.reference())
        {
            duplicates.push(Duplicate {
                kept: EntityId::new(kept.len() - 1),
                dropped: entity,
            });
        } else {
            kept.push(entity);
        }
    }
    kept.shrink_to_fit();
    duplicates.sort_by(|a, b| {
        let place = |duplicate: &Duplicate| {
            (
                duplicate.dropped.source().file.path().to_owned(),
                duplicate.dropped.source().document,
            )
        };
        place(a).cmp(&place(b))
    });
    (kept, duplicates)
}
