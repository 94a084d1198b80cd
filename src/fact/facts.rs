//! What is known of the entities of a catalog at one moment.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Fact, FactSelector, Register};
use crate::model::EntityRef;

/// The dimension that has a default.
const ENVIRONMENT: &str = "environment";
/// Seconds of a day.
const DAY: i64 = 86_400;

/// What is known of the entities of a catalog at one moment.
#[derive(Debug)]
pub struct Facts {
    register: Register,
    now: Timestamp,
    default_environment: String,
    /// In the order of names and dimensions, the newest first.
    by_entity: HashMap<EntityRef, Vec<Fact>>,
    /// The names of all of them.
    names: HashSet<Arc<str>>,
}

/// What is known where a selector points.
#[derive(Clone, Debug, PartialEq)]
pub enum Knowledge<'a> {
    /// It is known.
    Known(Known<'a>),
    /// It was known, and does not hold any more.
    Expired(Known<'a>),
    /// It is not known.
    Unknown,
}

/// A value, and the fact that it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<'a> {
    /// The value. That of an age is counted now.
    pub value: Value,
    /// The fact; that of an age is the time.
    pub fact: &'a Fact,
}

/// A selector whose name was looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadySelector<'a> {
    selector: &'a FactSelector,
    /// The name of the fact; that of an age is the one of the time.
    name: &'a str,
    is_age: bool,
}

/// A value that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FoundValue<'a> {
    /// That of a fact.
    Of(&'a Value),
    /// Days.
    Age(i64),
}

impl Facts {
    /// Puts facts together, as they are known at a moment.
    #[must_use]
    pub fn new(
        facts: impl IntoIterator<Item = Fact>,
        register: Register,
        now: Timestamp,
        default_environment: impl Into<String>,
    ) -> Self {
        let mut all = Self::of_entities(Vec::new(), register, now, default_environment);
        all.extend(facts);
        all
    }

    /// Puts facts together that are sorted by entities: each list has those of one entity, and no
    /// other list has some of it.
    #[must_use]
    pub(super) fn of_entities(
        lists: Vec<Vec<Fact>>,
        register: Register,
        now: Timestamp,
        default_environment: impl Into<String>,
    ) -> Self {
        let mut by_entity = HashMap::with_capacity(lists.len());
        let mut names: HashSet<Arc<str>> = HashSet::new();
        for mut facts in lists {
            let Some(first) = facts.first() else { continue };
            let entity = first.entity.clone();
            facts.sort_by(newest_first);
            add_names(&mut names, &facts);
            by_entity.insert(entity, facts);
        }
        Self {
            register,
            now,
            default_environment: default_environment.into(),
            by_entity,
            names,
        }
    }

    /// Adds facts of any entities.
    pub(super) fn extend(&mut self, facts: impl IntoIterator<Item = Fact>) {
        let mut touched: HashSet<EntityRef> = HashSet::new();
        let mut facts = facts.into_iter().peekable();
        // Most facts of an entity come one after the other.
        while let Some(first) = facts.next() {
            let entity = first.entity.clone();
            let of_entity = self.by_entity.entry(entity.clone()).or_default();
            of_entity.push(first);
            while let Some(fact) = facts.next_if(|fact| fact.entity == entity) {
                of_entity.push(fact);
            }
            touched.insert(entity);
        }
        for entity in touched {
            if let Some(facts) = self.by_entity.get_mut(&entity) {
                facts.sort_by(newest_first);
                add_names(&mut self.names, facts);
            }
        }
    }

    /// Puts what a source said just now in the place of what was known of an entity. What it did
    /// not say again is gone when that was all it has to say.
    pub fn refresh(
        &mut self,
        entity: &EntityRef,
        source: &str,
        said: impl IntoIterator<Item = Fact>,
        is_all: bool,
    ) {
        let facts = self.by_entity.entry(entity.clone()).or_default();
        if is_all {
            facts.retain(|fact| &*fact.source != source);
        }
        facts.extend(said.into_iter().filter(|fact| fact.entity == *entity));
        facts.sort_by(newest_first);
        add_names(&mut self.names, facts);
    }

    /// What every name means.
    #[must_use]
    pub const fn register(&self) -> &Register {
        &self.register
    }

    /// The moment at which they hold or do not.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The environment that is meant where none is said.
    #[must_use]
    pub fn default_environment(&self) -> &str {
        &self.default_environment
    }

    /// All facts of an entity, of every source, in the order of names and dimensions, the newest
    /// first.
    #[must_use]
    pub fn of(&self, entity: &EntityRef) -> &[Fact] {
        self.by_entity.get(entity).map_or(&[], Vec::as_slice)
    }

