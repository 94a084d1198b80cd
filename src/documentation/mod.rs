//! What an entity has to read: where its documentation is, its pages in the order of their
//! navigation, and the search in all of it.
//!
//! Documentation is found as Backstage finds it (`TechDocs` 1.x: `backstage.io/techdocs-ref`,
//! `backstage.io/techdocs-entity`, `mkdocs.yml` with its `nav`; the ADR plug-in:
//! `backstage.io/adr-location`), and by the names that files have everywhere: a README, `docs/`,
//! decisions, runbooks. Files are listed and read by `repo` alone, so pages are those of the
//! moment that is looked at, and nothing outside of a repository is ever one.

mod source;
mod folder;
mod mkdocs;
mod text;
mod decision;
mod page;
mod search;
mod links;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::{Catalog, EntityId, Home};
use crate::diagnostic::Diagnostic;
use crate::model::Moment;
use crate::repo::{Repository, Snapshot, SnapshotRequest};

pub use links::BrokenLink;
pub use page::{Page, PageKind};
pub use search::{Passage, Query, Search};
pub use source::OutsideLink;
pub use survey::{Survey, SurveyedPage, Surveyor};

use folder::Found;
use source::Sources;

/// The documentation of a workspace at one moment. Nothing is read before it is asked for.
#[derive(Debug)]
pub struct Documentation<'a> {
    catalog: &'a Catalog,
    repositories: BTreeMap<&'a str, &'a Repository>,
    moment: &'a Moment,
}

/// What an entity has to read.
#[derive(Debug, Default)]
pub struct EntityDocumentation {
    /// Its pages, in the order in which they are to be read.
    pub pages: Vec<Page>,
    /// What lies outside of the workspace.
    pub outside: Vec<OutsideLink>,
    /// What leads nowhere, and what cannot be read.
    pub problems: Vec<Diagnostic>,
}

/// Whether an entity is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documented {
    /// There is a README, a page, a decision or a runbook, or a link to documentation elsewhere.
    Yes,
    /// Its home is in sight, and there is nothing.
    No,
    /// Its home is not in sight, or nobody expects documentation of a user, a group or a
    /// Location that does not say that it has some.
    Unknown,
}

impl<'a> Documentation<'a> {
    /// The documentation of the entities of a catalog, in its repositories, at that moment.
    #[must_use]
    pub fn new(catalog: &'a Catalog, repositories: &'a [Repository], moment: &'a Moment) -> Self {
        let repositories = repositories
            .iter()
            .map(|repository| (&*repository.identity, repository));
        Self {
            catalog,
            repositories: repositories.collect(),
            moment,
        }
    }

    /// What an entity has to read.
    #[must_use]
    pub fn of(&self, entity: EntityId) -> EntityDocumentation {
        let sources = Sources::of(self.catalog, self.catalog.entity(entity));
        let mut documentation = EntityDocumentation {
            outside: sources.outside,
            problems: sources.problems,
            ..EntityDocumentation::default()
        };
        let mut seen = BTreeSet::new();
        for folder in sources.folders {
            let Some((repository, snapshot)) = self.open(&folder.home.repository) else {
                continue;
            };
            let pages = folder::pages(repository, &snapshot, &folder);
            documentation.problems.extend(pages.problems);
            documentation.outside.extend(pages.outside);
            for found in pages.found {
                if seen.insert((Arc::clone(&folder.home.repository), found.path.clone())) {
                    let read = page::describe(repository, &snapshot, found);
                    documentation.pages.push(read.page);
                    documentation.problems.extend(read.problem);
                }
            }
        }
        let mut urls = BTreeSet::new();
        let outside = &mut documentation.outside;
        outside.retain(|link| urls.insert(link.url.clone()));
        // A home that is also a site has the same navigation.
        let problems = &mut documentation.problems;
        problems.sort_by(|a, b| a.order().cmp(&b.order()));
        problems.dedup_by(|a, b| a.order() == b.order());
        documentation
    }

    /// The text of a page.
    ///
    /// # Errors
    /// When it cannot be read any more, in words.
    pub fn read(&self, page: &Page) -> Result<String, String> {
        let (_, snapshot) = self
            .open(page.file.repository())
            .ok_or("its repository is not in sight")?;
        page::read(&snapshot, &page.path).map_err(|error| error.to_string())
    }

