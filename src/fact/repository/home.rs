//! The code of an entity, as sources look at it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ci::Workflows;
use super::documentation::Surveyed;
use super::file_names::FileNames;
use super::found_once::FoundOnce;
use super::manifest::SharedManifests;
use super::records::Records;
use super::{Inhabitants, Seen};
use crate::cache::Cache;
use crate::config::Config;
use crate::fact::{FactRequest, FactSelection, Observation};
use crate::model::{Moment, Place};
use crate::repo::{FileEntry, FolderFiles, ReadError, Repository, Snapshot};
use crate::yaml;

/// A repository while facts are read from it. What is found out once for all homes is kept here.
pub struct CodeRepository<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// Its files at the moment that is looked at.
    pub snapshot: &'a Snapshot,
    /// That moment.
    pub moment: &'a Moment,
    /// That moment as a time.
    pub now: Timestamp,
    /// The configuration.
    pub config: &'a Config,
    /// Which facts are needed.
    pub selection: &'a FactSelection,
    /// Whether everything of it is in sight, so that what is not seen is not there.
    pub is_whole: bool,
    /// The folders of all homes in it.
    pub folders: Vec<&'a str>,
    /// Where results that take long are kept.
    pub cache: &'a Cache,
    /// What facts are gathered of.
    pub(super) request: &'a FactRequest<'a>,
    pub(super) homes: &'a BTreeMap<String, Inhabitants>,
    /// The homes that are code by themselves, each with a `/` at its end, in byte order.
    own_code: Vec<String>,
    /// What CI has to run at the root.
    pub(super) workflows: OnceCell<Workflows<'a>>,
    /// What configures a bot at the root that proposes new versions.
    pub(super) update_bot: OnceCell<Option<&'a FileEntry>>,
    pub(super) manifests: SharedManifests,
    /// What was found out about histories.
    pub(super) records: &'a Records,
    /// What is found out once, when the first home needs it.
    pub(super) found: FoundOnce,
    pub(super) documentation: OnceCell<Surveyed<'a>>,
}

/// A folder of a repository that is the home of entities.
pub struct CodeHome<'a> {
    /// The repository.
    pub code: &'a CodeRepository<'a>,
    /// The folder; empty for the root.
    pub folder: &'a str,
    below: FolderFiles<'a>,
    names: OnceCell<FileNames<'a>>,
}

impl<'a> CodeRepository<'a> {
    pub(super) fn new(
        request: &'a FactRequest<'_>,
        repository: &'a Repository,
        snapshot: &'a Snapshot,
        is_whole: bool,
        folders: &'a BTreeMap<String, Inhabitants>,
        records: &'a Records,
    ) -> Self {
        let own_code = folders.iter().filter(|(_, home)| home.has_own_code);
        let mut own_code: Vec<String> = own_code.map(|(folder, _)| format!("{folder}/")).collect();
        own_code.sort_unstable();
        Self {
            repository,
            snapshot,
            moment: request.moment,
            now: request.now,
            config: request.config,
            selection: &request.selection,
            is_whole,
            folders: folders.keys().map(String::as_str).collect(),
            cache: request.cache,
            request,
            homes: folders,
            own_code,
            workflows: OnceCell::new(),
            update_bot: OnceCell::new(),
            manifests: SharedManifests::default(),
            records,
            found: FoundOnce::default(),
            documentation: OnceCell::new(),
        }
    }
}

impl<'a> CodeHome<'a> {
    pub(super) fn new(code: &'a CodeRepository<'a>, folder: &'a str) -> Self {
        Self {
            code,
            folder,
            below: code.snapshot.folder(folder),
            names: OnceCell::new(),
        }
    }

