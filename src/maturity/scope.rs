//! What requirements see of an entity: only what they mention, and only when they ask for it,
//! because the rest costs time.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::requirement::{Condition, Requirement};
use crate::catalog::{Catalog, EntityId, RelationSet};
use crate::expression::{Scope, ScopeValue};
use crate::fact::{Facts, Knowledge};
use crate::model::{Entity, EntityRef, Node, RelationType};

/// The names of the values, beside facts.
const VALUES: [&str; 5] = ["entity", "relations", "owner", "dependencies", "dependents"];

/// Everything that some requirements mention.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentioned {
    entity: BTreeSet<String>,
    relations: BTreeSet<String>,
}

/// What one entity shows of itself.
pub(super) struct Sight<'a> {
    catalog: &'a Catalog,
    facts: &'a Facts,
    mentioned: &'a Mentioned,
    seen: &'a RefCell<Seen>,
    id: EntityId,
    answered: RefCell<HashSet<String>>,
    /// What is seen so far.
    pub(super) scope: Scope,
}

/// What was looked at before: a team owns many entities, and much depends on a few.
#[derive(Debug, Default)]
pub(super) struct Seen {
    owners: HashMap<Option<EntityRef>, ScopeValue>,
    short: HashMap<EntityRef, ScopeValue>,
}

impl<'a> FromIterator<&'a Requirement> for Mentioned {
    fn from_iter<T: IntoIterator<Item = &'a Requirement>>(requirements: T) -> Self {
        let mut mentioned = Self::default();
        let requirements = requirements.into_iter();
        for condition in requirements.flat_map(|it| &it.conditions) {
            for value in &condition.values {
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
            _ => {}
        }
    }
}

impl<'a> Sight<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        facts: &'a Facts,
        mentioned: &'a Mentioned,
        seen: &'a RefCell<Seen>,
        id: EntityId,
    ) -> Self {
        Self {
            catalog,
            facts,
            mentioned,
            seen,
            id,
            answered: RefCell::default(),
            scope: Scope::new(&VALUES, "facts"),
        }
    }

    /// Lets a condition see what it asks for.
    pub(super) fn show(&self, condition: &Condition) {
        for value in &condition.values {
            let name = value.split('.').next().unwrap_or(value);
            self.scope.give(name, || self.value(name));
        }
        let reference = self.catalog.entity(self.id).reference();
        for asked in &condition.facts {
            if !self.answered.borrow_mut().insert(asked.name.clone()) {
                continue;
            }
            if let Knowledge::Known(known) = self.facts.get(reference, &asked.selector) {
                self.scope.answer(asked.name.clone(), &known.value);
            }
        }
    }

    fn value(&self, name: &str) -> ScopeValue {
        let reached = |relations| self.reached(relations);
        match name {
            "entity" => ScopeValue::of(&self.entity()),
            "relations" => ScopeValue::of(&self.relations()),
            "owner" => self.owner(),
            "dependencies" => reached(RelationSet::dependencies()),
            "dependents" => reached(RelationSet::dependencies().inverse()),
            _ => ScopeValue::of(&()),
        }
    }

    fn entity(&self) -> Value {
        let entity = self.catalog.entity(self.id);
        let fields = self.mentioned.entity.iter();
        let fields = fields.map(|field| {
            let value = entity_field(self.catalog, self.id, entity, field);
            (field.clone(), value)
        });
        Value::Object(fields.collect())
    }

    fn relations(&self) -> Value {
        let types = RelationType::ALL.into_iter();
        let mentioned = types.filter(|it| self.mentioned.relations.contains(it.name()));
        let targets = mentioned.map(|relation| {
            let related = self.catalog.related(self.id, relation).into_iter();
            let entities: Vec<Value> = related.map(|it| short_form(self.catalog, it)).collect();
            (relation.name().to_owned(), Value::Array(entities))
        });
        Value::Object(targets.collect())
    }

    fn reached(&self, relations: RelationSet) -> ScopeValue {
        let reach = self.catalog.reach(&[self.id], relations);
        let mut seen = self.seen.borrow_mut();
        let entities = reach.iter().filter(|reached| reached.distance() > 0);
        ScopeValue::list(entities.map(|reached| {
            let reference = reached.reference();
            if let Some(known) = seen.short.get(reference) {
                return known.clone();
            }
            let value = ScopeValue::of(&short_form(self.catalog, reference));
            seen.short.insert(reference.clone(), value.clone());
            value
        }))
    }

    fn owner(&self) -> ScopeValue {
        let owner = self.catalog.owner(self.id).map(|owner| owner.reference);
        let mut seen = self.seen.borrow_mut();
        let value = seen.owners.entry(owner.cloned());
        let value = value.or_insert_with(|| ScopeValue::of(&owner_value(self.catalog, owner)));
        value.clone()
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
fn owner_value(catalog: &Catalog, reference: Option<&EntityRef>) -> Value {
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
