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
use super::{AskedEntities, Fact, FactRequest, FactSelection, Observation};
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
    /// At a home for one entity, because it may say itself what to look at.
    ForEntity {
        /// How it looks.
        look: for<'a> fn(&CodeHome<'a>, &'a Entity, &mut Seen),
        /// Whether it does: else what is seen for it is seen for others of that home.
        says_itself: fn(&Entity) -> bool,
    },
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
    /// Those that are only asked for what is not the same for all of them.
    beside: Vec<EntityId>,
    /// Whether one of them is code by itself, and not only described beside code.
    has_own_code: bool,
}

/// Kinds whose code is that of the component beside which they are described: what lies in the
/// folder of an API is still part of the component above it.
const KINDS_BESIDE_CODE: [&str; 5] = ["api", "domain", "resource", "system", "template"];

/// What is read of repositories.
#[derive(Debug, Default)]
pub(super) struct FactsRead {
    /// The facts, those of one entity together.
    pub(super) facts: Vec<Vec<Fact>>,
    /// What could not be read.
    pub(super) problems: Vec<Diagnostic>,
}

/// Facts of all repositories that hold the home of an entity that is asked about.
pub(super) fn read(request: &FactRequest<'_>) -> FactsRead {
    let wanted: Vec<&RepositorySource> = SOURCES
        .iter()
        .filter(|source| request.selection.wants_any(source.gives))
        .collect();
    if wanted.is_empty() {
        return FactsRead::default();
    }
    let homes = homes(request);
    let work: Vec<(&Repository, &BTreeMap<String, Inhabitants>)> = request
        .repositories
        .iter()
        .filter_map(|repository| Some((repository, homes.get(&repository.identity)?)))
        .collect();
    let records = Records::open(request);
    let names = Names::of(&wanted, &request.selection);
    let read: Vec<FactsRead> = work
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
    let mut all = FactsRead::default();
    for of_repository in read {
        all.facts.extend(of_repository.facts);
        all.problems.extend(of_repository.problems);
    }
    all
}

/// The homes by repository and folder, of the repositories that hold one that is asked about.
fn homes(request: &FactRequest<'_>) -> BTreeMap<Arc<str>, BTreeMap<String, Inhabitants>> {
    let catalog = request.catalog;
    let mut homes: BTreeMap<Arc<str>, BTreeMap<String, Inhabitants>> = BTreeMap::new();
    let asked: Option<HashSet<EntityId>> = match request.entities {
        AskedEntities::All => None,
        AskedEntities::Only(ids) | AskedEntities::AndOtherHomes(ids) => {
            Some(ids.iter().copied().collect())
        }
    };
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
        } else if matches!(request.entities, AskedEntities::AndOtherHomes(_)) {
            inhabitants.beside.push(id);
        }
    }
    // A home where nobody is asked about is that of others.
    let all = homes.values_mut().flat_map(BTreeMap::values_mut);
    for home in all.filter(|home| home.asked.is_empty()) {
        std::mem::swap(&mut home.asked, &mut home.beside);
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
    names: &'r Names<'r>,
    records: &'r Records,
}

/// The names of facts, each once: there are few of them, and many facts.
struct Names<'a> {
    selection: &'a FactSelection,
    /// `None` for those that are not needed.
    known: HashMap<&'static str, Option<Arc<str>>>,
}

impl<'a> Names<'a> {
    fn of(sources: &[&RepositorySource], selection: &'a FactSelection) -> Self {
        let names = sources.iter().flat_map(|source| source.gives);
        let wanted = |name: &str| selection.wants_name(name).then(|| Arc::from(name));
        Self {
            selection,
            known: names.map(|name| (*name, wanted(name))).collect(),
        }
    }

    /// The name of a fact that is needed.
    fn get(&self, name: &str) -> Option<Arc<str>> {
        match self.known.get(name) {
            Some(known) => known.clone(),
            None => self.selection.wants_name(name).then(|| Arc::from(name)),
        }
    }
}

impl Reading<'_> {
    fn run(&self) -> FactsRead {
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
            read: FactsRead {
                facts: Vec::new(),
                problems,
            },
        };
        for (folder, inhabitants) in self.folders {
            if !inhabitants.asked.is_empty() {
                harvest.look(&CodeHome::new(&view, folder), inhabitants, self.sources);
            }
        }
        harvest.read.problems.extend(view.take_problems());
        harvest.read
    }
}

/// Lets the sources look that look for entities.
fn look_for_entity<'a>(
    home: &CodeHome<'a>,
    entity: &'a Entity,
    sources: &[&RepositorySource],
    is_needed: impl Fn(fn(&Entity) -> bool) -> bool,
) -> Seen {
    let mut own = Seen::default();
    for source in sources {
        if let Look::ForEntity { look, says_itself } = source.look
            && is_needed(says_itself)
        {
            look(home, entity, &mut own);
        }
    }
    own
}

/// What is brought in from a repository.
struct Harvest<'r> {
    request: &'r FactRequest<'r>,
    source: Arc<str>,
    names: &'r Names<'r>,
    read: FactsRead,
}

impl<'r> Harvest<'r> {
    /// Lets sources look at a home.
    fn look(
        &mut self,
        home: &CodeHome<'r>,
        inhabitants: &Inhabitants,
        sources: &[&RepositorySource],
    ) {
        let catalog = self.request.catalog;
        let mut of_home = Seen::default();
        let at_home = sources.iter().filter_map(|source| match source.look {
            Look::AtHome(look) => Some(look),
            Look::ForEntity { .. } => None,
        });
        at_home.for_each(|look| look(home, &mut of_home));
        let is_shared = inhabitants.all.len() > 1;
        let mut others = inhabitants.asked.iter().peekable();
        while let Some(id) = others.next() {
            let entity = catalog.entity(*id);
            let own = look_for_entity(home, entity, sources, |_| true);
            let observations = if others.peek().is_some() {
                of_home.observations.clone()
            } else {
                std::mem::take(&mut of_home.observations)
            };
            let mut facts = Vec::with_capacity(observations.len() + own.observations.len());
            self.add(entity, observations, is_shared, &mut facts);
            self.add(entity, own.observations, false, &mut facts);
            self.read.facts.push(facts);
            self.read.problems.extend(own.problems);
        }
        for id in &inhabitants.beside {
            let entity = catalog.entity(*id);
            let own = look_for_entity(home, entity, sources, |says_itself| says_itself(entity));
            let mut facts = Vec::with_capacity(own.observations.len());
            self.add(entity, own.observations, false, &mut facts);
            self.read.facts.push(facts);
        }
        self.read.problems.extend(of_home.problems);
    }

    /// Adds what was seen of an entity. It holds as long as the state of the repository does.
    fn add(
        &self,
        entity: &Entity,
        observations: Vec<Observation>,
        is_shared: bool,
        facts: &mut Vec<Fact>,
    ) {
        let wanted = observations.into_iter();
        let wanted = wanted.filter_map(|seen| Some((self.names.get(&seen.name)?, seen)));
        facts.extend(wanted.map(|(name, seen)| Fact {
            entity: entity.reference().clone(),
            name,
            dimensions: seen.dimensions,
            value: seen.value,
            observed_at: seen.observed_at.unwrap_or(self.request.now),
            valid_until: None,
            source: Arc::clone(&self.source),
            evidence: seen.evidence.map(Arc::from),
            is_shared,
        }));
    }
}
