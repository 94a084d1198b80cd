//! Runs: what they covered, and which lines they renew.
//!
//! A run that covers a fact says that the newest value it knew still holds. It knew the lines of
//! its own writer, and those of others up to its `after`; so a run on one branch does not renew
//! what another branch found meanwhile, when the two are merged.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::entities::LedgerEntities;
use super::line::RunLine;
use super::location::LedgerFile;
use super::reading::{Key, ReadLine};
use crate::model::EntityRef;

/// A run that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadRun {
    pub(super) source: Arc<str>,
    pub(super) writer: Arc<str>,
    pub(super) at: Timestamp,
    pub(super) until: Timestamp,
    pub(super) after: Option<Timestamp>,
    entities: Covered,
    facts: Option<Vec<Box<str>>>,
}

/// The entities that a run covered.
#[derive(Clone, Debug)]
enum Covered {
    Only(BTreeSet<Arc<EntityRef>>),
    AllBut(BTreeSet<Arc<EntityRef>>),
}

impl ReadRun {
    pub(super) fn new(line: &RunLine<'_>, file: &LedgerFile, entities: &LedgerEntities) -> Self {
        let known = |names: &[std::borrow::Cow<'_, str>]| {
            let names = names.iter().filter_map(|name| entities.get(name));
            names.map(|entity| entity.reference).collect()
        };
        let facts = line.facts.as_ref();
        Self {
            source: Arc::clone(&file.source),
            writer: Arc::clone(&file.writer),
            at: line.at,
            until: line.until,
            after: line.after,
            entities: match &line.entities {
                Some(names) => Covered::Only(known(names)),
                None => Covered::AllBut(known(line.except.as_deref().unwrap_or_default())),
            },
            facts: facts.map(|names| names.iter().map(|name| Box::from(&**name)).collect()),
        }
    }

    fn covers_fact(&self, name: &str) -> bool {
        let facts = self.facts.as_ref();
        facts.is_none_or(|facts| facts.iter().any(|pattern| is_meant(name, pattern)))
    }

    /// Whether it knew a line.
    pub(super) fn knew(&self, line: &ReadLine) -> bool {
        let is_own = line.place.file.writer == self.writer;
        line.at <= self.at && (is_own || self.after.is_some_and(|after| line.at <= after))
    }
}

/// Whether a name is that of a pattern, which may end with `*`.
pub(super) fn is_meant(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => name == pattern,
    }
}

/// The runs of a ledger, by what they cover, the newest first.
pub(super) struct Renewals {
    by_source: HashMap<Arc<str>, RunsOfSource>,
}

#[derive(Default)]
struct RunsOfSource {
    /// Those that cover all entities, perhaps but some.
    all: Vec<ReadRun>,
    /// For each fact, which of them cover it.
    by_fact: HashMap<Arc<str>, Vec<usize>>,
    some: Vec<ReadRun>,
    /// For each entity, which of them cover it.
    by_entity: HashMap<Arc<EntityRef>, Vec<usize>>,
}

impl Renewals {
    /// Orders runs, for the facts of these keys.
    pub(super) fn new<'a>(mut runs: Vec<ReadRun>, keys: impl Iterator<Item = &'a Key>) -> Self {
        runs.sort_by(|a, b| (b.at, &b.writer).cmp(&(a.at, &a.writer)));
        let mut by_source: HashMap<Arc<str>, RunsOfSource> = HashMap::new();
        for run in runs {
            let of_source = by_source.entry(Arc::clone(&run.source)).or_default();
            match &run.entities {
                Covered::AllBut(_) => of_source.all.push(run),
                Covered::Only(entities) => {
                    for entity in entities {
                        let of_entity = of_source.by_entity.entry(Arc::clone(entity));
                        of_entity.or_default().push(of_source.some.len());
                    }
                    of_source.some.push(run);
                }
            }
        }
        for key in keys {
            if let Some(runs) = by_source.get_mut(&key.source)
                && !runs.by_fact.contains_key(&key.name)
            {
                let all = runs.all.iter().enumerate();
                let covering = all.filter(|(_, run)| run.covers_fact(&key.name));
                let covering = covering.map(|(number, _)| number).collect();
                runs.by_fact.insert(Arc::clone(&key.name), covering);
            }
        }
        Self { by_source }
    }

    /// The runs that cover a fact, the newest first.
    pub(super) fn covering(&self, key: &Key) -> impl Iterator<Item = &ReadRun> {
        let runs = self.by_source.get(&key.source);
        let of_all = runs.into_iter().flat_map(|runs| {
            let numbers = runs.by_fact.get(&key.name).into_iter().flatten();
            numbers.filter_map(|number| runs.all.get(*number))
        });
        let mut of_all = of_all
            .filter(|run| match &run.entities {
                Covered::AllBut(entities) => !entities.contains(&key.entity),
                Covered::Only(_) => false,
            })
            .peekable();
        let of_some = runs.into_iter().flat_map(|runs| {
            let numbers = runs.by_entity.get(&key.entity).into_iter().flatten();
            numbers.filter_map(|number| runs.some.get(*number))
        });
        let mut of_some = of_some.filter(|run| run.covers_fact(&key.name)).peekable();
        std::iter::from_fn(move || match (of_all.peek(), of_some.peek()) {
            (Some(all), Some(some)) if some.at > all.at => of_some.next(),
            (Some(_), _) => of_all.next(),
            (None, _) => of_some.next(),
        })
    }
}
