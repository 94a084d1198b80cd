//! The ledger: what was written is read, whoever wrote it, and whatever else is in its files.

mod compaction;
mod hostile;
mod merging;
mod properties;
mod reading;
mod volume;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use devportal::cache::Cache;
use devportal::catalog::{BuildInput, Catalog, EntityId};
use devportal::config::Config;
use devportal::descriptor::{Reader, Settings, Siblings};
use devportal::diagnostic::Diagnostic;
use devportal::fact::ledger::{
    self, Asked, HistoryEntry, LedgerLocation, RecordRequest, Recorded, Run,
};
use devportal::fact::{
    AskedEntities, Fact, FactRequest, FactSelection, Gathered, Observation, Register, gather,
};
use devportal::model::{EntityRef, Moment, SourceFile};
use devportal::repo::{Layout, Repository, WorkTreeMemory};
use jiff::Timestamp;
use serde_json::Value;

/// A repository without other files.
struct Alone;

impl Siblings for Alone {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("is not there".to_owned())
    }
}

/// Components, each with what it was called before.
pub(crate) fn catalog(components: &[(&str, &str)]) -> Catalog {
    let mut text = String::new();
    for (name, old) in components {
        writeln!(
            text,
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  \
             annotations:\n    devportal.dev/renamed-from: \"{old}\"\nspec:\n  type: service\n  \
             lifecycle: production\n  owner: shop"
        )
        .unwrap();
    }
    let file = Arc::new(SourceFile::new(Arc::from("shop"), "", b"catalog-info.yaml"));
    let reader = Reader::new(Settings::default()).unwrap();
    let documents = reader.read(text.as_bytes(), &file, &Alone).documents;
    Catalog::build(BuildInput {
        entities: documents.into_iter().filter_map(|it| it.entity).collect(),
        ..BuildInput::default()
    })
}

/// A folder with a ledger, and the catalog that it is about.
pub(crate) struct Ledger {
    pub(crate) catalog: Catalog,
    pub(crate) repository: Repository,
}

/// A run of the source `snyk`, unless it says otherwise.
#[derive(Clone)]
pub(crate) struct Recording<'a> {
    pub(crate) writer: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) at: &'a str,
    pub(crate) entities: Option<&'a [&'a str]>,
    pub(crate) facts: Option<&'a [&'a str]>,
    pub(crate) is_complete: bool,
    pub(crate) unanswered: &'a [&'a str],
    pub(crate) values: Vec<(&'a str, Observation)>,
}

impl<'a> Recording<'a> {
    /// A complete run about everything.
    pub(crate) fn at(at: &'a str) -> Self {
        Self {
            writer: Some("ci"),
            source: "snyk",
            at,
            entities: None,
            facts: None,
            is_complete: true,
            unanswered: &[],
            values: Vec::new(),
        }
    }

    pub(crate) fn by(self, writer: &'a str) -> Self {
        Self {
            writer: Some(writer),
            ..self
        }
    }

    pub(crate) fn value(mut self, entity: &'a str, fact: &str, value: impl Into<Value>) -> Self {
        self.values
            .push((entity, Observation::new(fact.to_owned(), value)));
        self
    }
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn component(name: &str) -> EntityRef {
    EntityRef::new("component", "default", name)
}

fn components(names: &[&str]) -> BTreeSet<EntityRef> {
    names.iter().map(|name| component(name)).collect()
}

impl Ledger {
    /// The ledger of a folder, with Git where it has it.
    pub(crate) fn at(root: PathBuf, components: &[(&str, &str)]) -> Self {
        let layout = Layout::of(&root, &root).unwrap_or(Layout::Folder);
        Self {
            catalog: catalog(components),
            repository: Repository {
                root,
                folder: String::new(),
                identity: Arc::from("shop"),
                remote: None,
                layout,
                standing_in: true,
                work_tree: WorkTreeMemory::default(),
                memory: None,
            },
        }
    }

    pub(crate) fn location(&self) -> LedgerLocation {
        let repositories = std::slice::from_ref(&self.repository);
        LedgerLocation::of(repositories, &Config::default()).unwrap()
    }