    /// What the names of its own files say, looked at once.
    pub(super) fn names(&self) -> &FileNames<'a> {
        self.names.get_or_init(|| FileNames::of(self))
    }

    /// Whether the home is in sight: a folder without files is not there at this moment, or
    /// belongs to a submodule.
    #[must_use]
    pub fn is_in_sight(&self) -> bool {
        self.code.is_whole && !self.files().is_empty()
    }

    /// Everything below the home that does not belong to another home below it, in byte order of
    /// the paths: in a monorepo, what a component has is not what its neighbours have.
    pub(super) fn own_files(&self) -> impl Iterator<Item = &'a FileEntry> + use<'a> {
        let files = self.files();
        let prefix = prefix(self.folder);
        let all = &self.code.own_code;
        let first = all.partition_point(|folder| *folder <= prefix);
        let deeper = all[first..].iter();
        let mut own: Vec<&'a [FileEntry]> = Vec::new();
        let mut start = 0;
        for folder in deeper.take_while(|folder| folder.starts_with(&prefix)) {
            let below = files.partition_point(|file| *file.path < *folder.as_bytes());
            if below < start {
                continue;
            }
            let rest = &files[below..];
            let count = rest.partition_point(|file| file.path.starts_with(folder.as_bytes()));
            own.push(&files[start..below]);
            start = below + count;
        }
        own.push(&files[start..]);
        own.into_iter().flatten()
    }

    /// Says of a file whether it is there: not at all where that cannot be known.
    pub(super) fn say_presence(
        &self,
        seen: &mut Seen,
        fact: impl Into<Cow<'static, str>>,
        file: Option<&FileEntry>,
    ) {
        match file {
            Some(file) => {
                let evidence = self.evidence(&file.path, None);
                seen.add(Observation::new(fact, true).evidence(evidence));
            }
            None if self.is_in_sight() => seen.add(Observation::new(fact, false)),
            None => {}
        }
    }

    /// Whether a fact is needed.
    pub(super) fn wants(&self, fact: &str) -> bool {
        self.code.selection.wants_any(&[fact])
    }

    /// Everything below the home, in byte order of the paths (relative to the repository).
    #[must_use]
    pub const fn files(&self) -> &'a [FileEntry] {
        self.below.files()
    }

    /// The same, with what else is asked of a folder.
    pub(super) const fn below(&self) -> FolderFiles<'a> {
        self.below
    }

    /// The files of the folders in which a file that lives once a repository is looked for: the
    /// home, then the root.
    fn below_then_root(&self) -> impl Iterator<Item = FolderFiles<'a>> {
        let root = (!self.folder.is_empty()).then(|| self.code.snapshot.folder(""));
        std::iter::once(self.below).chain(root)
    }

    /// The first file that is there and fits, in folders relative to the home, else to the root.
    pub(super) fn find_in(
        &self,
        folders: &[&str],
        fits: impl Fn(&FileEntry) -> bool,
    ) -> Option<&'a FileEntry> {
        self.below_then_root().find_map(|base| {
            folders.iter().find_map(|folder| {
                let folder = if folder.is_empty() {
                    base
                } else {
                    base.folder(folder)
                };
                let mut files = folder.direct();
                files.find(|file| fits(file) && self.is_there(file))
            })
        })
    }

    /// Whether a file that Git knows is there at this moment.
    pub(super) fn is_there(&self, file: &FileEntry) -> bool {
        self.code.snapshot.is_there(file)
    }

    /// The folders in which a file that lives once a repository is looked for: the home, then
    /// the root.
    pub fn home_then_root(&self) -> impl Iterator<Item = &'a str> {
        let root = (!self.folder.is_empty()).then_some("");
        std::iter::once(self.folder).chain(root)
    }

    /// The path of a file in the home.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        join(self.folder, name)
    }

    /// The text of a file of the repository.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self, path: &[u8]) -> Result<String, ReadError> {
        let bytes = self.code.snapshot.read(path)?;
        Ok(yaml::decode(&bytes).0.into_owned())
    }

    /// Where a line of a file is, as evidence has it: relative to the workspace.
    #[must_use]
    pub fn evidence(&self, path: &[u8], line: Option<u32>) -> String {
        let file = self.code.repository.file(path);
        match line {
            Some(line) => format!("{}:{line}", file.path()),
            None => file.path().to_owned(),
        }
    }

    /// The place of a whole file, for a diagnostic.
    #[must_use]
    pub fn place(&self, path: &[u8]) -> Place {
        Place::file(self.code.repository.file(path))
    }

    /// A path as text.
    #[must_use]
    pub fn shown(path: &[u8]) -> Cow<'_, str> {
        String::from_utf8_lossy(path)
    }
}

/// What the paths of a folder's files begin with.
pub(super) fn prefix(folder: &str) -> String {
    if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    }
}

/// The path of something in a folder; both may be empty.
pub(super) fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", path) | (path, "") => path.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}
