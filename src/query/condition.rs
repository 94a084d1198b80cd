//! What the language of queries cannot say: an expression over everything known of an entity.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::fact_mentions::Mentions;
use crate::catalog::{Catalog, EntityId, EntityRecord};
use crate::expression::{ExpressionError, Language};
use crate::fact::{FactSelection, Facts, Register};
use crate::model::{EntityRef, Node, RelationType};

/// An expression that an entity must satisfy (`--where`). Its names are the fields of `export
/// entities`, and `annotations`, `links`, `spec`, `relations` and `facts`.
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
    /// What is known of the facts that the expression mentions, where it mentions some.
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<Value>,
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

    /// The facts that it needs.
    ///
    /// # Errors
    /// When it mentions a fact that there is not.
    pub fn facts(&self, register: &Register) -> Result<FactSelection, ConditionError> {
        Ok(self.mentions(register)?.selection())
    }

    fn mentions(&self, register: &Register) -> Result<Mentions, ConditionError> {
        Mentions::of(&self.text, register).map_err(|unknown| {
            let (start, length) = unknown.at;
            let characters = |to: usize| self.text.get(..to).map_or(0, |it| it.chars().count());
            let begin = characters(start);
            let error = ExpressionError {
                expression: self.text.clone(),
                at: Some((begin, characters(start + length).saturating_sub(begin))),
                message: unknown.message,
                help: Some(unknown.help),
            };
            ConditionError {
                entity: None,
                error,
            }
        })
    }

    /// The entities that satisfy it, of some. Without facts none is known.
    ///
    /// # Errors
    /// When it asks an entity for what that does not have, or is not known of it.
    pub fn select(
        &self,
        catalog: &Catalog,
        entities: Vec<EntityId>,
        facts: Option<&Facts>,
    ) -> Result<Vec<EntityId>, ConditionError> {
        let failed = |entity, error| ConditionError { entity, error };
        let compiled = self.language.compile(&self.text);
        let expression = compiled.map_err(|error| failed(None, error))?;
        let mentions = match facts {
            Some(facts) => self.mentions(facts.register())?,
            None => Mentions::Some(Vec::new()),
        };
        let mut selected = Vec::new();
        for id in entities {
            let entity = catalog.entity(id).reference();
            let facts = facts.filter(|_| !mentions.is_none());
            let facts = facts.map(|facts| mentions.object(facts, entity));
            let holds = expression.is_true(&known(catalog, id, facts));
            let reference = || Some(entity.clone());
            if holds.map_err(|error| failed(reference(), error))? {
                selected.push(id);
            }
        }
        Ok(selected)
    }
}

fn known(catalog: &Catalog, id: EntityId, facts: Option<Value>) -> Known<'_> {
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
        facts,
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
