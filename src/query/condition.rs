//! What the language of queries cannot say: an expression over everything known of an entity.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalog::{Catalog, EntityId, EntityRecord};
use crate::expression::{ExpressionError, Language};
use crate::model::{EntityRef, Node, RelationType};

/// An expression that an entity must satisfy (`--where`). Its names are the fields of `export
/// entities`, and `annotations`, `links`, `spec` and `relations`.
#[derive(Debug)]
pub struct Condition {
    language: Language,
    text: String,
}

/// Why a condition cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    /// The entity for which it has no value; `None` when it has none for any.
    pub entity: Option<EntityRef>,
    /// Why.
    pub error: ExpressionError,
}

/// Everything known of an entity.
#[derive(Serialize)]
struct Known<'catalog> {
    #[serde(flatten)]
    record: EntityRecord<'catalog>,
    annotations: Map<String, Value>,
    links: Vec<Value>,
    spec: Value,
    /// Every type of relation, also those that it has none of.
    relations: BTreeMap<&'static str, Vec<&'catalog EntityRef>>,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// When it is no expression.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let language = Language::default();
        match language.compile(text) {
            Ok(_) => Ok(Self {
                language,
                text: text.to_owned(),
            }),
            Err(error) => Err(ConditionError {
                entity: None,
                error,
            }),
        }
    }

    /// The entities that satisfy it, of some.
    ///
    /// # Errors
    /// When it asks an entity for what that does not have.
    pub fn select(
        &self,
        catalog: &Catalog,
        entities: Vec<EntityId>,
    ) -> Result<Vec<EntityId>, ConditionError> {
        let failed = |entity, error| ConditionError { entity, error };
        let compiled = self.language.compile(&self.text);
        let expression = compiled.map_err(|error| failed(None, error))?;
        let mut selected = Vec::new();
        for id in entities {
            let holds = expression.is_true(&known(catalog, id));
            let reference = || Some(catalog.entity(id).reference().clone());
            if holds.map_err(|error| failed(reference(), error))? {
                selected.push(id);
            }
        }
        Ok(selected)
    }
}

fn known(catalog: &Catalog, id: EntityId) -> Known<'_> {
    let entity = catalog.entity(id);
    let mut relations: BTreeMap<&'static str, Vec<&EntityRef>> = RelationType::ALL
        .into_iter()
        .map(|relation| (relation.name(), Vec::new()))
        .collect();
    for relation in catalog.relations_of(id) {
        let targets = relations.entry(relation.relation.name()).or_default();
        targets.push(relation.target);
    }
    Known {
        record: catalog.record(id),
        annotations: entity
            .annotations()
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect(),
        links: entity.links().map(Node::to_json).collect(),
        spec: entity.spec().map_or(Value::Null, Node::to_json),
        relations,
    }
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entity {
            Some(entity) => write!(f, "{}: {}", entity.short(), self.error),
            None => self.error.fmt(f),
        }
    }
}

impl std::error::Error for ConditionError {}
