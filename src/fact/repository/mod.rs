//! Facts that are read from repositories: always there, without any configuration.
//!
//! Each source is a file and a line of [`SOURCES`]. It looks at a home (a folder of a repository at
//! the moment that is asked about) and says what it sees. What it does not say is unknown.

mod activity;
mod delivery;
mod found_once;
mod home;
mod file_names;
mod readme;
mod policies;
mod ci;
mod security_scan;
mod update_bot;
mod container;
mod lock_file;
mod test_suite;
mod documentation;
mod api_definition;
mod manifest;
mod named_file;
mod records;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use self::records::Records;
use super::{Fact, FactRequest, Observation};
use crate::catalog::EntityId;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::repo::{Repository, SnapshotRequest};

pub use home::{CodeHome, CodeRepository};

/// What is known as the source of these facts.
pub const NAME: &str = "repository";

/// A source of facts in repositories.
pub struct RepositorySource {
    /// What it looks at.
    pub name: &'static str,
    /// The names of the facts that it gives, as they are declared.
    pub gives: &'static [&'static str],
    /// How it looks.
    pub look: Look,
}

/// How a source looks at a repository.
pub enum Look {
    /// At a home, for all entities that have it.
    AtHome(fn(&CodeHome<'_>, &mut Seen)),
    /// At a home for one entity, because its annotations say what to look at.
    ForEntity(fn(&CodeHome<'_>, &Entity, &mut Seen)),
}

/// What a source saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// What it observed.
    pub observations: Vec<Observation>,
    /// What it could not read.
    pub problems: Vec<Diagnostic>,
}

impl Seen {
    /// Adds an observation.
    pub fn add(&mut self, observation: Observation) {
        self.observations.push(observation);
    }
}

/// All sources, in the order of the documentation.
pub static SOURCES: &[RepositorySource] = &[
    readme::SOURCE,
    policies::SOURCE,
    ci::SOURCE,
    update_bot::SOURCE,
    container::SOURCE,
    lock_file::SOURCE,
    test_suite::SOURCE,
    documentation::SOURCE,
    api_definition::SOURCE,
    manifest::SOURCE,
    named_file::SOURCE,
    activity::SOURCE,
    delivery::SOURCE,
];

/// The entities of one home, in the order of the catalog.
#[derive(Debug, Default)]
struct Inhabitants {
    /// All of them.
    all: Vec<EntityId>,
    /// Those that are asked about.
    asked: Vec<EntityId>,
    /// Whether one of them is code by itself, and not only described beside code.
    has_own_code: bool,
}

/// Kinds whose code is that of the component beside which they are described: what lies in the
/// folder of an API is still part of the component above it.
const KINDS_BESIDE_CODE: [&str; 5] = ["api", "domain", "resource", "system", "template"];

/// Facts of all repositories that hold the home of an entity that is asked about.
pub(super) fn read(request: &FactRequest<'_>) -> (Vec<Fact>, Vec<Diagnostic>) {
    let wanted: Vec<&RepositorySource> = SOURCES
        .iter()
        .filter(|source| request.selection.wants_any(source.gives))
        .collect();
    if wanted.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let homes = homes(request);
    let work: Vec<(&Repository, &BTreeMap<String, Inhabitants>)> = request
        .repositories
        .iter()
        .filter_map(|repository| Some((repository, homes.get(&repository.identity)?)))
        .collect();
    let records = Records::open(request);
    let names = Names::of(&wanted);
    let read: Vec<(Vec<Fact>, Vec<Diagnostic>)> = work
        .into_par_iter()
        .map(|(repository, folders)| {
            let reading = Reading {
                request,
                repository,
                folders,
                sources: &wanted,
                names: &names,
                records: &records,
            };
            reading.run()
        })
        .collect();
    records.close(request);
    let (mut facts, mut problems) = (Vec::new(), Vec::new());
    for (found, said) in read {
        facts.extend(found);
        problems.extend(said);
    }
    (facts, problems)
}

/// The homes by repository and folder, of the repositories that hold one that is asked about.
fn homes(request: &FactRequest<'_>) -> BTreeMap<Arc<str>, BTreeMap<String, Inhabitants>> {
    let catalog = request.catalog;
    let mut homes: BTreeMap<Arc<str>, BTreeMap<String, Inhabitants>> = BTreeMap::new();
    let asked: Option<HashSet<EntityId>> =
        request.entities.map(|ids| ids.iter().copied().collect());
    for id in catalog.ids() {
        let entity = catalog.entity(id);
        if !catalog.has_code(entity) {
            continue;
        }
        let Some(home) = catalog.home(entity) else {
            continue;
        };
        let folders = homes.entry(home.repository).or_default();
        let inhabitants = folders.entry(home.folder).or_default();
        inhabitants.all.push(id);
        inhabitants.has_own_code |= !KINDS_BESIDE_CODE.contains(&entity.reference().kind());
        if asked.as_ref().is_none_or(|asked| asked.contains(&id)) {
            inhabitants.asked.push(id);
        }
    }
    homes.retain(|_, folders| folders.values().any(|home| !home.asked.is_empty()));
    homes
}

/// A repository that is to be read.
struct Reading<'r> {
    request: &'r FactRequest<'r>,
    repository: &'r Repository,
    folders: &'r BTreeMap<String, Inhabitants>,
    sources: &'r [&'r RepositorySource],
    names: &'r Names,
    records: &'r Records,
}

/// The names of facts, each once: there are few of them, and many facts.
struct Names(HashMap<&'static str, Arc<str>>);

impl Names {
    fn of(sources: &[&RepositorySource]) -> Self {
        let names = sources.iter().flat_map(|source| source.gives);
        Self(names.map(|name| (*name, Arc::from(*name))).collect())
    }

    fn get(&self, name: &str) -> Arc<str> {
        self.0.get(name).map_or_else(|| Arc::from(name), Arc::clone)
    }
}

impl Reading<'_> {
    fn run(&self) -> (Vec<Fact>, Vec<Diagnostic>) {
        let request = self.request;
        let mut snapshot = self.repository.snapshot(&SnapshotRequest {
            moment: request.moment,
            untracked: &file_names::counts_untracked,
            untracked_at_root: &[],
        });
        let problems = snapshot.take_problems();
        let is_whole = !problems.iter().any(|problem| problem.hides_something);
        let view = CodeRepository::new(
            request,
            self.repository,
            &snapshot,
            is_whole,
            self.folders,
            self.records,
        );
        let mut harvest = Harvest {
            request,
            source: Arc::from(NAME),
            names: self.names,
            facts: Vec::new(),
            problems,
        };
        for (folder, inhabitants) in self.folders {
            if !inhabitants.asked.is_empty() {
                let home = CodeHome::new(&view, folder);
                for source in self.sources {
                    harvest.look(&home, inhabitants, source);
                }
            }
        }
        harvest.problems.extend(view.take_problems());
        (harvest.facts, harvest.problems)
    }
}

/// What is brought in from a repository.
struct Harvest<'r> {
    request: &'r FactRequest<'r>,
    source: Arc<str>,
    names: &'r Names,
    facts: Vec<Fact>,
    problems: Vec<Diagnostic>,
}

