//! What the documentation of a repository is like: how much there is, what of it is broken, and
//! which paths its history is that of. Everything is found out once, whoever asks.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::catalog::Catalog;
use crate::model::{Entity, Moment};
use crate::repo::{ReadError, Repository, Snapshot, SnapshotRequest};

use super::folder::{self, has_page_name};
use super::links::{BrokenLink, PageLinks};
use super::source::{Folder, Sources};
use super::{PageKind, page};

/// Looks at the documentation of the entities of a repository.
pub struct Surveyor<'a> {
    catalog: &'a Catalog,
    repositories: &'a [Repository],
    moment: &'a Moment,
    repository: &'a Repository,
    snapshot: &'a Snapshot,
    folders: RefCell<HashMap<Folder, Rc<FolderPages>>>,
    links: RefCell<HashMap<String, Option<Rc<PageLinks>>>>,
    /// The page that was read last, by its path.
    last_read: RefCell<Option<PageText>>,
}

/// The path of a page, and its text.
type PageText = (Box<[u8]>, Rc<str>);

/// What documents an entity.
#[derive(Debug, Default)]
pub struct Survey {
    /// Its pages in the repository, in the order in which they are to be read.
    pub pages: Vec<SurveyedPage>,
    /// How many pages lie in other repositories.
    pub pages_elsewhere: usize,
    /// Whether there is more than a README, a change log and a guide for those who take part.
    pub has_documentation: bool,
}

/// A page of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedPage {
    /// Its path in the repository.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: PageKind,
}

#[derive(Debug, Default)]
struct FolderPages {
    pages: Vec<SurveyedPage>,
    has_outside: bool,
}

impl<'a> Surveyor<'a> {
    /// Looks at the documentation of a repository, whose files at the moment are those.
    #[must_use]
    pub fn new(
        catalog: &'a Catalog,
        repositories: &'a [Repository],
        moment: &'a Moment,
        repository: &'a Repository,
        snapshot: &'a Snapshot,
    ) -> Self {
        Self {
            catalog,
            repositories,
            moment,
            repository,
            snapshot,
            folders: RefCell::default(),
            links: RefCell::default(),
            last_read: RefCell::default(),
        }
    }

    /// The text of a page of the repository. That of the last one is kept, because whoever asks
    /// for it often asks for its links, too.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, path: &[u8]) -> Result<Rc<str>, ReadError> {
        let mut last = self.last_read.borrow_mut();
        if let Some((_, text)) = last.as_ref().filter(|(known, _)| **known == *path) {
            return Ok(Rc::clone(text));
        }
        let text: Rc<str> = page::read(self.snapshot, path)?.into();
        *last = Some((path.into(), Rc::clone(&text)));
        Ok(text)
    }

    /// What documents an entity.
    #[must_use]
    pub fn survey(&self, entity: &Entity) -> Survey {
        let sources = Sources::of(self.catalog, entity);
        let mut survey = Survey {
            has_documentation: !sources.outside.is_empty(),
            ..Survey::default()
        };
        let mut seen = BTreeSet::new();
        for folder in sources.folders {
            let is_own = folder.home.repository == self.repository.identity;
            let found = self.pages(folder);
            survey.has_documentation |= found.has_outside;
            survey.has_documentation |= found.pages.iter().any(SurveyedPage::is_documentation);
            if is_own {
                let pages = found.pages.iter().cloned();
                survey
                    .pages
                    .extend(pages.filter(|page| seen.insert(page.path.clone())));
            } else {
                survey.pages_elsewhere += found.pages.len();
            }
        }
        survey
    }

    fn pages(&self, folder: Folder) -> Rc<FolderPages> {
        if let Some(known) = self.folders.borrow().get(&folder) {
            return Rc::clone(known);
        }
        let identity = &folder.home.repository;
        let found = if *identity == self.repository.identity {
            FolderPages::of(self.repository, self.snapshot, &folder)
        } else {
            let mut all = self.repositories.iter();
            let repository = all.find(|other| other.identity == *identity);
            repository.map_or_else(FolderPages::default, |repository| {
                let snapshot = repository.snapshot(&SnapshotRequest {
                    moment: self.moment,
                    untracked: &folder::is_documentation,
                    untracked_at_root: folder::ROOT_NAMES,
                });
                FolderPages::of(repository, &snapshot, &folder)
            })
        };
        let found = Rc::new(found);
        let mut folders = self.folders.borrow_mut();
        folders.insert(folder, Rc::clone(&found));
        found
    }

    /// The links of pages of the repository that lead nowhere, in the order of the pages.
    #[must_use]
    pub fn broken_links(&self, pages: &[SurveyedPage]) -> Vec<BrokenLink> {
        let mut broken = Vec::new();
        for page in pages.iter().filter(|page| has_page_name(&page.path)) {
            let Ok(path) = std::str::from_utf8(&page.path) else {
                continue;
            };
            if let Some(links) = self.links(path) {
                let of_page = links.broken(&page.path, self.snapshot, &|path| self.links(path));
                broken.extend(of_page);
            }
        }
        broken
    }

    /// The links of a page; nothing when it cannot be read.
    fn links(&self, path: &str) -> Option<Rc<PageLinks>> {
        if let Some(known) = self.links.borrow().get(path) {
            return known.clone();
        }
        let text = self.text(path.as_bytes()).ok();
        let links = text.map(|text| Rc::new(PageLinks::of(&text)));
        let mut all = self.links.borrow_mut();
        all.insert(path.to_owned(), links.clone());
        links
    }
}

impl Survey {
    /// The paths whose history is that of the documentation: pages that lie beside code by
    /// themselves, and the folders of all others, in byte order.
    #[must_use]
    pub fn watched_paths(&self, home: &str) -> Vec<String> {
        let mut paths = BTreeSet::new();
        for page in &self.pages {
            let Ok(path) = std::str::from_utf8(&page.path) else {
                continue;
            };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let lies_beside_code = folder == home || folder.is_empty();
            paths.insert(if lies_beside_code { path } else { folder });
        }
        let mut watched: Vec<String> = Vec::new();
        for path in paths {
            let is_within = |above: &String| {
                let rest = path.strip_prefix(above.as_str());
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            if !watched.iter().any(is_within) {
                watched.push(path.to_owned());
            }
        }
        watched
    }
}

impl SurveyedPage {
    /// Whether it is more than what every repository has.
    #[must_use]
    pub const fn is_documentation(&self) -> bool {
        matches!(
            self.kind,
            PageKind::Page | PageKind::Decision | PageKind::Runbook
        )
    }
}

impl FolderPages {
    fn of(repository: &Repository, snapshot: &Snapshot, folder: &Folder) -> Self {
        let pages = folder::pages(repository, snapshot, folder);
        let is_there = |path: &[u8]| {
            let file = snapshot.file(path);
            file.is_some_and(|file| snapshot.is_there(file))
        };
        let found = pages.found.into_iter();
        Self {
            pages: found
                .filter(|page| is_there(&page.path))
                .map(|page| SurveyedPage {
                    path: page.path,
                    kind: page.kind,
                })
                .collect(),
            has_outside: !pages.outside.is_empty(),
        }
    }
}
