//! What conditions see of an entity: only what they mention, because the rest costs time.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Map, Value, json};

use super::names::{BELOW_FIELDS, ENTITY_FIELDS, OWNER_FIELDS_OF_CATALOG};
use super::requirement::Condition;
use crate::catalog::{Catalog, EntityId, RelationSet, TextsBelow};
use crate::expression::{Scope, ScopeValue};
use crate::fact::{Fact, Facts, FoundValue, ReadySelector};
use crate::model::{Entity, EntityRef, Node, RelationType};

/// The names of the values, beside facts.
const VALUES: [&str; 6] = [
    "entity",
    "relations",
    "owner",
    "dependencies",
    "dependents",
    "below",
];

/// What is the same for all entities.
pub(super) struct Surroundings<'a> {
    catalog: &'a Catalog,
    facts: &'a Facts,
    /// For each of [`BELOW_FIELDS`].
    below: [OnceLock<TextsBelow<'a>>; BELOW_FIELDS.len()],
    /// A team owns many entities.
    owners: Mutex<HashMap<Option<EntityRef>, ScopeValue>>,
    /// The kinds of entities with owners that the catalog knows, and the kinds of these.
    known_owners: OnceLock<BTreeSet<(&'a str, &'a str)>>,
}

/// What a condition looks at.
pub(super) struct Looks<'a> {
    entity: BTreeSet<&'a str>,
    relations: Vec<RelationType>,
    owner: bool,
    /// What the entity of the owner must say, as it was written.
    of_owner: Vec<&'a str>,
    dependencies: bool,
    dependents: bool,
    /// Indexes of [`BELOW_FIELDS`].
    below: BTreeSet<usize>,
    facts: Vec<(&'a str, ReadySelector<'a>)>,
}

/// What one entity shows of itself.
pub(super) struct Sight<'a, 's> {
    around: &'s Surroundings<'a>,
    seen: &'s RefCell<Seen>,
    id: EntityId,
    facts: &'a [Fact],
    owner: OnceCell<Option<&'a EntityRef>>,
    dependencies: OnceCell<ScopeValue>,
    dependents: OnceCell<ScopeValue>,
}

/// What was looked at before: much depends on a few.
#[derive(Debug, Default)]
pub(super) struct Seen {
    short: HashMap<EntityRef, ScopeValue>,
}