    /// All facts of all entities, in no order that means something.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.by_entity.values().flatten()
    }

    /// What is known of an entity where a selector points: what was observed last and still
    /// holds, of whatever source.
    #[must_use]
    pub fn get(&self, entity: &EntityRef, selector: &FactSelector) -> Knowledge<'_> {
        let asked = self.ready(selector);
        let facts = self.of(entity);
        let known = |fact| {
            Some(Known {
                value: self.value(fact, asked.is_age)?,
                fact,
            })
        };
        if let Some(fact) = self.newest(facts, &asked, true) {
            return known(fact).map_or(Knowledge::Unknown, Knowledge::Known);
        }
        self.newest(facts, &asked, false)
            .and_then(known)
            .map_or(Knowledge::Unknown, Knowledge::Expired)
    }

    /// A selector with what its name means, for many entities.
    pub(crate) fn ready<'a>(&'a self, selector: &'a FactSelector) -> ReadySelector<'a> {
        let declaration = self.register.declaration(&selector.name);
        let age_of = declaration.and_then(|declaration| declaration.age_of);
        ReadySelector {
            name: age_of.unwrap_or(&selector.name),
            is_age: age_of.is_some(),
            selector,
        }
    }

    /// What is known where a selector points, and holds, of an entity with these facts. It is what
    /// [`Self::get`] finds, without a copy.
    pub(crate) fn seek<'a>(
        &self,
        facts: &'a [Fact],
        asked: &ReadySelector<'_>,
    ) -> Option<FoundValue<'a>> {
        let fact = self.newest(facts, asked, true)?;
        if fact.value.is_null() {
            return None;
        }
        if asked.is_age {
            return self.age(fact).map(FoundValue::Age);
        }
        Some(FoundValue::Of(&fact.value))
    }

    /// What was observed last of what fits, and holds or does not.
    fn newest<'a>(
        &self,
        facts: &'a [Fact],
        asked: &ReadySelector<'_>,
        holds: bool,
    ) -> Option<&'a Fact> {
        let start = facts.partition_point(|fact| &*fact.name < asked.name);
        let named = facts
            .iter()
            .skip(start)
            .take_while(|fact| &*fact.name == asked.name);
        let fitting = named.filter(|fact| self.fits(fact, asked.selector));
        // Nearest dimensions first (a fact without an environment stands for all), then newest.
        fitting
            .filter(|fact| self.holds(fact) == holds)
            .max_by_key(|fact| (fact.observed_at, fact.dimensions.iter().count()))
    }

    /// Whether any entity has what a selector points at, or had it.
    #[must_use]
    pub fn is_known_of_any(&self, selector: &FactSelector) -> bool {
        // Most of what nobody has is nowhere even named.
        if !self.names.contains(self.ready(selector).name) {
            return false;
        }
        let mut entities = self.by_entity.keys();
        entities.any(|entity| self.get(entity, selector) != Knowledge::Unknown)
    }

    /// Whether a fact still holds.
    #[must_use]
    pub fn holds(&self, fact: &Fact) -> bool {
        fact.valid_until.is_none_or(|until| self.now <= until)
    }

    /// Whether a fact has the dimensions of a selector: those that it does not name must be
    /// missing, or be the default.
    fn fits(&self, fact: &Fact, selector: &FactSelector) -> bool {
        let asked_are_there = selector.dimensions.iter().all(|(name, value)| {
            let own = fact.dimensions.get(name);
            own == Some(value)
                || (own.is_none() && name == ENVIRONMENT && value == self.default_environment)
        });
        let others_are_default = fact.dimensions.iter().all(|(name, value)| {
            selector.dimensions.get(name).is_some()
                || (name == ENVIRONMENT && value == self.default_environment)
        });
        asked_are_there && others_are_default
    }

    /// The value of a fact, or its age in whole days; nothing for what is not there any more.
    fn value(&self, fact: &Fact, is_age: bool) -> Option<Value> {
        if fact.value.is_null() {
            return None;
        }
        if !is_age {
            return Some(fact.value.clone());
        }
        self.age(fact).map(Value::from)
    }

    /// How long ago the time is that a fact says, in whole days.
    fn age(&self, fact: &Fact) -> Option<i64> {
        let time: Timestamp = fact.value.as_str()?.parse().ok()?;
        let seconds = self.now.as_second().saturating_sub(time.as_second());
        Some(seconds.max(0) / DAY)
    }
}

fn add_names(names: &mut HashSet<Arc<str>>, facts: &[Fact]) {
    for fact in facts {
        if !names.contains(&fact.name) {
            names.insert(Arc::clone(&fact.name));
        }
    }
}

/// The order of the facts of an entity: names, dimensions, the newest first.
fn newest_first(a: &Fact, b: &Fact) -> Ordering {
    (&a.name, &a.dimensions, b.observed_at, &a.source).cmp(&(
        &b.name,
        &b.dimensions,
        a.observed_at,
        &b.source,
    ))
}