    pub(crate) fn record(&self, recording: &Recording<'_>) -> Recorded {
        self.try_record(recording).unwrap()
    }

    pub(crate) fn try_record(&self, recording: &Recording<'_>) -> anyhow::Result<Recorded> {
        let asked = components(recording.entities.unwrap_or_default());
        let unanswered = components(recording.unanswered);
        let observations = recording.values.iter().cloned();
        ledger::record(RecordRequest {
            location: &self.location(),
            writer: recording.writer,
            register: &Register::default(),
            catalog: &self.catalog,
            now: time(recording.at),
            run: Run {
                source: recording.source,
                query: None,
                at: time(recording.at),
                asked: if recording.entities.is_some() {
                    Asked::Entities(&asked)
                } else {
                    Asked::Everything
                },
                facts: recording.facts,
                is_complete: recording.is_complete,
                unanswered: &unanswered,
            },
            observations: observations
                .map(|(entity, seen)| (component(entity), seen))
                .collect(),
            is_dry_run: false,
        })
    }

    fn ask<T>(
        &self,
        now: &str,
        moment: &Moment,
        selection: FactSelection,
        entities: Option<&[EntityId]>,
        ask: impl FnOnce(FactRequest<'_>) -> T,
    ) -> T {
        ask(FactRequest {
            catalog: &self.catalog,
            repositories: std::slice::from_ref(&self.repository),
            config: &Config::default(),
            moment,
            now: time(now),
            selection,
            entities: entities.map_or(AskedEntities::All, AskedEntities::Only),
            cache: &Cache::disabled(),
        })
    }

    /// All facts of the ledger, in an order, and what is wrong with it.
    pub(crate) fn read(&self, now: &str) -> (Vec<Fact>, Vec<Diagnostic>) {
        self.read_some(now, FactSelection::All, None)
    }

    /// What was known of a moment that is past.
    pub(crate) fn shown_then(&self, then: &str) -> Vec<String> {
        let moment = Moment::Time(time(then));
        let gathered = self.ask(then, &moment, FactSelection::All, None, gather);
        assert!(gathered.problems.is_empty(), "{:?}", gathered.problems);
        self.of_ledger(&gathered).iter().map(shown).collect()
    }

    fn of_ledger(&self, gathered: &Gathered) -> Vec<Fact> {
        let all = self.catalog.entities().iter();
        let facts = all.flat_map(|entity| gathered.facts.of(entity.reference()));
        let facts = facts.filter(|fact| &*fact.source != "repository");
        facts.cloned().collect()
    }

    pub(crate) fn read_some(
        &self,
        now: &str,
        selection: FactSelection,
        entities: Option<&[EntityId]>,
    ) -> (Vec<Fact>, Vec<Diagnostic>) {
        let moment = Moment::Present;
        let gathered = self.ask(now, &moment, selection, entities, gather);
        (self.of_ledger(&gathered), gathered.problems)
    }

    /// What the ledger knows, a fact a line: entity, fact, value, when it was seen, until when.
    pub(crate) fn shown(&self, now: &str) -> Vec<String> {
        let (facts, problems) = self.read(now);
        assert!(problems.is_empty(), "{problems:?}");
        facts.iter().map(shown).collect()
    }

    pub(crate) fn history(&self, now: &str, name: &str) -> Vec<HistoryEntry> {
        let id = self.catalog.id(&component(name)).unwrap();
        self.ask(now, &Moment::Present, FactSelection::All, None, |request| {
            ledger::history(&request, id, None)
        })
    }

    /// The lines of a file.
    pub(crate) fn lines(&self, recorded: &Recorded) -> Vec<String> {
        let path = self.location().folder().join(&recorded.file);
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Puts a file into the ledger as it is.
    pub(crate) fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.location().folder().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

pub(crate) fn shown(fact: &Fact) -> String {
    format!(
        "{} {}{} {} {} {}",
        fact.entity.name(),
        fact.name,
        fact.dimensions,
        fact.value,
        fact.observed_at,
        fact.valid_until
            .map_or(String::new(), |until| until.to_string()),
    )
}

/// The files below a folder, with what they have.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let content = std::fs::read(&path).unwrap();
                files.push((path, content));
            }
        }
    }
    files.sort();
    files
}