impl Harvest<'_> {
    /// Lets a source look at a home.
    fn look(&mut self, home: &CodeHome<'_>, inhabitants: &Inhabitants, source: &RepositorySource) {
        let catalog = self.request.catalog;
        match source.look {
            Look::AtHome(look) => {
                let mut seen = Seen::default();
                look(home, &mut seen);
                let Some((first, others)) = inhabitants.asked.split_first() else {
                    return;
                };
                let start = self.facts.len();
                self.add(catalog.entity(*first), seen, inhabitants.all.len() > 1);
                let end = self.facts.len();
                for id in others {
                    let entity = catalog.entity(*id).reference();
                    for index in start..end {
                        let entity = entity.clone();
                        let fact = self.facts[index].clone();
                        self.facts.push(Fact { entity, ..fact });
                    }
                }
            }
            Look::ForEntity(look) => {
                for id in &inhabitants.asked {
                    let entity = catalog.entity(*id);
                    let mut seen = Seen::default();
                    look(home, entity, &mut seen);
                    self.add(entity, seen, false);
                }
            }
        }
    }

    /// Adds what was seen of an entity. It holds as long as the state of the repository does.
    fn add(&mut self, entity: &Entity, seen: Seen, is_shared: bool) {
        self.problems.extend(seen.problems);
        let selection = &self.request.selection;
        let wanted = seen.observations.into_iter();
        let wanted = wanted.filter(|seen| selection.wants_name(&seen.name));
        let facts = wanted.map(|seen| Fact {
            entity: entity.reference().clone(),
            name: self.names.get(&seen.name),
            dimensions: seen.dimensions,
            value: seen.value,
            observed_at: seen.observed_at.unwrap_or(self.request.now),
            valid_until: None,
            source: Arc::clone(&self.source),
            evidence: seen.evidence.map(Arc::from),
            is_shared,
        });
        self.facts.extend(facts);
    }
}
