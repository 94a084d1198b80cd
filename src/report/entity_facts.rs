//! What is known of an entity, on its page: lines for people, records for machines.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::fact_lines::{Alarm, Expected, FactLine, LINES, NOT_TOLD, Part, Words};
use crate::catalog::{Catalog, EntityId};
use crate::diagnostic::Severity;
use crate::fact::{Dimensions, Fact, FactSelector, Facts, Knowledge, shown};
use crate::model::EntityRef;
use crate::view::{Role, Text};

/// How facts that nobody observed are made known.
const HOW_TO_KNOW: &str = "devportal facts collect, or facts import";
/// Why facts of the code may be not known.
const NOT_IN_SIGHT: &str = "the code, or its history, is not in sight";
/// The family of facts of which a page tells only how many there are.
const DEPENDENCIES: &str = "dependency.";

/// What is known of an entity.
pub struct EntityFacts<'a> {
    facts: &'a Facts,
    entity: &'a EntityRef,
    /// Whether a page tells what is not known: of other kinds nothing is expected.
    is_component: bool,
    /// Others with the same home, when facts of the code are theirs, too.
    shared_with: Vec<&'a EntityRef>,
    tell_time: TellTime,
}

/// Says when something was, to somebody who reads it now: a day, or how long ago that is.
pub type TellTime = fn(time: Timestamp, now: Timestamp) -> String;

/// A fact of the answer, for machines: of each name and dimensions the one that holds, else the
/// last one that did.
#[derive(Serialize)]
pub struct FactRecord<'a> {
    name: &'a str,
    dimensions: &'a Dimensions,
    value: Value,
    unit: Option<&'a str>,
    #[serde(rename = "observedAt")]
    observed_at: Timestamp,
    /// Until when it holds; `null` is as long as the state of the repository.
    #[serde(rename = "validUntil")]
    valid_until: Option<Timestamp>,
    /// `known`, or `expired`: the value is the last one, and what it is now is not known.
    state: &'static str,
    source: &'a str,
    evidence: Option<&'a str>,
    /// Whether others with the same home have it, too.
    shared: bool,
}

impl<'a> EntityFacts<'a> {
    /// What is known of an entity.
    #[must_use]
    pub fn new(catalog: &'a Catalog, id: EntityId, facts: &'a Facts, tell_time: TellTime) -> Self {
        let entity = catalog.entity(id).reference();
        let is_shared = facts.of(entity).iter().any(|fact| fact.is_shared);
        let shared_with = if is_shared {
            at_the_same_home(catalog, id)
        } else {
            Vec::new()
        };
        Self {
            facts,
            entity,
            is_component: entity.kind() == "component",
            shared_with,
            tell_time,
        }
    }