/// A value that tells what a condition sees of one entity from what it sees of another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Trait<'a> {
    Text(Option<&'a str>),
    Reference(Option<&'a EntityRef>),
    Number(usize),
    Fact(Option<FoundValue<'a>>),
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(catalog: &'a Catalog, facts: &'a Facts) -> Self {
        Self {
            catalog,
            facts,
            below: [const { OnceLock::new() }; BELOW_FIELDS.len()],
            owners: Mutex::default(),
            known_owners: OnceLock::new(),
        }
    }

    /// Whether any entity of a kind has an owner of a kind whom the catalog knows. What nobody has
    /// is not measured, as it is with facts.
    fn knows_owners(&self, of: &str, kind: &str) -> bool {
        let known = self.known_owners.get_or_init(|| {
            let known = self.catalog.ids().filter_map(|id| {
                let owner = self.catalog.owner(id)?.reference;
                self.catalog.id(owner)?;
                Some((self.catalog.entity(id).reference().kind(), owner.kind()))
            });
            known.collect()
        });
        known.contains(&(of, kind))
    }

    /// What lies below entities; `field` is an index of [`BELOW_FIELDS`].
    fn below(&self, field: usize) -> Option<&TextsBelow<'a>> {
        let below = self.below.get(field)?;
        Some(below.get_or_init(|| {
            let text_of: fn(&Entity) -> Option<&str> = match BELOW_FIELDS.get(field).copied() {
                Some("lifecycles") => |entity| entity.spec_str("lifecycle"),
                Some("types") => |entity| entity.spec_str("type"),
                _ => |entity| Some(entity.reference().kind()),
            };
            self.catalog
                .texts_below(RelationSet::dependencies(), text_of)
        }))
    }
}

impl<'a> Looks<'a> {
    pub(super) fn of(condition: &'a Condition, facts: &'a Facts) -> Self {
        let asked = condition.facts.iter();
        let mut looks = Self {
            entity: BTreeSet::new(),
            relations: Vec::new(),
            owner: false,
            of_owner: Vec::new(),
            dependencies: false,
            dependents: false,
            below: BTreeSet::new(),
            facts: asked
                .map(|asked| (asked.name.as_str(), facts.ready(&asked.selector)))
                .collect(),
        };
        for value in &condition.values {
            looks.add(value);
        }
        looks
    }

    fn add(&mut self, value: &'a str) {
        let (name, field) = value.split_once('.').unwrap_or((value, ""));
        match (name, field) {
            ("entity", "") => self.entity.extend(ENTITY_FIELDS),
            ("entity", field) => drop(self.entity.insert(field)),
            ("relations", field) => {
                let all = RelationType::ALL.into_iter();
                let mentioned = all.filter(|it| field.is_empty() || it.name() == field);
                self.relations.extend(mentioned);
            }
            ("owner", field) => {
                self.owner = true;
                if OWNER_FIELDS_OF_CATALOG.contains(&field) {
                    self.of_owner.push(value);
                }
            }
            ("dependencies", _) => self.dependencies = true,
            ("dependents", _) => self.dependents = true,
            ("below", field) => {
                let all = BELOW_FIELDS.iter().enumerate();
                let mentioned = all.filter(|(_, it)| field.is_empty() || **it == field);
                self.below.extend(mentioned.map(|(index, _)| index));
            }
            _ => {}
        }
    }
}

impl<'a, 's> Sight<'a, 's> {
    pub(super) fn new(around: &'s Surroundings<'a>, seen: &'s RefCell<Seen>, id: EntityId) -> Self {
        Self {
            around,
            seen,
            id,
            facts: around.facts.of(around.catalog.entity(id).reference()),
            owner: OnceCell::new(),
            dependencies: OnceCell::new(),
            dependents: OnceCell::new(),
        }
    }

    /// Lists everything that a condition sees: entities of which that is the same are the same to
    /// it. Says whether that is possible.
    pub(super) fn traits(&self, looks: &Looks<'a>, traits: &mut Vec<Trait<'a>>) -> bool {
        let is_manifold = !looks.relations.is_empty() || looks.dependencies || looks.dependents;
        if is_manifold {
            return false;
        }
        for field in &looks.entity {
            match self.entity_trait(field) {
                Some(own) => traits.push(own),
                None => return false,
            }
        }
        if looks.owner {
            traits.push(Trait::Reference(self.owner_reference()));
        }
        if !looks.of_owner.is_empty() {
            let entity = self.around.catalog.entity(self.id);
            traits.push(Trait::Text(Some(entity.reference().kind())));
        }
        for field in &looks.below {
            let below = self.around.below(*field);
            match below.and_then(|below| below.number(self.id)) {
                Some(number) => traits.push(Trait::Number(number)),
                None => return false,
            }
        }
        for (_, asked) in &looks.facts {
            traits.push(Trait::Fact(self.around.facts.seek(self.facts, asked)));
        }
        true
    }

    fn entity_trait(&self, field: &str) -> Option<Trait<'a>> {
        let (catalog, id) = (self.around.catalog, self.id);
        let entity = catalog.entity(id);
        Some(match field {
            "description" => Trait::Text(entity.description()),
            "domain" => Trait::Reference(catalog.domain(id)),
            "kind" => Trait::Text(Some(entity.kind())),
            "lifecycle" => Trait::Text(entity.spec_str("lifecycle")),
            "namespace" => Trait::Text(Some(entity.namespace())),
            "owner" => Trait::Reference(self.owner_reference()),
            "repository" => Trait::Text(Some(entity.source().file.repository())),
            "runbook" => Trait::Text(runbook(entity)),
            "system" => Trait::Reference(catalog.system(id)),
            "title" => Trait::Text(entity.title()),
            "type" => Trait::Text(entity.spec_str("type")),
            _ => return None,
        })
    }

    /// What nobody can say of the owner: teams often live in another system, or in a repository
    /// that is not here.
    pub(super) fn unmeasured(&self, looks: &Looks<'a>) -> Vec<String> {
        let own = self.around.catalog.entity(self.id).reference().kind();
        let is_in_sight = |owner: &EntityRef| self.around.knows_owners(own, owner.kind());
        if looks.of_owner.is_empty() || self.owner_reference().is_none_or(is_in_sight) {
            return Vec::new();
        }
        looks.of_owner.iter().map(|it| (*it).to_owned()).collect()
    }

    /// Everything that a condition sees.
    pub(super) fn scope(&self, looks: &Looks<'a>) -> Scope {
        let scope = Scope::new(&VALUES, "facts");
        if !looks.entity.is_empty() {
            scope.give("entity", || ScopeValue::of(&self.entity(&looks.entity)));
        }
        if !looks.relations.is_empty() {
            let relations = || ScopeValue::of(&self.relations(&looks.relations));
            scope.give("relations", relations);
        }
        if looks.owner {
            scope.give("owner", || self.owner());
        }
        if looks.dependencies {
            let relations = RelationSet::dependencies();
            let reached = self.dependencies.get_or_init(|| self.reached(relations));
            scope.give("dependencies", || reached.clone());
        }
        if looks.dependents {
            let relations = RelationSet::dependencies().inverse();
            let reached = self.dependents.get_or_init(|| self.reached(relations));
            scope.give("dependents", || reached.clone());
        }
        if !looks.below.is_empty() {
            scope.give("below", || ScopeValue::of(&self.below(&looks.below)));
        }
        for (name, asked) in &looks.facts {
            match self.around.facts.seek(self.facts, asked) {
                Some(FoundValue::Of(value)) => scope.answer((*name).to_owned(), value),
                Some(FoundValue::Age(days)) => scope.answer((*name).to_owned(), &days),
                None => {}
            }
        }
        scope
    }

    fn entity(&self, fields: &BTreeSet<&str>) -> Value {
        let catalog = self.around.catalog;
        let entity = catalog.entity(self.id);
        let fields = fields.iter().map(|field| {
            let value = entity_field(catalog, self.id, entity, field);
            ((*field).to_owned(), value)
        });
        Value::Object(fields.collect())
    }

    fn relations(&self, types: &[RelationType]) -> Value {
        let catalog = self.around.catalog;
        let targets = types.iter().map(|relation| {
            let related = catalog.related(self.id, *relation).into_iter();
            let entities: Vec<Value> = related.map(|it| short_form(catalog, it)).collect();
            (relation.name().to_owned(), Value::Array(entities))
        });
        Value::Object(targets.collect())
    }

    fn below(&self, fields: &BTreeSet<usize>) -> Value {
        let fields = fields.iter().filter_map(|field| {
            let texts = self.around.below(*field)?.of(self.id);
            Some(((*BELOW_FIELDS.get(*field)?).to_owned(), json!(texts)))
        });
        Value::Object(fields.collect())
    }

    fn reached(&self, relations: RelationSet) -> ScopeValue {
        let catalog = self.around.catalog;
        let reach = catalog.reach(&[self.id], relations);
        let mut seen = self.seen.borrow_mut();
        let entities = reach.iter().filter(|reached| reached.distance() > 0);
        ScopeValue::list(entities.map(|reached| {
            let reference = reached.reference();
            if let Some(known) = seen.short.get(reference) {
                return known.clone();
            }
            let value = ScopeValue::of(&short_form(catalog, reference));
            seen.short.insert(reference.clone(), value.clone());
            value
        }))
    }

    fn owner_reference(&self) -> Option<&'a EntityRef> {
        let owner = || self.around.catalog.owner(self.id);
        *self
            .owner
            .get_or_init(|| owner().map(|owner| owner.reference))
    }

    fn owner(&self) -> ScopeValue {
        let owner = self.owner_reference();
        let owners = self.around.owners.lock();
        let mut owners = owners.unwrap_or_else(PoisonError::into_inner);
        let value = owners.entry(owner.cloned());
        let owner = || ScopeValue::of(&owner_value(self.around.catalog, owner));
        value.or_insert_with(owner).clone()
    }
}

fn entity_field(catalog: &Catalog, id: EntityId, entity: &Entity, field: &str) -> Value {
    let texts = |pairs: BTreeMap<String, String>| json!(pairs);
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    match field {
        "annotations" => texts(entity.annotations().map(owned).collect()),
        "description" => json!(entity.description()),
        "domain" => json!(catalog.domain(id)),
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
        "system" => json!(catalog.system(id)),
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