    /// Which entities are documented, in the order of the catalog. Only names of files are looked
    /// at, once for all entities of a home, and the repositories in parallel.
    #[must_use]
    pub fn documented(&self) -> Vec<Documented> {
        let sources: Vec<Sources> = self
            .catalog
            .entities()
            .par_iter()
            .map(|entity| Sources::of(self.catalog, entity))
            .collect();
        let with_pages: BTreeSet<source::Folder> = self
            .by_repository(sources.iter().flat_map(|sources| &sources.folders))
            .into_par_iter()
            .flat_map_iter(|(identity, folders)| {
                let opened = self.open(identity);
                let has_pages = move |folder: &&source::Folder| {
                    opened.as_ref().is_some_and(|(repository, snapshot)| {
                        folder::has_pages(repository, snapshot, folder)
                    })
                };
                folders.into_iter().filter(has_pages).cloned()
            })
            .collect();
        let documented = |sources: &Sources| {
            let is_there = |folder: &source::Folder| with_pages.contains(folder);
            if !sources.outside.is_empty() || sources.folders.iter().any(is_there) {
                Documented::Yes
            } else if sources.folders.is_empty() {
                Documented::Unknown
            } else {
                Documented::No
            }
        };
        sources.iter().map(documented).collect()
    }

    /// The pages of an entity, or all of the workspace, each once, handed to `visit` with the
    /// entities that it documents: repositories in parallel, answers in their order.
    fn visit_pages<T: Send>(
        &self,
        only: Option<EntityId>,
        visit: impl Fn(&Repository, &Snapshot, Found, &[EntityId]) -> T + Sync,
    ) -> Vec<T> {
        let entities: Vec<EntityId> = match only {
            Some(entity) => vec![entity],
            None => self.catalog.ids().collect(),
        };
        let sources: Vec<(EntityId, Sources)> = entities
            .into_par_iter()
            .map(|id| (id, Sources::of(self.catalog, self.catalog.entity(id))))
            .collect();
        // What stands at the root of a repository is documentation although nobody's home is there.
        let roots: Vec<source::Folder> = match only {
            Some(_) => Vec::new(),
            None => self.roots().collect(),
        };
        let mut readers: BTreeMap<&source::Folder, Vec<EntityId>> =
            roots.iter().map(|root| (root, Vec::new())).collect();
        for (id, sources) in &sources {
            for folder in &sources.folders {
                readers.entry(folder).or_default().push(*id);
            }
        }
        let all: Vec<(&str, BTreeSet<&source::Folder>)> = self
            .by_repository(readers.keys().copied())
            .into_iter()
            .collect();
        let visited: Vec<Vec<T>> = all
            .into_par_iter()
            .map(|(identity, folders)| {
                let Some((repository, snapshot)) = self.open(identity) else {
                    return Vec::new();
                };
                let mut pages: BTreeMap<Box<[u8]>, (Found, Vec<EntityId>)> = BTreeMap::new();
                for folder in folders {
                    for found in folder::pages(repository, &snapshot, folder).found {
                        let page = pages
                            .entry(found.path.clone())
                            .or_insert_with(|| (found, Vec::new()));
                        page.1.extend(&readers[folder]);
                    }
                }
                let visited = pages.into_values().map(|(found, mut readers)| {
                    readers.sort_unstable();
                    readers.dedup();
                    visit(repository, &snapshot, found, &readers)
                });
                visited.collect()
            })
            .collect();
        visited.into_iter().flatten().collect()
    }

    fn roots(&self) -> impl Iterator<Item = source::Folder> {
        self.repositories.values().map(|repository| source::Folder {
            home: Home {
                repository: Arc::clone(&repository.identity),
                folder: String::new(),
            },
            role: source::FolderRole::Home,
        })
    }

    fn by_repository<'f>(
        &self,
        folders: impl Iterator<Item = &'f source::Folder>,
    ) -> BTreeMap<&'f str, BTreeSet<&'f source::Folder>> {
        let mut by_repository: BTreeMap<&str, BTreeSet<&source::Folder>> = BTreeMap::new();
        for folder in folders.filter(|folder| self.has(&folder.home)) {
            let of_repository = by_repository.entry(&folder.home.repository).or_default();
            of_repository.insert(folder);
        }
        by_repository
    }

    fn has(&self, home: &Home) -> bool {
        self.repositories.contains_key(&*home.repository)
    }

    /// A repository and its files at the moment. What cannot be read of it was told by the scan.
    fn open(&self, identity: &str) -> Option<(&'a Repository, Snapshot)> {
        let repository = *self.repositories.get(identity)?;
        let snapshot = repository.snapshot(&SnapshotRequest {
            moment: self.moment,
            untracked: &folder::is_documentation,
            untracked_at_root: folder::ROOT_NAMES,
        });
        Some((repository, snapshot))
    }
}
