//! Entities and relations as machines read them (`devportal export`).

use serde::Serialize;

use super::{Catalog, EntityId, Relation};
use crate::model::{Entity, EntityRef, RelationType};

/// An entity, with the fields of `export entities`.
#[derive(Clone, Debug, Serialize)]
pub struct EntityRecord<'catalog> {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: &'catalog EntityRef,
    /// Its kind as written.
    pub kind: &'catalog str,
    /// Its namespace.
    pub namespace: &'catalog str,
    /// Its name as written.
    pub name: &'catalog str,
    /// Its name for people.
    pub title: Option<&'catalog str>,
    /// What it is.
    pub description: Option<&'catalog str>,
    /// `spec.type`.
    #[serde(rename = "type")]
    pub spec_type: Option<&'catalog str>,
    /// Who owns it.
    pub owner: Option<&'catalog EntityRef>,
    /// `spec.lifecycle`.
    pub lifecycle: Option<&'catalog str>,
    /// The system it is part of.
    pub system: Option<&'catalog EntityRef>,
    /// The domain that it, or its system, is part of.
    pub domain: Option<&'catalog EntityRef>,
    /// Its tags.
    pub tags: Vec<&'catalog str>,
    /// Its labels.
    pub labels: serde_json::Map<String, serde_json::Value>,
    /// The identity of the repository of its descriptor.
    pub repository: &'catalog str,
    /// The path of its descriptor in the workspace.
    pub path: &'catalog str,
    /// The line on which it starts.
    pub line: u32,
    /// Which document of the file, from 0.
    pub document: u32,
    /// Whether Backstage would take it.
    pub valid: bool,
}

/// A relation, with the fields of `export relations`.
#[derive(Clone, Debug, Serialize)]
pub struct RelationRecord<'catalog> {
    /// The end that looks.
    pub source: &'catalog EntityRef,
    /// What the source is to the target.
    #[serde(rename = "type")]
    pub relation: &'static str,
    /// The other end.
    pub target: &'catalog EntityRef,
    /// The file in which it is declared.
    pub path: &'catalog str,
    /// The line; null for what was derived from `CODEOWNERS`.
    pub line: Option<u32>,
    /// Whether Backstage would take the entity that declares it.
    pub valid: bool,
    /// Whether one of its ends is no entity of the catalog.
    pub dangling: bool,
}

impl Catalog {
    /// An entity as machines read it.
    #[must_use]
    pub fn record(&self, id: EntityId) -> EntityRecord<'_> {
        let entity: &Entity = self.entity(id);
        let source = entity.source();
        let (system, domain) = (self.system(id), self.domain(id));
        EntityRecord {
            reference: entity.reference(),
            kind: entity.kind(),
            namespace: entity.namespace(),
            name: entity.name(),
            title: entity.title(),
            description: entity.description(),
            spec_type: entity.spec_str("type"),
            owner: self.owner(id).map(|owner| owner.reference),
            lifecycle: entity.spec_str("lifecycle"),
            system,
            domain,
            tags: entity.tags().collect(),
            labels: entity
                .labels()
                .map(|(key, value)| (key.to_owned(), value.into()))
                .collect(),
            repository: source.file.repository(),
            path: source.file.path(),
            line: source.line,
            document: source.document,
            valid: entity.is_valid(),
        }
    }
}

impl Catalog {
    /// The system that an entity is part of.
    #[must_use]
    pub fn system(&self, id: EntityId) -> Option<&EntityRef> {
        self.parent_of_kind(id, "system")
    }

    /// The domain that an entity, or its system, is part of.
    #[must_use]
    pub fn domain(&self, id: EntityId) -> Option<&EntityRef> {
        let of_system = || self.parent_of_kind(self.id(self.system(id)?)?, "domain");
        self.parent_of_kind(id, "domain").or_else(of_system)
    }

    fn parent_of_kind(&self, id: EntityId, kind: &str) -> Option<&EntityRef> {
        let parents = self.related(id, RelationType::PartOf).into_iter();
        let mut parents = parents.filter(|parent| parent.kind() == kind);
        parents.next()
    }
}

impl<'catalog> Relation<'catalog> {
    /// The relation as machines read it.
    #[must_use]
    pub fn record(&self) -> RelationRecord<'catalog> {
        RelationRecord {
            source: self.source,
            relation: self.relation.name(),
            target: self.target,
            path: self.declared_by.source().file.path(),
            line: self
                .place
                .as_ref()
                .and_then(|place| place.span)
                .map(|span| span.line),
            valid: self.declared_by.is_valid(),
            dangling: self.dangling,
        }
    }
}