    /// The facts for machines, in the order of their names and dimensions.
    pub fn records(&self) -> Vec<FactRecord<'a>> {
        let register = self.facts.register();
        let mut records = Vec::new();
        for (name, dimensions) in self.told() {
            let selector = FactSelector {
                name: name.to_owned(),
                dimensions: dimensions.clone(),
            };
            let (known, state) = match self.facts.get(self.entity, &selector) {
                Knowledge::Known(known) => (known, "known"),
                Knowledge::Expired(known) => (known, "expired"),
                Knowledge::Unknown => continue,
            };
            let declaration = register.declaration(name);
            records.push(FactRecord {
                name,
                dimensions,
                unit: declaration.and_then(|it| it.unit.as_deref()),
                observed_at: known.fact.observed_at,
                valid_until: known.fact.valid_until,
                state,
                source: &known.fact.source,
                evidence: known.fact.evidence.as_deref(),
                shared: known.fact.is_shared,
                value: known.value,
            });
        }
        records
    }

    /// Names and dimensions of all that was observed, with the ages that are counted from it.
    fn told(&self) -> BTreeSet<(&'a str, &'a Dimensions)> {
        let declarations = || self.facts.register().declarations();
        let mut told = BTreeSet::new();
        for fact in self.facts.of(self.entity) {
            told.insert((&*fact.name, &fact.dimensions));
            let ages = declarations().filter(|it| it.age_of == Some(&*fact.name));
            told.extend(ages.map(|age| (&*age.name, &fact.dimensions)));
        }
        told
    }

    /// The lines of the page: what is known by subject, with source and age; then what is not.
    pub fn rows(&self) -> Vec<(String, Text)> {
        let mut rows = Vec::new();
        let (mut of_code, mut of_others) = (Vec::new(), Vec::new());
        for line in LINES {
            let before = rows.len();
            for place in self.places(line) {
                rows.extend(self.row(line, &place));
            }
            match line.expected {
                _ if rows.len() > before => {}
                Expected::OfCode => of_code.push(line.label),
                Expected::OfOthers => of_others.push(line.label),
                Expected::No => {}
            }
        }
        rows.extend(self.further_rows());
        let unknown = [(of_others, HOW_TO_KNOW), (of_code, NOT_IN_SIGHT)];
        let unknown = unknown.into_iter().filter(|(labels, _)| !labels.is_empty());
        let mut text = Text::default();
        for (labels, reason) in unknown.filter(|_| self.is_component) {
            if !text.pieces.is_empty() {
                text = text.then("; ", Role::Plain);
            }
            text = text
                .then(labels.join(", "), Role::Plain)
                .then(format!(" ({reason})"), Role::Faint);
        }
        if !text.pieces.is_empty() {
            rows.push(("not known".to_owned(), text));
        }
        if let Some(shared) = self.shared() {
            rows.push(("shared".to_owned(), shared));
        }
        rows
    }

    /// Where the facts of a line were observed; the default environment, which needs no name, first.
    fn places(&self, line: &FactLine) -> BTreeSet<Dimensions> {
        let facts = self.facts.of(self.entity).iter();
        let of_line = facts.filter(|fact| line.parts.iter().any(|part| part.fact == &*fact.name));
        let places = of_line.map(|fact| {
            if self.is_default(&fact.dimensions) {
                Dimensions::default()
            } else {
                fact.dimensions.clone()
            }
        });
        places.collect()
    }

    fn is_default(&self, place: &Dimensions) -> bool {
        let environment = self.facts.default_environment();
        let mut dimensions = place.iter();
        dimensions.all(|(name, value)| name == "environment" && value == environment)
    }

    fn row(&self, line: &FactLine, place: &Dimensions) -> Option<(String, Text)> {
        let mut told = Told::default();
        for part in line.parts {
            let selector = FactSelector {
                name: part.fact.to_owned(),
                dimensions: place.clone(),
            };
            let knowledge = self.facts.get(self.entity, &selector);
            if let Knowledge::Known(known) | Knowledge::Expired(known) = &knowledge
                && let Some(words) = self.words(part, &known.value)
            {
                let role = role(part, &known.value);
                told.add(&knowledge, words, role);
            }
        }
        if told.facts.is_empty() {
            return None;
        }
        let label = if place.is_empty() {
            line.label.to_owned()
        } else {
            let values = place.iter().map(|(_, value)| value);
            format!(
                "{} ({})",
                line.label,
                values.collect::<Vec<&str>>().join(", ")
            )
        };
        Some((label, self.joined(&told)))
    }

    /// Facts that stand on no line: those that the organisation declares, and the like.
    fn further_rows(&self) -> Vec<(String, Text)> {
        let of_lines = |name: &str| {
            let mut parts = LINES.iter().flat_map(|line| line.parts);
            parts.any(|part| part.fact == name)
        };
        let facts = self.facts.of(self.entity).iter();
        let further = facts.filter(|fact| {
            let name = &*fact.name;
            !name.starts_with(DEPENDENCIES) && !of_lines(name) && !NOT_TOLD.contains(&name)
        });
        let further: BTreeSet<(&str, &Dimensions)> = further
            .map(|fact| (&*fact.name, &fact.dimensions))
            .collect();
        let rows = further.into_iter().filter_map(|(name, dimensions)| {
            let selector = FactSelector {
                name: name.to_owned(),
                dimensions: dimensions.clone(),
            };
            let unit = || {
                let declaration = self.facts.register().declaration(name)?;
                Some(format!(" {}", declaration.unit.as_deref()?))
            };
            let text = |value: &Value| {
                let unit = value.is_number().then(unit).flatten().unwrap_or_default();
                format!("{}{unit}", shown(value))
            };
            let knowledge = self.facts.get(self.entity, &selector);
            let mut told = Told::default();
            if let Knowledge::Known(known) | Knowledge::Expired(known) = &knowledge {
                told.add(&knowledge, text(&known.value), Role::Plain);
            }
            (!told.facts.is_empty()).then(|| (selector.to_string(), self.joined(&told)))
        });
        rows.collect()
    }

    /// What is told, one after the other, and where it comes from.
    fn joined(&self, told: &Told<'_>) -> Text {
        let mut joined = Text::default();
        for (words, role) in &told.known {
            if !joined.pieces.is_empty() {
                joined = joined.then(", ", Role::Plain);
            }
            joined = joined.then(words.as_str(), *role);
        }
        if !told.expired.is_empty() {
            let before = if told.known.is_empty() { "" } else { ", " };
            let was = told.expired.join(", ");
            joined = joined.then(format!("{before}unknown (was {was})"), Role::Faint);
        }
        joined.then(format!(" ({})", self.sources(&told.facts)), Role::Faint)
    }

    /// The sources, each with the age of the oldest that it says here. What a repository says is as
    /// old as the state that is looked at.
    fn sources(&self, facts: &[&Fact]) -> String {
        let mut sources: Vec<(&str, Option<Timestamp>)> = Vec::new();
        for fact in facts {
            let observed = fact.valid_until.map(|_| fact.observed_at);
            match sources.iter_mut().find(|(name, _)| *name == &*fact.source) {
                Some((_, oldest)) => *oldest = (*oldest).min(observed).or(observed),
                None => sources.push((&fact.source, observed)),
            }
        }
        let told = sources.into_iter().map(|(name, observed)| {
            let age = observed.map(|time| format!(", {}", self.time(time)));
            format!("{name}{}", age.unwrap_or_default())
        });
        told.collect::<Vec<String>>().join("; ")
    }

    fn words(&self, part: &Part, value: &Value) -> Option<String> {
        let said = match part.words {
            Words::Are(words) => words.replace("{}", &shown(value)),
            Words::Count(one, many) => match value.as_f64() {
                Some(0.0) => format!(
                    "no {}",
                    many.trim_start_matches("{} ").trim_start_matches("by {} ")
                ),
                Some(1.0) => one.to_owned(),
                _ => many.replace("{}", &shown(value)),
            },
            Words::Is(yes, no) => if value.as_bool()? { yes } else { no }.to_owned(),
            Words::Ago(words) => words.replace("{}", &self.time(value.as_str()?.parse().ok()?)),
            Words::Link => value.as_str()?.to_owned(),
        };
        (!said.is_empty()).then_some(said)
    }

    fn time(&self, time: Timestamp) -> String {
        (self.tell_time)(time, self.facts.now())
    }

    fn shared(&self) -> Option<Text> {
        /// Names that are written out.
        const MOST_NAMES: usize = 4;
        let count = self.shared_with.len();
        if count == 0 {
            return None;
        }
        let names = self.shared_with.iter().take(MOST_NAMES);
        let names: Vec<String> = names.map(|it| it.short()).collect();
        let more = count.saturating_sub(MOST_NAMES);
        let more = (more > 0).then(|| format!(" and {more} more"));
        let others = if count == 1 { "other" } else { "others" };
        let text = format!("the code, with {count} {others}: ");
        let names = format!("{}{}", names.join(", "), more.unwrap_or_default());
        Some(Text::new(text, Role::Faint).then(names, Role::Faint))
    }
}

