//! What requirements see of an entity: only what they mention, because the rest costs time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::expression::Scope;
use crate::fact::{FactSelector, Facts, Knowledge};
use crate::model::{Entity, EntityRef, Node, RelationType};

use super::requirement::Requirement;

/// Everything that some requirements mention.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentioned {
    entity: BTreeSet<String>,
    relations: BTreeSet<String>,
    owner: bool,
    dependencies: bool,
    dependents: bool,
    facts: Vec<FactSelector>,
}

impl<'a> FromIterator<&'a Requirement> for Mentioned {
    fn from_iter<T: IntoIterator<Item = &'a Requirement>>(requirements: T) -> Self {
        let mut mentioned = Self::default();
        for requirement in requirements {
            for selector in &requirement.facts {
                if !mentioned.facts.contains(selector) {
                    mentioned.facts.push(selector.clone());
                }
            }
            for value in &requirement.values {
                mentioned.add(value);
            }
        }
        mentioned
    }
}

impl Mentioned {
    fn add(&mut self, value: &str) {
        let (name, field) = value.split_once('.').unwrap_or((value, ""));
        match (name, field) {
            ("entity", "") => self
                .entity
                .extend(super::names::ENTITY_FIELDS.map(str::to_owned)),
            ("entity", field) => drop(self.entity.insert(field.to_owned())),
            ("relations", "") => {
                let all = RelationType::ALL.into_iter().map(RelationType::name);
                self.relations.extend(all.map(str::to_owned));
            }
            ("relations", field) => drop(self.relations.insert(field.to_owned())),
            ("owner", _) => self.owner = true,
            ("dependencies", _) => self.dependencies = true,
            ("dependents", _) => self.dependents = true,
            _ => {}
        }
    }

    /// What is mentioned, of an entity.
    pub(super) fn scope(&self, catalog: &Catalog, facts: &Facts, id: EntityId) -> Scope {
        let entity = catalog.entity(id);
        let mut scope = Scope::default();
        if !self.entity.is_empty() {
            scope = scope.with("entity", &self.entity_value(catalog, id));
        }
        if !self.relations.is_empty() {
            scope = scope.with("relations", &self.relations_value(catalog, id));
        }
        if self.owner {
            scope = scope.with("owner", &owner_value(catalog, id));
        }
        if self.dependencies {
            scope = scope.with(
                "dependencies",
                &reached(catalog, id, RelationSet::dependencies()),
            );
        }
        if self.dependents {
            let dependents = RelationSet::dependencies().inverse();
            scope = scope.with("dependents", &reached(catalog, id, dependents));
        }
        let known = self.facts.iter().filter_map(|selector| {
            match facts.get(entity.reference(), selector) {
                Knowledge::Known(known) => Some((selector.to_string(), known.value)),
                Knowledge::Expired(_) | Knowledge::Unknown => None,
            }
        });
        scope.with_answers("facts", known)
    }

    fn entity_value(&self, catalog: &Catalog, id: EntityId) -> Value {
        let entity = catalog.entity(id);
        let fields = self.entity.iter();
        let fields = fields.map(|field| (field.clone(), entity_field(catalog, id, entity, field)));
        Value::Object(fields.collect())
    }

    fn relations_value(&self, catalog: &Catalog, id: EntityId) -> Value {
        let types = RelationType::ALL.into_iter();
        let mentioned = types.filter(|relation| self.relations.contains(relation.name()));
        let targets = mentioned.map(|relation| {
            let related = catalog.related(id, relation).into_iter();
            let entities: Vec<Value> = related.map(|it| short_form(catalog, it)).collect();
            (relation.name().to_owned(), Value::Array(entities))
        });
        Value::Object(targets.collect())
    }
}

fn entity_field(catalog: &Catalog, id: EntityId, entity: &Entity, field: &str) -> Value {
    let texts = |pairs: BTreeMap<String, String>| json!(pairs);
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    match field {
        "annotations" => texts(entity.annotations().map(owned).collect()),
        "description" => json!(entity.description()),
        "domain" => json!(catalog.record(id).domain),
        "kind" => json!(entity.kind()),
        "labels" => texts(entity.labels().map(owned).collect()),
        "lifecycle" => json!(entity.spec_str("lifecycle")),
        "links" => entity.links().map(Node::to_json).collect(),
        "name" => json!(entity.name()),
        "namespace" => json!(entity.namespace()),
        "owner" => json!(catalog.owner(id).map(|owner| owner.reference)),
        "path" => json!(entity.source().file.path()),
        "ref" => json!(entity.reference()),
        "repository" => json!(entity.source().file.repository()),
        "runbook" => json!(runbook(entity)),
        "spec" => entity
            .spec()
            .map_or(Value::Object(Map::new()), Node::to_json),
        "system" => json!(catalog.record(id).system),
        "tags" => entity.tags().collect(),
        "title" => json!(entity.title()),
        "type" => json!(entity.spec_str("type")),
        _ => Value::Null,
    }
}

/// Where it says what to do when it fails: the first link that calls itself a runbook.
fn runbook(entity: &Entity) -> Option<&str> {
    let says = |link: &Node<'_>| {
        let names = ["title", "type", "icon"].map(|field| link.str_at(field));
        let mut names = names.into_iter().flatten();
        names.any(|name| {
            name.to_lowercase()
                .replace([' ', '-'], "")
                .contains("runbook")
        })
    };
    entity.links().find(says)?.str_at("url")
}

/// The owner; of an entity without one everything is empty.
fn owner_value(catalog: &Catalog, id: EntityId) -> Value {
    let owner = catalog.owner(id);
    let reference = owner.as_ref().map(|owner| owner.reference);
    let group = reference.and_then(|reference| catalog.id(reference));
    let members = group.map(|group| catalog.related(group, RelationType::HasMember));
    let members = members.unwrap_or_default();
    let emails = members
        .iter()
        .filter_map(|member| email(catalog.get(member)?));
    json!({
        "ref": reference,
        "kind": reference.map(EntityRef::kind),
        "name": reference.map(EntityRef::name),
        "known": group.is_some(),
        "contact": group.is_some_and(|group| has_contact(catalog.entity(group))),
        "emails": emails.collect::<Vec<String>>(),
        "members": members.iter().map(|member| short_form(catalog, member)).collect::<Vec<Value>>(),
    })
}

fn email(entity: &Entity) -> Option<String> {
    entity
        .spec_field("profile.email")?
        .as_str()
        .map(str::to_lowercase)
}

/// Whether there is a way to reach somebody: an address, a link, a chat.
fn has_contact(entity: &Entity) -> bool {
    let is_chat = |(key, _): (&str, &str)| {
        key.contains("slack") || key.contains("chat") || key.contains("teams")
    };
    email(entity).is_some() || entity.links().next().is_some() || entity.annotations().any(is_chat)
}

/// What an entity is, in short; only the reference of one that the catalog does not have.
fn short_form(catalog: &Catalog, reference: &EntityRef) -> Value {
    let Some(entity) = catalog.get(reference) else {
        return json!({
            "ref": reference, "kind": reference.kind(), "name": reference.name(),
            "type": null, "lifecycle": null, "known": false,
        });
    };
    json!({
        "ref": reference,
        "kind": reference.kind(),
        "name": reference.name(),
        "type": entity.spec_str("type"),
        "lifecycle": entity.spec_str("lifecycle"),
        "known": true,
    })
}

fn reached(catalog: &Catalog, id: EntityId, relations: RelationSet) -> Value {
    let reach = catalog.reach(&[id], relations);
    let entities = reach.iter().filter(|reached| reached.distance() > 0);
    entities
        .map(|reached| short_form(catalog, reached.reference()))
        .collect()
}