/// What a line tells.
#[derive(Default)]
struct Told<'a> {
    known: Vec<(String, Role)>,
    /// What was known, and is not any more.
    expired: Vec<String>,
    facts: Vec<&'a Fact>,
}

impl<'a> Told<'a> {
    fn add(&mut self, knowledge: &Knowledge<'a>, words: String, role: Role) {
        match knowledge {
            Knowledge::Known(known) => {
                self.known.push((words, role));
                self.facts.push(known.fact);
            }
            Knowledge::Expired(known) => {
                self.expired.push(words);
                self.facts.push(known.fact);
            }
            Knowledge::Unknown => {}
        }
    }
}

fn role(part: &Part, value: &Value) -> Role {
    let is_bad = match part.alarm {
        Alarm::Never => false,
        Alarm::AboveZero => value.as_f64().is_some_and(|number| number > 0.0),
        Alarm::WhenFalse => value.as_bool() == Some(false),
    };
    match part.words {
        _ if is_bad => Role::Bad(Severity::Warning),
        Words::Link => Role::Url,
        _ => Role::Plain,
    }
}

/// Other entities that have code, and the same home.
fn at_the_same_home(catalog: &Catalog, id: EntityId) -> Vec<&EntityRef> {
    let home = |id: EntityId| {
        let home = catalog.home(catalog.entity(id))?;
        Some((home.repository, home.folder))
    };
    let Some(own) = home(id) else {
        return Vec::new();
    };
    let others = catalog.ids().filter(|other| {
        *other != id
            && catalog.has_code(catalog.entity(*other))
            && home(*other).as_ref() == Some(&own)
    });
    others
        .map(|other| catalog.entity(other).reference())
        .collect()
}
